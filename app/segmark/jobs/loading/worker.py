"""Load files in a worker process, so that the window stays responsive."""

from collections.abc import Sequence
from pathlib import Path

from segmark.core.progress import Progress
from segmark.jobs.loading.pages import FAST, GENTLE, BatchPacing, load_pages
from segmark.jobs.loading.report import LoadReport, report_file
from segmark.jobs.worker_process import run_in_process
from segmark.loading.contents import may_hold_many
from segmark.loading.options import LOAD_ALL, LoadOptions
from segmark.loading.sources import FoundFile, find
from segmark.store.store import Store

#: No more than this is loaded faster than a process starts.
_FEW_FILES = 30
_FEW_BYTES = 2_000_000


class LoadingStoppedError(Exception):
    """The worker process was ended before it was done."""


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
        return _load(project, paths, options, FAST, progress)
    stopped = LoadingStoppedError(
        "loading was ended from outside; what was read until then is kept: load again for the rest"
    )
    return run_in_process(_load, (project, paths, options, GENTLE), progress, stopped)


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
    project: Path,
    paths: Sequence[Path],
    options: LoadOptions,
    pacing: BatchPacing,
    progress: Progress,
) -> LoadReport:
    with Store.open(project) as store, report_file(options.report) as on_source:
        return load_pages(store, paths, progress, options, on_source, pacing)
