"""The contrast of what is painted, measured in the real window, light and dark."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from tests.factories import make_project
from tests.gui.base.test_theme import contrast
from tests.gui.robot import Robot

pytestmark = pytest.mark.parametrize("theme", ["light", "dark"])
LONG = "\n\n".join(f"Paragraph {number} of the page." for number in range(120))


def robot_in(theme: str, qtbot: QtBot) -> Robot:
    robot = Robot(qtbot)
    chosen: Literal["light", "dark"] = "dark" if theme == "dark" else "light"
    robot.window.apply_settings(replace(robot.window.settings, theme=chosen))
    robot.settle()
    return robot


def opened(robot: Robot, project: Path) -> Robot:
    make_project(project, LONG).close()
    return robot.open(project)


def image_of(robot: Robot, widget: QWidget) -> QImage:
    """What the window shows at the place of a widget, with some pixels around it."""
    place = QRect(widget.mapTo(robot.window, QPoint()), widget.size()).adjusted(-4, -4, 4, 4)
    return robot.window.grab(place.intersected(robot.window.rect())).toImage()


def across(image: QImage) -> list[str]:
    """The colours from the top to the bottom in the middle, each as long as it goes on."""
    column = [image.pixelColor(image.width() // 2, y).name() for y in range(image.height())]
    return [one for one, after in pairwise([*column, ""]) if one != after]


def strongest(image: QImage) -> float:
    """The contrast of the ground, which is the most frequent colour, to the colour most unlike."""
    colours = Counter(
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    )
    ground = colours.most_common(1)[0][0]
    return max(contrast(QColor(ground), QColor(colour)) for colour in colours)


def test_the_borders_of_fields_stand_out(theme: str, qtbot: QtBot, project: Path) -> None:
    robot = opened(robot_in(theme, qtbot), project)
    robot.view.setFocus()
    robot.settle()
    fields = [robot.window.panels.pages.header.words, robot.window.panels.pages.header.status]
    for field in fields:
        around, border, inside, *_ = across(image_of(robot, field))
        assert contrast(border, around) >= 3, (theme, type(field).__name__)
        assert contrast(border, inside) >= 3, (theme, type(field).__name__)


def test_the_handle_of_a_scroll_bar_stands_out(theme: str, qtbot: QtBot, project: Path) -> None:
    robot = opened(robot_in(theme, qtbot), project)
    bar = robot.view.verticalScrollBar()
    assert isinstance(bar, QScrollBar)
    assert bar.maximum() > 0
    # By the window: the bar alone has no ground.
    place = QRect(bar.mapTo(robot.window, QPoint()), bar.size()).adjusted(2, 2, -2, -2)
    assert strongest(robot.window.grab(place).toImage()) >= 3


def test_the_block_of_the_caret_stands_out(theme: str, qtbot: QtBot, project: Path) -> None:
    robot = opened(robot_in(theme, qtbot), project)
    robot.view.select(0, 0)
    robot.settle()
    band = robot.view.band(0)
    assert band is not None
    viewport = robot.view.viewport()
    image = viewport.grab(QRect(viewport.width() - 60, 0, 20, int(band[1]) + 8)).toImage()
    assert strongest(image) >= 3


def test_the_words_of_empty_views_are_readable(theme: str, qtbot: QtBot) -> None:
    robot = robot_in(theme, qtbot)
    for words in robot.window.panels.spans.findChildren(QWidget):
        shown = getattr(words, "text", None)
        if words.isVisible() and callable(shown) and shown():
            assert strongest(words.grab().toImage()) >= 4.5, (theme, shown())
