"""Reading the log of edits: who did what, when, on which page.

The log can have millions of lines, so they are read one at a time.
"""

import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from segmark.core.annotation import UNTOUCHED
from segmark.core.edit import Edit
from segmark.core.history import ActKind, LoggedAct
from segmark.core.page_change import PageChange, PageField
from segmark.store.annotation_rows import edit_of, state_json
from segmark.store.errors import DamagedError, StoreError
from segmark.store.file.connection import Database, read_by, reason
from segmark.store.file.project_file import beginning
from segmark.store.people.people import THEIRS, display_names

_ACT = "coalesce(edit.act, edit.number)"
# An act is undone if the last line about it is an undo. SQLite sorts these lines on the disk.
_LAST = """SELECT act AS of_act, kind AS last_kind, max(number) FROM edit
    WHERE act IS NOT NULL GROUP BY act"""
_ON_PAGE = f"""CASE WHEN field IS NULL THEN edit.page = :page
    ELSE {_ACT} IN (SELECT act FROM act_page WHERE act_page.page = :page)
        OR edit.number IN (SELECT line FROM act_edit WHERE act_edit.page = :page) END"""
# What a line did to the page in question, where that differs by page and annotator.
_EDITED = ("removed", "added", "before", "after")
_HERE = ", ".join(f"here.{name} AS here_{name}" for name in ("annotator", *_EDITED))


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines of the log to read; None lets every line through.

    Attributes:
        page: the number of a page.
        since: the first day, in the time zone of this computer.
        annotator: a name.
    """

    page: int | None = None
    since: date | None = None
    annotator: str | None = None


def read_log(database: Database, chosen: LogFilter) -> Generator[LoggedAct]:
    """The lines of the log that fit the filter, in order; close it if you stop early.

    Raises:
        StoreError: they can't be read.
    """
    conditions, values = ["1"], dict[str, str | int]()
    if chosen.page is not None:
        conditions.append(_ON_PAGE)
    if chosen.since is not None:
        conditions.append("made_at >= :since")
        values["since"] = beginning(chosen.since)
    if chosen.annotator is not None:
        conditions.append(f"edit.annotator IN {THEIRS}")
        values["who"] = chosen.annotator
    try:
        with read_by(database):
            names = display_names(database)
            rows = database.query(
                f"""SELECT edit.*, last_kind, {_HERE},
                    (SELECT id FROM page WHERE number = edit.page) AS page_id,
                    (SELECT count(*) FROM act_page WHERE act_page.act = {_ACT})
                        + (SELECT count(DISTINCT page) FROM act_edit WHERE line = edit.number)
                        AS pages,
                    (SELECT before FROM act_page
                        WHERE act_page.act = {_ACT} AND act_page.page = :page) AS before_here
                FROM edit LEFT JOIN ({_LAST}) ON of_act = edit.number
                    LEFT JOIN act_edit AS here ON line = edit.number AND here.page = :page
                WHERE {" AND ".join(conditions)}
                ORDER BY edit.number, here.after = :untouched DESC, here.annotator""",
                {**values, "page": chosen.page, "untouched": state_json(UNTOUCHED)},
            )
            for row in rows:
                yield _logged(row, names)
    except DamagedError:
        raise
    except sqlite3.Error as error:
        raise StoreError(f"{database.path}: the log can't be read: {reason(error)}") from error


def read_page_edits(database: Database, annotator: str) -> Iterator[tuple[str, int, Edit]]:
    """Every edit of the annotations of a person, in order, also by acts on many pages.

    Each comes with the id of its page and the number of the annotation's owner in the tables. Acts
    that change a field of many pages are left out.
    """
    rows = database.query(
        f"""SELECT (SELECT id FROM page WHERE number = made.page) AS id, made.* FROM (
            SELECT number, page, annotator, title, removed, added, before, after FROM edit
            WHERE field IS NULL AND annotator IN {THEIRS}
            UNION ALL SELECT line, page, annotator, '', removed, added, before, after
            FROM act_edit WHERE annotator IN {THEIRS}) AS made
        ORDER BY made.number""",
        {"who": annotator},
    )
    with read_by(database):
        for row in rows:
            yield row["id"], row["annotator"], edit_of(row)


def _logged(row: dict[str, Any], names: dict[int, str]) -> LoggedAct:
    change, edited = None, row
    if row["here_annotator"] is not None:
        edited = row | {name: row[f"here_{name}"] for name in _EDITED}
    whose = row["here_annotator"] or row["annotator"]
    if row["field"] is not None:
        change = PageChange(row["title"], PageField(row["field"]), row["value"])
    return LoggedAct(
        number=row["number"],
        made_at=datetime.fromisoformat(row["made_at"]),
        annotator=names[row["annotator"]],
        whose=whose,
        owner=names[whose],
        page=row["page_id"] or "",
        pages=row["pages"] if change else 1,
        kind=ActKind(row["kind"]),
        act=row["act"] or row["number"],
        edit=edit_of(edited),
        change=change,
        before=row["before_here"] or "",
        undone=row["last_kind"] == ActKind.UNDO,
    )
