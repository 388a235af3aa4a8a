"""A small window: panels and bars keep inside it and off one another."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QLabel, QWidget
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet

from tests.factories import LABELS, add_pages
from tests.gui.robot import Robot

#: More labels than any window has room for, one of them with a long name.
MANY = LabelSet(
    "many",
    tuple(
        replace(LABELS["body"], name=f"{letter}-of-a-rather-long-name" if letter == "g" else letter,
                key=letter.upper(), id="")
        for letter in "abcdefghijklmnop"
    ),
)  # fmt: skip


def opened(qtbot: QtBot, project: Path, labels: LabelSet, width: int, height: int) -> Robot:
    robot = Robot(qtbot).create(project, labels)
    add_pages(robot.session.store, "Ship sails\nIt did.", "Two")
    robot.window.show_project()
    # From a large window, as a person makes it smaller.
    robot.window.resize(1400, 900)
    robot.settle()
    robot.window.resize(width, height)
    robot.settle()
    return robot


def docks(robot: Robot) -> list[QDockWidget]:
    found = robot.window.findChildren(QDockWidget)
    return [dock for dock in found if not dock.visibleRegion().isEmpty()]


def place(widget: QWidget, robot: Robot) -> QRect:
    return QRect(widget.mapTo(robot.window, widget.rect().topLeft()), widget.size())


@pytest.mark.parametrize("labels", [LABELS, MANY])
@pytest.mark.parametrize("size", [(640, 400), (900, 600), (1400, 900)])
def test_panels_keep_off_one_another_and_off_the_status_line(
    qtbot: QtBot, project: Path, labels: LabelSet, size: tuple[int, int]
) -> None:
    robot = opened(qtbot, project, labels, *size)
    middle = robot.window.centralWidget()
    assert middle
    parts = [*docks(robot), robot.window.status, middle]
    for one, other in combinations(parts, 2):
        assert not place(one, robot).intersects(place(other, robot)), (one, other)
    for dock in docks(robot):
        inside = QRect(dock.mapTo(robot.window, dock.rect().topLeft()), dock.size())
        assert inside.contains(place(dock.widget(), robot))


def test_a_large_window_has_room_for_panels_that_a_small_one_folds(
    qtbot: QtBot, project: Path
) -> None:
    robot = opened(qtbot, project, LABELS, 1400, 900)
    robot.resize(1400, 900)
    large = docks(robot)
    assert {"dock.pages", "dock.labels", "dock.outline"} <= {dock.objectName() for dock in large}
    robot.resize(640, 400)
    assert set(docks(robot)) < set(large)
    robot.resize(1400, 900)
    assert docks(robot) == large


@pytest.mark.parametrize("labels", [LABELS, MANY])
def test_a_label_never_runs_into_its_keys(qtbot: QtBot, project: Path, labels: LabelSet) -> None:
    robot = opened(qtbot, project, labels, 640, 400)
    for label in labels:
        button = robot.window.panels.labels.button(label.name)
        keys = button.findChildren(QLabel)[0]
        name = button.fontMetrics().horizontalAdvance(button.text())
        assert button.iconSize().width() + name < keys.x()
        assert button.accessibleName() == f"Label {label.name}"
        assert label.name.capitalize() in button.toolTip()
    if labels is MANY:
        shown = robot.window.panels.labels.button("g-of-a-rather-long-name").text()
        assert shown.endswith("…") or shown == "G-of-a-rather-long-name"  # a folded panel is wide


def test_the_find_bar_takes_no_room_from_the_panels(qtbot: QtBot, project: Path) -> None:
    robot = opened(qtbot, project, LABELS, 900, 600)
    before = [dock.width() for dock in docks(robot)]
    robot.press("Ctrl+F")
    assert robot.window.find_bar.isVisible()
    assert [dock.width() for dock in docks(robot)] == before
    robot.window.resize(1400, 900)
    robot.settle()
    buttons = robot.window.find_bar.findChildren(QAbstractButton)
    assert "Next" in [button.text() for button in buttons]


@pytest.mark.parametrize("dark", [False, True])
def test_page_and_margin_are_of_one_colour_in_any_theme(
    qtbot: QtBot, project: Path, dark: bool
) -> None:
    robot = opened(qtbot, project, LABELS, 900, 600)
    if robot.window.theme.is_dark is not dark:
        robot.press("Ctrl+Shift+T")
    view = robot.view
    image = view.grab().toImage()
    bottom = view.height() - 8
    assert {image.pixelColor(x, bottom).name() for x in range(4, view.width() - 30)} == {
        robot.window.theme.page
    }


def test_labels_that_fit_are_all_seen_also_after_a_change_of_theme(
    qtbot: QtBot, project: Path
) -> None:
    robot = opened(qtbot, project, LABELS, 1400, 900)
    robot.window.run("view.theme")
    robot.resize(900, 600)
    for label in LABELS:
        button = robot.window.panels.labels.button(label.name)
        assert button.visibleRegion().boundingRect().height() == button.height()
