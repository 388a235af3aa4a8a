from math import inf

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from segmark.core.page import Page, PageInfo
from segmark.core.span import Span
from segmark.gui.base import theme as themes
from segmark.gui.page.margin import Name, SpanBar, bars, names
from segmark.gui.page.view import PageView

from tests.factories import LABELS

_LEFT = Qt.MouseButton.LeftButton
TEXT = "Read more Ferry sails\n\n  The first caption  \nThe second caption\n\n" + "\n".join(
    f"Paragraph {n} of the body" for n in range(100)
)


@pytest.fixture
def view(qtbot: QtBot) -> PageView:
    made = PageView()
    qtbot.addWidget(made)
    made.set_labels(LABELS, themes.LIGHT)
    made.resize(900, 600)
    made.show()
    made.show_page(Page.of("p", TEXT, PageInfo("p.txt")))
    QApplication.processEvents()
    return made


def span_of(quoted: str, label: str) -> Span:
    start = TEXT.index(quoted)
    return Span(start, start + len(quoted), label)


def beside(view: PageView, offset: int) -> QPoint:
    """The point of the margin beside the line of an offset."""
    line = view.places.line(offset)
    assert line
    return QPoint(20, round((line.top + line.bottom) / 2))


def shown_bars(view: PageView) -> list[SpanBar]:
    return bars(view.places, view.spans_in_view(), view.suggestions_in_view())


