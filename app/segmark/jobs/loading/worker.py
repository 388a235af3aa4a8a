"""Loading beside the window, in a process of its own.

In a thread it would take turns with the window at every step of Python, and each key press would
wait for its turn some ten times over; a process it shares nothing with but the project file.
"""

import os
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
from segmark.loading.feed import ALL, LoadChoice
from segmark.loading.sources import Found, find
from segmark.store.store import Store

#: So little is loaded sooner than a process has begun.
_FEW_FILES = 30
_FEW_BYTES = 2_000_000
_REPORTS_PER_SECOND = 20
_YIELDING = 10  # how far the window goes before it, where both want the processor


class LoadingStoppedError(Exception):
    """The process that loads has ended before its time."""


class _StoppedError(BaseException):
    """Raised inside the loading when it is to stop; what was read until then is kept."""


def load_beside(
    project: Path,
    paths: Sequence[Path],
    progress: Progress,
    choice: LoadChoice = ALL,
    table: Path | None = None,
) -> LoadReport:
    """Add the pages that the paths hold, as ``load_pages`` does, and leave the window its time.

    ``table`` is the CSV file that tells what becomes of each source.

    Raises:
        ReportFileError: that file can't be written.
        StoreError: the project can't be opened or written.
        LoadingStoppedError: the process that loads was ended from outside.
    """
    if _are_few(paths):
        with Store.open(project) as store, report_file(table) as tell:
            return load_pages(store, paths, progress, choice, tell)
    spawn = get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_load, args=(there, project, paths, choice, table), daemon=True)
    process.start()
    there.close()
    try:
        return _followed(here, progress)
    finally:
        here.close()  # it stops at its next report, and keeps what it has
        process.join()


def _followed(process: Connection, progress: Progress) -> LoadReport:
    """What the process makes in the end; its reports go to ``progress``."""
    while True:
        try:
            told = process.recv()
        except EOFError:
            raise LoadingStoppedError(
                "loading was ended from outside; what was read until then is kept: load again "
                "for the rest"
            ) from None
        if isinstance(told, LoadReport):
            return told
        if isinstance(told, BaseException):
            raise told
        progress(*told)


def _are_few(paths: Sequence[Path]) -> bool:
    size = 0
    for files, found in enumerate(find(paths), start=1):
        if isinstance(found, Found):
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
    choice: LoadChoice,
    table: Path | None,
) -> None:
    """What the process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window decides when it stops
    if hasattr(os, "nice"):
        os.nice(_YIELDING)
    told = 0.0

    def progress(done: int, total: int | None = None, text: str = "") -> None:
        nonlocal told
        if time.monotonic() - told > 1 / _REPORTS_PER_SECOND:
            told = time.monotonic()
            try:
                window.send((done, total, text))
            except OSError:
                raise _StoppedError from None

    try:
        with Store.open(project) as store, report_file(table) as tell:
            made: object = load_pages(store, paths, progress, choice, tell, GENTLE)
    except _StoppedError:
        return
    except Exception as error:
        made = error
    with suppress(OSError):  # nobody listens any more
        window.send(made)
