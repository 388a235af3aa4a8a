"""Pace: how fast an annotator works, and how long the rest will take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """An annotator's pace.

    Attributes:
        today: the pages done today.
        median: seconds of a page, idle time left out; None before the first page.
        left: the pages of the list that are neither done nor skipped.
    """

    today: int
    median: float | None
    left: int

    @property
    def words(self) -> str:
        """The pace in a few words, such as ``12 today · 48 s a page · 90 left: 1 h 12 min``."""
        parts = [f"{self.today:,} today"]
        rest = f"{self.left:,} left"
        if self.median is not None:
            parts.append(f"{_duration(self.median)} a page")
            rest += f": {_duration(self.median * self.left)}" if self.left else ""
        return " · ".join((*parts, rest))


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min" if hours < 10 else f"{hours:,} h"
