from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from segmark.gui.base import theme as themes
from segmark.gui.page.text import PageText
from segmark.gui.page.view import PageView

from tests.factories import LABELS
from tests.gui.page.page_hand import (
    ALT,
    NASTY,
    NONE,
    click,
    drag,
    page_of,
    point_at,
    selected,
    shown,
)


def test_arrow_keys_stop_at_whole_graphemes_only(qtbot: QtBot) -> None:
    view = shown(qtbot, NASTY)
    first = NASTY.index("\n")
    view.select(0, 0)
    stops = [0]
    while stops[-1] < first:
        QTest.keyClick(view, Qt.Key.Key_Right)
        assert view.selection[1] > stops[-1]
        stops.append(view.selection[1])
    clusters = [NASTY[a:b] for a, b in pairwise(stops)]
    assert {"👩‍👩‍👧", "🇩🇪", "🇫🇷", "e\u0301", "👍🏽", "😀"} <= set(clusters)
    for stop in reversed(stops[:-1]):
        QTest.keyClick(view, Qt.Key.Key_Left)
        assert view.selection == (stop, stop)


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


@settings(max_examples=60)
@given(
    st.integers(0, len(NASTY) - 1),
    st.tuples(*[st.tuples(st.integers(0, 700), st.integers(0, 590))] * 2),
    st.sampled_from([NONE, ALT]),
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
    if modifiers == NONE:
        assert quoted == quoted.strip()
    for offset in view.selection:
        position = PageText(NASTY).to_qt(offset)
        block = view.document().findBlock(position)
        inside = position - block.position()
        assert block.layout().isValidCursorPosition(inside)


@pytest.mark.qt_log_ignore("OpenType support missing")
def test_a_click_never_puts_the_caret_into_a_grapheme(qtbot: QtBot) -> None:
    text = "👩‍👩‍👧 👍🏽 1\ufe0f\u20e3 e\u0301 🇩🇪 क्षि க்ஷ 한"
    view = shown(qtbot, text)
    layout = view.document().firstBlock().layout()
    y = point_at(view, 0).y()
    carets = set()
    for x in range(0, 400, 2):
        click(view, QPoint(x, y))
        carets.add(view.selection[1])
    assert {0, len(text)} <= carets
    assert all(layout.isValidCursorPosition(PageText(text).to_qt(caret)) for caret in carets)


@pytest.mark.parametrize(
    "word",
    ["👩‍👩‍👧", "e\u0301te\u0301", "שלום", "2024", "zero\u200bwidth", "nbsp", "last", "family"],
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
