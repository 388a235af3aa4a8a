"""The figures of a project as text: lines for people, and the data that ``--json`` prints."""

from collections.abc import Iterable, Sequence
from typing import Any

from segmark.core.annotation import Status
from segmark.core.text.counts import count_words
from segmark.store.figures.figures import AnnotatorWork, Day, Figures, PageTimes, SiteProgress

_SITES = 10  # named in the text; the others are summed up
_DAYS = 14  # the latest ones, named in the text
_NAME = 20  # width of the column of names


def as_json(project: str, figures: Figures) -> dict[str, Any]:
    """The figures for programs, with all sites and days."""
    return {
        "project": project,
        "pages": figures.pages,
        "annotators": [
            {"annotator": work.total.annotator} | _work_json(work) for work in figures.annotators
        ],
        "everybody": _work_json(figures.everybody),
    }


def as_lines(project: str, figures: Figures) -> list[str]:
    """The figures for people; with several annotators, their total comes first."""
    lines = [f"{project}: {count_words(figures.pages, 'page')}"]
    if len(figures.annotators) > 1:
        lines += ["", "everybody", *_work_lines(figures.everybody)]
    for work in figures.annotators:
        lines += ["", work.total.annotator, *_work_lines(work)]
    return lines


def clock(seconds: float) -> str:
    """Hours, minutes and seconds, as ``1:02:03``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def duration(seconds: float) -> str:
    """How long a page took: ``4.2 s``, ``42 s`` or ``3 min 5 s``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes:,} min {rest} s" if rest else f"{minutes:,} min"


def times_words(times: PageTimes) -> str:
    """Median and quartiles as part of a sentence."""
    low, middle, high = (times.quantile(share) for share in (0.25, 0.5, 0.75))
    if low is None or middle is None or high is None:
        return "no done page has a measured time yet"
    return (
        f"median {duration(middle)}, half of them between {duration(low)} and {duration(high)} "
        f"({count_words(times.pages, 'done page')})"
    )


def band_words(low: int, high: int | None) -> str:
    """A band of time, as ``10–20 s`` or ``2–3 min``."""
    if high is None:
        return f"{_edge(low)} and more"
    if low == 0:
        return f"under {_edge(high)}"
    return f"{low}–{high} s" if high <= 60 else f"{low // 60}–{high // 60} min"


def site_words(site: SiteProgress) -> str:
    """``example.org: 10 done, 1 started, 2 skipped, 17 new``."""
    said = ", ".join(f"{site.by_status[status]:,} {status}" for status in STATUSES)
    return f"{site_name(site)}: {said}"


def site_name(site: SiteProgress) -> str:
    """The site in one line; a page can bring any text as its site."""
    return " ".join(site.site.split()) or "(no site)"


def day_words(day: Day) -> str:
    """``2026-11-23: 12 done, 1 skipped``."""
    return f"{day.day.isoformat()}: {day.done:,} done, {day.skipped:,} skipped"


def largest(sites: Sequence[SiteProgress], named: int) -> list[SiteProgress]:
    """The first sites, and all others as one, unless that is a single site."""
    if len(sites) <= named + 1:
        return list(sites)
    rest = sites[named:]
    by_status = {status: sum(site.by_status[status] for site in rest) for status in Status}
    return [*sites[:named], SiteProgress(f"{len(rest):,} other sites", by_status)]


#: The statuses, from finished to not started.
STATUSES = (Status.DONE, Status.STARTED, Status.SKIPPED, Status.NEW)


def _edge(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"


def _work_json(work: AnnotatorWork) -> dict[str, Any]:
    total, times = work.total, work.times
    return {
        "pages": _statuses_json(total.progress.by_status),
        "spans": total.spans,
        "active_seconds": round(total.active_seconds, 1),
        "suggestions": {
            "pages": total.stamps.pages,
            "accepted_whole": total.stamps.whole,
            "accepted_unread": total.stamps.unread,
        },
        "sites": [{"site": site.site} | _statuses_json(site.by_status) for site in work.sites],
        "days": [
            {"day": day.day.isoformat(), "done": day.done, "skipped": day.skipped}
            for day in work.days
        ],
        "seconds_per_page": {
            "pages": times.pages,
            "median": _tenths(times.quantile(0.5)),
            "quartiles": [_tenths(times.quantile(0.25)), _tenths(times.quantile(0.75))],
            "bands": [
                {"from": low, "to": high, "pages": pages} for low, high, pages in times.bands()
            ],
        },
    }


def _statuses_json(by_status: dict[Status, int]) -> dict[str, int]:
    return {str(status): count for status, count in by_status.items()}


def _tenths(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _work_lines(work: AnnotatorWork) -> list[str]:
    total = work.total
    counts = [(str(status), count) for status, count in total.progress.by_status.items()]
    lines = _table([("pages", total.progress.pages)], counts)
    lines += _table([("spans", sum(total.spans.values()))], total.spans.items())
    lines.append(f"active time  {clock(total.active_seconds)}")
    if total.stamps.pages:
        lines.append(f"suggestions: {total.stamps}")
    return [*lines, *_site_lines(work.sites), *_day_lines(work.days), *_time_lines(work.times)]


def _table(heads: Iterable[tuple[str, int]], rows: Iterable[tuple[str, int]]) -> list[str]:
    named = [(name, count) for name, count in heads]
    named += [(f"  {name}", count) for name, count in rows]
    width = max(_NAME, *(len(name) for name, _ in named))
    return [f"{name:<{width}} {count:>9,}" for name, count in named]


def _site_lines(sites: Sequence[SiteProgress]) -> list[str]:
    shown = largest(sites, _SITES)
    rows = [[f"{site.by_status[status]:,}" for status in STATUSES] for site in shown]
    names = [f"  {site_name(site)}" for site in shown]
    return _columns("sites", names, STATUSES, rows)


def _day_lines(days: Sequence[Day]) -> list[str]:
    if not days:
        return ["pages a day  none is finished yet"]
    cut = f", the last {_DAYS}" if len(days) > _DAYS else ""
    rows = [[f"{day.done:,}", f"{day.skipped:,}"] for day in days[-_DAYS:]]
    names = [f"  {day.day.isoformat()}" for day in days[-_DAYS:]]
    return _columns(f"pages a day{cut}", names, (Status.DONE, Status.SKIPPED), rows)


def _columns(
    title: str, names: Sequence[str], heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[str]:
    if not rows:
        return []
    width = max(_NAME, len(title), *map(len, names))
    lines = zip((title, *names), (heads, *rows), strict=True)
    return [f"{name:<{width}}{''.join(f' {cell:>9}' for cell in cells)}" for name, cells in lines]


def _time_lines(times: PageTimes) -> list[str]:
    lines = [f"time a page  {times_words(times)}"]
    if times.pages:
        bands = [(band_words(low, high), pages) for low, high, pages in times.bands()]
        lines += _table([], bands)
    return lines
