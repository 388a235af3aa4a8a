"""The dialog for unexpected errors."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from segmark.environment.log import Unforeseen
from segmark.gui.dialogs.error import ErrorDialog, ErrorReporter
from segmark.store.errors import StoreError

_ERROR = Unforeseen("KeyError: 'x' (page_view.py, line 3)", "File page_view.py\nKeyError")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def test_the_dialog_says_what_happened_that_nothing_is_lost_and_where_the_log_is(
    window: QWidget,
) -> None:
    dialog = ErrorDialog(_ERROR, Path("/logs/segmark.log"), window)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert _ERROR.summary in said
    assert "no labels are lost" in said
    assert str(Path("/logs/segmark.log")) in said


def test_an_error_of_a_project_that_is_not_damaged_does_not_send_back_to_a_backup(
    window: QWidget,
) -> None:
    full = Unforeseen("StoreError: this was not saved: the disk is full", "", StoreError)
    dialog = ErrorDialog(full, Path("segmark.log"), window)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert full.summary in said
    assert "backup" not in said


def test_the_details_can_be_seen_and_copied(window: QWidget) -> None:
    dialog = ErrorDialog(_ERROR, Path("segmark.log"), window)
    dialog.show()
    assert not dialog.details.isVisible()
    QTest.mouseClick(dialog.show_details, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    assert dialog.details.toPlainText() == _ERROR.details
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == _ERROR.details


def test_enter_goes_on(qtbot: QtBot, window: QWidget) -> None:
    dialog = ErrorDialog(_ERROR, Path("segmark.log"), window)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    qtbot.waitUntil(dialog.go_on.hasFocus)
    QTest.keyClick(dialog.go_on, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_an_error_of_another_thread_is_shown(qtbot: QtBot, window: QWidget) -> None:
    reporter = ErrorReporter(Path("segmark.log"), window)
    thread = threading.Thread(target=reporter.report, args=(_ERROR,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    assert reporter.dialog is not None
    assert reporter.dialog.what.text() == _ERROR.summary
    reporter.dialog.accept()


def test_one_dialog_is_open_at_a_time(window: QWidget) -> None:
    reporter = ErrorReporter(Path("segmark.log"), window)
    reporter.report(_ERROR)
    first = reporter.dialog
    reporter.report(Unforeseen("another", ""))
    assert reporter.dialog is first
    assert first is not None
    first.accept()


def test_an_error_that_comes_again_at_once_lets_the_person_go_on(window: QWidget) -> None:
    reporter = ErrorReporter(Path("segmark.log"), window)
    told = []
    for error in (_ERROR, _ERROR, Unforeseen("another", "")):
        reporter.report(error)
        if reporter.dialog is not None:
            told.append(reporter.dialog.what.text())
            reporter.dialog.accept()
    assert told == [_ERROR.summary, "another"]
