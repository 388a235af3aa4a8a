"""A limit for the time that one page may take."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 1.0  # seconds until the signal comes again, if something swallowed the exception


class PageTookTooLongError(BaseException):
    """A page took longer than it may; not an ``Exception``, so that no handler swallows it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the body when it has used so many seconds of the processor; 0 for no limit.

    Time of the processor does not depend on what else the machine does. The limit is kept in the
    main thread, where the system can send the signal for it, also inside of a regular expression;
    elsewhere, and on Windows, there is none.

    Raises:
        PageTookTooLongError: it took longer.
    """
    if not seconds or not _can_be_kept():
        yield
        return
    armed = True

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if armed:
            raise PageTookTooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
    try:
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _can_be_kept() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
