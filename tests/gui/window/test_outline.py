"""The outline: labels and suggestions in page order, and how many there are."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.gui.base.row_table import RowTable
from segmark.gui.panels.spans import SpanList
from segmark.store.suggestions import Policy

from tests.gui.robot import Robot, wait_for
from tests.news_project import news_project


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    with news_project(project, pages=5, finished=2) as store, store.write():
        store.suggestions.keep_policy(Policy(blind_share=0))
    robot = Robot(qtbot).open(project)
    wait_for(robot, lambda: bool(_suggested(robot)))
    return robot


def _suggested(robot: Robot) -> tuple[Suggestion, ...]:
    assert robot.window.suggestions
    return robot.window.suggestions.suggesting.open


def _table(robot: Robot) -> RowTable:
    [table] = robot.window.panels.spans.findChildren(RowTable)
    return table


def _rows(robot: Robot, role: int = Qt.ItemDataRole.DisplayRole) -> list[str]:
    model = _table(robot).model()
    return [str(model.index(row, 0).data(role)) for row in range(model.rowCount())]


def _says_nothing(robot: Robot) -> bool:
    labels = robot.window.panels.spans.findChildren(QLabel)
    return any(one.isVisible() and "Nothing is labelled on" in one.text() for one in labels)


def test_suggestions_are_listed_and_counted(robot: Robot) -> None:
    suggested = _suggested(robot)
    assert [row.split("?")[0] for row in _rows(robot)] == [one.span.label for one in suggested]
    count = len(suggested)
    assert robot.window.panels.spans.count == f"Nothing labelled yet · {count} suggested"
    assert not _says_nothing(robot)
    robot.press("Space")
    assert robot.window.panels.spans.count == f"1 labelled · {count - 1} suggested"
    labels = sorted([*robot.spans, *(one.span for one in _suggested(robot))])
    assert [row.split()[0].strip("?") for row in _rows(robot)] == [span.label for span in labels]
    assert sum("?  " in row for row in _rows(robot)) == count - 1


def test_the_least_sure_is_marked_and_each_gives_its_reason(robot: Robot) -> None:
    doubtful = min(_suggested(robot), key=lambda one: one.confidence)
    [marked] = [at for at, row in enumerate(_rows(robot)) if "(least sure)" in row]
    assert _suggested(robot)[marked] == doubtful
    tips = _rows(robot, Qt.ItemDataRole.ToolTipRole)
    assert tips[marked].startswith(f"Suggested: {doubtful.span.label}, ")
    assert doubtful.reason in tips[marked]


def test_a_click_on_a_suggestion_goes_there(robot: Robot) -> None:
    table = _table(robot)
    last = _suggested(robot)[-1].span
    place = table.visualRect(table.model().index(len(_suggested(robot)) - 1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert robot.view.selection == (last.start, last.start)


def test_without_labels_and_suggestions_it_says_so(robot: Robot) -> None:
    robot.press("X " * len(_suggested(robot)))
    assert _says_nothing(robot)
    assert robot.window.panels.spans.count == ""


def test_labels_alone_are_counted_alone(robot: Robot) -> None:
    robot.press("Ctrl+Space")
    assert robot.window.panels.spans.count == f"{len(robot.spans)} labelled"
    assert isinstance(robot.spans[0], Span)


def test_where_the_advice_has_no_room_it_scrolls(qtbot: QtBot) -> None:
    outline = SpanList()
    qtbot.addWidget(outline)
    outline.resize(9 * outline.fontMetrics().averageCharWidth() + 24, 100)
    outline.show()
    [advice] = [one for one in outline.findChildren(QLabel) if "Nothing" in one.text()]
    [area] = outline.findChildren(QScrollArea)
    assert advice.height() >= advice.heightForWidth(advice.width()) > area.viewport().height()
    assert area.verticalScrollBar().maximum() > 0
    outline.resize(600, 300)
    assert area.verticalScrollBar().maximum() == 0
