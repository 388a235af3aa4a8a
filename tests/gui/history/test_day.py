"""Ctrl+Shift+H lists what one did on a day, and opens a page of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.gui.history.day import DayDialog

from tests.factories import alter_log, make_project
from tests.gui.modal import when_modal
from tests.gui.robot import Robot
from tests.working import number_of


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, "Ferry sails\nIt did.", "Another page", "A third page").close()
    return Robot(qtbot).open(project)


def look_back(robot: Robot, act: Callable[[DayDialog], object]) -> None:
    """Press Ctrl+Shift+H, and do something in the dialog once the pages are there."""
    seen = list[DayDialog]()

    def look(dialog: DayDialog) -> None:
        robot.qtbot.waitUntil(lambda: "Reading" not in dialog.words.text())
        seen.append(dialog)
        act(dialog)

    when_modal(DayDialog, look)
    robot.press("Ctrl+Shift+H")
    assert seen


def rows(dialog: DayDialog) -> list[tuple[str, ...]]:
    model = dialog.pages.model()
    return [
        tuple(str(model.index(row, column).data()) for column in (1, 2, 3, 4))
        for row in range(model.rowCount())
    ]


def test_the_pages_of_today_are_listed_and_enter_opens_one(robot: Robot) -> None:
    robot.press("H Return F")
    found = list[tuple[str, ...]]()

    def look(dialog: DayDialog) -> None:
        found.extend(rows(dialog))
        assert dialog.words.text().startswith("2 pages, 3 acts, 0:00:")
        QTest.keySequence(dialog.pages, QKeySequence("Return"))

    look_back(robot, look)
    assert [row[1:] for row in found] == [
        ("2", "done", "Ferry sails"), ("1", "new", "Another page"),
    ]  # fmt: skip
    assert number_of(robot.session) == 1
    assert robot.window.focusWidget() is robot.view


def test_a_double_click_opens_a_page(robot: Robot) -> None:
    robot.press("H Return F")

    def look(dialog: DayDialog) -> None:
        spot = dialog.pages.visualRect(dialog.pages.model().index(0, 4)).center()
        for press in (QTest.mouseClick, QTest.mouseDClick):
            press(dialog.pages.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    look_back(robot, look)
    assert number_of(robot.session) == 1


def test_another_day_is_chosen_and_its_time_may_be_unknown(robot: Robot, project: Path) -> None:
    robot.press("H")
    robot.session.leave()
    alter_log(project, "made_at = '2020-02-02T12:00:00.000+00:00'")

    def look(dialog: DayDialog) -> None:
        assert not dialog.later.isEnabled()
        QTest.mouseClick(dialog.earlier, Qt.MouseButton.LeftButton)
        assert dialog.later.isEnabled()
        robot.qtbot.waitUntil(lambda: dialog.words.text() == "Nothing on this day.")
        assert not dialog.open_page.isEnabled()
        dialog.day.setDate(QDate(2020, 2, 2))
        robot.qtbot.waitUntil(lambda: "older version" in dialog.words.text())
        assert [row[0] for row in rows(dialog)] == ["unknown"]
        QTest.keySequence(dialog, QKeySequence("Esc"))

    look_back(robot, look)
