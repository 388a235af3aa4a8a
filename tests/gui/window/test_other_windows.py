"""The windows beside the main window: what the program's own keys do in them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.factories import make_project
from tests.gui.robot import Robot


def _other(robot: Robot) -> QDialog:
    shown = [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QDialog) and widget.isVisible()
    ]
    assert len(shown) == 1
    shown[0].activateWindow()
    robot.qtbot.waitUntil(shown[0].isActiveWindow)
    return shown[0]


@pytest.mark.qt_log_ignore("raise", "propagateSizeHints", extend=True)
@pytest.mark.parametrize("command", ["help.contents", "list.filter", "view.figures", "load"])
def test_ctrl_q_quits_from_every_window_that_is_not_modal(
    qtbot: QtBot, project: Path, tmp_path: Path, command: str
) -> None:
    make_project(project, "One", "Two").close()
    robot = Robot(qtbot).open(project)
    if command == "load":
        (tmp_path / "empty.txt").write_text("")
        robot.load(tmp_path / "empty.txt")  # opens the window with what was left out
    else:
        robot.window.run(command)
    robot.settle()
    other = _other(robot)
    focused: QWidget = other.focusWidget() or other
    with qtbot.waitSignal(robot.window.closing):
        QTest.keyClick(focused, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not robot.window.isVisible()
