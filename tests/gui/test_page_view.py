from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextEdit
from pytestqt.qtbot import QtBot

from app.core.page import Page, PageInfo
from app.core.span import Span
from app.core.text import normalise
from app.gui import theme as themes
from app.gui.page_view import PageView
from tests.factories import LABELS

_LEFT = Qt.MouseButton.LeftButton
_NONE, _SHIFT, _ALT, _CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
STORY = (
    "\nNav\n\nFerry sails, at last\nThe ferry didn't sail on Monday.\n\n"
    "  It sailed on Tuesday, said the mayor.  \n"
)
NASTY = normalise(
    "\ufeff\ufeffA 😀👩‍👩‍👧🇩🇪🇫🇷 family e\u0301te\u0301 👍🏽!\r\n"
    "שלום עולם, 2024 and back\n"
    "nbsp\u00a0here zero\u200bwidth\ttab soft\u00adhyphen\u2028next\x00nul\ud800lone\n"
    + "word 😀 " * 900
    + "\n"
    + "x😀" * 2_500
    + "\nlast"
)
#: The page that long-lived views show; the text of one paragraph a line.
MANY = "\n".join(f"Line {n} of many, with some words" for n in range(400))


def page_of(text: str) -> Page:
    return Page.of("p", text, PageInfo("p.txt"))


def shown(qtbot: QtBot, text: str, width: int = 900, height: int = 600) -> PageView:
    view = PageView()
    qtbot.addWidget(view)
    view.set_labels(LABELS, themes.LIGHT)
    view.resize(width, height)
    view.show()
    view.show_page(page_of(text))
    view.setFocus()
    QApplication.processEvents()
    return view


def point_at(view: PageView, offset: int) -> QPoint:
    """A point of the viewport just inside the character at an offset."""
    rect = view.cursorRect(view._cursor(offset, offset))
    return QPoint(rect.left() + 1, rect.center().y())


def drag(
    view: PageView, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = _NONE
) -> None:
    def send(kind: QEvent.Type, point: QPoint, held: Qt.MouseButton) -> None:
        button = _LEFT if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
        where = QPointF(point)
        event = QMouseEvent(kind, where, view.mapToGlobal(where), button, held, modifiers)
        QApplication.sendEvent(view.viewport(), event)

    send(QEvent.Type.MouseButtonPress, start, _LEFT)
    send(QEvent.Type.MouseMove, (start + end) / 2, _LEFT)
    send(QEvent.Type.MouseMove, end, _LEFT)
    send(QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.NoButton)


