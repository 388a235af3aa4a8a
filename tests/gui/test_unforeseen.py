"""Errors that nobody foresaw, thrown into every command, worker and event: work goes on."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from segmark.core.page_change import flag_pages
from segmark.core.progress import Progress
from segmark.environment import log
from segmark.environment.log import Unforeseen
from segmark.gui.base.message_box import MessageBox
from segmark.gui.base.tasks import Task
from segmark.gui.dialogs.error import ErrorReporter
from segmark.gui.keys.commands import all_commands
from segmark.gui.window import bulk
from segmark.session.events import SessionEvent
from segmark.store.errors import DamagedError
from segmark.store.file.backup import Reason, back_up

from tests.factories import LABELS, make_project
from tests.gui.robot import Robot, wait_for

pytestmark = pytest.mark.qt_no_exception_capture

_NAMES = [command.id for command in all_commands(LABELS)]


class _InjectedError(RuntimeError):
    """None of the program's own, nor of the system's."""


def _fail(*_: object, **_named: object) -> None:
    raise _InjectedError("thrown in")


@pytest.fixture
def reporter(
    qtbot: QtBot, project: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ErrorReporter]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    make_project(project, "\n".join(f"line {number}" for number in range(40)), "Two").close()
    robot = Robot(qtbot).open(project)
    reporter = ErrorReporter(log.log_path(), robot.window)
    reporter.robot = robot  # type: ignore[attr-defined]
    log.setup()
    log.install_excepthook(reporter.report)
    yield reporter
    robot.close()


@pytest.fixture
def robot(reporter: ErrorReporter) -> Robot:
    found = reporter.robot  # type: ignore[attr-defined]
    assert isinstance(found, Robot)
    return found


def _is_told_calmly(robot: Robot, reporter: ErrorReporter) -> None:
    """The dialog came and goes, and one can label as before."""
    wait_for(robot, lambda: reporter.dialog is not None)
    assert reporter.dialog
    assert "thrown in" in reporter.dialog.what.text()
    reporter.dialog.accept()
    robot.settle()
    before = len(robot.session.store.annotations("ada").get(robot.session.open_page.number).spans)  # type: ignore[union-attr]
    robot.view.setFocus()
    robot.press("Down H")
    assert len(robot.spans) == before + 1
    assert "_InjectedError" in log.log_path().read_text("utf-8")


@pytest.mark.parametrize("name", _NAMES)
def test_an_error_in_any_command_is_told_and_work_goes_on(
    robot: Robot, reporter: ErrorReporter, name: str
) -> None:
    window = robot.window
    before = window.handlers.get(name)
    if before:
        window.add_session_handlers({name: _fail})
    action = window.actions_by_id[name]
    action.setEnabled(True)
    action.trigger()
    if before:
        window.add_session_handlers({name: before})
        wait_for(robot, lambda: reporter.dialog is not None)
    if reporter.dialog is not None:
        _is_told_calmly(robot, reporter)


def test_an_error_in_a_thread_is_told(robot: Robot, reporter: ErrorReporter) -> None:
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    _is_told_calmly(robot, reporter)


def test_an_error_in_a_worker_is_told_in_one_line(robot: Robot, reporter: ErrorReporter) -> None:
    told: list[str] = []

    def work(_progress: Progress) -> None:
        _fail()

    task = Task("Loading", work)
    task.failed.connect(told.append)
    robot.window.background.start(task)
    wait_for(robot, lambda: not robot.window.background.running)
    assert told == [
        "Loading stopped at an unexpected error (_InjectedError). "
        f"No labels are lost. The details are in {log.log_path()}."
    ]
    robot.press("H")
    assert len(robot.spans) == 1


def _load(robot: Robot, page: Path) -> None:
    robot.program.projects.load([page])


#: Each worker of the program: what fails in it, and how it is set to work.
_WORKERS: dict[str, tuple[str, Callable[[Robot, Path], object]]] = {
    "loading": ("segmark.jobs.loading.worker.load_pages", _load),
    "backup asked for": (
        "segmark.store.file.backup.back_up", lambda robot, _: robot.window.run("file.back_up")
    ),
    "backup of the day": (
        "segmark.store.file.backup.back_up_daily",
        lambda robot, _: robot.watch.back_up_if_due(),
    ),
    "looking over": (
        "segmark.store.safety.check.quick_problem",
        lambda robot, _: robot.watch.check(),
    ),
    "index of words": (
        "segmark.jobs.index_words.index_words", lambda robot, _: robot.window.run("list.index")
    ),
    "figures": (
        "segmark.store.figures.figures.read_figures",
        lambda robot, _: robot.window.run("view.figures")
    ),
    "many pages": (
        "segmark.store.page_changes.act",
        lambda robot, _: robot.window.attempt(
            lambda: robot.session.change_pages([1, 2], flag_pages(2, flagged=True))
        ),
    ),
    "a copy": (
        "segmark.gui.acts.copy.copy_project", lambda robot, _: robot.window.run("file.copy")
    ),
    "comparing backups": (
        "segmark.gui.dialogs.restore.differences", lambda robot, _: robot.window.run("file.restore")
    ),
    "counting suggestions": (
        "segmark.store.figures.accuracy.read_accuracy",
        lambda robot, _: robot.window.run("suggest.accuracy")
    ),
    "looking ahead at an export": (
        "segmark.gui.export.dialog.preview_of", lambda robot, _: robot.window.run("file.export")
    ),
}  # fmt: skip


@pytest.mark.parametrize("worker", _WORKERS)
def test_an_error_in_any_worker_is_told_with_the_place_of_the_log(
    robot: Robot, worker: str, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, told = tmp_path / "new.txt", list[str]()
    page.write_text("A new page\n", "utf-8")
    back_up(project, Reason.ASKED)
    monkeypatch.setattr(bulk, "_FEW_PAGES", -1)
    monkeypatch.setattr(MessageBox, "show_words", lambda *words: told.append(words[2]))
    copy = str(tmp_path / "copy.segmark")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (copy, ""))
    target, begin = _WORKERS[worker]
    monkeypatch.setattr(target, _fail)
    watching = QTimer(robot.window, interval=20)

    def watch() -> None:
        told.extend(_words_on_screen())
        if any("unexpected error" in line for line in told):
            for dialog in robot.window.findChildren(QDialog):
                dialog.reject()

    watching.timeout.connect(watch)
    watching.start()
    begin(robot, page)
    wait_for(robot, lambda: any("unexpected error" in line for line in told))
    watching.stop()
    wait_for(robot, lambda: not robot.window.background.running)
    [line, *_] = [line for line in told if "unexpected error" in line]
    assert "No labels are lost." in line
    assert str(log.log_path()) in line
    assert "_InjectedError" in log.log_path().read_text("utf-8")
    robot.view.setFocus()
    robot.press("H")
    assert len(robot.spans) == 1


def _words_on_screen() -> Iterator[str]:
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            yield from (label.text() for label in window.findChildren(QLabel))


@pytest.mark.parametrize("signal", ["finished", "cancelled", "ended", "progressed"])
def test_an_error_in_what_hears_of_a_worker_is_told(
    robot: Robot, reporter: ErrorReporter, signal: str
) -> None:
    def work(progress: Progress) -> None:
        progress(1, 2, "half")
        if signal == "cancelled":
            task.cancel()
            progress(2, 2, "whole")

    task = Task("Loading", work)
    getattr(task, signal).connect(_fail)
    robot.window.background.start(task)
    _is_told_calmly(robot, reporter)
    wait_for(robot, lambda: not robot.window.background.running)


class _Brittle(QWidget):
    """Fails the first times that it is painted."""

    left = 3

    def paintEvent(  # noqa: N802
        self, _event: QPaintEvent
    ) -> None:
        if self.left:
            self.left -= 1
            _fail()


def test_an_error_while_painting_is_told_once(robot: Robot, reporter: ErrorReporter) -> None:
    brittle = _Brittle(robot.window)
    brittle.resize(10, 10)
    repainting = QTimer(brittle, interval=0)
    repainting.timeout.connect(brittle.update)
    repainting.start()
    QTimer.singleShot(0, brittle.show)  # from the event loop, as Qt does it
    wait_for(robot, lambda: brittle.left == 0)
    repainting.stop()
    _is_told_calmly(robot, reporter)
    assert reporter.dialog is None


def test_an_error_in_an_event_filter_is_told(
    robot: Robot, reporter: ErrorReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(robot.session, "input", _fail)
        shift = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)
        QApplication.postEvent(robot.view, shift)
        wait_for(robot, lambda: reporter.dialog is not None)
    _is_told_calmly(robot, reporter)


def test_what_cannot_be_read_of_a_damaged_project_is_called_that(
    robot: Robot, reporter: ErrorReporter
) -> None:
    def fail() -> None:
        raise DamagedError.of(robot.session.store.path)

    QTimer.singleShot(0, fail)
    wait_for(robot, lambda: reporter.dialog is not None)
    assert reporter.dialog
    words = [label.text() for label in reporter.dialog.findChildren(QLabel)]
    assert "<b>A part of the project can't be read.</b>" in words
    assert any("the file is damaged; go back to a backup" in line for line in words)
    assert not any("no labels are lost" in line for line in words)


def test_an_error_in_what_shows_an_act_leaves_the_act_saved(
    robot: Robot, reporter: ErrorReporter
) -> None:
    thrown: list[Unforeseen] = []

    def listen(_event: SessionEvent) -> None:
        if not thrown:
            thrown.append(Unforeseen("", ""))
            _fail()

    robot.session.subscribe(listen)
    robot.press("H")
    assert len(robot.spans) == 1
    _is_told_calmly(robot, reporter)
