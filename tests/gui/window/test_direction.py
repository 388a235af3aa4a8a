"""Directions of writing: the window is never half mirrored, and a page has its own direction."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.factories import make_project
from tests.gui.robot import Robot

ARABIC = "بيان صحفي عن العبارات"


@pytest.fixture
def forced(qapp: QApplication) -> Iterator[None]:
    """A desktop that forces programs to be written from right to left."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.usefixtures("forced")
def test_a_forced_direction_does_not_mirror_half_of_the_window(qtbot: QtBot, project: Path) -> None:
    with make_project(project, f"English words\n\n{ARABIC}"):
        pass
    robot = Robot(qtbot).open(project)
    view, window = robot.view, robot.window
    left = [
        part.mapTo(window, QPoint(part.width() // 2, 0)).x()
        for part in (window.panels.pages, view.margin, view.viewport(), window.panels.labels)
    ]
    assert left == sorted(left)
    english, arabic = robot.point("English"), robot.point(ARABIC)
    assert english.x() < view.viewport().width() / 2 < arabic.x()
