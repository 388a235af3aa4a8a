"""The work of a day: on which pages, how many acts, how long.

The log says what was done and when, and ``time_at_work`` how long. That is counted from a moment
that the project keeps: of acts before it, as in a project of an older version, no time is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from segmark.core.annotation import Status
from segmark.store.file.connection import Database, stored_seconds
from segmark.store.file.project_file import beginning
from segmark.store.people.people import THEIRS

_TIMES_SINCE = "(SELECT value FROM project WHERE name = 'times_since')"
_TIME = "made_at >= :begin AND made_at < :end"
# Joins are left out: they are no work on a page.
_PAGES = """WITH person AS (
    SELECT number AS of_number, coalesce(joined, number) AS person FROM annotator WHERE {whose}),
did AS (
    SELECT person, page, made_at FROM edit JOIN person ON of_number = edit.annotator
    WHERE {time} AND field IS NULL
    UNION ALL SELECT person, act_page.page, made_at
    FROM edit JOIN person ON of_number = edit.annotator
        JOIN act_page ON act_page.act = coalesce(edit.act, edit.number) WHERE {time}
    UNION ALL SELECT person, act_edit.page, made_at
    FROM edit JOIN person ON of_number = edit.annotator
        JOIN act_edit ON line = edit.number WHERE {time} AND field = 'spans'),
worked AS (
    SELECT person, page, total(seconds) AS seconds FROM time_at_work
        JOIN person ON of_number = annotator
    WHERE quarter >= :begin AND quarter < :end GROUP BY person, page),
days AS (
    SELECT person, page, count(*) AS acts, min(made_at) AS first, max(made_at) AS last,
        sum(made_at < {since}) AS untimed
    FROM did GROUP BY person, page
    UNION ALL SELECT person, page, 0, '', '', 0 FROM worked
        WHERE (person, page) NOT IN (SELECT person, page FROM did))
SELECT days.page, id, coalesce(nullif(title, ''), first_line), site,
    (SELECT name FROM annotator WHERE number = days.person),
    acts, first, last, coalesce(seconds, 0), untimed, coalesce(status, 'new'),
    days.page IN removed_page
FROM days JOIN page ON page.number = days.page
    LEFT JOIN worked ON worked.person = days.person AND worked.page = days.page
    LEFT JOIN annotation ON annotation.page = days.page AND annotation.annotator = days.person
ORDER BY first = '', first, days.page, days.person"""


@dataclass(frozen=True, slots=True)
class DayPage:
    """The work of a person on a page on one day.

    Attributes:
        number: of the page, ``id`` its id.
        title: title or first line.
        annotator: the name.
        acts: how many, undo and redo too; 0 if the page was looked at alone.
        first, last: when the first and the last act was; None without any.
        seconds: at work, idle time left out.
        timed: whether that is all; False if acts are older than the counting of times by day.
        status: of the page now, for this person.
        removed: whether the page was removed.
    """

    number: int
    id: str
    title: str
    site: str
    annotator: str
    acts: int
    first: datetime | None
    last: datetime | None
    seconds: float
    timed: bool
    status: Status
    removed: bool


def read_day(database: Database, day: date, annotator: str | None) -> tuple[DayPage, ...]:
    """The work of a day in the time zone of this computer, in the order in which pages were begun.

    ``annotator`` is a name; None for everybody.
    """
    whose = "1" if annotator is None else f"number IN {THEIRS}"
    values = {"begin": beginning(day), "end": beginning(day + timedelta(days=1))}
    if annotator is not None:
        values["who"] = annotator
    rows = database.execute(
        _PAGES.format(whose=whose, time=_TIME, since=_TIMES_SINCE), values
    ).fetchall()
    return tuple(_pages(rows))


def _pages(rows: list[tuple[object, ...]]) -> Iterator[DayPage]:
    for number, id_, title, site, who, acts, first, last, seconds, untimed, status, removed in rows:
        yield DayPage(
            int(str(number)), str(id_), str(title), str(site), str(who), int(str(acts)),
            _time(first), _time(last), stored_seconds(seconds), not untimed, Status(str(status)),
            bool(removed),
        )  # fmt: skip


def _time(written: object) -> datetime | None:
    return datetime.fromisoformat(str(written)) if written else None
