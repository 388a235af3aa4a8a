"""Load files in a worker process, so that the window stays responsive.

A thread of the window would compete with it for the interpreter lock, and each key press would have
to wait about ten times. The process shares nothing with the window but the project file.
"""

import os
import pickle
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from segmark.core.progress import Progress
from segmark.jobs.loading.pages import GENTLE, load_pages
from segmark.jobs.loading.report import LoadReport, report_file
from segmark.loading.contents import may_hold_many
from segmark.loading.options import LOAD_ALL, LoadOptions
from segmark.loading.sources import FoundFile, find
from segmark.store.store import Store

#: No more than this is loaded faster than a process starts.
_FEW_FILES = 30
_FEW_BYTES = 2_000_000
_REPORTS_PER_SECOND = 20
_NICENESS = 10  # lets the window go first when both need the processor


class LoadingStoppedError(Exception):
    """The worker process was ended before it was done."""


class _StopError(BaseException):
    """Stops loading in the worker process; what was read until then is kept."""


def load_in_worker(
    project: Path,
    paths: Sequence[Path],
    progress: Progress,
    options: LoadOptions = LOAD_ALL,
) -> LoadReport:
    """Load the pages in the paths into a project, like ``load_pages``, in a worker process.

    Raises:
        ReportFileError: the report of the options can't be written.
        StoreError: the project can't be opened or written.
        LoadingStoppedError: the process was ended from outside.
    """
    if _are_few(paths):
        with Store.open(project) as store, report_file(options.report) as on_source:
            return load_pages(store, paths, progress, options, on_source)
    spawn = get_context("spawn")
    here, there = spawn.Pipe()
    arguments = (there, project, paths, options)
    process = spawn.Process(target=_load, args=arguments, daemon=True)
    process.start()
    there.close()
    try:
        return _follow(here, progress)
    finally:
        here.close()  # the process stops at its next report and keeps what it has loaded
        process.join()


def _follow(process: Connection, progress: Progress) -> LoadReport:
    """Pass on the progress of the process, and return its result."""
    while True:
        try:
            message = process.recv()
        except EOFError:
            raise LoadingStoppedError(
                "loading was ended from outside; what was read until then is kept: load again "
                "for the rest"
            ) from None
        if isinstance(message, LoadReport):
            return message
        if isinstance(message, BaseException):
            raise message
        progress(*message)


def _are_few(paths: Sequence[Path]) -> bool:
    size = 0
    for files, found in enumerate(find(paths), start=1):
        if isinstance(found, FoundFile):
            size += found.size
            if may_hold_many(found.name):
                return False
        if files > _FEW_FILES or size > _FEW_BYTES:
            return False
    return True


def _load(
    window: Connection,
    project: Path,
    paths: Sequence[Path],
    options: LoadOptions,
) -> None:
    """Run the worker; the target of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window decides when it stops
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    reported = 0.0

    def progress(done: int, total: int | None = None, text: str = "") -> None:
        nonlocal reported
        if time.monotonic() - reported > 1 / _REPORTS_PER_SECOND:
            reported = time.monotonic()
            try:
                window.send((done, total, text))
            except OSError:
                raise _StopError from None

    try:
        with Store.open(project) as store, report_file(options.report) as on_source:
            result: object = load_pages(store, paths, progress, options, on_source, GENTLE)
    except _StopError:
        return
    except Exception as error:
        result = sendable(error)
    with suppress(OSError):  # nobody is listening any more
        window.send(result)


def sendable(error: Exception) -> Exception:
    """Return an error, or one with the same message if the error can't be sent."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
