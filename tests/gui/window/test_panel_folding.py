"""Panels fold by themselves where the window has no room, and come back."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QDockWidget, QWidget
from pytestqt.qtbot import QtBot
from segmark.gui.window import geometry

from tests.factories import LABELS, add_pages
from tests.gui.robot import Robot
from tests.places import ROOT

_ALL = {"Pages", "Labels", "Outline", "Guideline", "Note"}


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    robot = Robot(qtbot).create(project, LABELS)
    add_pages(robot.session.store, "Ship sails\nIt did.", "Two")
    robot.window.show_project()
    robot.resize(1400, 900)
    return robot


def docks(robot: Robot) -> dict[str, QDockWidget]:
    return {dock.windowTitle(): dock for dock in robot.window.findChildren(QDockWidget)}


def shown(robot: Robot) -> set[str]:
    return {title for title, dock in docks(robot).items() if not dock.isHidden()}


def toggle(robot: Robot, title: str) -> None:
    docks(robot)[title].toggleViewAction().trigger()
    robot.settle()


def line(robot: Robot) -> float:
    """The average characters of a line of the page."""
    view = robot.view
    room = view.viewport().width() - 2 * view.document().documentMargin()
    return room / QFontMetricsF(view.font()).averageCharWidth()


@pytest.mark.parametrize("height", [400, 600, 900])
@pytest.mark.parametrize("width", [640, 700, 800, 900, 1024, 1280])
def test_a_line_of_the_page_keeps_forty_characters(robot: Robot, width: int, height: int) -> None:
    robot.resize(width, height)
    assert line(robot) >= 40


def test_panels_fold_one_column_after_the_other_and_come_back(robot: Robot) -> None:
    seen = [shown(robot)]
    for width in [*range(1400, 600, -20), *range(600, 1400, 20)]:
        robot.resize(width, 900)
        if shown(robot) != seen[-1]:
            seen.append(shown(robot))
    assert seen == [_ALL, _ALL - {"Pages"}, set(), _ALL - {"Pages"}, _ALL]


def test_the_note_folds_first_in_a_low_window_and_the_labels_last(robot: Robot) -> None:
    seen = [shown(robot)]
    for height in range(900, 170, -10):
        robot.resize(1400, height)
        if shown(robot) != seen[-1]:
            seen.append(shown(robot))
    folded = [before - after for before, after in pairwise(seen)]
    right = [title for titles in folded for title in titles - {"Pages"}]
    assert right == ["Note", "Guideline", "Outline", "Labels"]
    robot.resize(1400, 900)
    assert shown(robot) == _ALL


def test_a_panel_closed_by_hand_stays_closed(robot: Robot) -> None:
    toggle(robot, "Outline")
    robot.resize(640, 400)
    robot.resize(1400, 900)
    assert shown(robot) == _ALL - {"Outline"}
    docks(robot)["Note"].close()  # by the button in its title
    robot.resize(1300, 880)
    assert shown(robot) == _ALL - {"Outline", "Note"}


def test_a_panel_opened_by_hand_stays_open_and_overlaps_nothing(robot: Robot) -> None:
    robot.resize(640, 400)
    toggle(robot, "Pages")
    assert shown(robot) == {"Pages"}
    robot.resize(660, 420)
    assert shown(robot) == {"Pages"}
    page = robot.view.mapTo(robot.window, robot.view.rect().topLeft())
    assert docks(robot)["Pages"].geometry().right() < page.x()
    robot.resize(1400, 900)
    robot.resize(640, 400)  # there was room in between, so it folds again
    assert shown(robot) == set()


def test_the_last_panel_opened_by_hand_wins_where_all_have_no_room(robot: Robot) -> None:
    robot.resize(260, 300)
    for title in ("Pages", "Note"):
        toggle(robot, title)
        assert title in shown(robot)
    assert "Pages" not in shown(robot)


def test_the_note_key_opens_a_folded_note(robot: Robot) -> None:
    robot.resize(640, 400)
    robot.window.run("page.note")
    robot.settle()
    assert "Note" in shown(robot)
    assert docks(robot)["Note"].isAncestorOf(robot.window.focusWidget() or QWidget())


def test_folding_is_not_remembered(robot: Robot, qtbot: QtBot) -> None:
    toggle(robot, "Guideline")
    robot.resize(640, 400)
    assert shown(robot) == set()
    robot.close()
    again = Robot(qtbot)
    geometry.restore(again.window, again.window.panels.folding, again.window.settings)
    again.settle()
    assert shown(again) == set()
    again.resize(1400, 900)
    assert shown(again) == _ALL - {"Guideline"}
    assert line(again) >= 40


def test_the_focus_leaves_a_panel_that_folds(robot: Robot) -> None:
    robot.window.panels.pages.view.setFocus()
    robot.resize(640, 400)
    assert robot.window.focusWidget() is robot.view


def test_a_larger_page_font_folds_panels_too(robot: Robot) -> None:
    for _ in range(20):
        robot.window.run("view.zoom_in")
        robot.settle()
    assert shown(robot) < _ALL
    assert line(robot) >= 40


@pytest.mark.parametrize("width", [1920, 2560])
def test_the_text_is_in_the_middle_of_a_wide_window(robot: Robot, width: int) -> None:
    robot.resize(width, 1000)
    view, text = robot.view, robot.view.viewport()
    left = text.x() - view.margin.sizeHint().width()
    right = view.width() - view.verticalScrollBar().width() - text.x() - text.width()
    assert abs(left - right) <= 2


def test_a_window_that_was_never_closed_is_destroyed_in_silence() -> None:
    code = (
        "from segmark.gui.application import make_program\n"
        "program = make_program('ada')\n"
        "program.window.show()\n"
        "program.application.processEvents()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": "app"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
