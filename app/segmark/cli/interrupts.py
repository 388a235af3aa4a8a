"""Ending when asked to: Ctrl+C, SIGTERM, and a terminal that is closed.

A long command stops with one line, and removes what it was building. The window has its own ways.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

_STOPPING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Stop:
    """Whether a signal asked this process to stop, and which.

    Attributes:
        status: the exit status that the signal stands for; 0 if there was none.
    """

    def __init__(self) -> None:
        self.status = 0
        self._held = False
        self._before: dict[signal.Signals, object] = {}

    def listen(self) -> None:
        """Raise ``KeyboardInterrupt`` at the next signal to stop, unless it is ignored."""
        for number in _STOPPING:
            before = signal.getsignal(number)
            if before in (signal.SIG_DFL, signal.default_int_handler):
                self._before[number] = before
                signal.signal(number, self._stop)

    @contextmanager
    def held(self) -> Iterator[Callable[[], None]]:
        """Note a signal meanwhile, and stop at the end, or earlier where the yielded call is made.

        For work with Qt, which loses what is raised while it calls Python, or ends the process.
        """
        self._held = True
        try:
            yield self._stop_now
            self._stop_now()
        finally:
            self._held = False

    def _stop_now(self) -> None:
        if self.status:
            raise KeyboardInterrupt

    def restore(self) -> None:
        """Handle the signals as before."""
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]
        self._before.clear()

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.status = 128 + number
        if not self._held:
            raise KeyboardInterrupt


def current_stop() -> Stop:
    """What notes the signals to stop during the command that runs."""
    import click

    return click.get_current_context().find_object(Stop) or Stop()


def hide_traceback(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """The hook for errors that nothing caught: one line for Ctrl+C while the program starts."""
    if issubclass(kind, KeyboardInterrupt):
        sys.stderr.write("segmark: stopped\n")
    else:
        sys.__excepthook__(kind, error, trace)
