"""What an act on the label set changes in the annotations of a project, and changing them.

An act may change a hundred thousand spans while others work, so rows are read and written together,
in hand-written SQL, some pages at a time.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from segmark.core.annotation import Annotation, State, Status
from segmark.core.edit import Edit
from segmark.core.label import LabelSet
from segmark.core.label_acts.fitting import composed, fitting
from segmark.core.label_acts.relabelling import relabel
from segmark.core.progress import Progress
from segmark.core.span import Span
from segmark.store.annotation_rows import (
    edit_of,
    names_json,
    span_of_row,
    spans_json,
    state_json,
    stored_names,
    stored_spans,
)
from segmark.store.errors import ConflictError
from segmark.store.file.connection import Database
from segmark.store.file.project_file import now

_PAGES_AT_ONCE = 50  # read and changed together


class AnnotationEdit(NamedTuple):
    """An edit of one annotation; page and annotator are given by number.

    ``packed`` is the edit as a line of the log keeps it; None if no line has it yet.
    """

    page: int
    annotator: int
    edit: Edit
    packed: tuple[str, ...] | None = None


_At = tuple[int, int]
_Values = tuple[int | str, ...]

_NAMING = """SELECT page FROM span
        WHERE {here} label IN (SELECT value FROM json_each(:chosen))
    UNION SELECT page FROM annotation WHERE {here} (rejected <> '[]' OR absent <> '[]')
        AND EXISTS (SELECT 1 FROM json_each(:chosen)
            WHERE instr(rejected, '"' || value || '"') OR instr(absent, '"' || value || '"'))"""
_ALL_NAMING = _NAMING.format(here="")
_SOME_NAMING = _NAMING.format(here="page BETWEEN :first AND :last AND")
_DONE = """SELECT DISTINCT page FROM annotation
    WHERE status = 'done' AND page IN (SELECT value FROM json_each(:chosen))"""

_CHANGED_SINCE = """SELECT page FROM edit WHERE number > :line AND page IS NOT NULL
    UNION SELECT page FROM act_edit WHERE line > :line
    UNION SELECT page FROM act_page
        WHERE act IN (SELECT coalesce(act, number) FROM edit WHERE number > :line)"""
_COLUMNS = ("removed", "added", "before", "after")  # of a line of the log

_state_json = lru_cache(maxsize=4_096)(state_json)


def pages_of(
    database: Database,
    labels: Collection[str],
    *,
    done: Collection[int] = (),
    line: int | None = None,
) -> list[int]:
    """The pages that an act may change, in order.

    They are those with spans of these labels or with a state that names one, those of ``done`` that
    somebody has done, and those that a line of the log changed.
    """
    found = set[int]()
    for query, chosen in ((_ALL_NAMING, labels), (_DONE, done)):
        if chosen:
            found.update(row[0] for row in database.execute(query, [json.dumps(list(chosen))]))
    if line is not None:
        rows = database.execute("SELECT page FROM act_edit WHERE line = ?", [line])
        found.update(row[0] for row in rows)
    return sorted(found)


def some_at_once(pages: Sequence[int], progress: Progress | None = None) -> Iterator[Sequence[int]]:
    """The pages in pieces that are read and changed together; tells how many are done."""
    for at in range(0, len(pages), _PAGES_AT_ONCE):
        some = pages[at : at + _PAGES_AT_ONCE]
        yield some
        if progress:
            progress(at + len(some), len(pages))


def planned(
    database: Database,
    pages: Sequence[int],
    moves: Mapping[str, str],
    labels: LabelSet,
    title: str,
) -> list[AnnotationEdit]:
    """The edits on these pages that give spans other labels, or clear them.

    ``labels`` is the label set afterwards.
    """
    if not moves:
        return []
    joining = frozenset(label.id for label in labels if label.joins)
    read_text = _text_reader(database)
    found = []
    chosen = {"chosen": json.dumps(list(moves)), "first": pages[0], "last": pages[-1]}
    naming = [row[0] for row in database.execute(_SOME_NAMING, chosen)]
    for at, annotation in _annotations(database, naming):
        edit = relabel(annotation, moves, joining, partial(read_text, at[0]), title)
        if edit:
            found.append(AnnotationEdit(*at, edit))
    return found


def reopened(
    database: Database, pages: Sequence[int], chosen: Collection[int], title: str
) -> list[AnnotationEdit]:
    """The edits that take those of these pages that are chosen back to started.

    They do so for everybody who has done them.
    """
    wanted = [page for page in pages if page in chosen]
    return [
        AnnotationEdit(*at, Edit(title, before=one.state, after=_started(one.state)))
        for at, one in (_annotations(database, wanted) if wanted else ())
        if one.state.status is Status.DONE
    ]


def changed_since(database: Database, line: int) -> set[int]:
    """The pages that anybody changed after a line of the log."""
    return {row[0] for row in database.execute(_CHANGED_SINCE, {"line": line})}


def that_fit(
    database: Database, line: int, pages: Sequence[int], changed: Collection[int], *,
    inverse: bool, title: str,
) -> list[AnnotationEdit]:  # fmt: skip
    """The edits of a line on these pages, or their inverse, as far as they fit what is there.

    They fit as they are, unless the page is one of those that were changed since.
    """
    rows = database.query(
        """SELECT * FROM act_edit WHERE line = ? AND page BETWEEN ? AND ?
        ORDER BY page, annotator""",
        [line, pages[0], pages[-1]],
    )
    columns = ("added", "removed", "after", "before") if inverse else _COLUMNS
    found = dict[_At, AnnotationEdit]()
    for row in rows:
        packed = tuple(row[name] for name in columns)
        edit = edit_of(dict(zip(_COLUMNS, packed, strict=True), title=title))
        at = row["page"], row["annotator"]
        found[at] = AnnotationEdit(*at, edit, packed)
    there = dict(_annotations(database, [page for page, _ in found if page in changed]))
    return [
        each
        for at, one in found.items()
        if (each := _fitting(one, there.get(at)) if one.page in changed else one)
    ]


def _fitting(one: AnnotationEdit, there: Annotation | None) -> AnnotationEdit | None:
    """What fits of an edit; None if nothing does, or the annotation is another person's by now."""
    fits = fitting(there, one.edit) if there else Edit("")
    if fits == one.edit:
        return one
    return None if fits.is_empty else AnnotationEdit(one.page, one.annotator, fits)


