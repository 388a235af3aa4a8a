"""The menus: every entry has a mnemonic and a description."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from segmark.gui.keys.mnemonics import with_mnemonics

from tests.factories import LABELS, make_project
from tests.gui.robot import Robot


def menus(robot: Robot) -> dict[str, QMenu]:
    # Not by ``QAction.menu()``: before PySide6 6.11.3 the menu is lost together with its action.
    bar = robot.window.menuBar()
    found = {menu.title(): menu for menu in bar.findChildren(QMenu)}
    return {action.text(): found[action.text()] for action in bar.actions()}


def letter(text: str) -> str:
    at = text.index("&")
    return text[at + 1].lower()


def test_every_menu_and_every_entry_has_a_letter_of_its_own(qtbot: QtBot) -> None:
    found = menus(Robot(qtbot))
    assert len({letter(title) for title in found}) == len(found)
    for menu in found.values():
        letters = [letter(action.text()) for action in menu.actions() if not action.isSeparator()]
        assert len(set(letters)) == len(letters)


def test_long_menus_are_in_groups_and_no_group_is_empty(qtbot: QtBot) -> None:
    for menu in menus(Robot(qtbot)).values():
        lines = [action.isSeparator() for action in menu.actions()]
        assert not lines[0]
        assert not lines[-1]
        assert not any(one and next_one for one, next_one in pairwise(lines))
        groups = "".join("|" if line else "x" for line in lines).split("|")
        assert max(map(len, groups)) <= 2 * len(LABELS.labels)


def test_an_entry_keeps_its_letter_when_keys_change_and_undo_is_named(
    qtbot: QtBot, project: Path
) -> None:
    make_project(project, "One").close()
    robot = Robot(qtbot).open(project)
    robot.press("H")
    actions = robot.window.actions_by_id
    before = actions["page.skip"].text()
    actions.set_keys({"page.skip": ("Ctrl+J",)})
    assert actions["page.skip"].text() == before
    menus(robot)["&Edit"].aboutToShow.emit()
    assert actions["edit.undo"].text() == "&Undo: Label headline"


@pytest.mark.qt_log_ignore("raise", "grabbing", extend=True)
def test_a_letter_chooses_an_entry_of_the_open_menu(qtbot: QtBot, project: Path) -> None:
    make_project(project, "One", "Two").close()
    robot = Robot(qtbot).open(project)
    menu = menus(robot)["&Page"]
    with qtbot.waitExposed(menu):
        menu.popup(robot.window.pos())
    QTest.keyClick(menu, Qt.Key.Key_F)
    robot.settle()
    assert robot.state.flagged


def test_every_action_has_a_tooltip_that_says_more_than_nothing(
    qtbot: QtBot, project: Path
) -> None:
    make_project(project, "One").close()
    robot = Robot(qtbot).open(project)
    actions = robot.window.actions_by_id
    for name in actions:
        action = actions[name]
        assert action.toolTip().strip(), name
        assert action.statusTip().strip(), name
        assert "&" not in action.toolTip()
        keys = [key.toString() for key in action.shortcuts()]
        assert not keys or "(" in action.toolTip(), name


@pytest.mark.parametrize(
    ("titles", "marked"),
    [
        (["Next page", "Note"], ["&Next page", "N&ote"]),
        (["Label body", "Label body from above"], ["&Label body", "Label &body from above"]),
        (["a", "a"], ["&a", "a"]),
        (["…"], ["…"]),
    ],
)
def test_a_words_first_letter_is_preferred(titles: list[str], marked: list[str]) -> None:
    assert with_mnemonics(titles) == marked


@given(st.lists(st.text("abc …Ä1", max_size=6), max_size=8))
def test_no_letter_is_given_twice_and_no_title_changes(titles: list[str]) -> None:
    marked = with_mnemonics(titles)
    assert [title.replace("&", "") for title in marked] == titles
    letters = [letter(title) for title in marked if "&" in title]
    assert len(set(letters)) == len(letters)


@pytest.mark.qt_log_ignore("raise", "grabbing", "propagateSizeHints", extend=True)
def test_the_menu_of_the_page_has_what_the_keys_do(qtbot: QtBot, project: Path) -> None:
    make_project(project, "One\nTwo\nThree").close()
    robot = Robot(qtbot).open(project)
    robot.press("B Down")
    robot.view.customContextMenuRequested.emit(robot.view.rect().center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    names = {action.objectName() for action in menu.actions()}
    assert {"label.as.body", "label.clear", "page.flag", "page.note", "page.skip"} <= names
    [above] = [action for action in menu.actions() if "above" in action.text()]
    [fill] = [each for each in menu.findChildren(QMenu) if each.title() == above.text()]
    by_name = {action.objectName(): action for action in fill.actions()}
    by_name["label.fill.body"].trigger()
    menu.close()
    assert robot.labelled == [("body", "One\nTwo\nThree")]
