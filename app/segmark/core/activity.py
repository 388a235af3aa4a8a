"""Active time: how long somebody was at work, with idle time left out."""


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