def keep(database: Database, line: int, edits: Iterable[AnnotationEdit]) -> int:
    """Keep edits under their line of the log, one for each annotation; returns how many pages."""
    whole = dict[_At, AnnotationEdit]()
    for one in edits:
        at = one.page, one.annotator
        before = whole.get(at)
        whole[at] = AnnotationEdit(*at, composed(before.edit, one.edit)) if before else one
    database.executemany(
        "INSERT INTO act_edit VALUES (?, ?, ?, ?, ?, ?, ?, 0, '')",
        [(line, *at, *(one.packed or _packed(one.edit))) for at, one in whole.items()],
    )
    return len({page for page, _ in whole})


def _packed(edit: Edit) -> tuple[str, ...]:
    return (
        spans_json(edit.removed), spans_json(edit.added),
        _state_json(edit.before), _state_json(edit.after),
    )  # fmt: skip


def put(database: Database, edits: Sequence[AnnotationEdit]) -> None:
    """Change the annotations.

    Raises:
        ConflictError: an edit does not fit.
    """
    if not edits:
        return
    removed = _removed(database, {page for page, *_ in edits})
    _put_spans(database, edits, removed)
    _put_states(database, edits, removed)


def _put_spans(
    database: Database, edits: Iterable[AnnotationEdit], removed: Collection[int]
) -> None:
    gone, changed, come = list[_Values](), list[_Values](), list[_Values]()
    for page, who, edit, _ in edits:
        added = {span.start: span for span in edit.added}
        for start, end, label in edit.removed:
            if (new := added.pop(start, None)) is None:
                gone.append((page, who, start, end, label))
            else:
                changed.append((new.label, new.end, page, who, start, end, label))
        come += [(page, who, *span) for span in added.values()]
    for statement, rows in (
        (
            """DELETE FROM span
            WHERE page = ? AND annotator = ? AND "start" = ? AND "end" = ? AND label = ?""",
            gone,
        ),
        (
            """UPDATE span SET label = ?, "end" = ?
            WHERE page = ? AND annotator = ? AND "start" = ? AND "end" = ? AND label = ?""",
            changed,
        ),
        ("INSERT INTO span VALUES (?, ?, ?, ?, ?)", come),
    ):
        _run_all(database, statement, rows)
    counts = Counter[Any]()  # by annotator and label
    kept = [row for row in changed if row[2] not in removed] if removed else changed
    counts.update(map(itemgetter(3, 0), kept))
    counts.subtract(map(itemgetter(3, 6), kept))
    counts.update((row[1], row[4]) for row in gone if row[0] in removed)
    counts.subtract((row[1], row[4]) for row in come if row[0] in removed)
    # Restoring a page adds to counts that are there.
    counts.update({itemgetter(3, 0)(row): 0 for row in changed if row[2] in removed})
    _correct(database, "label_count (annotator, label, spans)", "spans", counts)


