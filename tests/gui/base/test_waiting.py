"""Waiting for a task behind a dialog: what ends it, and what it returns."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressDialog
from pytestqt.qtbot import QtBot
from segmark.core.progress import Progress
from segmark.gui.base.waiting import wait_for
from segmark.store.errors import StoreError

from tests.gui.robot import Robot

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_without_a_cancel_nothing_ends_the_waiting_but_the_work(qtbot: QtBot) -> None:
    robot, go_on = Robot(qtbot), threading.Event()

    def work(_progress: Progress) -> str:
        return "done" if go_on.wait(30) else ""

    seen = list[bool]()

    def press() -> None:
        [dialog] = robot.window.findChildren(QProgressDialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        dialog.close()
        seen.append(dialog.isVisible())
        go_on.set()

    QTimer.singleShot(0, press)
    assert wait_for("Working", work, "Working …", robot.window.background, robot.window) == "done"
    assert seen == [True]
    robot.close()


@pytest.mark.parametrize("way", ["escape", "close"])
def test_what_can_be_cancelled_is_by_esc_and_by_closing(qtbot: QtBot, way: str) -> None:
    robot, cancelled = Robot(qtbot), threading.Event()

    def work(progress: Progress) -> str:
        while not cancelled.wait(0.01):
            progress(1, 2, "half")
        progress(2, 2, "whole")
        return "done"

    def press() -> None:
        [dialog] = robot.window.findChildren(QProgressDialog)
        if way == "close":
            dialog.close()
        else:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        cancelled.set()

    QTimer.singleShot(0, press)
    waited = wait_for(
        "Working", work, "Working …", robot.window.background, robot.window,
        total=2, cancel="Cancel",
    )  # fmt: skip
    assert waited is None
    robot.close()


def test_what_fails_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    robot = Robot(qtbot)

    def work(_progress: Progress) -> None:
        raise StoreError(f"{tmp_path}: the disk is full")

    with pytest.raises(StoreError, match="the disk is full"):
        wait_for("Working", work, "Working …", robot.window.background, robot.window)
    robot.close()
