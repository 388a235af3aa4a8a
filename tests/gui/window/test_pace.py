"""The annotator's pace in the status line, if it is wanted."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from segmark.core.queue import PageFilter
from segmark.store.store import Store

from tests.factories import alter, alter_log, make_project
from tests.gui.robot import Robot


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, *(f"Page {number}\nIt did so." for number in range(5))).close()
    return Robot(qtbot).open(project)


def _want(robot: Robot, wanted: bool) -> None:
    robot.window.apply_settings(replace(robot.window.settings, shows_pace=wanted))
    robot.settle()


def test_it_is_shown_only_if_it_is_wanted(robot: Robot) -> None:
    assert robot.window.status.pace == ""
    _want(robot, True)
    assert robot.window.status.pace == "0 today · 5 left"
    _want(robot, False)
    assert robot.window.status.pace == ""


def test_it_counts_the_pages_of_today_and_what_is_left(robot: Robot, project: Path) -> None:
    _want(robot, True)
    robot.press("H Enter H Enter S")
    assert robot.window.status.pace.startswith("2 today")
    assert "2 left" in robot.window.status.pace
    robot.press("A A A R")
    robot.press("D")
    assert robot.window.status.pace.startswith("1 today")
    robot.close()
    alter_log(project, "made_at = '2020-01-01T00:00:00.000+00:00'")
    alter(project, "UPDATE annotation SET active_seconds = 120 WHERE status = 'done'")
    with Store.open_for_reading(project) as store:
        assert store.pace("ada", "2021-01-01T00:00:00.000+00:00") == (0, 120.0)
        assert store.pace("nobody", "2021-01-01T00:00:00.000+00:00") == (0, None)


def test_what_is_left_is_that_of_the_list(robot: Robot) -> None:
    _want(robot, True)
    robot.press("F D")
    robot.window.panels.pages.header.narrow(PageFilter(flagged=True))
    robot.settle()
    robot.press("D")
    assert "1 left" in robot.window.status.pace