def _put_states(
    database: Database, edits: Iterable[AnnotationEdit], removed: Collection[int]
) -> None:
    time = now()
    progress, finished = Counter[tuple[int, str]](), Counter[tuple[int, int]]()
    same, changed = list[_Values](), list[_Values]()
    for page, who, edit, _ in edits:
        before, after = edit.before, edit.after
        if before == after:
            same.append((time, page, who))
            continue
        changed.append(
            (time, after.status, after.flagged, after.note, spans_json(after.rejected),
             names_json(after.absent), page, who)
        )  # fmt: skip
        if page in removed:
            progress[who, before.status] += before.status is not after.status
            progress[who, after.status] -= before.status is not after.status
            finished[who, page // 256] += before.status.finished - after.status.finished
    _run_all(
        database, "UPDATE annotation SET changed_at = ? WHERE page = ? AND annotator = ?", same
    )
    _run_all(
        database,
        """UPDATE annotation SET changed_at = ?, status = ?, flagged = ?, note = ?, rejected = ?,
            absent = ? WHERE page = ? AND annotator = ?""",
        changed,
    )
    _correct(database, "progress (annotator, status, pages)", "pages", progress)
    _correct(database, "finished_group (annotator, page_group, pages)", "pages", finished)


def _run_all(database: Database, statement: str, rows: Sequence[_Values]) -> None:
    if rows and database.executemany(statement, rows).rowcount != len(rows):
        raise ConflictError


# Triggers count whole rows as they come and go, as if no page were removed; here rows change, also
# of removed pages.
def _correct(database: Database, table: str, column: str, counts: Mapping[Any, int]) -> None:
    """Add to counts what the triggers did not count, or counted although the page is removed."""
    database.executemany(
        f"""INSERT INTO {table} VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET {column} = {column} + excluded.{column}""",
        [(*key, count) for key, count in counts.items()],
    )


def _removed(database: Database, pages: Collection[int]) -> set[int]:
    """Those of these pages that are removed."""
    rows = database.execute(
        "SELECT page FROM removed_page WHERE page IN (SELECT value FROM json_each(?))",
        [json.dumps(list(pages))],
    )
    return {row[0] for row in rows}


def _annotations(database: Database, pages: Sequence[int]) -> Iterator[tuple[_At, Annotation]]:
    """The annotations of these pages, by number of page and annotator, in order."""
    chosen = json.dumps(list(pages))
    spans = defaultdict[_At, list[Span]](list)
    for page, who, start, end, label in database.execute(
        """SELECT page, annotator, "start", "end", label FROM span
        WHERE page IN (SELECT value FROM json_each(?)) ORDER BY page, annotator, "start" """,
        [chosen],
    ).fetchall():
        spans[page, who].append(span_of_row((start, end, label)))
    for page, who, *state in database.execute(
        """SELECT page, annotator, status, flagged, note, rejected, absent FROM annotation
        WHERE page IN (SELECT value FROM json_each(?)) ORDER BY page, annotator""",
        [chosen],
    ).fetchall():
        yield (page, who), Annotation(tuple(spans.get((page, who), ())), _state_of(*state))


@lru_cache(maxsize=4_096)
def _state_of(status: str, flagged: int, note: str, rejected: str, absent: str) -> State:
    return State(Status(status), bool(flagged), note, stored_spans(rejected), stored_names(absent))


def _text_reader(database: Database) -> Callable[[int], str]:
    """A function that reads the text of a page; the last one is kept."""

    @lru_cache(maxsize=1)
    def read(page: int) -> str:
        row = database.execute("SELECT text FROM page_text WHERE page = ?", [page]).fetchone()
        return str(row[0])

    return read


def _started(state: State) -> State:
    return replace(state, status=Status.STARTED)
