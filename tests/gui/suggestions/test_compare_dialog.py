"""Comparing models in the real window: figures, the pages where they part, choosing one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.suggestion import Suggestion
from segmark.gui.suggestions.compare_dialog import CompareDialog
from segmark.store.store import Store

from tests.factories import label, settle, without_suggestions
from tests.gui.modal import when_modal
from tests.gui.robot import Robot, wait_for
from tests.news_project import gold, news_project

PAGES = 6
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def predict(store: Store, model: str, number: int, *, without: str = "") -> None:
    found = [Suggestion(span, 0.8, "") for span in gold(number) if span.label != without]
    with store.write():
        store.suggestions.keep_predictions(number, found, model)


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Iterator[Robot]:
    """Two models: one is always right, the other finds no headline on two pages."""
    with without_suggestions(news_project(project, pages=PAGES, finished=PAGES)) as store:
        for number in range(1, PAGES + 1):
            predict(store, "right", number)
            predict(store, "other", number, without="headline" if number in (2, 5) else "")
    robot = Robot(qtbot).open(project)
    yield robot
    robot.close()


def compare(robot: Robot, act: Callable[[CompareDialog], object]) -> None:
    """Open the dialog, act once it has figures or a reason, and close it."""

    def meet(dialog: CompareDialog) -> None:
        wait_for(robot, lambda: not dialog.words.text().startswith("Comparing"))
        act(dialog)

    when_modal(CompareDialog, meet)
    robot.window.actions_by_id["suggest.compare"].trigger()
    wait_for(robot, lambda: not robot.window.background.running)


def rows(table: QTreeWidget) -> list[list[str]]:
    found = [table.topLevelItem(at) for at in range(table.topLevelItemCount())]
    return [[item.text(at) for at in range(table.columnCount())] for item in found if item]


def test_models_stand_side_by_side_with_the_pages_where_they_part(robot: Robot) -> None:
    def look(dialog: CompareDialog) -> None:
        assert "Pages: 6." in dialog.words.text()
        names = [row[0] for row in rows(dialog.models)]
        assert names == ["other ✓", "right"]  # the one loaded last is shown
        assert rows(dialog.models)[1][1].startswith("1.000")
        assert rows(dialog.models)[1][2].startswith("0.")
        assert dialog.which.currentText() == "Pages where they part"
        titles = {robot.session.store.pages.rows("ada", [n])[0].title for n in (2, 5)}
        assert {row[0] for row in rows(dialog.pages)} == titles
        dialog.which.setCurrentText("Worst pages of right")
        assert rows(dialog.pages) == []
        assert not dialog.go.isEnabled()
        assert not dialog.listed.isEnabled()

    compare(robot, look)


def test_a_page_where_they_part_is_opened(robot: Robot) -> None:
    robot.session.open(1)

    def choose(dialog: CompareDialog) -> None:
        second = dialog.pages.topLevelItem(1)
        assert second
        dialog.pages.setCurrentItem(second)
        dialog.go.click()

    compare(robot, choose)
    opened = robot.session.open_page
    assert opened
    assert opened.number in (2, 5)


def test_the_pages_where_they_part_become_the_page_list(robot: Robot) -> None:
    compare(robot, lambda dialog: dialog.listed.click())
    header = robot.window.panels.pages.header
    wait_for(robot, lambda: header.summary.text() == "2 pages: pages where they part")
    opened = robot.session.open_page
    assert opened
    assert opened.number == 2
    assert robot.window.status.message.startswith("2 pages are in the list: pages where they part")
    header.clear()


def test_the_model_whose_suggestions_are_shown_can_be_chosen(robot: Robot) -> None:
    def use(dialog: CompareDialog) -> None:
        assert not dialog.use.isEnabled()
        second = dialog.models.topLevelItem(1)
        assert second
        dialog.models.setCurrentItem(second)
        dialog.use.click()
        assert [row[0] for row in rows(dialog.models)] == ["other", "right ✓"]
        assert not dialog.use.isEnabled()

    compare(robot, use)
    assert robot.session.store.suggestions.policy.model == "right"


def test_whose_labels_count_can_be_chosen(robot: Robot) -> None:
    store = robot.session.store
    label(store, "jan", 1, "comment")
    settle(store, "jan", 1, Status.DONE)

    def choose(dialog: CompareDialog) -> None:
        names = [dialog.labels.itemText(at) for at in range(dialog.labels.count())]
        assert names == ["ada", "jan", "Adjudicated"]
        dialog.labels.setCurrentText("jan")
        wait_for(robot, lambda: "Pages: 1." in dialog.words.text())
        dialog.labels.setCurrentText("Adjudicated")
        wait_for(robot, lambda: "no labelled page is left to compare" in dialog.words.text())
        assert rows(dialog.models) == rows(dialog.pages) == []

    compare(robot, choose)


def test_without_models_or_labels_the_dialog_says_what_to_do(qtbot: QtBot, project: Path) -> None:
    without_suggestions(news_project(project, pages=2, finished=1)).close()
    robot = Robot(qtbot).open(project)

    def look(dialog: CompareDialog) -> None:
        assert "no predictions of a model are in the project" in dialog.words.text()
        assert not dialog.use.isEnabled()

    compare(robot, look)
    robot.close()
