"""Time at work of people, as copies of a project hand it to each other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from segmark.store.file.connection import Database


@dataclass(frozen=True, slots=True)
class WorkedTime:
    """The time that a person worked on a page in a quarter of an hour.

    Attributes:
        person: the id under which it was counted.
        page: the page's id.
        quarter: when the quarter of an hour began.
        seconds: at work in it.
    """

    person: str
    page: str
    quarter: str
    seconds: float


class Times:
    """The times at work of a project, over one connection."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, name: str) -> list[WorkedTime]:
        """The times of a person, also those from before a join."""
        rows = self._db.execute(
            """SELECT annotator.id, page.id, quarter, seconds FROM time_at_work
            JOIN annotator ON annotator.number = time_at_work.annotator
            JOIN page ON page.number = time_at_work.page
            WHERE coalesce(annotator.joined, annotator.number)
                = (SELECT number FROM annotator WHERE name = :who)
            ORDER BY quarter, time_at_work.page""",
            {"who": name},
        )
        return [WorkedTime(*row) for row in rows.fetchall()]

    def take_over(self, name: str, times: Iterable[WorkedTime]) -> None:
        """Add what these times of a person exceed those here by; again, it adds nothing.

        Call this inside a write transaction. Pages on which the person did nothing here are left
        out.
        """
        gained = defaultdict[tuple[int, int], float](float)
        for time in times:
            if at := self._place(name, time):
                page, counted, shown = at
                gained[page, shown] += self._raise(time, page, counted)
        self._db.executemany(
            """UPDATE annotation SET active_seconds = active_seconds + ?
            WHERE page = ? AND annotator = ?""",
            [(seconds, *at) for at, seconds in gained.items() if seconds],
        )

    def _place(self, name: str, time: WorkedTime) -> tuple[int, int, int] | None:
        """The numbers of the page, of whom the time counts for, and of the person shown there."""
        row = self._db.execute(
            """SELECT page.number, coalesce(mine.number, shown.number), shown.number
            FROM annotation JOIN page ON page.number = page
            JOIN annotator AS shown ON shown.number = annotator
            LEFT JOIN annotator AS mine ON mine.id = :id
            WHERE page.id = :page AND shown.number = coalesce(mine.joined, mine.number,
                (SELECT number FROM annotator WHERE name = :who))""",
            {"id": time.person, "page": time.page, "who": name},
        ).fetchone()
        return (int(row[0]), int(row[1]), int(row[2])) if row else None

    def _raise(self, time: WorkedTime, page: int, who: int) -> float:
        at = time.quarter, page, who
        row = self._db.execute(
            "SELECT seconds FROM time_at_work WHERE quarter = ? AND page = ? AND annotator = ?", at
        ).fetchone()
        gain = time.seconds - (row[0] if row else 0.0)
        if gain <= 0:
            return 0.0
        self._db.execute(
            """INSERT INTO time_at_work VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET seconds = excluded.seconds""",
            (*at, time.seconds),
        )
        return float(gain)
