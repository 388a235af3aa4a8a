"""Comparing models in the real window: figures, the pages where they part, choosing one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QTreeWidget
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.suggestion import Suggestion
from segmark.gui.suggestions.compare_dialog import CompareDialog
from segmark.store.store import Store

from tests.factories import label, settle, without_suggestions
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


def compare(robot: Robot) -> CompareDialog:
    """Open the dialog and wait until it has figures or a reason."""
    robot.window.actions_by_id["suggest.compare"].trigger()
    dialog = robot.comparison
    assert dialog
    wait_until_compared(robot, dialog)
    return dialog


def wait_until_compared(robot: Robot, dialog: CompareDialog) -> None:
    wait_for(robot, lambda: not dialog.bar.isVisible())


def choose(table: QTreeWidget, row: int) -> None:
    item = table.topLevelItem(row)
    assert item
    table.setCurrentItem(item)


def records(robot: Robot, path: Path, *, without: str = "") -> Path:
    """Predictions of all labels but one in a file."""
    lines = []
    for number in range(1, PAGES + 1):
        spans = [
            {"start": span.start, "end": span.end, "label": span.label, "score": 0.7}
            for span in gold(number)
            if span.label != without
        ]
        page = robot.session.store.pages.get(number)
        lines.append(json.dumps({"id": page.id, "text": page.text, "spans": spans}))
    path.write_text("\n".join(lines), "utf-8")
    return path


def add_files(
    robot: Robot, dialog: CompareDialog, monkeypatch: pytest.MonkeyPatch, *paths: Path
) -> None:
    names = [str(path) for path in paths]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (names, ""))
    dialog.add.click()
    wait_until_compared(robot, dialog)


def rows(table: QTreeWidget) -> list[list[str]]:
    found = [table.topLevelItem(at) for at in range(table.topLevelItemCount())]
    return [[item.text(at) for at in range(table.columnCount())] for item in found if item]


def test_models_stand_side_by_side_with_the_pages_where_they_part(robot: Robot) -> None:
    dialog = compare(robot)
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


def test_pages_where_they_part_are_opened_and_labelled_beside_the_comparison(robot: Robot) -> None:
    dialog, numbers = compare(robot), set[int]()
    for at in (0, 1):
        choose(dialog.pages, at)
        dialog.go.click()
        opened = robot.session.open_page
        assert opened
        numbers.add(opened.number)
    assert numbers == {2, 5}
    robot.window.activateWindow()
    before = list(robot.spans)
    robot.press("r").press("2")
    assert list(robot.spans) != before
    assert dialog.isVisible()


def test_figures_follow_the_labels_when_they_are_counted_again(robot: Robot) -> None:
    dialog = compare(robot)
    before = rows(dialog.models)
    label(robot.session.store, "ada", 1, "comment")
    QTest.keyClick(dialog, Qt.Key.Key_F5)
    wait_until_compared(robot, dialog)
    assert rows(dialog.models) != before
    assert robot.comparison is compare(robot)  # the command raises it


def test_the_pages_where_they_part_become_the_page_list(robot: Robot) -> None:
    dialog = compare(robot)
    dialog.listed.click()
    header = robot.window.panels.pages.header
    wait_for(robot, lambda: header.summary.text() == "2 pages: pages where they part")
    opened = robot.session.open_page
    assert opened
    assert opened.number == 2
    assert robot.window.status.message.startswith("2 pages are in the list: pages where they part")
    header.clear()


def test_the_model_whose_suggestions_are_shown_can_be_chosen(robot: Robot) -> None:
    dialog = compare(robot)
    assert not dialog.use.isEnabled()
    choose(dialog.models, 1)
    dialog.use.click()
    assert [row[0] for row in rows(dialog.models)] == ["other", "right ✓"]
    assert not dialog.use.isEnabled()
    assert robot.session.store.suggestions.policy.model == "right"


def test_whose_labels_count_can_be_chosen(robot: Robot) -> None:
    store = robot.session.store
    label(store, "jan", 1, "comment")
    settle(store, "jan", 1, Status.DONE)
    dialog = compare(robot)
    names = [dialog.labels.itemText(at) for at in range(dialog.labels.count())]
    assert names == ["ada", "jan", "Adjudicated"]
    dialog.labels.setCurrentText("jan")
    wait_for(robot, lambda: "Pages: 1." in dialog.words.text())
    dialog.labels.setCurrentText("Adjudicated")
    wait_for(robot, lambda: "no labelled page is left to compare" in dialog.words.text())
    assert rows(dialog.models) == rows(dialog.pages) == []


def test_predictions_in_files_are_compared_without_being_loaded(
    robot: Robot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = compare(robot)
    new = records(robot, tmp_path / "new.jsonl", without="body")
    right = records(robot, tmp_path / "right")
    add_files(robot, dialog, monkeypatch, new, right)
    assert [row[0] for row in rows(dialog.models)] == [
        "other ✓", "right", "new.jsonl", "right (2)",
    ]  # fmt: skip
    assert rows(dialog.models)[3][1].startswith("1.000")
    assert len(rows(dialog.pages)) == PAGES
    choose(dialog.models, 2)
    assert not dialog.use.isEnabled()  # it is not in the project
    assert set(robot.session.store.suggestions.models()) == {"other", "right"}


def test_a_file_that_can_not_be_used_is_named_and_the_others_are_compared(
    robot: Robot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = compare(robot)
    elsewhere = tmp_path / "elsewhere.jsonl"
    elsewhere.write_text('{"text": "Of another project.", "spans": []}\n', "utf-8")
    add_files(robot, dialog, monkeypatch, elsewhere)
    assert "elsewhere.jsonl: it has no predictions for pages of" in dialog.words.text()
    assert "the project has no page with its text" in dialog.words.text()
    assert [row[0] for row in rows(dialog.models)] == ["other ✓", "right"]


def test_a_comparison_can_be_stopped_and_begun_again(robot: Robot) -> None:
    dialog = compare(robot)
    dialog.again.click()
    assert dialog.bar.isVisible()
    dialog.stop.click()
    assert dialog.words.text() == "The comparison was stopped."
    assert not dialog.stop.isVisible()
    wait_for(robot, lambda: not robot.window.background.running)
    assert rows(dialog.models) == []
    dialog.again.click()
    wait_until_compared(robot, dialog)
    assert "Pages: 6." in dialog.words.text()


def test_the_comparison_closes_with_the_session_even_while_it_counts(robot: Robot) -> None:
    dialog = compare(robot)
    dialog.again.click()
    robot.program.projects.close()
    assert not shiboken6.isValid(dialog) or not dialog.isVisible()
    assert robot.window.session is None


def test_without_models_or_labels_the_dialog_says_what_to_do(
    qtbot: QtBot, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_suggestions(news_project(project, pages=PAGES, finished=1)).close()
    robot = Robot(qtbot).open(project)
    dialog = compare(robot)
    assert "no predictions of a model are in the project" in dialog.words.text()
    assert not dialog.use.isEnabled()
    add_files(robot, dialog, monkeypatch, records(robot, tmp_path / "new.jsonl"))
    assert "Pages: 1." in dialog.words.text()
    robot.close()
