"""The guideline beside the outline: it follows the caret and the pointer, and is searched."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QEnterEvent, QHelpEvent
from PySide6.QtWidgets import QApplication, QTextBrowser
from pytestqt.qtbot import QtBot
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.gui.panels.guideline import GuidelinePanel

from tests.gui.robot import Robot


@pytest.fixture
def robot(qtbot: QtBot, project: Path, tmp_path: Path) -> Robot:
    page = tmp_path / "page.txt"
    page.write_text("Ferry sails\nIt left at noon.\nPhoto: Ada")
    robot = Robot(qtbot).create(project, read_label_set(NEWS_LABELS)).load(page)
    robot.press("H Down C")
    return robot


def _panel(robot: Robot) -> GuidelinePanel:
    return robot.window.panels.guideline


def test_f2_shows_the_label_at_the_caret_beside_the_outline(robot: Robot) -> None:
    robot.press("Ctrl+Home F2")
    assert _panel(robot).text.startswith("Headline (H)")
    assert not robot.window.panels.spans.visibleRegion().isEmpty()
    assert _panel(robot).search.hasFocus()


def test_behind_the_tab_of_the_note_no_text_is_made(robot: Robot) -> None:
    robot.press("Ctrl+Home")
    assert _panel(robot).isVisible()  # to Qt
    assert _panel(robot).visibleRegion().isEmpty()
    assert _panel(robot).text == ""
    robot.press("F2")
    assert _panel(robot).text.startswith("Headline (H)")


def test_the_panel_follows_the_caret_while_it_is_seen(robot: Robot) -> None:
    robot.press("Ctrl+Home F2 Esc")
    assert robot.view.hasFocus()
    robot.press("Down")
    assert _panel(robot).text.startswith("Headline (H)")  # no label here
    robot.press("Down")
    assert _panel(robot).text.startswith("Caption (C)")


def test_the_panel_follows_the_pointer(robot: Robot) -> None:
    robot.press("Ctrl+Home F2")
    button, middle = robot.window.panels.labels.button("ticker"), QPointF(4, 4)
    QApplication.sendEvent(button, QEnterEvent(middle, middle, middle))
    assert _panel(robot).text.startswith("Ticker (T)")
    point = robot.point("Photo")
    place = robot.view.viewport().mapToGlobal(point)
    rest = QHelpEvent(QEvent.Type.ToolTip, QPoint(point), place)
    QApplication.sendEvent(robot.view.viewport(), rest)
    assert _panel(robot).text.startswith("Caption (C)")


def test_words_find_hard_cases(robot: Robot) -> None:
    robot.press("F2")
    robot.type("byline")
    assert "A byline on a line of its own" in _panel(robot).text
    assert "Navigation" not in _panel(robot).text
    robot.type(" zzz")
    assert _panel(robot).text == "No hard case of the guideline contains these words."
    robot.press("Esc")
    assert _panel(robot).search.text() == ""
    assert not robot.view.hasFocus()


def test_a_guideline_is_read_without_a_project_and_loads_nothing(qtbot: QtBot) -> None:
    robot = Robot(qtbot)
    robot.window.run("view.guideline")
    robot.settle()
    assert "Labelling a news page" in _panel(robot).text
    [browser] = _panel(robot).findChildren(QTextBrowser)
    assert browser.loadResource(2, "https://example.com/a.png") is None
