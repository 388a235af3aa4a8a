"""Keyboards of other layouts in the real window: labels, fields, menus, dialogs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from segmark.gui.dialogs.settings import SettingsDialog
from segmark.gui.keys.sheet import KeySheet

from tests.factories import make_project
from tests.gui.keys.layouts import strike, stroke
from tests.gui.modal import when_modal
from tests.gui.robot import Robot

NOT_LATIN = ["ru", "gr", "il", "ara", "th", "rs"]
TEXT = "A headline\n\nThe first paragraph.\n\nThe second paragraph.\n"


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, TEXT).close()
    robot = Robot(qtbot).open(project)
    robot.view.select(0, 0)
    return robot


def back(robot: Robot) -> None:
    """Go back to the window after a dialog."""
    robot.window.activateWindow()
    robot.qtbot.waitUntil(lambda: QApplication.focusWindow() is robot.window.windowHandle())
    robot.view.setFocus()


@pytest.mark.parametrize("layout", NOT_LATIN)
def test_the_keys_of_the_letters_label_in_any_alphabet(robot: Robot, layout: str) -> None:
    for key in ("h", "b", "b"):
        strike(layout, key)
    assert [label for label, _ in robot.labelled] == ["headline", "body"]
    strike(layout, "Ctrl+z")
    assert robot.labelled[-1] == ("body", "The first paragraph.")


@pytest.mark.parametrize("layout", ["fr", "cz", "th"])
def test_the_digit_row_labels_without_shift(robot: Robot, layout: str) -> None:
    for key in ("1", "3", "3"):
        strike(layout, key)
    assert [label for label, _ in robot.labelled] == ["headline", "body"]
    strike(layout, "0")
    assert robot.labelled[-1] == ("body", "The first paragraph.")


@pytest.mark.parametrize("layout", ["fr", "de", "cz", "ru", "ara", "th", "rs"])
def test_the_keys_of_brackets_move_the_ends_of_a_span(robot: Robot, layout: str) -> None:
    robot.view.select(0, 0)
    robot.press("H")
    robot.view.select(3, 3)
    strike(layout, "]")
    assert robot.labelled == [("headline", "headline")]
    strike(layout, "[")
    strike(layout, "Shift+[")
    assert robot.labelled == [("headline", "A")]
    strike(layout, "Shift+]")
    assert robot.labelled == [("headline", "A headline")]


def test_shift_and_a_letter_fill_on_an_arabic_keyboard(robot: Robot) -> None:
    strike("ara", "c")
    robot.press("Down")
    strike("ara", "Shift+c")
    assert [label for label, _ in robot.labelled][:1] == ["caption"]
    assert "second" in robot.labelled[-1][1]


@pytest.mark.parametrize("layout", ["ru", "fr"])
def test_letters_and_digits_are_typed_in_a_field(robot: Robot, layout: str) -> None:
    robot.window.panels.show_note_field()
    strike(layout, "h")
    strike(layout, "1")
    assert robot.labelled == []
    robot.press("Esc")
    assert robot.state.note == {"ru": "р1", "fr": "h&"}[layout]


def test_a_field_copies_and_pastes_with_any_alphabet(robot: Robot) -> None:
    QApplication.clipboard().setText("words")
    robot.window.panels.show_note_field()
    strike("ru", "Ctrl+v")
    strike("ru", "Ctrl+v")
    strike("ru", "Ctrl+z")
    robot.press("Esc")
    assert robot.state.note == "words"
    assert robot.session.store.pages.count() == 1


def test_a_held_key_acts_once_in_any_alphabet(robot: Robot) -> None:
    window = robot.window.windowHandle()
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) * 3:
        event = stroke("ru", "b", kind)
        event.setTimestamp(5_000)
        QApplication.sendEvent(window, event)
        if kind == QEvent.Type.KeyPress:
            released = stroke("ru", "b", QEvent.Type.KeyRelease)
            released.setTimestamp(5_000)
            QApplication.sendEvent(window, released)
    robot.settle()
    assert robot.labelled == [("body", "A headline")]


def test_a_key_without_a_meaning_and_one_of_an_unknown_code_do_nothing(robot: Robot) -> None:
    strike("ru", "q")
    unknown = QKeyEvent(
        QEvent.Type.KeyPress, ord("Р"), Qt.KeyboardModifier.NoModifier, 250, 0, 0, "р"
    )
    QApplication.sendEvent(robot.window.windowHandle(), unknown)
    assert robot.labelled == []


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_the_mnemonics_of_menus_and_dialogs_work_in_any_alphabet(robot: Robot) -> None:
    strike("ru", "Alt+f")
    robot.qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    back(robot)
    tabs = []

    def choose(dialog: SettingsDialog) -> None:
        strike("ru", "Alt+k")
        tabs.append(dialog.tabs.tabText(dialog.tabs.currentIndex()))

    when_modal(SettingsDialog, choose)
    robot.window.run("file.settings")
    assert tabs == ["&Keys"]


def test_the_recorder_takes_the_key_that_is_meant(robot: Robot) -> None:
    messages, keys = [], []

    def choose(dialog: SettingsDialog) -> None:
        page = dialog.keys
        page.select("page.next")
        page.add.click()
        strike("ru", "h")
        messages.append(page.recorder.text())
        strike("ru", "Ctrl+g")
        page.select("page.next")
        row = page.table.currentItem()
        assert row is not None
        keys.append(row.text(1))

    when_modal(SettingsDialog, choose)
    robot.window.run("file.settings")
    assert messages[0].startswith("H is already the key of “Label headline”.")
    assert keys == ["D, Alt+Right, Ctrl+G"]
    back(robot)
    strike("ru", "Ctrl+g")
    assert robot.window.settings.keys["page.next"] == ("D", "Alt+Right", "Ctrl+G")


def test_a_key_that_was_chosen_acts_by_its_place_too(robot: Robot) -> None:
    robot.window.actions_by_id.set_keys({"label.as.body": ("Q",), "label.as.ticker": ("Ctrl+T",)})
    strike("ru", "q")
    strike("gr", "Ctrl+t")
    assert [label for label, _ in robot.labelled] == ["body", "ticker"]


def test_buttons_menus_and_the_key_sheet_show_the_keys_of_this_keyboard(robot: Robot) -> None:
    strike("ru", "h")
    button = robot.window.panels.labels.button("headline")
    assert "1 H (Р)" in [label.text() for label in button.findChildren(QLabel)]
    assert "H (Р)" in robot.window.actions_by_id["label.as.headline"].toolTip()
    caps: list[str] = []

    def read(sheet: KeySheet) -> None:
        caps.extend(label.text() for label in sheet.findChildren(QLabel))

    when_modal(KeySheet, read)
    robot.window.run("help.keys")
    assert "Shift+H (Р)" in caps
    back(robot)
    strike("ru", "z")
    robot.settle()
    assert robot.window.actions_by_id["edit.undo"].text().endswith("\tCtrl+Z (Я)")
