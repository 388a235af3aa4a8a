import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from segmark.gui.page.text import PageText
from segmark.gui.page.view import PageView

from tests.gui.page.page_hand import CTRL, MANY, NONE, SHIFT, STORY, in_view, shown


def press(view: PageView, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(view, key, modifiers)


def test_the_caret_keys_move_and_extend_as_in_any_text(qtbot: QtBot) -> None:
    view = shown(qtbot, "one two\nthree")
    press(view, Qt.Key.Key_Right)
    assert view.selection == (1, 1)
    press(view, Qt.Key.Key_Right, CTRL | SHIFT)
    assert view.selection == (1, 4)
    press(view, Qt.Key.Key_End)
    assert view.selection == (7, 7)
    press(view, Qt.Key.Key_Home, SHIFT)
    assert view.selection == (7, 0)
    press(view, Qt.Key.Key_End, CTRL)
    assert view.selection == (13, 13)
    press(view, Qt.Key.Key_Left)
    assert view.selection == (12, 12)


def test_a_page_down_takes_the_caret_along(qtbot: QtBot) -> None:
    view = shown(qtbot, MANY)
    press(view, Qt.Key.Key_PageDown)
    caret = view.selection[1]
    assert caret > 300
    assert in_view(view, caret)
    press(view, Qt.Key.Key_PageUp)
    assert view.selection[1] < caret


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Up, Qt.Key.Key_Down])
def test_keys_of_the_window_do_nothing_of_their_own(qtbot: QtBot, key: Qt.Key) -> None:
    view = shown(qtbot, MANY)
    QLineEdit(view).show()  # a widget that could get the focus
    view.select(40, 40)
    press(view, key)
    assert view.selection == (40, 40)
    assert view.verticalScrollBar().value() == 0
    assert view.hasFocus()


@pytest.mark.parametrize(
    "keys",
    [
        *("Ctrl+C", "Ctrl+Z", "Ctrl+A", "Del", "Tab", "Shift+Tab", "Space", "H", "0", "Down"),
        *("Shift+Down", "Return", "Enter", "[", "Ctrl+Backspace", "Alt+Left", "Home"),
    ],
)
def test_an_action_of_the_view_gets_its_keys(qtbot: QtBot, keys: str) -> None:
    view = shown(qtbot, STORY)
    view.activateWindow()
    action = QAction(view)
    action.setShortcut(QKeySequence(keys))
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    view.addAction(action)
    sequence = QKeySequence(keys)
    with qtbot.waitSignal(action.triggered):
        QTest.keySequence(view, sequence)
    assert view.selection == (1, 1)


@pytest.mark.parametrize("text", ["x" * 9_000, "word 😀 " * 1_200, "é" * 5_000])
def test_an_arrow_key_over_the_break_of_a_long_line_moves_by_one_character(
    qtbot: QtBot, text: str
) -> None:
    view = shown(qtbot, text)
    cut = len(PageText(text).display.split("\n")[0])
    view.select(cut - 2, cut - 2)
    forth = []
    for _ in range(4):
        press(view, Qt.Key.Key_Right)
        forth.append(view.selection[1])
    assert forth == [cut - 1, cut, cut + 1, cut + 2]
    back = []
    for _ in range(4):
        press(view, Qt.Key.Key_Left)
        back.append(view.selection[1])
    assert back == [cut + 1, cut, cut - 1, cut - 2]


def test_what_is_copied_is_the_text_of_the_page(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    view.select(2, 30)
    view.copy()
    assert QGuiApplication.clipboard().text() == STORY[2:30]
