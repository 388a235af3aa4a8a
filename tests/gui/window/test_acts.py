"""Each act does what it says, once, on the page that is meant."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status

from tests.factories import make_project
from tests.gui.robot import Robot

PAGES = ("Ferry sails\nIt did.\nIt did so.\nAnd on.", "Two\nlines", "Three", "Four", "Five")


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, *PAGES).close()
    return Robot(qtbot).open(project)


def _statuses(robot: Robot) -> dict[Status, int]:
    counts = robot.session.store.progress(robot.session.annotator).by_status
    return {status: count for status, count in counts.items() if count}


# A key that is held


@pytest.mark.parametrize(
    ("key", "status"), [(Qt.Key.Key_Return, Status.DONE), (Qt.Key.Key_S, Status.SKIPPED)]
)
def test_a_held_key_finishes_or_skips_one_page(robot: Robot, key: Qt.Key, status: Status) -> None:
    robot.hold(key, repeats=5)
    assert _statuses(robot)[status] == 1
    robot.hold(key, repeats=5)
    assert _statuses(robot)[status] == 2


def test_a_held_key_labels_one_block_and_clears_one(robot: Robot) -> None:
    robot.hold(Qt.Key.Key_H, repeats=3)
    assert robot.labelled == [("headline", "Ferry sails")]
    robot.press("H")
    robot.hold(Qt.Key.Key_Delete, repeats=3)
    assert len(robot.labelled) == 2


def test_a_held_key_that_moves_the_caret_goes_on(robot: Robot) -> None:
    robot.hold(Qt.Key.Key_Down, repeats=2)
    assert robot.line == "And on."


def test_a_held_space_presses_a_button_once(robot: Robot) -> None:
    button = robot.window.panels.labels.button("body")
    button.setFocus()
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    robot.send_key(QEvent.Type.KeyPress, Qt.Key.Key_Space, 1_000)
    for time in (1_250, 1_283):
        robot.send_key(QEvent.Type.KeyRelease, Qt.Key.Key_Space, time)
        button.setFocus()
        robot.send_key(QEvent.Type.KeyPress, Qt.Key.Key_Space, time)
    robot.send_key(QEvent.Type.KeyRelease, Qt.Key.Key_Space, 1_300)
    assert len(pressed) == 1
