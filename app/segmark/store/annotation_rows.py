"""Converting annotations, spans and edits to and from rows of the tables."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from segmark.core.annotation import UNTOUCHED, Annotation, State, Status
from segmark.core.edit import Edit
from segmark.core.span import Span
from segmark.store.file.connection import Database


def read_annotation(
    database: Database, page: int, who: int | None, *, has_absent: bool = True
) -> Annotation:
    """Read the annotation of a page by an annotator, both given by number.

    ``has_absent`` is whether the table has the column; a project of an older version lacks it.
    """
    absent = "absent" if has_absent else "'[]'"
    row = database.execute(
        f"""SELECT status, flagged, note, rejected, {absent} FROM annotation
        WHERE page = ? AND annotator = ?""",
        [page, who],
    ).fetchone()
    spans = database.execute(
        """SELECT "start", "end", label FROM span WHERE page = ? AND annotator = ?
        ORDER BY "start" """,
        [page, who],
    ).fetchall()
    state = UNTOUCHED
    if row:
        rejected, names = stored_spans(row[3]), stored_names(row[4])
        state = State(Status(row[0]), bool(row[1]), row[2], rejected, names)
    return Annotation(tuple(map(span_of_row, spans)), state)


def edit_of(row: Mapping[str, Any]) -> Edit:
    """The edit in a row of the log.

    Raises:
        ValueError, TypeError: this program did not write the row.
    """
    return Edit(
        row["title"],
        stored_spans(row["removed"]),
        stored_spans(row["added"]),
        _state(row["before"]),
        _state(row["after"]),
    )


def edits_of(database: Database, line: int) -> Iterator[dict[str, Any]]:
    """The edits that a line of the log made on its pages, where they differ by page."""
    return database.query("SELECT * FROM act_edit WHERE line = ? ORDER BY page, annotator", [line])


def last_line(database: Database, number: int, before: int) -> int:
    """The line of the log that did, undid or redid an act last, before another line."""
    [last] = database.execute(
        "SELECT max(number) FROM edit WHERE coalesce(act, number) = ? AND number < ?",
        [number, before],
    ).fetchone()
    return int(last)


#: A span of a row, without the checks of ``Span._make``: a page can have ten thousand.
span_of_row: Callable[[Iterable[Any]], Span] = partial(tuple.__new__, Span)
_encode = json.JSONEncoder(ensure_ascii=False).encode


def spans_json(spans: tuple[Span, ...]) -> str:
    """Spans in the form that the tables keep."""
    return json.dumps(spans) if spans else "[]"


def stored_spans(packed: str) -> tuple[Span, ...]:
    """Spans from the form that the tables keep."""
    if packed == "[]":
        return ()
    return tuple(map(Span._make, json.loads(packed)))


def names_json(names: tuple[str, ...]) -> str:
    """Names of labels in the form that the tables keep."""
    return _encode(names)


def stored_names(packed: str) -> tuple[str, ...]:
    """Names of labels from the form that the tables keep."""
    return () if packed == "[]" else tuple(map(str, json.loads(packed)))


def state_json(state: State) -> str:
    """A state in the form that the log keeps; absent labels are there only if there are any."""
    rejected = [[span.start, span.end, span.label] for span in state.rejected]
    absent = [state.absent] if state.absent else []
    return _encode([state.status, state.flagged, state.note, rejected, *absent])


@lru_cache(maxsize=1_024)  # most lines of a log have one of a few states
def _state(packed: str) -> State:
    status, flagged, note, rejected, *rest = json.loads(packed)
    absent = tuple(map(str, rest[0])) if rest else ()
    return State(Status(status), flagged, note, tuple(Span(*row) for row in rejected), absent)
