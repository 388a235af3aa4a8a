"""Pages, label sets and projects made up for tests.

Spans and the selection are drawn into the text: ``[Ferry sails|headline]`` is a span, ``»`` the
caret, and ``«`` where the selection was begun if it is not at the caret.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmark.core.annotation import UNTOUCHED, Annotation, State, Status
from segmark.core.caret import Selection
from segmark.core.edit import change_state, paint
from segmark.core.history import LogEntry
from segmark.core.label import Label, LabelSet
from segmark.core.page import Page, PageInfo
from segmark.core.span import Span
from segmark.core.text.normalise import normalise
from segmark.store.file import migrations
from segmark.store.store import Store
from segmark.store.suggestions import Policy

if TYPE_CHECKING:
    import sqlite_utils


def _label(name: str, key: str, *, joins: bool) -> Label:
    return Label(name, key, "#102030", "#a0b0c0", joins, f"What {name} is.")


#: Like the labels of the program, but for their colours and words.
LABELS = LabelSet(
    "news",
    (
        _label("headline", "H", joins=False),
        _label("caption", "C", joins=False),
        _label("body", "B", joins=True),
        _label("ticker", "T", joins=True),
        _label("comment", "M", joins=True),
    ),
    "Label whole lines.",
)

#: The same labels, none of which may lie inside a block.
WHOLE_BLOCKS = replace(LABELS, labels=tuple(replace(each, inside=False) for each in LABELS))

_MARK = re.compile(r"\[|\|([a-z]+)\]|[«»]")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page with what was drawn into its text."""

    page: Page
    annotation: Annotation
    selection: Selection

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.annotation.spans


def drawn(marked: str, state: State = UNTOUCHED) -> Drawn:
    """The page, spans and selection that the text with marks shows."""
    text, begun, spans, places = "", [], list[Span](), dict[str, int]()
    last = 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        last = mark.end()
        if mark[0] == "[":
            begun.append(len(text))
        elif mark[1]:
            spans.append(Span(begun.pop(), len(text), mark[1]))
        else:
            places[mark[0]] = len(text)
    text += marked[last:]
    caret = places.get("»", 0)
    selection = Selection(places.get("«", caret), caret)
    return Drawn(make_page(text), Annotation(tuple(spans), state), selection)


def draw(text: str, spans: Sequence[Span] = (), selection: Selection | None = None) -> str:
    """The text with marks; the inverse of ``drawn``. At one place spans end, then the caret is."""
    marks = [(span.end, 0, f"|{span.label}]") for span in spans]
    marks += [(span.start, 2, "[") for span in spans]
    if selection is not None:
        marks.append((selection.caret, 1, "»"))
        if not selection.empty:
            marks.append((selection.anchor, 1, "«"))
    for at, _, mark in sorted(marks, reverse=True):
        text = text[:at] + mark + text[at:]
    return text


def make_page(raw: str, page_id: str = "", **info: str) -> Page:
    """A page of the raw text; its id comes from the text unless it is given."""
    page_id = page_id or hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Page.of(page_id, normalise(raw), PageInfo(**{"source": "pages/page.txt", **info}))


def make_project(path: Path, *raws: str) -> Store:
    """A new project with a page of each raw text, and without suggestions."""
    store = without_suggestions(Store.create(path, LABELS))
    add_pages(store, *raws)
    return store


def without_suggestions(store: Store) -> Store:
    """Turn suggestions off in a project; they would start a process for each window."""
    with store.write():
        store.suggestions.keep_policy(Policy(on=False))
    return store


def add_pages(store: Store, *raws: str) -> None:
    """Add a page of each raw text to the project."""
    with store.write():
        for raw in raws:
            store.pages.add(make_page(raw), raw.encode("utf-8", "surrogatepass"))


