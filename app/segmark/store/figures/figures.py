"""The figures of a project: progress of each site, pages a day, time a page.

They are read from a snapshot. The log has times in UTC; days are in the time zone of the computer
that reads it. A finished page counts once, on the day of the act that gave it its present status.
For everybody together, a page has the furthest status that anyone reached, and spans, days and
times are added up.

The queries are SQL without sqlite-utils, whose import would make ``segmark stats`` half as slow
again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor

from segmark.core.annotation import Status
from segmark.store.figures.accuracy import Stamps
from segmark.store.figures.statistics import Statistics, StatusCounts, read_statistics
from segmark.store.file.connection import Database
from segmark.store.people.people import THEIRS

#: The limits of the bands of time a page, in seconds; the last band has no upper limit.
BANDS = (10, 20, 30, 45, 60, 120, 180, 300, 600)

#: The statuses, from the least to the furthest.
_FURTHER = (Status.NEW, Status.STARTED, Status.SKIPPED, Status.DONE)


@dataclass(frozen=True, slots=True)
class SiteProgress:
    """The pages of a site by status; the site is "" for pages without a site."""

    site: str
    by_status: dict[Status, int]

    @property
    def pages(self) -> int:
        """The number of pages of the site."""
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True)
class Day:
    """The pages that were finished on a day."""

    day: date
    done: int
    skipped: int


@dataclass(frozen=True, slots=True)
class PageTimes:
    """The active time of done pages; pages without a measured time do not count.

    ``counts`` has seconds, to a tenth and ascending, and the number of pages that took so long.
    """

    counts: tuple[tuple[float, int], ...] = ()

    @property
    def pages(self) -> int:
        """The number of measured pages."""
        return sum(pages for _, pages in self.counts)

    def quantile(self, share: float) -> float | None:
        """The seconds that this share of the pages took at most; None without pages.

        Interpolates linearly between two pages: method 7 of Hyndman and Fan (1996), The American
        Statistician 50. The median is the quantile of 0.5.
        """
        if not self.counts:
            return None
        place = (self.pages - 1) * share
        low, high = self._at(floor(place)), self._at(ceil(place))
        return low + (high - low) * (place - floor(place))

    def bands(self) -> list[tuple[int, int | None, int]]:
        """The lower limit (inclusive), upper limit (exclusive or None) and pages of each band."""
        edges = (0, *BANDS, None)
        return [
            (low or 0, high, sum(
                pages for seconds, pages in self.counts
                if (low or 0) <= seconds and (high is None or seconds < high)
            ))
            for low, high in pairwise(edges)
        ]  # fmt: skip

    def _at(self, place: int) -> float:
        for seconds, pages in self.counts:
            place -= pages
            if place < 0:
                return seconds
        raise IndexError(place)


@dataclass(frozen=True, slots=True)
class AnnotatorWork:
    """The work of one annotator, or of all of them together.

    Attributes:
        total: pages, spans and time; its annotator is "" for all together.
        sites: the progress of each site, the largest site first.
        days: in order, without days on which nothing was finished.
    """

    total: Statistics
    sites: tuple[SiteProgress, ...]
    days: tuple[Day, ...]
    times: PageTimes


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a project: of all annotators together, and of each of them."""

    everybody: AnnotatorWork
    annotators: tuple[AnnotatorWork, ...]

    @property
    def pages(self) -> int:
        """The number of pages of the project."""
        return self.everybody.total.progress.pages


def read_figures(database: Database, annotators: Sequence[str]) -> Figures:
    """Read the figures of these annotators; all are zero for someone who did nothing yet."""
    database.execute("BEGIN")
    try:
        sizes = _sizes(database)
        works = tuple(_work(database, name, sizes) for name in annotators)
        if len(works) == 1:
            total = works[0].total
            return Figures(_everybody(works, total.progress, works[0].sites), works)
        furthest = _sites(sizes, _furthest(database, annotators))
        return Figures(_everybody(works, _sum_of(furthest), furthest), works)
    finally:
        database.execute("ROLLBACK")


def _work(database: Database, annotator: str, sizes: dict[str, int]) -> AnnotatorWork:
    total = read_statistics(database, annotator)
    found = database.execute(
        """SELECT site, status, count(*) FROM annotation JOIN page ON page.number = page
        WHERE annotator = (SELECT number FROM annotator WHERE name = ?)
            AND page NOT IN removed_page GROUP BY 1, 2""",
        [annotator],
    ).fetchall()
    sites = _sites(sizes, [(site, Status(status), pages) for site, status, pages in found])
    return AnnotatorWork(total, sites, _days(database, annotator), _times(database, annotator))