def send(view: PageView, kind: QEvent.Type, point: QPoint, *, held: bool) -> None:
    margin = view.margin
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else _LEFT
    event = QMouseEvent(
        kind,
        QPointF(point),
        margin.mapToGlobal(QPointF(point)),
        button,
        _LEFT if held else Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(margin, event)


def test_a_bar_goes_from_the_first_line_of_its_span_to_the_last(view: PageView) -> None:
    start, end = TEXT.index("Paragraph 3 "), TEXT.index("\nParagraph 7 ")
    view.set_spans([Span(start, end, "body")])
    first, last = view.places.line(start), view.places.line(end - 1)
    assert first
    assert last
    assert [(bar.top, bar.bottom) for bar in shown_bars(view)] == [(first.top, last.bottom)]


def test_captions_in_a_row_have_bars_of_their_own(view: PageView) -> None:
    view.set_spans(
        [span_of("The first caption", "caption"), span_of("The second caption", "caption")]
    )
    above, below = shown_bars(view)
    assert above.bottom < below.top


def test_spans_on_one_line_share_its_height_in_their_order(view: PageView) -> None:
    view.set_spans([span_of("Read more", "ticker"), span_of("Ferry sails", "headline")])
    line = view.places.line(0)
    assert line
    above, below = shown_bars(view)
    assert (above.top, below.bottom) == pytest.approx((line.top, line.bottom))
    assert above.bottom == pytest.approx(below.top)


def test_both_names_of_a_line_are_readable_and_apart(view: PageView) -> None:
    view.set_spans([span_of("Read more", "ticker"), span_of("Ferry sails", "headline")])
    height = view.margin._metrics.height()
    ticker, headline = names(shown_bars(view), height)
    assert (ticker.text, headline.text) == ("ticker", "headline")
    assert headline.top >= ticker.top + height


def test_names_beyond_two_on_a_line_are_counted(view: PageView) -> None:
    view.set_spans([Span(at, at + 1, label) for at, label in enumerate(("ticker", "body") * 2)])
    height = view.margin._metrics.height()
    placed = names(shown_bars(view), height)
    assert [name.text for name in placed] == ["ticker", "+3"]


def test_a_span_that_begins_above_has_its_name_at_the_top_of_the_view() -> None:
    bar = SpanBar(Span(0, 9, "body"), None, -inf, 400.0, None, 420.0)
    assert names([bar], 15) == [Name("body", "body", 3)]
    nearly_gone = SpanBar(Span(0, 9, "body"), None, -inf, 10.0, None, 15.0)
    assert names([nearly_gone], 15) == [Name("body", "body", -5)]


def test_a_span_that_goes_on_below_has_a_bar_without_end(view: PageView) -> None:
    start = TEXT.index("Paragraph 1 ")
    view.set_spans([Span(start, len(TEXT), "body")])
    (bar,) = shown_bars(view)
    assert bar.bottom == inf
    view.verticalScrollBar().setValue(40)
    (bar,) = shown_bars(view)
    assert (bar.top, bar.bottom) == (-inf, inf)


def test_a_click_takes_the_block_without_the_white_space_around_it(
    view: PageView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(view.range_chosen) as chosen:
        QTest.mouseClick(view.margin, _LEFT, pos=beside(view, TEXT.index("first")))
    span = span_of("The first caption", "caption")
    assert view.selection == (span.start, span.end)
    assert chosen.args == [span.start, span.end]
    assert view.hasFocus()


def test_a_drag_takes_a_range_of_blocks_in_either_direction(view: PageView) -> None:
    first, last = beside(view, TEXT.index("first")), beside(view, TEXT.index("Paragraph 4 "))
    start, end = TEXT.index("The first"), TEXT.index("\nParagraph 5 ")
    for begin, finish, expected in ((first, last, (start, end)), (last, first, (end, start))):
        send(view, QEvent.Type.MouseButtonPress, begin, held=True)
        send(view, QEvent.Type.MouseMove, finish, held=True)
        send(view, QEvent.Type.MouseButtonRelease, finish, held=False)
        assert view.selection == expected


def test_a_click_with_shift_extends_by_blocks(view: PageView) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(view.margin, _LEFT, pos=beside(view, TEXT.index("second")))
    QTest.mouseClick(view.margin, _LEFT, shift, beside(view, TEXT.index("Paragraph 2 ")))
    assert view.selection == (TEXT.index("The second"), TEXT.index("\nParagraph 3 "))
    QTest.mouseClick(view.margin, _LEFT, shift, beside(view, TEXT.index("first")))
    assert view.selection == (TEXT.index("\n\nParagraph 0 "), TEXT.index("The first"))


def test_a_block_taller_than_the_view_is_taken_without_scrolling(view: PageView) -> None:
    view.show_page(Page.of("q", "many words " * 2_000 + "\nend", PageInfo("q.txt")))
    view.verticalScrollBar().setValue(30)
    QTest.mouseClick(view.margin, _LEFT, pos=QPoint(20, 200))
    assert view.selection == (0, len("many words " * 2_000) - 1)
    top = view.places.rows[0]
    assert (top.start, view.verticalScrollBar().value()) == (0, 30)


def test_the_margin_is_wide_enough_for_every_name_and_number(view: PageView) -> None:
    margin = view.margin
    numbers = margin._number_width()
    widest = margin._metrics.horizontalAdvance("headline")
    assert margin.sizeHint().width() > numbers + widest
    many = "\n".join("x" for _ in range(10_000))
    narrow = margin.sizeHint().width()
    view.show_page(Page.of("q", many, PageInfo("q.txt")))
    assert margin.sizeHint().width() > narrow
    assert view.viewport().x() >= margin.sizeHint().width()


def test_a_tooltip_tells_the_label_and_the_length_of_a_span(view: PageView) -> None:
    span = span_of("The first caption", "caption")
    view.set_spans([span])
    assert view.margin.tip(beside(view, span.start).y()) == "caption · 17 characters"
    assert view.margin.tip(beside(view, TEXT.index("Paragraph 3 ")).y()) == ""


def has_colour(view: PageView, colour: QColor, offset: int) -> bool:
    """Whether the margin shows the colour beside the line of an offset."""
    image = QImage(view.margin.grab().toImage())
    y = round(beside(view, offset).y() * image.devicePixelRatio())
    return any(image.pixelColor(x, y) == colour for x in range(image.width()))


def test_bars_and_the_marker_of_the_caret_are_painted_where_they_belong(view: PageView) -> None:
    span = span_of("The second caption", "caption")
    view.set_spans([span])
    elsewhere = TEXT.index("Paragraph 5 ")
    bar = themes.LIGHT.label_colour(LABELS["caption"])
    assert has_colour(view, bar, span.start)
    assert not has_colour(view, bar, elsewhere)
    marker = QColor(themes.LIGHT.accent)
    view.select(elsewhere, elsewhere)
    assert has_colour(view, marker, elsewhere)
    assert not has_colour(view, marker, span.start)
    view.set_spans([])
    assert not has_colour(view, bar, span.start)


class PaintWatch(QObject):
    """Records the regions of a widget that are painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = QRegion()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            self.painted += event.region()
        return False


def test_only_what_changed_is_painted_even_if_no_text_is(view: PageView) -> None:
    apart = [span_of(f"Paragraph {n} of the body", "body") for n in (3, 4)]
    view.set_spans(apart)
    QApplication.processEvents()
    watch = PaintWatch()
    view.margin.installEventFilter(watch)
    # The tints of the text do not change, but two bars become one.
    view.set_spans([Span(apart[0].start, apart[1].end, "body")])
    QApplication.processEvents()
    assert watch.painted.contains(beside(view, apart[1].start))
    assert not watch.painted.contains(beside(view, TEXT.index("Paragraph 6 ")))


def test_the_block_under_the_pointer_is_lit_until_the_pointer_leaves(view: PageView) -> None:
    at = TEXT.index("Paragraph 5 ")
    lit = QColor(themes.LIGHT.hover)
    send(view, QEvent.Type.MouseMove, beside(view, at), held=False)
    assert has_colour(view, lit, at)
    QApplication.sendEvent(view.margin, QEvent(QEvent.Type.Leave))
    assert not has_colour(view, lit, at)


def test_the_margin_can_be_painted_before_changed_blocks_are_laid_out_again(view: PageView) -> None:
    line, point = view.places.line(30), QPoint(40, 60)
    margin, hit = view.margin.grab().toImage(), view.places.hit(point)
    document = view.document()
    document.markContentsDirty(0, document.characterCount())
    assert view.margin.grab().toImage() == margin
    document.markContentsDirty(0, document.characterCount())
    assert view.places.hit(point) == hit
    document.markContentsDirty(0, document.characterCount())
    assert view.places.line(30) == line
