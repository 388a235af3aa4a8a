"""The statistics of an annotator: pages by status, spans by label, active time.

The window shows the progress after every act, so it is read from counters in hand-written SQL.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmark.core.annotation import Status
from segmark.store.file.connection import Database, read_by, stored_seconds

if TYPE_CHECKING:
    from segmark.store.figures.accuracy import Stamps


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """Pages by status for one annotator; the statuses add up to ``pages``."""

    pages: int
    by_status: dict[Status, int]

    @property
    def finished(self) -> int:
        """Pages that are done or skipped."""
        return self.by_status[Status.DONE] + self.by_status[Status.SKIPPED]

    def moved(self, before: Status, after: Status) -> "StatusCounts":
        """The counts after the status of one page has changed."""
        if before is after:
            return self
        counts = self.by_status | {before: self.by_status[before] - 1}
        return StatusCounts(self.pages, counts | {after: counts[after] + 1})


@dataclass(frozen=True, slots=True)
class Statistics:
    """The work of an annotator; idle time does not count."""

    annotator: str
    progress: StatusCounts
    spans: dict[str, int]
    active_seconds: float
    stamps: "Stamps"


def read_progress(database: Database, annotator: str) -> StatusCounts:
    """Read the annotator's pages by status, from counters."""
    pages = int(database.execute("SELECT value FROM counter WHERE name = 'pages'").fetchone()[0])
    rows = database.execute(
        """SELECT status, pages FROM progress
        WHERE annotator = (SELECT number FROM annotator WHERE name = ?)""",
        [annotator],
    ).fetchall()
    by_status = dict.fromkeys(Status, 0) | {Status(status): count for status, count in rows}
    touched = sum(by_status.values())
    by_status[Status.NEW] += pages - touched
    return StatusCounts(pages, by_status)


def read_statistics(database: Database, annotator: str) -> Statistics:
    """Read the statistics of an annotator."""
    from segmark.store.figures.accuracy import read_stamps

    spans = database.execute(
        """SELECT name, coalesce(spans, 0) FROM label LEFT JOIN label_count
            ON label = id AND annotator = (SELECT number FROM annotator WHERE name = ?)
        WHERE gone_into IS NULL ORDER BY position""",
        [annotator],
    ).fetchall()
    seconds, *ends = database.execute(
        """SELECT coalesce(sum(active_seconds), 0), coalesce(min(active_seconds), 0),
            coalesce(max(active_seconds), 0) FROM annotation
        WHERE annotator = (SELECT number FROM annotator WHERE name = ?)
            AND page NOT IN removed_page""",
        [annotator],
    ).fetchone()
    with read_by(database):
        for end in ends:
            stored_seconds(end)
    return Statistics(
        annotator,
        read_progress(database, annotator),
        dict(spans),
        float(seconds),
        read_stamps(database, annotator),
    )