def touching(text: str, spans: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Neighbours that ought to be one span: of a joining label with only white space between."""
    for before, after in pairwise(spans):
        joins = before.label == after.label and LABELS[before.label].joins
        if joins and not text[before.end : after.start].strip():
            yield before, after


def label(
    store: Store, annotator: str, number: int, name: str, start: int = 0, end: int | None = None
) -> LogEntry:
    """Label a range of a page, or the whole page, as the annotator."""
    annotations, text = store.annotations(annotator), store.pages.get(number).text
    edit = paint(
        text, annotations.get(number), LABELS, start, len(text) if end is None else end, name
    )
    assert edit
    return annotations.save(number, edit)


def settle(store: Store, annotator: str, number: int, status: Status) -> LogEntry:
    """Give a page a status as the annotator."""
    annotations = store.annotations(annotator)
    before = annotations.get(number)
    edit = change_state(before, f"Page {status}", replace(before.state, status=status))
    assert edit
    return annotations.save(number, edit)


def flag(store: Store, annotator: str, number: int) -> LogEntry:
    """Put a flag on a page as the annotator."""
    annotations = store.annotations(annotator)
    before = annotations.get(number)
    edit = change_state(before, "Flag page", replace(before.state, flagged=True))
    assert edit
    return annotations.save(number, edit)


def write_note(store: Store, annotator: str, number: int, text: str) -> LogEntry:
    """Write a note on a page as the annotator."""
    annotations = store.annotations(annotator)
    before = annotations.get(number)
    edit = change_state(before, "Note", replace(before.state, note=text))
    assert edit
    return annotations.save(number, edit)


def recount(project: Path) -> None:
    """The counters hold what a count of the tables gives, without the removed pages."""
    kept = "page NOT IN removed_page"
    for counter, counted in (
        ("SELECT value FROM counter", "SELECT count(*) FROM page WHERE number NOT IN removed_page"),
        ("SELECT * FROM progress WHERE pages <> 0",
         f"SELECT annotator, status, count(*) FROM annotation WHERE {kept} GROUP BY 1, 2"),
        ("SELECT * FROM label_count WHERE spans <> 0",
         f"SELECT annotator, label, count(*) FROM span WHERE {kept} GROUP BY 1, 2"),
        ("SELECT * FROM page_group WHERE pages <> 0",
         "SELECT number / 256, count(*) FROM page WHERE number NOT IN removed_page GROUP BY 1"),
        ("SELECT * FROM finished_group WHERE pages <> 0",
         f"""SELECT annotator, page / 256, count(*) FROM annotation
            WHERE status IN ('done', 'skipped') AND {kept} GROUP BY 1, 2"""),
    ):  # fmt: skip
        assert sorted(peek(project, counter)) == sorted(peek(project, counted))


def peek(project: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What another program sees in the file; SQLite alone is needed."""
    with closing(sqlite3.connect(project)) as connection:
        return connection.execute(query, values).fetchall()


def alter(project: Path, statement: str, *values: object) -> None:
    """Change the file as another program would, past this one."""
    with closing(sqlite3.connect(project)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(statement, values)


def alter_log(project: Path, change: str, *values: object) -> None:
    """Change acts of the log, which its triggers forbid; ``UPDATE edit SET`` and ``change``."""
    with closing(sqlite3.connect(project)) as connection, connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'edit'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(f"UPDATE edit SET {change}", values)
        for _, sql in triggers:
            connection.execute(sql)


@contextmanager
def extra_migration(function: Callable[["sqlite_utils.Database"], object]) -> Iterator[None]:
    """A later version of the program, which knows one migration more than this one."""
    import sqlite_utils
    from segmark.store.file import schema

    known, names = schema.migrations, migrations.NAMES
    later = sqlite_utils.Migrations(known.name)
    with closing(sqlite_utils.Database(memory=True)) as empty:
        for each in known.pending(empty):
            later(name=each.name)(each.fn)

    @later()
    def later_tables(database: sqlite_utils.Database) -> None:
        function(database)

    schema.migrations, migrations.NAMES = later, (*names, "later_tables")
    try:
        yield
    finally:
        schema.migrations, migrations.NAMES = known, names
