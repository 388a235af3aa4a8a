"""Pasting a text as a page."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from segmark.core.text.normalise import normalise
from segmark.gui.load.paste_dialog import PasteDialog, page_name

_NASTY = "CARACAS\u00a0(AP) — 🚢 e\u0301 👩\u200d👧\r\nZwei\u2028drei\u200b\tשלום\n\n"


def _dialog(qtbot: QtBot, text: str) -> PasteDialog:
    dialog = PasteDialog(text)
    qtbot.addWidget(dialog)
    return dialog


def _replace(dialog: PasteDialog, text: str) -> None:
    """Paste over the whole text."""
    dialog.text_field.selectAll()
    dialog.text_field.insertPlainText(text)


def test_an_unchanged_text_is_exactly_the_one_of_the_clipboard(qtbot: QtBot) -> None:
    assert _dialog(qtbot, _NASTY).text == _NASTY


def test_a_changed_text_keeps_its_special_spaces_and_characters(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, _NASTY)
    dialog.text_field.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClicks(dialog.text_field, "x")
    assert normalise(dialog.text) == "x" + normalise(_NASTY)


def test_a_change_that_is_undone_leaves_the_given_text(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, _NASTY)
    QTest.keyClicks(dialog.text_field, "x")
    dialog.text_field.undo()
    assert dialog.text == _NASTY


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives_being_edited(qtbot: QtBot, raw: str) -> None:
    dialog = PasteDialog(normalise(raw))
    dialog.text_field.moveCursor(QTextCursor.MoveOperation.End)
    dialog.text_field.insertPlainText("x")
    # Qt drops a byte order mark at the start, as loading does.
    assert normalise(dialog.text) == normalise(normalise(raw) + "x")
    dialog.deleteLater()


def test_the_name_is_made_of_the_first_words(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, "\n Ships leave the port on Tuesday\n")
    assert dialog.name == "pasted text: Ships leave the port on"


def test_the_name_follows_the_text_until_it_is_typed(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, "")
    _replace(dialog, "Ferry sails")
    assert dialog.name == "pasted text: Ferry sails"
    dialog.name_field.selectAll()
    QTest.keyClicks(dialog.name_field, "my page")
    _replace(dialog, "Another text")
    assert dialog.name == "my page"
    dialog.name_field.clear()
    assert dialog.name == "pasted text: Another text"


def test_a_long_first_word_does_not_make_a_long_name() -> None:
    assert len(page_name("x" * 5000)) < 80
    assert page_name("  \n ") == "pasted text"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "There is no text yet."),
        (" \u00a0\n", "There is no text yet."),
        ("one", "1 word in 1 line"),
        ("one two\r\n\r\nthree\u2028four", "4 words in 3 lines"),
    ],
)
def test_words_and_lines_are_counted(qtbot: QtBot, text: str, line: str) -> None:
    assert _dialog(qtbot, text).counts.text() == line


def test_a_blank_text_can_not_be_added(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, " \n")
    assert not dialog.add_button.isEnabled()
    _replace(dialog, "Ferry sails")
    assert dialog.add_button.isEnabled()


def test_ctrl_enter_adds_the_page_while_the_text_has_the_focus(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, "Ferry sails")
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    assert dialog.text_field.hasFocus()
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.text_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_the_tab_key_leaves_the_text(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, "Ferry sails")
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    QTest.keyClick(dialog.text_field, Qt.Key.Key_Tab)
    assert dialog.add_button.hasFocus()
    assert dialog.text == "Ferry sails"


def test_a_very_long_line_without_spaces_is_wrapped_anywhere(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, "x" * 100_000)
    dialog.show()
    assert dialog.text_field.wordWrapMode() == dialog.text_field.wordWrapMode().WrapAnywhere
