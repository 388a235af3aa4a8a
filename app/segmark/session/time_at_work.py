"""PageTimes: an annotator's time at work, page by page, until it is stored."""

from collections.abc import Callable
from contextlib import suppress

from segmark.store.annotations import Annotations
from segmark.store.errors import StoreError


class ActiveTime:
    """Adds up the time between inputs; a pause longer than the limit counts as the limit.

    The caller gives the time of a clock that never runs backwards, in seconds.
    """

    def __init__(self, *, idle_limit: float = 30.0) -> None:
        self._limit = idle_limit
        self._last: float | None = None
        self._sum = 0.0

    def input(self, now: float) -> None:
        """Somebody pressed a key or moved the mouse."""
        if self._last is not None:
            self._sum += min(max(now - self._last, 0.0), self._limit)
        self._last = now

    def take(self) -> float:
        """The seconds since the last call."""
        seconds, self._sum = self._sum, 0.0
        return seconds


class TimeAtWork:
    """Counts the time at work on the open page, and keeps what could not be stored.

    ``clock`` gives seconds and never runs backwards.
    """

    def __init__(self, annotations: Annotations, clock: Callable[[], float]) -> None:
        self._annotations = annotations
        self._clock = clock
        self._active = ActiveTime()
        self._owed: dict[int, float] = {}  # seconds by page

    def input(self) -> None:
        """Somebody pressed a key or used the mouse: the time until now counts as active."""
        self._active.input(self._clock())

    def take(self, page: int) -> float:
        """The seconds on the open page that are to be stored with its next act."""
        return self._owed.pop(page, 0.0) + self._active.take()

    def give_back(self, page: int, seconds: float) -> None:
        """These seconds could not be stored; they come with what is stored next."""
        if seconds:
            self._owed[page] = self._owed.get(page, 0.0) + seconds

    def store(self, page: int | None) -> None:
        """Store what was counted on the open page, and what is owed to others."""
        seconds = self._active.take()
        if page is not None:
            self.give_back(page, seconds)
        # A full disk must not keep anybody from leaving a page: time is not work, and can wait.
        with suppress(StoreError):
            for owed in list(self._owed):
                self._annotations.add_active_time(owed, self._owed[owed])
                del self._owed[owed]
