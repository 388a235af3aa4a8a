"""The overview strip: where marks are on the whole page, and going there by a click."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.gui.page.overview import OverviewStrip

from tests.gui.robot import Robot

_LINES = [f"Line {number} of the page" for number in range(400)]
_TEXT = "\n".join(_LINES)


@pytest.fixture
def robot(qtbot: QtBot, project: Path, tmp_path: Path, label_set: LabelSet) -> Robot:
    robot = Robot(qtbot).create(project, label_set)
    robot.window.apply_settings(replace(robot.window.settings, folded=False))
    page = tmp_path / "page.txt"
    page.write_text(_TEXT)
    return robot.load(page)


def _strip(robot: Robot) -> OverviewStrip:
    return robot.window.overview


def _line(number: int) -> Span:
    start = _TEXT.index(_LINES[number])
    return Span(start, start + len(_LINES[number]), "headline")


def _grab(robot: Robot) -> QImage:
    robot.qtbot.waitUntil(lambda: _strip(robot).accessibleDescription() == _strip(robot).summary)
    return _strip(robot).grab().toImage()


def _count(image: QImage, colour: QColor) -> int:
    points = (QPoint(x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(image.pixelColor(point) == colour for point in points)


def test_a_click_on_a_mark_goes_there(robot: Robot) -> None:
    robot.view.set_spans([_line(300)])
    y = round(_strip(robot).y_of(_line(300).start))
    QTest.mouseClick(_strip(robot), Qt.MouseButton.LeftButton, pos=QPoint(5, y + 2))
    assert robot.view.selection == (_line(300).start, _line(300).start)
    assert robot.view.band(robot.view.caret_block)
    assert robot.view.hasFocus()


def test_a_click_elsewhere_goes_to_the_line_at_that_height(robot: Robot) -> None:
    middle = _strip(robot).height() // 2
    QTest.mouseClick(_strip(robot), Qt.MouseButton.LeftButton, pos=QPoint(5, middle))
    number = robot.view.caret_block
    assert number
    assert abs(number - 200) < 5


def test_a_label_a_suggestion_a_hit_and_the_caret_are_seen_wherever_they_are(robot: Robot) -> None:
    theme = robot.window.theme
    colours = {label.name: theme.label_colour(label) for label in robot.window.labels}
    before = _grab(robot)
    assert not _count(before, colours["headline"])
    robot.view.set_spans([_line(300)])
    assert _count(_grab(robot), colours["headline"]) > 6
    robot.view.set_suggestions([Suggestion(replaced(_line(350)), 0.8, "learnt")])
    assert _count(_grab(robot), colours["body"]) > 2
    robot.view.set_hits([(5, 9), (900, 904)], 0)
    assert _count(_grab(robot), QColor(theme.accent)) > 6
    assert _count(_grab(robot), QColor(theme.text)) > 6
    assert _strip(robot).accessibleName() == "Overview of the page"
    assert _strip(robot).accessibleDescription() == "1 label, 1 suggestion, 2 hits"


def replaced(span: Span) -> Span:
    return Span(span.start, span.end, "body")


def test_a_fold_has_the_share_of_one_line(robot: Robot) -> None:
    strip, half = _strip(robot), _strip(robot).height() / 2
    assert strip.y_of(_line(5).start) < strip.y_of(_line(300).start) > half
    robot.press("Ctrl+End H Z")
    [fold] = robot.view.folds
    assert fold.first == 0
    assert strip.y_of(_line(5).start) == strip.y_of(_line(300).start) == 0
    assert strip.y_of(_line(399).start) > half


def test_ten_thousand_spans_are_shown_and_reached(robot: Robot, tmp_path: Path) -> None:
    lines = [f"Line {number:5} of a very long page" for number in range(10_000)]
    page = tmp_path / "long.txt"
    page.write_text("\n".join(lines))
    robot.load(page, show_first=True)
    length = len(lines[0]) + 1
    spans = [Span(n * length, n * length + 10, "headline") for n in range(10_000)]
    robot.view.set_spans(spans)
    colour = robot.window.theme.label_colour(robot.window.labels["headline"])
    assert _count(_grab(robot), colour) > _strip(robot).height() * 5
    QTest.mouseClick(
        _strip(robot), Qt.MouseButton.LeftButton, pos=QPoint(5, _strip(robot).height() - 2)
    )
    assert robot.view.caret_block
    assert robot.view.caret_block > 9_900


def test_what_is_at_the_pointer_is_named(robot: Robot) -> None:
    robot.view.set_spans([_line(100)])
    y = round(_strip(robot).y_of(_line(100).start))
    assert _strip(robot).tip(QPoint(4, y)).startswith("headline · ")
    assert _strip(robot).tip(QPoint(4, y + 100)) == "1 label, 0 suggestions, 0 hits"


def test_without_a_page_the_strip_is_empty(qtbot: QtBot, project: Path) -> None:
    robot = Robot(qtbot)
    QTest.mouseClick(_strip(robot), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert _strip(robot).summary == "0 labels, 0 suggestions, 0 hits"
    assert _strip(robot).tip(QPoint(4, 4)) == _strip(robot).summary
