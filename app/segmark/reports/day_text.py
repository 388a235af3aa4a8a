"""The work of a day as text, and as the data that ``segmark log --day --json`` prints."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from segmark.core.text.counts import count_words
from segmark.reports.figures_text import clock
from segmark.reports.log_text import one_line
from segmark.store.figures.day import DayPage


def day_words(pages: Sequence[DayPage]) -> str:
    """The day in a few words: ``12 pages, 143 acts, 1:02:30 at work``."""
    time = _time(sum(one.seconds for one in pages), all(one.timed for one in pages))
    acts = count_words(sum(one.acts for one in pages), "act")
    parts = (count_words(len({one.number for one in pages}), "page"), acts, f"{time} at work")
    return ", ".join(parts)


def day_lines(day: date, pages: Sequence[DayPage]) -> Iterator[str]:
    """The day, and a line for each page and person."""
    yield f"{day}  {day_words(pages)}"
    for one in pages:
        yield (
            f"{when_words(one):11}  {one_line(one.annotator)}  {time_at_work(one):>9}  "
            f"{count_words(one.acts, 'act')}  {status_words(one)}  {one.id}  {one_line(one.title)}"
        )


def day_json(day: date, one: DayPage) -> dict[str, Any]:
    """A page of the day for programs; the same keys for each, in the same order."""
    times = (one.first, one.last)
    first, last = (time.isoformat(timespec="milliseconds") if time else "" for time in times)
    return {
        "day": str(day),
        "annotator": one.annotator,
        "page": one.id,
        "title": one.title,
        "site": one.site,
        "acts": one.acts,
        "first": first,
        "last": last,
        "seconds": round(one.seconds, 3),
        "all_timed": one.timed,
        "status": str(one.status),
        "removed": one.removed,
    }


def when_words(one: DayPage) -> str:
    """From the first act to the last, in the time zone of this computer: ``09:14–09:20``."""
    if not (one.first and one.last):
        return ""
    first, last = (time.astimezone().strftime("%H:%M") for time in (one.first, one.last))
    return first if first == last else f"{first}–{last}"


def time_at_work(one: DayPage) -> str:
    """The time as ``0:04:10``; ``unknown`` before times were counted by day."""
    return _time(one.seconds, one.timed)


def status_words(one: DayPage) -> str:
    """The status of the page now, or ``removed``."""
    return "removed" if one.removed else str(one.status)


def _time(seconds: float, timed: bool) -> str:
    if timed:
        return clock(seconds)
    return f"≥ {clock(seconds)}" if seconds else "unknown"
