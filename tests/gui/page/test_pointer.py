import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.page.page_hand import (
    ALT,
    CTRL,
    LEFT,
    MANY,
    SHIFT,
    STORY,
    click,
    drag,
    point_at,
    selected,
    send,
    shown,
)


def test_a_click_puts_the_caret_and_nothing_is_chosen(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    chosen: list[tuple[int, int]] = []
    view.range_chosen.connect(lambda *ends: chosen.append(ends))
    at = STORY.index("sail on")
    click(view, point_at(view, at))
    assert view.selection == (at, at)
    assert view.caret_block == 2
    assert chosen == []


def test_a_click_that_trembles_is_still_a_click(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    at = STORY.index("sail on")
    drag(view, point_at(view, at), point_at(view, at) + QPoint(2, 1))
    assert view.selection == (at, at)


def test_a_drag_takes_whole_words_and_tells_when_it_ends(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    chosen: list[tuple[int, int]] = []
    view.range_chosen.connect(lambda *ends: chosen.append(ends))
    start, end = STORY.index("erry didn't"), STORY.index("ail on")
    drag(view, point_at(view, start), point_at(view, end))
    assert selected(view) == "ferry didn't sail"
    assert view.selection == (STORY.index("ferry"), STORY.index(" on Monday"))
    assert chosen == [view.selection]


def test_a_drag_backwards_takes_the_same_words_with_the_caret_at_their_start(
    qtbot: QtBot,
) -> None:
    view = shown(qtbot, STORY)
    start, end = STORY.index("erry didn't"), STORY.index("ail on")
    drag(view, point_at(view, end), point_at(view, start))
    assert view.selection == (STORY.index(" on Monday"), STORY.index("ferry"))


def test_a_drag_that_stops_at_the_edge_of_a_word_does_not_take_it(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    view.set_font_size(24)  # a pixel is a small part of a comma
    start, end = STORY.index("Ferry"), STORY.index(", at last")
    drag(view, point_at(view, start), point_at(view, end))
    assert selected(view) == "Ferry sails"
    drag(view, point_at(view, end), point_at(view, start))
    assert selected(view) == "Ferry sails"


def test_a_drag_from_a_space_takes_the_words_that_it_touches(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    start, end = STORY.index(" at last"), STORY.index("didn't")
    drag(view, point_at(view, start), point_at(view, end + 2))
    assert selected(view) == "at last\nThe ferry didn't"


def test_a_drag_over_white_space_only_selects_nothing(qtbot: QtBot) -> None:
    view = shown(qtbot, "a" + " " * 20 + "b")
    drag(view, point_at(view, 5), point_at(view, 15))
    assert view.selection == (5, 5)


@pytest.mark.parametrize("held", [ALT, CTRL, CTRL | ALT])
def test_with_alt_or_ctrl_a_drag_takes_characters(qtbot: QtBot, held: Qt.KeyboardModifier) -> None:
    view = shown(qtbot, STORY)
    start, end = STORY.index("erry didn't"), STORY.index("ail on")
    drag(view, point_at(view, start), point_at(view, end), held)
    assert selected(view) == "erry didn't s"


def test_a_double_click_takes_a_word(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    click(view, point_at(view, STORY.index("dn't")), times=2)
    assert selected(view) == "didn't"


def test_a_triple_click_takes_the_block_without_the_white_space_around_it(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    chosen: list[tuple[int, int]] = []
    view.range_chosen.connect(lambda *ends: chosen.append(ends))
    click(view, point_at(view, STORY.index("Tuesday")), times=3)
    assert selected(view) == "It sailed on Tuesday, said the mayor."
    assert chosen[-1] == view.selection


def test_a_third_click_that_comes_late_is_a_click(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    at = STORY.index("Tuesday")
    click(view, point_at(view, at), times=3, pause=QApplication.doubleClickInterval() + 1)
    assert view.selection == (at, at)


def test_dragging_on_after_a_double_click_keeps_its_word(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    first, last = point_at(view, STORY.index("idn't")), point_at(view, STORY.index("Monday") + 1)
    back = point_at(view, STORY.index("The ferry") + 1)
    click(view, first)
    send(view, QEvent.Type.MouseButtonDblClick, first)
    send(view, QEvent.Type.MouseMove, last)
    assert selected(view) == "didn't sail on Monday"
    send(view, QEvent.Type.MouseMove, back)
    assert selected(view) == "The ferry didn't"
    send(view, QEvent.Type.MouseButtonRelease, back)


def test_the_word_of_a_double_click_stays_though_the_drag_does_not_touch_it(
    qtbot: QtBot,
) -> None:
    view = shown(qtbot, STORY)
    behind = point_at(view, STORY.index(" sail on"))
    click(view, behind)
    send(view, QEvent.Type.MouseButtonDblClick, behind)
    assert selected(view) == "didn't"
    send(view, QEvent.Type.MouseMove, point_at(view, STORY.index("Monday") + 1))
    assert selected(view) == "didn't sail on Monday"
    send(view, QEvent.Type.MouseButtonRelease, behind)


def test_a_release_without_a_press_chooses_nothing(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    chosen: list[tuple[int, int]] = []
    view.range_chosen.connect(lambda *ends: chosen.append(ends))
    view.select(1, 4)
    send(view, QEvent.Type.MouseButtonRelease, point_at(view, 2))
    assert chosen == []


def test_a_click_with_shift_extends_from_the_anchor_to_a_whole_word(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    click(view, point_at(view, STORY.index("didn't")))
    click(view, point_at(view, STORY.index("onday")), SHIFT)
    assert selected(view) == "didn't sail on Monday"
    click(view, point_at(view, STORY.index("he ferry") + 1), SHIFT)
    assert selected(view) == "The ferry"


def test_a_drag_beyond_the_edge_scrolls_and_selects_on(qtbot: QtBot) -> None:
    view = shown(qtbot, MANY)
    below = QPoint(60, view.viewport().height() + 60)
    send(view, QEvent.Type.MouseButtonPress, point_at(view, 0))
    send(view, QEvent.Type.MouseMove, below)
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 20)
    send(view, QEvent.Type.MouseButtonRelease, below)
    assert view.selection[0] == 0
    assert view.selection[1] > 600
    assert not view.pointer._timer.isActive()


def test_a_click_right_of_the_column_puts_the_caret_at_the_end_of_the_line(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY, width=1_600)
    inside = point_at(view, STORY.index("Nav"))
    QTest.mouseClick(view, LEFT, pos=QPoint(1_500, inside.y()))
    assert view.selection == (4, 4)


def test_the_right_button_keeps_a_selection_under_it_and_else_puts_the_caret(
    qtbot: QtBot,
) -> None:
    view = shown(qtbot, STORY)
    view.select(STORY.index("Ferry"), STORY.index(", at"))
    right = Qt.MouseButton.RightButton
    QTest.mouseClick(view.viewport(), right, pos=point_at(view, STORY.index("sails")))
    assert selected(view) == "Ferry sails"
    at = STORY.index("mayor")
    QTest.mouseClick(view.viewport(), right, pos=point_at(view, at))
    assert view.selection == (at, at)