def click(
    view: PageView,
    point: QPoint,
    modifiers: Qt.KeyboardModifier = _NONE,
    times: int = 1,
    pause: int = 20,
) -> None:
    """So many clicks in a row, told apart as the window system would tell them."""
    where = QPointF(point)
    for number in range(times):
        kind = QEvent.Type.MouseButtonDblClick if number == 1 else QEvent.Type.MouseButtonPress
        for each, held in (
            (kind, _LEFT),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            event = QMouseEvent(each, where, view.mapToGlobal(where), _LEFT, held, modifiers)
            event.setTimestamp(10_000 + pause * number)
            QApplication.sendEvent(view.viewport(), event)


def selected(view: PageView) -> str:
    assert view.page
    start, end = sorted(view.selection)
    return view.page.text[start:end]


# Showing


def test_the_caret_of_a_new_page_is_in_its_first_block_that_has_text(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    assert view.selection == (1, 1)
    assert view.caret_block == 0


def test_no_page_leaves_an_empty_view(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    view.set_spans([Span(1, 4, "body")])
    view.show_page(None)
    view.select(1, 2)
    assert view.selection == (0, 0)
    assert view.caret_block is None
    assert view.extraSelections() == []
    click(view, QPoint(50, 50), times=2)
    view.grab()


def test_a_page_of_white_space_only_can_be_shown(qtbot: QtBot) -> None:
    view = shown(qtbot, " \n\n ")
    click(view, QPoint(50, 20), times=3)
    assert view.selection[0] == view.selection[1]
    assert view.caret_block is None


def painted(view: PageView) -> list[tuple[int, int]]:
    """The offsets of what is painted beside the selection, in the order of the painting."""
    cursors = [each.cursor for each in view.extraSelections()]
    places = view._text.to_offset
    return [(places(each.selectionStart()), places(each.selectionEnd())) for each in cursors]


def test_a_span_is_painted_in_the_tint_of_its_label_without_the_ends_of_its_lines(
    qtbot: QtBot,
) -> None:
    view = shown(qtbot, STORY)
    start, end = STORY.index("Ferry"), STORY.index(" at last")
    view.set_spans([Span(1, 4, "caption"), Span(start, STORY.index("  It"), "body")])
    line = STORY.index("\n", start)
    assert painted(view) == [(1, 4), (start, line), (line + 1, STORY.index("\n\n  It"))]
    colours = [each.format.background().color() for each in view.extraSelections()]
    assert colours[0] == themes.LIGHT.label_tint(LABELS["caption"])
    assert end < line


def test_only_what_is_in_view_is_painted_and_it_follows_the_scroll_bar(qtbot: QtBot) -> None:
    view = shown(qtbot, MANY)
    page = view.page
    assert page
    spans = tuple(Span(block.start, block.end, "body") for block in page.blocks)
    view.set_spans(spans)
    assert 10 < len(painted(view)) < 60
    view.verticalScrollBar().setValue(200)
    low, high = view.places.range
    assert painted(view)[0][0] == low > spans[150].start
    assert painted(view)[-1][1] == high


def test_spans_of_the_page_before_are_gone_with_it(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    view.set_spans([Span(1, 4, "body")])
    view.set_hits([(1, 4)], 0)
    view.show_page(page_of("Another"))
    assert painted(view) == []


def test_hits_are_marked_over_the_spans_and_the_current_one_differently(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    hits = [(at, at + 5) for at in range(len(STORY)) if STORY.startswith("erry ", at)]
    view.set_spans([Span(1, 4, "body")])
    view.set_hits(hits, 1)
    assert painted(view) == [(1, 4), *hits]
    colours = [each.format.background().color() for each in view.extraSelections()]
    assert colours[1:] == [QColor(themes.LIGHT.hit), QColor(themes.LIGHT.current_hit)]


def test_new_labels_and_another_theme_colour_what_is_shown(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    view.set_spans([Span(1, 4, "body")])
    view.set_labels(LABELS, themes.DARK)
    colour = view.extraSelections()[0].format.background().color()
    assert colour == themes.DARK.label_tint(LABELS["body"])


def test_the_text_is_no_wider_than_is_comfortable_and_fills_a_narrow_window(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY, width=1_800)
    widest = view.fontMetrics().averageCharWidth() * 95
    assert view.viewport().width() < widest
    assert view.viewport().x() > view.margin.sizeHint().width()
    view.resize(500, 600)
    bar = view.verticalScrollBar().width()
    assert view.viewport().width() + view.margin.width() + bar == pytest.approx(500, abs=4)


def test_zooming_keeps_within_sensible_sizes_and_says_so(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    sizes: list[int] = []
    view.zoomed.connect(sizes.append)
    size = view.font_size
    view.zoom(2)
    view.zoom(1_000)
    view.zoom(1)
    view.set_font_size(0)
    assert sizes == [size + 2, 40, 7]
    view.set_font_family("DejaVu Serif")
    assert view.font().family() == "DejaVu Serif"


# Scrolling


def in_view(view: PageView, offset: int) -> bool:
    line = view.places.line(offset)
    return line is not None and line.top >= 0 and line.bottom <= view.viewport().height()


def test_the_view_does_not_scroll_for_a_block_that_is_in_view(qtbot: QtBot) -> None:
    view = shown(qtbot, MANY)
    view.verticalScrollBar().setValue(100)
    rows = view.places.rows
    for row in rows[:-2]:
        view.select(row.start, row.start)
        assert view.verticalScrollBar().value() == 100


def test_a_block_out_of_view_comes_into_view_with_some_lines_around_it(qtbot: QtBot) -> None:
    view = shown(qtbot, MANY)
    page = view.page
    assert page
    for index in (300, 40, 41, 399, 0, 20, 19, 200):
        start = page.blocks[index].start
        view.select(start, start)
        assert in_view(view, start)
        for near in (index - 1, index + 1):
            if 0 <= near < len(page.blocks):
                assert in_view(view, page.blocks[near].start), (index, near)


def test_stepping_through_a_page_keeps_every_block_in_view(qtbot: QtBot) -> None:
    view = shown(qtbot, "\n\n".join(("some words " * (n % 40) + "end") for n in range(80)))
    page = view.page
    assert page
    for block in (*page.blocks, *reversed(page.blocks)):
        view.select(block.start, block.start)
        assert in_view(view, block.start)
        assert in_view(view, block.end)


def test_a_line_far_into_a_block_taller_than_the_view_is_brought_into_view(qtbot: QtBot) -> None:
    view = shown(qtbot, "words " * 20_000)
    for offset in (60_000, 60_010, 119_000, 3, 4_000, 3_999):
        view.select(offset, offset)
        assert in_view(view, offset)


# Mouse


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


def test_with_alt_a_drag_takes_characters(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    start, end = STORY.index("erry didn't"), STORY.index("ail on")
    drag(view, point_at(view, start), point_at(view, end), _ALT)
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
    click(view, point_at(view, at), times=3, pause=QApplication.doubleClickInterval())
    assert view.selection == (at, at)


def test_dragging_on_after_a_double_click_keeps_its_word(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    first, last = point_at(view, STORY.index("idn't")), point_at(view, STORY.index("Monday") + 1)
    back = point_at(view, STORY.index("The ferry") + 1)
    QTest.mousePress(view.viewport(), _LEFT, pos=first)
    QTest.mouseRelease(view.viewport(), _LEFT, pos=first)
    press = QMouseEvent(
        QEvent.Type.MouseButtonDblClick, QPointF(first), QPointF(first), _LEFT, _LEFT, _NONE
    )
    QApplication.sendEvent(view.viewport(), press)
    for point, expected in ((last, "didn't sail on Monday"), (back, "The ferry didn't")):
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(point),
            QPointF(point),
            Qt.MouseButton.NoButton,
            _LEFT,
            _NONE,
        )
        QApplication.sendEvent(view.viewport(), move)
        assert selected(view) == expected
    QTest.mouseRelease(view.viewport(), _LEFT, pos=back)


def test_a_click_with_shift_extends_from_the_anchor_to_a_whole_word(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    click(view, point_at(view, STORY.index("didn't")))
    click(view, point_at(view, STORY.index("onday")), _SHIFT)
    assert selected(view) == "didn't sail on Monday"
    click(view, point_at(view, STORY.index("he ferry") + 1), _SHIFT)
    assert selected(view) == "The ferry"


def test_a_drag_beyond_the_edge_scrolls_and_selects_on(qtbot: QtBot) -> None:
    view = shown(qtbot, MANY)
    viewport = view.viewport()
    QTest.mousePress(viewport, _LEFT, pos=point_at(view, 0))
    below = QPoint(60, viewport.height() + 60)
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(below), QPointF(below), Qt.MouseButton.NoButton, _LEFT, _NONE
    )
    QApplication.sendEvent(viewport, move)
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 20)
    QTest.mouseRelease(viewport, _LEFT, pos=below)
    end = view.selection[1]
    assert view.selection[0] == 0
    assert end > len(MANY[:600])
    value = view.verticalScrollBar().value()
    QTest.qWait(100)
    assert view.verticalScrollBar().value() == value


def test_a_click_right_of_the_column_puts_the_caret_at_the_end_of_the_line(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY, width=1_600)
    inside = point_at(view, STORY.index("Nav"))
    QTest.mouseClick(view, _LEFT, pos=QPoint(1_500, inside.y()))
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


# Keys


def press(view: PageView, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    QTest.keyClick(view, key, modifiers)


def test_the_caret_keys_move_and_extend_as_in_any_text(qtbot: QtBot) -> None:
    view = shown(qtbot, "one two\nthree")
    press(view, Qt.Key.Key_Right)
    assert view.selection == (1, 1)
    press(view, Qt.Key.Key_Right, _CTRL | _SHIFT)
    assert view.selection == (1, 4)
    press(view, Qt.Key.Key_End)
    assert view.selection == (7, 7)
    press(view, Qt.Key.Key_Home, _SHIFT)
    assert view.selection == (7, 0)
    press(view, Qt.Key.Key_End, _CTRL)
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
    view.select(40, 40)
    press(view, key)
    assert view.selection == (40, 40)
    assert view.verticalScrollBar().value() == 0
    assert view.hasFocus()


@pytest.mark.parametrize(
    "keys",
    ["Ctrl+C", "Ctrl+Z", "Ctrl+A", "Del", "Tab", "Shift+Tab", "Space", "H", "0", "Down"]
    + ["Shift+Down", "Return", "Enter", "[", "Ctrl+Backspace", "Alt+Left", "Home", "Ctrl+Right"],
)
def test_an_action_of_the_view_gets_its_keys(qtbot: QtBot, keys: str) -> None:
    view = shown(qtbot, STORY)
    view.activateWindow()
    action = QAction(view)
    action.setShortcut(QKeySequence(keys))
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    view.addAction(action)
    sequence = QKeySequence(keys)
    with qtbot.waitSignal(action.triggered, timeout=1_000):
        QTest.keySequence(view, sequence)
    assert view.selection == (1, 1)


@pytest.mark.parametrize("text", ["x" * 9_000, "word 😀 " * 1_200, "é" * 5_000])
def test_an_arrow_key_over_the_break_of_a_long_line_moves_by_one_character(
    qtbot: QtBot, text: str
) -> None:
    view = shown(qtbot, text)
    cut = len(view._text.display.split("\n")[0])
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
    view = shown(qtbot, NASTY)
    view.select(2, len(NASTY))
    view.copy()
    assert QGuiApplication.clipboard().text() == NASTY[2:]


# What is told


def test_a_move_is_told_once_and_none_is_not_told(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    told: list[tuple[int, int]] = []
    view.selection_changed.connect(lambda: told.append(view.selection))
    view.select(5, 9)
    view.select(5, 9)
    press(view, Qt.Key.Key_Right, _SHIFT)
    assert told == [(5, 9), (5, 10)]
    view.show_page(page_of("x"))
    assert told[2:] == [(0, 0)]


def test_it_announces_to_screen_readers_without_a_complaint(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    view.announce("Label headline")
    assert view.accessibleName() == "Page text"


# Nasty text


def boundaries(view: PageView) -> list[int]:
    """The offsets at which the caret can stand, gone through with the right arrow key."""
    view.select(0, 0)
    found = [0]
    assert view.page
    while found[-1] < min(700, len(view.page.text)):
        press(view, Qt.Key.Key_Right)
        found.append(view.selection[1])
    return found


def test_arrow_keys_stop_at_whole_graphemes_and_go_on_to_the_end(qtbot: QtBot) -> None:
    view = shown(qtbot, NASTY)
    stops = boundaries(view)
    assert stops == sorted(set(stops))
    first = NASTY.split("\n", 1)[0]
    clusters = [first[a:b] for a, b in zip(stops, stops[1:], strict=False) if b <= len(first)]
    assert "👩‍👩‍👧" in clusters
    assert "🇩🇪" in clusters
    assert "e\u0301" in clusters
    assert "👍🏽" in clusters


@pytest.fixture(scope="module")
def nasty_view(qapp: QApplication) -> PageView:
    view = PageView()
    view.set_labels(LABELS, themes.LIGHT)
    view.resize(900, 600)
    view.show()
    view.show_page(page_of(NASTY))
    return view


@given(st.tuples(*[st.integers(0, len(NASTY))] * 2))
def test_whatever_is_selected_is_what_is_told_and_copied(
    nasty_view: PageView, ends: tuple[int, int]
) -> None:
    nasty_view.select(*ends)
    assert nasty_view.selection == ends
    start, end = sorted(ends)
    assert nasty_view.createMimeDataFromSelection().text() == NASTY[start:end].removeprefix(
        "\ufeff"
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(NASTY) - 1),
    st.tuples(*[st.tuples(st.integers(0, 700), st.integers(0, 590))] * 2),
    st.sampled_from([_NONE, _ALT]),
)
def test_a_drag_anywhere_selects_whole_words_or_whole_graphemes(
    nasty_view: PageView,
    near: int,
    points: tuple[tuple[int, int], tuple[int, int]],
    modifiers: Qt.KeyboardModifier,
) -> None:
    view = nasty_view
    view.select(near, near)
    drag(view, QPoint(*points[0]), QPoint(*points[1]), modifiers)
    start, end = sorted(view.selection)
    quoted = NASTY[start:end]
    assert 0 <= start <= end <= len(NASTY)
    if modifiers == _NONE:
        assert quoted == quoted.strip()
    for offset in view.selection:
        block = view.document().findBlock(view._text.to_qt(offset))
        inside = view._text.to_qt(offset) - block.position()
        assert block.layout().isValidCursorPosition(inside)


@pytest.mark.parametrize(
    "word", ["👩‍👩‍👧", "e\u0301te\u0301", "שלום", "2024", "zero\u200bwidth", "nbsp", "last", "family"]
)
def test_a_double_click_takes_the_same_word_as_the_source_has(
    nasty_view: PageView, word: str
) -> None:
    start = NASTY.index(word)
    nasty_view.select(start, start)
    line = nasty_view.places.hit
    middle = start + (len(word) // 2 if word.isalnum() else 0)
    point = point_at(nasty_view, middle)
    if word == "שלום":
        point -= QPoint(4, 0)
    assert line(point).start >= start
    click(nasty_view, point, times=2)
    got = selected(nasty_view)
    assert got == NASTY[start : start + len(got)]
    assert got.startswith(word[:2])
    assert not any(char.isspace() for char in got)


def test_a_drag_over_a_right_to_left_line_selects_its_words_in_reading_order(
    nasty_view: PageView,
) -> None:
    view = nasty_view
    start = NASTY.index("שלום")
    view.select(start, start)
    first = point_at(view, start) - QPoint(6, 0)
    second = point_at(view, start + 7) - QPoint(2, 0)
    assert first.x() > second.x()
    drag(view, first, second)
    assert selected(view) == "שלום עולם"
    drag(view, second, first)
    assert selected(view) == "שלום עולם"


def test_a_right_to_left_line_stands_at_the_right(nasty_view: PageView) -> None:
    start = NASTY.index("שלום")
    nasty_view.select(start, start)
    assert point_at(nasty_view, start).x() > nasty_view.viewport().width() * 0.9


def test_ten_thousand_spans_cost_what_is_in_view(
    qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    view = shown(qtbot, "\n".join(f"line {n}" for n in range(10_000)))
    page = view.page
    assert page
    view.set_spans(tuple(Span(block.start, block.end, "body") for block in page.blocks))
    assert len(view.extraSelections()) < 60
    view.select(page.blocks[9_000].start, page.blocks[9_000].start)
    assert 5 < len(view.extraSelections()) < 60
    assert isinstance(view.extraSelections()[0], QTextEdit.ExtraSelection)


def test_scrolling_zooming_and_resizing_in_any_order_never_paint_a_wrong_range(
    qtbot: QtBot,
) -> None:
    view = shown(qtbot, NASTY + "\n" + MANY)
    page = view.page
    assert page
    spans = tuple(Span(block.start, block.end, "body") for block in page.blocks)
    view.set_spans(spans)
    acts: list[Callable[[], object]] = [
        lambda: view.verticalScrollBar().setValue(30),
        lambda: view.resize(420, 300),
        lambda: view.zoom(6),
        lambda: view.select(len(page.text), len(page.text)),
        lambda: view.resize(1_300, 900),
        lambda: view.zoom(-8),
        lambda: view.verticalScrollBar().setValue(0),
        lambda: view.set_spans(spans[::2]),
    ]
    for act in (*acts, *reversed(acts)):
        act()
        view.grab()
        low, high = view.places.range
        shown_now = painted(view)
        assert shown_now
        assert all(low <= a < b <= high for a, b in shown_now)
        assert "\n" not in "".join(page.text[a:b] for a, b in shown_now)
