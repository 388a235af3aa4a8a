"""What an act on the label set changes in the annotations of a project, and changing them.

An act may change a hundred thousand spans while others work, so rows are read and written together,
in hand-written SQL.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from segmark.core.annotation import Annotation, State, Status
from segmark.core.edit import Edit
from segmark.core.label import LabelSet
from segmark.core.label_acts.fitting import composed, fitting
from segmark.core.label_acts.relabelling import relabel
from segmark.core.span import Span
from segmark.store.annotation_rows import (
    edit_of,
    edits_of,
    names_json,
    spans_json,
    state_json,
    stored_names,
    stored_spans,
)
from segmark.store.errors import ConflictError
from segmark.store.file.connection import Database
from segmark.store.file.project_file import now


class AnnotationEdit(NamedTuple):
    """An edit of one annotation; page and annotator are given by number."""

    page: int
    annotator: int
    edit: Edit


_At = tuple[int, int]
_Values = tuple[int | str, ...]

_WITH_LABELS = """SELECT page, annotator FROM span
    WHERE label IN (SELECT value FROM json_each(:chosen))"""
_THAT_NAME_LABELS = f"""{_WITH_LABELS} UNION SELECT page, annotator FROM annotation
    WHERE (rejected <> '[]' OR absent <> '[]') AND EXISTS (SELECT 1 FROM json_each(:chosen)
        WHERE instr(rejected, '"' || value || '"') OR instr(absent, '"' || value || '"'))"""
_ON_PAGES = """SELECT page, annotator FROM annotation
    WHERE status = 'done' AND page IN (SELECT value FROM json_each(:chosen))"""
_OF_LINE = "SELECT page, annotator FROM act_edit WHERE line = :chosen"

_state_json = lru_cache(maxsize=4_096)(state_json)


def planned(
    database: Database, moves: Mapping[str, str], labels: LabelSet, title: str
) -> list[AnnotationEdit]:
    """The edits that give spans other labels, or clear them; ``labels`` is the set afterwards."""
    if not moves:
        return []
    joining = frozenset(label.id for label in labels if label.joins)
    read_text = _text_reader(database)
    found = []
    for at, annotation in _annotations(database, _THAT_NAME_LABELS, json.dumps(list(moves))):
        edit = relabel(annotation, moves, joining, partial(read_text, at[0]), title)
        if edit:
            found.append(AnnotationEdit(*at, edit))
    return found


def reopened(database: Database, pages: Sequence[int], title: str) -> list[AnnotationEdit]:
    """The edits that take these pages back to started, for everybody who has done them."""
    if not pages:
        return []
    found = _annotations(database, _ON_PAGES, json.dumps(list(pages)))
    return [
        AnnotationEdit(*at, Edit(title, before=one.state, after=_started(one.state)))
        for at, one in found
    ]


def logged(database: Database, line: int) -> list[AnnotationEdit]:
    """The edits of a line of the log."""
    return [
        AnnotationEdit(row["page"], row["annotator"], edit_of({"title": "", **row}))
        for row in edits_of(database, line)
    ]


def that_fit(database: Database, line: int, *, inverse: bool, title: str) -> list[AnnotationEdit]:
    """The edits of a line, or their inverse, as far as they fit what the annotations are now."""
    there = dict(_annotations(database, _OF_LINE, line))
    edits = logged(database, line)
    found = []
    for page, who, edit in edits:
        if (page, who) not in there:  # joined with another person since
            continue
        fits = fitting(there[page, who], edit.inverse() if inverse else edit)
        if not fits.is_empty:
            found.append(AnnotationEdit(page, who, replace(fits, title=title)))
    return found


def keep(database: Database, line: int, edits: Iterable[AnnotationEdit]) -> int:
    """Keep edits under their line of the log, one for each annotation; returns how many pages."""
    whole = dict[_At, Edit]()
    for page, who, edit in edits:
        before = whole.get((page, who))
        whole[page, who] = composed(before, edit) if before else edit
    database.executemany(
        "INSERT INTO act_edit VALUES (?, ?, ?, ?, ?, ?, ?, 0, '')",
        (
            (line, *at, spans_json(edit.removed), spans_json(edit.added),
             _state_json(edit.before), _state_json(edit.after))
            for at, edit in whole.items()
        ),
    )  # fmt: skip
    return len({page for page, _ in whole})


def put(database: Database, edits: Sequence[AnnotationEdit]) -> None:
    """Change the annotations.

    Raises:
        ConflictError: an edit does not fit.
    """
    _put_spans(database, edits)
    for page, who, edit in edits:
        if edit.before != edit.after:
            _put_state(database, page, who, edit)
    time = now()
    database.executemany(
        "UPDATE annotation SET changed_at = ? WHERE page = ? AND annotator = ?",
        [(time, page, who) for page, who, _ in edits],
    )
    if any(edit.removed or edit.added for *_, edit in edits):
        _run(database, _SPANS_COUNTED)
    if any(edit.before.status is not edit.after.status for *_, edit in edits):
        _run(database, _STATUSES_COUNTED)


def _put_spans(database: Database, edits: Iterable[AnnotationEdit]) -> None:
    gone, changed, come = list[_Values](), list[_Values](), list[_Values]()
    for page, who, edit in edits:
        added = {span.start: span for span in edit.added}
        for span in edit.removed:
            if (new := added.pop(span.start, None)) is None:
                gone.append((page, who, span.start))
            else:
                changed.append((new.label, new.end, page, who, span.start, span.label, span.end))
        come += [(page, who, *span) for span in added.values()]
    for statement, rows in (
        ('DELETE FROM span WHERE page = ? AND annotator = ? AND "start" = ?', gone),
        (
            """UPDATE span SET label = ?, "end" = ? WHERE page = ? AND annotator = ?
            AND "start" = ? AND label = ? AND "end" = ?""",
            changed,
        ),
        ("INSERT INTO span VALUES (?, ?, ?, ?, ?)", come),
    ):
        if database.executemany(statement, rows).rowcount != len(rows) and rows:
            raise ConflictError


def _put_state(database: Database, page: int, who: int, edit: Edit) -> None:
    after = edit.after
    changed = database.execute(
        """UPDATE annotation SET status = ?, flagged = ?, note = ?, rejected = ?, absent = ?
        WHERE page = ? AND annotator = ?""",
        [after.status, after.flagged, after.note, spans_json(after.rejected),
         names_json(after.absent), page, who],
    )  # fmt: skip
    if changed.rowcount != 1:
        raise ConflictError


# Triggers count whole rows, and only those of pages that are not removed; an act on the label set
# changes rows, also of removed pages. A count of a removed page is there: a trigger adds to it when
# the page is restored.
_SPANS_COUNTED = (
    "DELETE FROM label_count",
    """INSERT INTO label_count SELECT annotator, label, sum(page NOT IN removed_page) FROM span
        GROUP BY annotator, label""",
)
_STATUSES_COUNTED = (
    "DELETE FROM progress",
    """INSERT INTO progress SELECT annotator, status, sum(page NOT IN removed_page)
        FROM annotation GROUP BY annotator, status""",
    "DELETE FROM finished_group",
    """INSERT INTO finished_group
        SELECT annotator, page / 256,
            sum(status IN ('done', 'skipped') AND page NOT IN removed_page) FROM annotation
        GROUP BY annotator, page / 256""",
)


def _run(database: Database, statements: Sequence[str]) -> None:
    for statement in statements:
        database.execute(statement)


def _annotations(
    database: Database, chosen: str, value: str | int
) -> Iterator[tuple[_At, Annotation]]:
    """The annotations that a query chooses by number of page and annotator."""
    spans = dict[_At, list[Span]]()
    for page, who, start, end, label in database.execute(
        f"""SELECT page, annotator, "start", "end", label FROM span
        WHERE (page, annotator) IN ({chosen}) ORDER BY page, annotator, "start" """,
        {"chosen": value},
    ):
        spans.setdefault((page, who), []).append(Span(start, end, label))
    states = database.execute(
        f"""SELECT page, annotator, status, flagged, note, rejected, absent FROM annotation
        WHERE (page, annotator) IN ({chosen}) ORDER BY page, annotator""",
        {"chosen": value},
    ).fetchall()
    for page, who, status, flagged, note, rejected, absent in states:
        state = State(
            Status(status), bool(flagged), note, stored_spans(rejected), stored_names(absent)
        )
        yield (page, who), Annotation(tuple(spans.get((page, who), ())), state)


def _text_reader(database: Database) -> Callable[[int], str]:
    """A function that reads the text of a page; the last one is kept."""

    @lru_cache(maxsize=1)
    def read(page: int) -> str:
        row = database.execute("SELECT text FROM page_text WHERE page = ?", [page]).fetchone()
        return str(row[0])

    return read


def _started(state: State) -> State:
    return replace(state, status=Status.STARTED)
