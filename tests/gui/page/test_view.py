from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextEdit
from pytestqt.qtbot import QtBot
from segmark.core.fold import Folding, fold
from segmark.core.page import Page
from segmark.core.span import Span
from segmark.gui.base import theme as themes
from segmark.gui.page.text import PIECE, PageText
from segmark.gui.page.view import PageView

from tests.factories import LABELS
from tests.gui.page.page_hand import MANY, NASTY, SHIFT, STORY, click, in_view, page_of, shown


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
    """The offsets of the extra selections, in the order of painting."""
    selections = view.extraSelections()  # kept, because they own the cursors
    place = PageText(view.page.text if view.page else "").to_offset
    return [
        (place(each.cursor.selectionStart()), place(each.cursor.selectionEnd()))
        for each in selections
    ]


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


def test_while_one_searches_the_selection_looks_like_the_current_hit(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)

    def ground() -> QColor:
        return view.palette().color(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight)

    view.set_hits([(1, 4)], 0)
    assert ground() == QColor(themes.LIGHT.current_hit)
    view.set_hits([], None)
    assert ground() == QColor(themes.LIGHT.faded_selection)


def test_new_labels_and_another_theme_colour_what_is_shown(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    view.set_spans([Span(1, 4, "body")])
    view.set_labels(LABELS, themes.DARK)
    selections = view.extraSelections()
    colour = selections[0].format.background().color()
    assert colour == themes.DARK.label_tint(LABELS["body"])


def test_the_text_is_no_wider_than_is_comfortable_and_fills_a_narrow_window(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY, width=1_800)
    widest = QFontMetricsF(view.font()).averageCharWidth() * 96
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


def test_what_is_behind_the_break_of_a_long_line_is_out_of_view_with_its_row(
    qtbot: QtBot,
) -> None:
    view = shown(qtbot, "x" * (PIECE + 10))
    view.set_spans([Span(0, PIECE, "body"), Span(PIECE, PIECE + 10, "caption")])
    assert view.places.range == (0, PIECE)
    assert view.places.line(PIECE - 1)
    assert view.places.line(PIECE) is None
    view.grab()
    view.resize(view.width() - 40, view.height())


def test_stepping_through_a_page_keeps_every_block_in_view(qtbot: QtBot) -> None:
    view = shown(qtbot, "\n\n".join(("some words " * (n % 40) + "end") for n in range(80)))
    page = view.page
    assert page
    for block in (*page.blocks, *reversed(page.blocks)):
        view.select(block.start, block.start)
        assert in_view(view, block.start)
        assert in_view(view, block.end)


def test_the_caret_stays_in_view_when_the_text_is_laid_out_anew(qtbot: QtBot) -> None:
    view = shown(qtbot, "some words " * 60 + "\n" + MANY)
    view.select(1_500, 1_500)
    for width, size in ((420, 12), (420, 20), (1_300, 20), (1_300, 9)):
        view.resize(width, 300)
        view.set_font_size(size)
        assert in_view(view, 1_500)


def test_a_caret_that_was_scrolled_out_of_view_does_not_pull_it_back(qtbot: QtBot) -> None:
    view = shown(qtbot, MANY)
    view.verticalScrollBar().setValue(200)
    view.resize(500, 400)
    view.zoom(2)
    assert not in_view(view, 0)


def test_a_line_far_into_a_block_taller_than_the_view_is_brought_into_view(qtbot: QtBot) -> None:
    view = shown(qtbot, "words " * 20_000)
    for offset in (60_000, 60_010, 119_000, 3, 4_000, 3_999):
        view.select(offset, offset)
        assert in_view(view, offset)


def test_a_move_is_told_once_and_none_is_not_told(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    told: list[tuple[int, int]] = []
    view.selection_changed.connect(lambda: told.append(view.selection))
    view.select(5, 9)
    view.select(5, 9)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert told == [(5, 9), (5, 10)]
    view.show_page(page_of("x"))
    assert told[2:] == [(0, 0)]


def test_it_announces_to_screen_readers_without_a_complaint(qtbot: QtBot) -> None:
    view = shown(qtbot, STORY)
    view.announce("Label headline")
    assert view.accessibleName() == "Page text"


def acts_on(view: PageView, page: Page, spans: tuple[Span, ...]) -> list[Callable[[], object]]:
    return [
        lambda: view.verticalScrollBar().setValue(30),
        lambda: view.resize(420, 300),
        lambda: view.zoom(6),
        lambda: view.select(len(page.text), len(page.text)),
        lambda: view.resize(1_300, 900),
        lambda: view.zoom(-8),
        lambda: view.verticalScrollBar().setValue(0),
        lambda: view.set_spans(spans[::2]),
    ]


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
    acts = acts_on(view, page, spans)
    for act in (*acts, *reversed(acts)):
        act()
        view.grab()
        low, high = view.places.range
        shown_now = painted(view)
        assert shown_now
        assert all(low <= a < b <= high for a, b in shown_now)
        assert "\n" not in "".join(page.text[a:b] for a, b in shown_now)


def test_a_fold_inside_a_paragraph_takes_nothing_from_those_after_it(qtbot: QtBot) -> None:
    view = shown(qtbot, f"Headline\nBy Ada\n{'Word ' * 400}\nNext\nLast")
    page = view.page
    assert page is not None
    _, _, long, following, last = page.blocks
    (inside,) = fold(Folding(page, (Span(long.start, long.end, "body"),)))
    view.set_folds((inside,))
    middles = [sum(view.band(index) or ()) / 2 for index in (3, 4)]
    points = [QPoint(20, round(y)) for y in middles]
    assert [view.block_under(point) for point in points] == [following[:2], last[:2]]
    assert [view.fold_under(point) for point in points] == [None, None]
    assert [row.index for row in view.places.rows] == [0, 1, 2, 3, 4]
    click(view, points[0])
    anchor, caret = view.selection
    assert following.start <= anchor == caret < following.end
