"""TimeAtWork: an annotator's active time on each page, until it is stored."""

from collections.abc import Callable
from contextlib import suppress

from segmark.store.annotations import Annotations
from segmark.store.errors import StoreError


class ActiveTime:
    """Adds up the time between inputs; at most ``idle_limit`` seconds of any pause are counted.

    The caller passes the time in seconds, from a clock that never runs backwards.
    """

    def __init__(self, *, idle_limit: float = 30.0) -> None:
        self._limit = idle_limit
        self._last: float | None = None
        self._sum = 0.0

    def input(self, now: float) -> None:
        """Count the time since the last input."""
        if self._last is not None:
            self._sum += min(max(now - self._last, 0.0), self._limit)
        self._last = now

    def take(self) -> float:
        """Return the seconds counted since the last call."""
        seconds, self._sum = self._sum, 0.0
        return seconds


class TimeAtWork:
    """Counts the active time on the open page, and keeps time that could not be stored.

    ``clock`` returns seconds and never runs backwards.
    """

    def __init__(self, annotations: Annotations, clock: Callable[[], float]) -> None:
        self._annotations = annotations
        self._clock = clock
        self._active = ActiveTime()
        self._owed: dict[int, float] = {}  # seconds by page

    def input(self) -> None:
        """Count the time until now as active."""
        self._active.input(self._clock())

    def take(self, page: int) -> float:
        """Return the seconds on the open page, to be stored with its next act."""
        return self._owed.pop(page, 0.0) + self._active.take()

    def give_back(self, page: int, seconds: float) -> None:
        """Keep seconds that could not be stored for the next attempt."""
        if seconds:
            self._owed[page] = self._owed.get(page, 0.0) + seconds

    def store(self, page: int | None) -> None:
        """Store the time on the open page, and time kept for other pages."""
        seconds = self._active.take()
        if page is not None:
            self.give_back(page, seconds)
        # A full disk must not keep the annotator on a page: time is not a label, and can wait.
        with suppress(StoreError):
            for owed in list(self._owed):
                self._annotations.add_active_time(owed, self._owed[owed])
                del self._owed[owed]
