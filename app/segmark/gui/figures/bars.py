"""The figures of a project as bars."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtGui import QColor

from segmark.core.annotation import Status
from segmark.core.label import LabelSet
from segmark.core.text.counts import count_words
from segmark.gui.base.theme import Theme
from segmark.gui.figures.plot import PlotBar
from segmark.reports.figures_text import (
    STATUSES,
    band_words,
    clock,
    day_words,
    duration,
    largest,
    site_name,
    site_words,
)
from segmark.store.figures.figures import AnnotatorWork, Day, Figures, PageTimes, SiteProgress

_SITES = 100  # the most sites with a separate bar
_DAYS = 400


def status_colour(status: Status, theme: Theme) -> QColor:
    """The colour of a status in the plots."""
    return QColor(
        {
            Status.DONE: theme.good,
            Status.STARTED: theme.accent,
            Status.SKIPPED: theme.muted,
            Status.NEW: theme.pressed,
        }[status]
    )


def site_bars(sites: Sequence[SiteProgress], theme: Theme) -> list[PlotBar]:
    """The progress of the largest sites, as shares of their pages, and of all others as one."""
    return [
        PlotBar(
            site_name(site),
            tuple(
                (site.by_status[status] / max(1, site.pages), status_colour(status, theme))
                for status in STATUSES
            ),
            f"{site.by_status[Status.DONE] + site.by_status[Status.SKIPPED]:,} of {site.pages:,}",
            site_words(site),
        )
        for site in largest(sites, _SITES)
    ]


def label_bars(work: AnnotatorWork, labels: LabelSet, theme: Theme) -> list[PlotBar]:
    """The number of spans by label, in the labels' colours."""
    return [
        PlotBar(
            label.name,
            ((work.total.spans.get(label.name, 0), theme.label_colour(label)),),
            f"{work.total.spans.get(label.name, 0):,}",
            f"{label.name}: {count_words(work.total.spans.get(label.name, 0), 'span')}",
        )
        for label in labels
    ]


def day_bars(days: Sequence[Day], theme: Theme) -> list[PlotBar]:
    """The number of finished pages by day, including days without any."""
    if not days:
        return []
    last = days[-1].day
    first = max(days[0].day, last - timedelta(days=_DAYS - 1))
    found = {day.day: day for day in days}
    dates = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return [_day_bar(found.get(date) or Day(date, 0, 0), theme) for date in dates]


def time_bars(times: PageTimes, theme: Theme) -> list[PlotBar]:
    """The number of done pages by the time they took."""
    if not times.pages:
        return []
    colour = QColor(theme.accent)
    return [
        PlotBar(
            band_words(low, high),
            ((pages, colour),),
            f"{pages:,}",
            f"{band_words(low, high)}: {count_words(pages, 'done page')}",
        )
        for low, high, pages in times.bands()
    ]


def annotator_bars(figures: Figures, theme: Theme) -> list[PlotBar]:
    """The number of pages by annotator."""
    worked_on = (Status.DONE, Status.SKIPPED, Status.STARTED)
    bars = []
    for work in figures.annotators:
        total, median = work.total, work.times.quantile(0.5)
        by_status = total.progress.by_status
        counts = ", ".join(f"{by_status[status]:,} {status}" for status in worked_on)
        pace = "" if median is None else f", median {duration(median)} a page"
        bars.append(
            PlotBar(
                total.annotator,
                tuple((by_status[each], status_colour(each, theme)) for each in worked_on),
                f"{by_status[Status.DONE]:,} done",
                f"{total.annotator}: {counts}; {clock(total.active_seconds)} at work{pace}",
            )
        )
    return bars


def _day_bar(day: Day, theme: Theme) -> PlotBar:
    parts = (
        (day.done, status_colour(Status.DONE, theme)),
        (day.skipped, status_colour(Status.SKIPPED, theme)),
    )
    return PlotBar(day.day.isoformat(), parts, f"{day.done + day.skipped:,}", day_words(day))
