"""Newer versions of a page in the window: a notice, and labels carried over to them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.edit import clear
from segmark.gui.dialogs.carry import CarryDialog
from segmark.store.store import Store

from tests.factories import drawn, label, make_project
from tests.gui.modal import when_modal
from tests.gui.robot import Robot, wait_for

OLD = drawn("Menu\n[Ship sails|headline]\n[It did.\nIt went on.|body]\n[Say so|comment]")
NEW = "Menu 2\nShip sails\nIt did.\nIt <b>went</b> on.\nImprint"


@pytest.fixture
def project_with_versions(project: Path) -> Path:
    """A labelled page, a newer version of it, and a page that has only one."""
    with make_project(project, OLD.text, NEW, "Another page") as store:
        for span in OLD.spans:
            label(store, "ada", 1, span.label, span.start, span.end)
        with store.write():
            store.versions.link(2, 1)
    return project


@pytest.fixture
def robot(qtbot: QtBot, project_with_versions: Path) -> Robot:
    robot = Robot(qtbot).open(project_with_versions)
    robot.session.open(2)
    robot.settle()
    return robot


def told(robot: Robot) -> str:
    return robot.window.page_notice.text


def answer(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, do: Callable[[CarryDialog], object]
) -> list[CarryDialog]:
    """Have the dialog answered once it shows what would be done."""
    seen = list[CarryDialog]()

    def looked_at(dialog: CarryDialog) -> int:
        seen.append(dialog)
        dialog.show()
        wait_for(robot, lambda: not robot.window.background.running)
        do(dialog)
        dialog.hide()
        return dialog.result()

    monkeypatch.setattr(CarryDialog, "exec", looked_at)
    return seen


def test_a_newer_version_says_so_and_offers_to_carry_labels_over(robot: Robot) -> None:
    assert told(robot) == "This is a newer version of a page that you labelled."
    assert robot.window.actions_by_id["page.carry"].isEnabled()
    robot.session.open(3)
    assert told(robot) == ""
    assert not robot.window.actions_by_id["page.carry"].isEnabled()


def test_the_older_version_leads_to_the_newer_one(robot: Robot) -> None:
    robot.session.open(1)
    assert told(robot).startswith("There is a newer version of this page")
    robot.window.page_notice.button.click()
    robot.settle()
    assert robot.page.text == NEW


def test_somebody_who_labelled_nothing_is_offered_nothing(
    qtbot: QtBot, project_with_versions: Path
) -> None:
    robot = Robot(qtbot, "jan").open(project_with_versions)
    robot.session.open(2)
    assert told(robot) == ""


def test_labels_are_carried_over_after_a_preview_as_one_act(
    robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dialog,) = _carried(robot, monkeypatch, lambda dialog: dialog.go.click())
    assert "1 with the same text, 1 with changed text, 1 not found" in dialog.words.text()
    groups = [dialog.rows.topLevelItem(row) for row in range(dialog.rows.topLevelItemCount())]
    assert [group.text(0) for group in groups if group] == [
        "Not found (1)", "The text has changed (1)", "The text is the same (1)",
    ]  # fmt: skip
    assert robot.labelled == [
        ("headline", "Ship sails"), ("body", "It did.\nIt <b>went</b> on."),
    ]  # fmt: skip
    assert robot.state.status is Status.STARTED
    assert told(robot) == ""
    assert robot.line == "It did."
    robot.press("Ctrl+Z")
    assert robot.labelled == []


def _carried(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, do: Callable[[CarryDialog], object]
) -> list[CarryDialog]:
    seen = answer(robot, monkeypatch, do)
    robot.window.page_notice.button.click()
    robot.settle()
    return seen


def test_labels_on_changed_text_can_be_left_out(
    robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(dialog: CarryDialog) -> None:
        dialog.with_changed.setChecked(False)
        dialog.go.click()

    _carried(robot, monkeypatch, choose)
    assert robot.labelled == [("headline", "Ship sails")]


def test_what_was_and_what_is_are_shown_as_text_whatever_stands_in_it(
    robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = list[str]()

    def look(dialog: CarryDialog) -> None:
        for group in range(dialog.rows.topLevelItemCount()):
            index = dialog.rows.model().index(group, 0)
            dialog.rows.setCurrentIndex(dialog.rows.model().index(0, 0, index))
            shown.append(dialog.text.toPlainText())
        dialog.reject()

    _carried(robot, monkeypatch, look)
    assert shown[0] == "Say so"
    assert "<b>" in shown[1]
    assert shown[2] == "Ship sails"
    assert robot.labelled == []


def test_a_page_that_was_labelled_is_not_asked_about_but_the_menu_still_offers_it(
    robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot.press("T")
    robot.session.reload()
    assert told(robot) == ""
    seen = answer(robot, monkeypatch, lambda dialog: dialog.go.click())
    robot.window.actions_by_id["page.carry"].trigger()
    assert seen
    assert [name for name, _ in robot.labelled] == ["ticker", "headline", "body"]


@pytest.mark.parametrize("labelled", [False, True])
def test_enter_carries_labels_over_only_where_nothing_can_give_way(
    robot: Robot, labelled: bool
) -> None:
    if labelled:
        robot.press("T")
    before = robot.labelled

    def press_enter(dialog: CarryDialog) -> None:
        wait_for(robot, dialog.go.isEnabled)
        QTest.keyClick(dialog, Qt.Key.Key_Enter)

    when_modal(CarryDialog, press_enter)
    robot.window.actions_by_id["page.carry"].trigger()
    robot.settle()
    assert (robot.labelled == before) is labelled


def test_labels_that_are_gone_meanwhile_are_not_carried(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, project_with_versions: Path
) -> None:
    with Store.open(project_with_versions) as other:
        annotations = other.annotations("ada")
        edit = clear(OLD.text, annotations.get(1), other.label_set, 0, len(OLD.text))
        assert edit
        annotations.save(1, edit)
    (dialog,) = _carried(robot, monkeypatch, lambda dialog: dialog.reject())
    assert dialog.words.text() == "No earlier version of this page has labels of yours."
    assert not dialog.go.isEnabled()


def test_a_page_open_for_reading_offers_nothing(qtbot: QtBot, project_with_versions: Path) -> None:
    robot = Robot(qtbot)
    robot.program.projects.show_store(Store.open_for_reading(project_with_versions))
    robot.session.open(2)
    assert told(robot) == ""
    assert not robot.window.actions_by_id["page.carry"].isEnabled()