def _sizes(database: Database) -> dict[str, int]:
    """Pages by site, the largest first."""
    return dict(
        database.execute(
            """SELECT site, count(*) FROM page WHERE number NOT IN removed_page
            GROUP BY site ORDER BY count(*) DESC, site"""
        ).fetchall()
    )


def _furthest(database: Database, annotators: Sequence[str]) -> list[tuple[str, Status, int]]:
    """Site, furthest status that anyone reached, and how many pages have it."""
    whens = " ".join(f"WHEN '{status}' THEN {at}" for at, status in enumerate(_FURTHER))
    rows = database.execute(
        f"""SELECT site, furthest, count(*) FROM (
            SELECT page, max(CASE status {whens} END) AS furthest FROM annotation
            WHERE annotator IN (
                SELECT number FROM annotator WHERE name IN ({",".join("?" * len(annotators))}))
            GROUP BY page
        ) JOIN page ON page.number = page WHERE page NOT IN removed_page GROUP BY 1, 2""",
        list(annotators),
    ).fetchall()
    return [(site, _FURTHER[at], pages) for site, at, pages in rows]


def _sites(
    sizes: dict[str, int], touched: Iterable[tuple[str, Status, int]]
) -> tuple[SiteProgress, ...]:
    """The pages of each site by status; pages that nobody touched are new."""
    found = {site: dict.fromkeys(Status, 0) | {Status.NEW: size} for site, size in sizes.items()}
    for site, status, pages in touched:
        found[site][Status.NEW] -= pages
        found[site][status] += pages
    return tuple(SiteProgress(site, by_status) for site, by_status in found.items())


_WHO = "(SELECT number FROM annotator WHERE name = :who)"


def _days(database: Database, annotator: str) -> tuple[Day, ...]:
    # The log comes first: most of its lines change no status.
    rows = database.execute(
        f"""SELECT day, sum(status = 'done'), sum(status = 'skipped') FROM (
            SELECT date(made_at, 'localtime') AS day, status, max(settled.number) FROM (
                SELECT {_WHO} AS annotator, page, number, made_at,
                    json_extract(after, '$[0]') AS status
                FROM edit WHERE annotator IN {THEIRS}
                    AND json_extract(after, '$[0]') IN ('done', 'skipped')
                    AND json_extract(before, '$[0]') <> json_extract(after, '$[0]')
                UNION ALL
                SELECT {_WHO}, act_page.page, edit.number, made_at, value
                FROM edit JOIN act_page ON act_page.act = coalesce(edit.act, edit.number)
                WHERE annotator IN {THEIRS} AND field = 'status' AND kind <> 'undo'
                    AND value IN ('done', 'skipped')
            ) AS settled JOIN annotation USING (page, annotator, status)
            WHERE page NOT IN removed_page GROUP BY page
        ) GROUP BY day ORDER BY day""",
        {"who": annotator},
    ).fetchall()
    return tuple(Day(date.fromisoformat(day), *counts) for day, *counts in rows)


def _times(database: Database, annotator: str) -> PageTimes:
    rows = database.execute(
        """SELECT round(active_seconds, 1), count(*) FROM annotation
        WHERE annotator = (SELECT number FROM annotator WHERE name = ?)
            AND status = 'done' AND active_seconds > 0 AND page NOT IN removed_page
        GROUP BY 1 ORDER BY 1""",
        [annotator],
    ).fetchall()
    return PageTimes(tuple((float(seconds), pages) for seconds, pages in rows))


def _everybody(
    works: Sequence[AnnotatorWork], progress: StatusCounts, sites: tuple[SiteProgress, ...]
) -> AnnotatorWork:
    """The work of all annotators together."""
    done, skipped, times = Counter[date](), Counter[date](), Counter[float]()
    spans = Counter[str]()
    for work in works:
        spans.update(work.total.spans)
        for day in work.days:
            done[day.day] += day.done
            skipped[day.day] += day.skipped
        times.update(dict(work.times.counts))
    stamps = [work.total.stamps for work in works]
    total = Statistics(
        "",
        progress,
        dict(spans),
        sum(work.total.active_seconds for work in works),
        Stamps(
            sum(one.pages for one in stamps),
            sum(one.whole for one in stamps),
            sum(one.unread for one in stamps),
        ),
    )
    days = tuple(Day(day, done[day], skipped[day]) for day in sorted(done))
    return AnnotatorWork(total, sites, days, PageTimes(tuple(sorted(times.items()))))


def _sum_of(sites: Sequence[SiteProgress]) -> StatusCounts:
    by_status = {status: sum(site.by_status[status] for site in sites) for status in Status}
    return StatusCounts(sum(by_status.values()), by_status)
