import threading
from pathlib import Path

import pytest
from segmark.core.progress import Progress
from segmark.jobs.worker_process import run_in_process
from segmark.store.errors import StoreError


class _CancelError(Exception):
    """What the window raises in a progress report."""


def _double(number: int, progress: Progress) -> int:
    progress(1, 2, "half")
    return 2 * number


def _wait_for_ever(progress: Progress) -> None:
    progress(1, 2, "now it waits")
    threading.Event().wait()


def _fail(progress: Progress) -> None:
    raise StoreError("the disk is full")


def _touch_at_the_end(path: Path, progress: Progress) -> None:
    try:
        while True:
            progress(1)
    finally:
        path.touch()


def ignore(done: int, total: int | None = None, text: str = "") -> None:
    pass


def cancel(done: int, total: int | None = None, text: str = "") -> None:
    if done:
        raise _CancelError


STOPPED = RuntimeError("ended from outside")


def test_the_result_comes_back_and_progress_is_told() -> None:
    told = list[tuple[int, int | None, str]]()

    def progress(done: int, total: int | None = None, text: str = "") -> None:
        told.append((done, total, text))

    assert run_in_process(_double, (21,), progress, STOPPED) == 42
    assert (1, 2, "half") in told


def test_an_error_of_the_work_is_raised_here() -> None:
    with pytest.raises(StoreError, match="the disk is full"):
        run_in_process(_fail, (), ignore, STOPPED)


def test_work_that_reports_nothing_more_is_ended_when_patience_is() -> None:
    with pytest.raises(_CancelError):
        run_in_process(_wait_for_ever, (), cancel, STOPPED, patience=0.1)


def test_without_limit_of_patience_the_work_ends_in_its_own_way(tmp_path: Path) -> None:
    with pytest.raises(_CancelError):
        run_in_process(_touch_at_the_end, (tmp_path / "ended",), cancel, STOPPED)
    assert (tmp_path / "ended").exists()
