"""The find bar."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from segmark.gui.base.theme import DARK, LIGHT
from segmark.gui.page.find_bar import FindBar, count_text

_SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window with a field that has the focus, and the bar below it."""
    window = QWidget()
    column = QVBoxLayout(window)
    page = QLineEdit()
    column.addWidget(page)
    column.addWidget(FindBar(LIGHT))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    page.setFocus()
    return window


@pytest.fixture
def bar(window: QWidget) -> FindBar:
    bar = window.findChild(FindBar)
    assert isinstance(bar, FindBar)
    return bar


def test_the_bar_is_hidden_until_it_is_opened(bar: FindBar) -> None:
    assert not bar.isVisible()
    bar.open()
    assert bar.isVisible()
    assert bar.field.hasFocus()


def test_what_is_typed_is_searched_letter_by_letter(bar: FindBar) -> None:
    bar.open()
    searched: list[tuple[str, bool]] = []
    bar.searched.connect(lambda text, case: searched.append((text, case)))
    QTest.keyClicks(bar.field, "Ir")
    bar.case.click()
    assert searched == [("I", False), ("Ir", False), ("Ir", True)]
    assert (bar.text, bar.match_case) == ("Ir", True)


def test_opening_it_again_searches_again_and_selects_what_stands_there(bar: FindBar) -> None:
    bar.open("ships")
    bar.dismiss()
    searched: list[str] = []
    bar.searched.connect(lambda text, _case: searched.append(text))
    bar.open()
    assert searched == ["ships"]
    assert bar.field.selectedText() == "ships"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_goes_on_and_shift_enter_back(bar: FindBar, key: Qt.Key) -> None:
    bar.open("ships")
    steps: list[int] = []
    bar.step.connect(steps.append)
    QTest.keyClick(bar.field, key)
    QTest.keyClick(bar.field, key, _SHIFT)
    assert steps == [1, -1]


def test_enter_with_nothing_typed_goes_nowhere(bar: FindBar) -> None:
    bar.open()
    steps: list[int] = []
    bar.step.connect(steps.append)
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert steps == []


def test_enter_on_a_button_presses_that_button(bar: FindBar) -> None:
    bar.open("ships")
    bar.show_count(1, 2)
    steps: list[int] = []
    bar.step.connect(steps.append)
    bar.previous_button.setFocus()
    QTest.keyClick(bar.previous_button, Qt.Key.Key_Return)
    assert steps == [-1]


def test_escape_closes_and_gives_the_focus_back(bar: FindBar, window: QWidget) -> None:
    page = window.findChild(QLineEdit)
    bar.open("ships")
    bar.open()  # a second Ctrl+F keeps the widget that had the focus
    closed: list[bool] = []
    bar.closed.connect(lambda: closed.append(page is window.focusWidget()))
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert closed == [True]
    assert not bar.isVisible()


def test_the_tab_key_goes_through_the_bar_in_the_order_of_sight(
    bar: FindBar, window: QWidget
) -> None:
    bar.open("ships")
    bar.show_count(1, 2)
    seen = []
    for _ in range(5):
        seen.append(window.focusWidget())
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert seen == [bar.field, bar.previous_button, bar.next_button, bar.case, bar.close_button]


def test_without_hits_the_bar_says_so_and_offers_no_next(bar: FindBar) -> None:
    bar.open("ships")
    bar.show_count(0, 0)
    assert bar.count.text() == "No hits"
    assert not bar.next_button.isEnabled()
    assert not bar.previous_button.isEnabled()


@pytest.mark.parametrize(
    ("searching", "current", "total", "more", "text"),
    [
        (False, 0, 0, False, ""),
        (True, 3, 17, False, "3 of 17"),
        (True, 3, 10000, True, "3 of 10,000+"),
        (True, 0, 1, False, "1 hit"),
        (True, 0, 2, False, "2 hits"),
    ],
)
def test_the_number_of_hits_is_told_in_words(
    searching: bool, current: int, total: int, more: bool, text: str
) -> None:
    assert count_text(searching, current, total, more) == text


def test_it_can_be_drawn_in_another_theme(bar: FindBar) -> None:
    light = bar.next_button.icon().pixmap(16).toImage()
    bar.set_theme(DARK)
    assert bar.next_button.icon().pixmap(16).toImage() != light
