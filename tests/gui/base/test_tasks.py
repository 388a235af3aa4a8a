"""Background tasks: results, errors, progress, cancellation and the end."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.core.progress import Progress
from segmark.gui.base.tasks import (
    CancelledError,
    Task,
    TaskProgress,
    TaskRunner,
    one_line,
    progress_text,
)


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[TaskRunner]:
    background = TaskRunner()
    yield background
    assert background.close()


def _until_cancelled(started: threading.Event) -> Task:
    """A task that reports progress until it is cancelled."""

    def work(progress: Progress) -> None:
        done = 0
        while True:
            done += 1
            progress(done, 10**12, "counting")
            started.set()

    return Task("Counting", work)


def test_the_result_comes_back_in_the_window_s_thread(qtbot: QtBot, background: TaskRunner) -> None:
    seen: list[tuple[object, threading.Thread]] = []
    worked_in: list[threading.Thread] = []

    def work(progress: Progress) -> dict[str, int]:
        worked_in.append(threading.current_thread())
        return {"pages": 3}

    task = Task("Loading", work)
    task.finished.connect(lambda result: seen.append((result, threading.current_thread())))
    with qtbot.waitSignal(task.ended):
        background.start(task)
    assert seen == [({"pages": 3}, threading.main_thread())]
    assert worked_in != [threading.main_thread()]
    assert background.running == ()


def test_an_error_of_our_own_is_told_in_its_own_words(
    qtbot: QtBot, background: TaskRunner, caplog: pytest.LogCaptureFixture
) -> None:
    task = Task("Reading labels", lambda _progress: LabelSet.from_toml("label = ["))
    with qtbot.waitSignal(task.failed) as told:
        background.start(task)
    assert told.args is not None
    assert told.args[0].startswith("not TOML: ")
    assert not caplog.records


def test_an_error_of_the_system_names_the_file(
    qtbot: QtBot, background: TaskRunner, tmp_path: Path
) -> None:
    missing = tmp_path / "no such file"
    task = Task("Reading", lambda _progress: missing.read_text())
    with qtbot.waitSignal(task.failed) as told:
        background.start(task)
    assert told.args == [f"{missing}: No such file or directory"]


def test_an_error_that_nobody_foresaw_goes_to_the_log_and_not_to_the_person(
    qtbot: QtBot, background: TaskRunner, caplog: pytest.LogCaptureFixture
) -> None:
    empty: dict[str, int] = {}
    task = Task("Exporting", lambda _progress: empty["no such key"])
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(task.failed) as told:
        background.start(task)
    (message,) = told.args or [""]
    assert message.startswith("Exporting stopped at an unexpected error (KeyError)")
    assert "\n" not in message
    assert "no such key" not in message
    assert caplog.records[0].exc_info is not None


def test_cancelling_stops_the_work_where_it_reports(qtbot: QtBot, background: TaskRunner) -> None:
    started = threading.Event()
    task = _until_cancelled(started)
    finished: list[object] = []
    task.finished.connect(finished.append)
    background.start(task)
    assert started.wait(30)
    with qtbot.waitSignals([task.cancelled, task.ended], order="strict"):
        task.cancel()
    assert finished == []


def test_a_cancelled_task_that_swallows_every_exception_still_stops(
    qtbot: QtBot, background: TaskRunner
) -> None:
    started = threading.Event()

    def stubborn(progress: Progress) -> None:
        while True:
            try:
                progress(1)
                started.set()
            except Exception:
                continue

    task = background.start(Task("Stubborn", stubborn))
    assert started.wait(30)
    with qtbot.waitSignal(task.cancelled):
        task.cancel()


def test_what_is_cancelled_can_tidy_up(qtbot: QtBot, background: TaskRunner) -> None:
    tidied = threading.Event()

    def work(progress: Progress) -> None:
        try:
            progress(0)
        except CancelledError:
            raise
        finally:
            tidied.set()

    task = Task("Tidy", work)
    task.cancel()
    with qtbot.waitSignal(task.cancelled):
        background.start(task)
    assert tidied.wait(0) is False  # it was cancelled before it started
    second = Task("Tidy", work)
    with qtbot.waitSignal(second.finished):
        background.start(second)
    assert tidied.is_set()


def test_a_flood_of_reports_becomes_few_signals_and_the_last_one_is_among_them(
    qtbot: QtBot, background: TaskRunner
) -> None:
    reports = 50_000

    def work(progress: Progress) -> None:
        for done in range(1, reports + 1):
            progress(done, reports, "")

    shown: list[int] = []
    task = Task("Counting", work)
    task.progressed.connect(lambda done, _total, _text: shown.append(done))
    with qtbot.waitSignal(task.ended):
        background.start(task)
    assert shown[-1] == reports
    assert shown == sorted(set(shown))
    assert len(shown) < reports / 100


def test_closing_cancels_and_waits_for_every_thread(qtbot: QtBot) -> None:
    background = TaskRunner()
    flags = [threading.Event() for _ in range(3)]
    for flag in flags:
        background.start(_until_cancelled(flag))
    assert all(flag.wait(30) for flag in flags)
    assert background.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "Counting"]


def test_after_closing_no_signal_comes_any_more(qtbot: QtBot) -> None:
    background = TaskRunner()
    flag = threading.Event()
    told: list[str] = []
    running, over = _until_cancelled(flag), Task("Over", lambda _progress: None)
    for task in (running, over):
        task.progressed.connect(lambda *_: told.append("progressed"))
        task.ended.connect(lambda: told.append("ended"))
        background.start(task)
    assert flag.wait(30)
    assert background.close()
    QCoreApplication.processEvents()
    assert told == []
    assert background.running == ()


def test_closing_says_when_something_does_not_stop(qtbot: QtBot) -> None:
    background = TaskRunner()
    release, started = threading.Event(), threading.Event()

    def deaf(progress: Progress) -> None:
        started.set()
        release.wait(30)

    background.start(Task("Deaf", deaf))
    assert started.wait(30)
    assert not background.close(seconds=0.01)
    release.set()
    assert background.close()


def test_what_was_not_foreseen_has_no_line() -> None:
    assert one_line(ValueError("x")) is None
    assert one_line(OSError("no number")) is None
    assert one_line(PermissionError(13, "Permission denied", "/a/b")) == "/a/b: Permission denied"


@pytest.mark.parametrize(
    ("done", "total", "text", "line"),
    [
        (0, None, "", "Loading …"),
        (1200, None, "", "Loading – 1,200"),
        (1200, 5000, "", "Loading – 1,200 of 5,000"),
        (3, 4, "reading", "Loading: reading – 3 of 4"),
    ],
)
def test_progress_is_told_in_words(done: int, total: int | None, text: str, line: str) -> None:
    assert progress_text("Loading", done, total, text) == line


def test_the_status_bar_shows_a_task_while_it_runs_and_can_cancel_it(
    qtbot: QtBot, background: TaskRunner
) -> None:
    strip = TaskProgress()
    qtbot.addWidget(strip)
    assert strip.isHidden()
    started = threading.Event()
    task = _until_cancelled(started)
    strip.follow(task)
    with qtbot.waitSignal(task.progressed):
        background.start(task)
    assert strip.isVisible()
    assert "Counting: counting – " in strip.line.text()
    with qtbot.waitSignal(task.ended):
        QTest.mouseClick(strip.cancel_button, Qt.MouseButton.LeftButton)
        assert "stopping" in strip.line.text()
    assert strip.isHidden()


def test_a_task_of_unknown_length_shows_a_busy_bar(qtbot: QtBot) -> None:
    strip = TaskProgress()
    qtbot.addWidget(strip)
    task = Task("Loading", lambda _progress: None)
    strip.follow(task)
    assert (strip.bar.minimum(), strip.bar.maximum()) == (0, 0)
    task.progressed.emit(2**40, 2**41, "")
    assert strip.bar.value() * 2 == strip.bar.maximum()
