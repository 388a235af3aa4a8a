"""Run long work in a process of its own, so that the window stays responsive.

A thread of the window would compete with it for the interpreter lock, and each key press would have
to wait about ten times. The process shares nothing with the window but the project file.
"""

import os
import pickle
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from segmark.core.progress import Progress

_REPORTS_PER_SECOND = 20
_REPEATED = 0.1  # seconds after which a report is repeated
_NICENESS = 10  # lets the window go first when both need the processor
T = TypeVar("T")


class _StopError(BaseException):
    """Stops the work in the worker process; what was stored until then is kept."""


def run_in_process(
    work: Callable[..., T],
    arguments: tuple[Any, ...],
    progress: Progress,
    stopped: Exception,
    patience: float | None = None,
) -> T:
    """Run ``work(*arguments, progress)`` in a process, and return its result.

    The work is a function of a module, and its result can be pickled. If ``progress`` raises, the
    process stops at its next report, or is ended after so many seconds of ``patience``. The last
    report is repeated while the work makes no other, so that ``progress`` can raise soon.

    Raises:
        Exception: whatever the work raises, and ``stopped`` if the process was ended from outside.
    """
    spawn = get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_run, args=(there, work, arguments), daemon=True)
    process.start()
    there.close()
    try:
        result: T = _follow(here, progress, stopped)
        return result
    finally:
        here.close()
        process.join(patience)
        if process.is_alive():
            process.terminate()
            process.join()


def _follow(process: Connection, progress: Progress, stopped: Exception) -> Any:  # noqa: ANN401
    """Pass on the progress of the process, and return its result."""
    last: tuple[int, int | None, str] = (0, None, "")
    while True:
        while not process.poll(_REPEATED):
            progress(*last)
        try:
            is_result, message = process.recv()
        except EOFError:
            raise stopped from None
        if isinstance(message, BaseException):
            raise message
        if is_result:
            return message
        last = message
        progress(*last)


def _run(window: Connection, work: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    """Run the work; the target of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window decides when it stops
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    reported = 0.0

    def progress(done: int, total: int | None = None, text: str = "") -> None:
        nonlocal reported
        if time.monotonic() - reported > 1 / _REPORTS_PER_SECOND:
            reported = time.monotonic()
            try:
                window.send((False, (done, total, text)))
            except OSError:
                raise _StopError from None

    try:
        result = work(*arguments, progress)
    except _StopError:
        return
    except Exception as error:
        result = sendable(error)
    with suppress(OSError):  # nobody is listening any more
        window.send((True, result))


def sendable(error: Exception) -> Exception:
    """Return an error, or one with the same message if the error can't be sent."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
