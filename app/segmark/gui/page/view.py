"""PageView: the text of a page with its spans and the selection."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import floor

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from segmark.core.fold import Fold, fold_at
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.span import Span, overlapping
from segmark.core.suggestion import Suggestion
from segmark.core.text.normalise import trim
from segmark.gui.base.announcements import announce
from segmark.gui.base.theme import LIGHT, Theme
from segmark.gui.page.column import NORMAL, PageColumn
from segmark.gui.page.fold_lines import fold_format, hidden_text, replace_lines, show_lines
from segmark.gui.page.margin import PageMargin, span_tip
from segmark.gui.page.marks import PageMarks
from segmark.gui.page.places import PagePlaces
from segmark.gui.page.pointer import Hit, Pointer
from segmark.gui.page.text import PageText

_CORNER = 6


class PageView(PageColumn):
    """The read-only text of a page; all positions in its interface are offsets in code points.

    The document contains the display form of the text (``PageText``), and nothing is ever read back
    from it. Spans and hits are painted only for the text in view, so their number does not matter.

    Attributes:
        margin: the widget to the left of the text, with block numbers and the bars of spans.
        places: the positions of offsets in the viewport.
        pointer: the selection by mouse.
    """

    #: The anchor or the caret has moved.
    selection_changed = Signal()
    #: The start and end of a range selected with the mouse, when the button is released.
    range_chosen = Signal(int, int)
    #: Spans, suggestions, hits or folds are others, or another page is shown.
    marks_changed = Signal()
    #: What a screen reader is to say.
    announced = Signal(str)
    #: The pointer rests on a span or a suggestion with this label.
    label_pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._text = PageText("")
        self._theme = LIGHT
        self._folds: Sequence[Fold] = ()
        self._selection = (0, 0)
        self._caret_block: int | None = None
        self._busy = self._again = False
        self.places = PagePlaces(self)
        self._marks = PageMarks(self.document(), self.places)
        self.pointer = Pointer(self, self)
        self.pointer.chosen.connect(self.range_chosen)
        self.margin = self._left = PageMargin(self, self, self.pointer)
        self.set_font_size(NORMAL)
        self.setAccessibleName("Page text")
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.updateRequest.connect(self.margin.follow)
        self.cursorPositionChanged.connect(self._moved)
        self.selectionChanged.connect(self._moved)

    @property
    def page(self) -> Page | None:
        """The current page."""
        return self._page

    @property
    def selection(self) -> tuple[int, int]:
        """The offsets of the anchor and the caret; equal if nothing is selected."""
        return self._selection

    @property
    def folds(self) -> Sequence[Fold]:
        """The folds of the page."""
        return self._folds

    def offset_of_line(self, number: int) -> int:
        """The offset where the paragraph with a line begins; lines count from 0 as laid out."""
        block = self.document().findBlockByLineNumber(number)
        return self._text.to_offset(block.position()) if block.isValid() else 0

    @property
    def marks(self) -> PageMarks:
        """The spans, suggestions and hits of the page."""
        return self._marks

    @property
    def caret_block(self) -> int | None:
        """The index of the block that contains the caret (``Page.block_at``)."""
        return self._caret_block

    def show_page(self, page: Page | None, folds: Sequence[Fold] = ()) -> None:
        """Show a page without spans, with the caret in its first block; None for an empty view."""
        with QSignalBlocker(self):
            # Qt would keep the old selections, all at the end of the new text.
            self.setExtraSelections([])
            self._page, self._folds = page, folds
            self._text = PageText(page.text if page else "")
            if page and folds:
                self._text = self._text.hiding(hidden_text(page, folds))
            self._marks.show(self._text)
            self.places.show(None, self._text)
            self.place_column()
            self.setPlainText(self._text.display)
            self._show_fold_lines()
            self.verticalScrollBar().setValue(0)
            self.places.show(page, self._text, folds)
            first = page.blocks[0] if page and page.blocks else None
            caret = trim(page.text, first.start, first.end)[0] if page and first else 0
            self._set_cursor(caret, caret)
        self._selection = (caret, caret)
        self._caret_block = self._block_at(caret)
        self.refresh()
        self.margin.changed()
        self.viewport().update()
        self.marks_changed.emit()
        self.selection_changed.emit()

    def set_folds(self, folds: Sequence[Fold]) -> None:
        """Show these folds of the page; the block at the caret or the top one stays in place.

        A selection that begins or ends in a fold then covers all of it.
        """
        page, before = self._page, self._text
        if page is None or folds == self._folds:
            return
        anchor, caret = self._selection
        held = caret if self.places.top_of(caret) is not None else self.places.range[0]
        top = self.places.top_of(held) or 0.0
        with self.painted_once(), QSignalBlocker(self):
            self.setExtraSelections([])
            self._folds, self._text = folds, before.hiding(hidden_text(page, folds))
            self._marks.move(self._text)
            self.places.show(None, self._text)
            changed = replace_lines(self.document(), before, self._text)
            self._show_fold_lines(*changed)
            self.places.show(page, self._text, folds)
            self._set_cursor(anchor, caret)
            self.places.hold(held, top)
            self._again = True
        self._scrolled()
        self.viewport().update()
        self._moved()
        self.marks_changed.emit()

    def fold_under(self, point: QPoint) -> Fold | None:
        """The fold whose line is at a point of the viewport."""
        row = self.places.row_at(point.y())
        if row is None or not row.fold or not row.top <= point.y() <= row.bottom:
            return None
        at = None if row.index is None else fold_at(self._folds, row.index)
        return None if at is None else self._folds[at]

    def set_spans(self, spans: Sequence[Span]) -> None:
        """Show these spans, which are sorted and disjoint."""
        self._marks.spans = spans
        self.refresh()
        self.marks_changed.emit()

    def set_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Show these suggestions, which don't overlap the spans."""
        self._marks.suggestions = suggestions
        self.refresh()
        self.margin.spans_changed()
        self.marks_changed.emit()

    def set_labels(self, labels: LabelSet, theme: Theme) -> None:
        """Use these labels and the colours of a theme."""
        self._theme = theme
        self._marks.set_labels(labels, theme)
        self._show_fold_lines()
        self.margin.set_labels(labels, theme)
        self._colour_selection()
        self.place_column()
        self.refresh()
        self.viewport().update()

    def set_hits(self, ranges: Sequence[tuple[int, int]], current: int | None) -> None:
        """Mark the hits of a search: sorted, disjoint ranges, and the index of the current one."""
        self._marks.hits, self._marks.current_hit = ranges, current
        self._colour_selection()
        self.refresh()
        self.marks_changed.emit()

    def select(self, anchor: int, caret: int) -> None:
        """Select a range; scroll only if the caret's block is not in view with some context."""
        if self._page is None:
            return
        self.places.reveal(caret)
        self.place(anchor, caret)

    def land(self, caret: int) -> None:
        """Put the caret into a block, and scroll to the block and one line before it."""
        if self._page is None:
            return
        self.places.lead_to(caret)
        self.place(caret, caret)

    def place(self, anchor: int, caret: int) -> None:
        """Select a range without scrolling."""
        # By block: the scroll bar counts lines, and a block counts as one until it is laid out.
        bar, top = self.verticalScrollBar(), self.firstVisibleBlock()
        line = bar.value() - top.firstLineNumber()
        self._set_cursor(anchor, caret)
        bar.setValue(top.firstLineNumber() + line)

    def announce(self, text: str) -> None:
        """Have a screen reader announce something, such as a new label."""
        self.announced.emit(text)
        announce(self, text)

    def spans_in_view(self) -> Sequence[Span]:
        """The spans that are at least partly in view, or nearly."""
        return self._marks.spans_in_view()

    def suggestions_in_view(self) -> Sequence[Suggestion]:
        """The suggestions that are at least partly in view."""
        return self._marks.suggestions_in_view()

    def band(self, index: int | None) -> tuple[float, float] | None:
        """The top and bottom of the band behind a block; None if it is out of view."""
        if self._page is None or index is None:
            return None
        # A block in a fold has the band of the fold.
        block = self._page.blocks[index]
        extent = self.places.extent(block.start, block.end)
        if extent is None:
            return None
        reach = self.places.gap * 0.4
        # In the middle of pixels, where a line is sharp.
        return floor(extent[0] - reach) + 0.5, floor(extent[1] + reach) + 0.5

    def hit(self, point: QPoint) -> Hit:
        """The hit at a point of the viewport."""
        return self.places.hit(point)

    def block_under(self, point: QPoint) -> tuple[int, int] | None:
        """The range of the block or the fold at a point of the viewport; None where is none."""
        index = self._page.block_at(self.hit(point).caret) if self._page else None
        band = self.band(index)
        if self._page is None or index is None or band is None:
            return None
        block = self._page.blocks[index]
        start, end = self._text.whole(block.start, block.end)
        return (start, end) if band[0] <= point.y() <= band[1] else None

    def scroll_towards(self, point: QPoint) -> bool:
        """Scroll if the point is above or below the viewport, and return whether it is."""
        beyond = min(point.y(), 0) or max(0, point.y() - self.viewport().height() + 1)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + (beyond > 0) - (beyond < 0) + beyond // 30)
        return beyond != 0

    def refresh(self) -> None:
        """Update the spans and hits in view."""
        # Setting extra selections lays out blocks, which moves the scroll bar, which calls this
        # method again. Qt crashes if they are set while they are being set.
        if self._busy:
            self._again = True
            return
        self._busy = True
        try:
            for _ in range(3):
                self._again = False
                self.setExtraSelections(self._marks.selections())
                if not self._again:
                    break
        finally:
            self._busy = False
        self.margin.spans_changed()

    @contextmanager
    def painted_once(self) -> Iterator[None]:
        """Update spans and hits once after several changes instead of after each of them."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before
            if self._again:
                self.refresh()

    def _show_fold_lines(self, start: int = 0, end: int | None = None) -> None:
        """Format the lines of the folds in a range of offsets."""
        form = fold_format(self.font(), self._theme.muted)
        last = len(self._page.text) if self._page and end is None else end
        show_lines(self.document(), self._text, form, start, last or 0)

    def _block_at(self, offset: int) -> int | None:
        """The block at an offset; in a fold, the first of its blocks."""
        block = self._page.block_at(offset) if self._page else None
        at = None if block is None else fold_at(self._folds, block)
        return block if at is None else self._folds[at].first

    def _cursor(self, anchor: int, caret: int) -> QTextCursor:
        start, end = self._text.whole(*sorted((anchor, caret)))
        anchor, caret = (start, end) if anchor <= caret else (end, start)
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._text.to_qt(anchor))
        cursor.setPosition(self._text.to_qt(caret), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _colour_selection(self) -> None:
        """Show the selection like the current hit during a search, because it is that hit."""
        searching = self._marks.current_hit is not None
        theme, palette = self._theme, self.palette()
        group, role = QPalette.ColorGroup.Inactive, QPalette.ColorRole
        background = theme.current_hit if searching else theme.faded_selection
        palette.setColor(group, role.Highlight, QColor(background))
        text = theme.on_hit if searching else theme.on_selection
        palette.setColor(group, role.HighlightedText, QColor(text))
        self.setPalette(palette)

    def _set_cursor(self, anchor: int, caret: int) -> None:
        self.setTextCursor(self._cursor(anchor, caret))

    def _moved(self) -> None:
        cursor = self.textCursor()
        now = self._text.to_offset(cursor.anchor()), self._text.to_offset(cursor.position())
        if now == self._selection:
            return
        self._selection = now
        block = self._block_at(now[1])
        if block != self._caret_block:
            self._update_band()
            self._caret_block = block
            self._update_band()
        self.selection_changed.emit()

    def _update_band(self) -> None:
        if band := self.band(self._caret_block):
            top, bottom = int(band[0]) - 1, int(band[1]) + 2
            self.viewport().update(QRect(0, top, self.viewport().width(), bottom - top))
            self.margin.update(QRect(0, top, self.margin.width(), bottom - top))

    @contextmanager
    def _new_layout(self) -> Iterator[None]:
        """Keep the caret in view during a change that lays the text out again."""
        caret = self._selection[1]
        was_in_view = self.places.was_in_view(caret)
        yield
        self._scrolled()
        if was_in_view:
            self.places.reveal(caret)

    def _scrolled(self) -> None:
        self.places.forget()
        self.margin.changed()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Lay out the column again if the font changes."""
        if event.type() != QEvent.Type.FontChange or self._left is None:
            super().changeEvent(event)
            return
        with self._new_layout():
            super().changeEvent(event)
            self.margin.set_text_font(self.font())
            self._show_fold_lines()
            self.place_column()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the column again and keep the caret in view."""
        if self._left is None:
            super().resizeEvent(event)
            return
        with self._new_layout():
            super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the band of the caret's block, then the text."""
        if band := self.band(self._caret_block):
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(self._theme.edge))
            painter.setBrush(QColor(self._theme.band))
            # The left corners lie outside: the margin paints the other half.
            width = self.viewport().width() + _CORNER - 0.5
            rect = QRectF(-_CORNER, band[0], width, band[1] - band[0])
            painter.drawRoundedRect(rect, _CORNER, _CORNER)
            painter.end()
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the caret; ignore the break of a long line, and step over the line of a fold."""
        before, position = self._selection, self.textCursor().position()
        super().keyPressEvent(event)
        if line := self._text.line_around(self.textCursor().position()):
            self._leave_line(*line, begun=position)
        elif self._selection == before and self.textCursor().position() != position:
            super().keyPressEvent(event)

    def _leave_line(self, start: int, end: int, begun: int) -> None:
        """Move the caret out of the line of a fold, which is like one character."""
        cursor = self.textCursor()
        selects = cursor.hasSelection()
        mode = QTextCursor.MoveMode
        cursor.setPosition(
            end if begun == start else start, mode.KeepAnchor if selects else mode.MoveAnchor
        )
        self.setTextCursor(cursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a selection; with the right button, place the caret outside of the selection."""
        point = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton:
            self.pointer.press(point, event.modifiers(), event.timestamp())
        elif event.button() == Qt.MouseButton.RightButton:
            hit = self.hit(point)
            if not min(self._selection) <= hit.start < max(self._selection):
                self.place(hit.caret, hit.caret)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        if event.button() == Qt.MouseButton.LeftButton:
            point = event.position().toPoint()
            self.pointer.press_twice(point, event.modifiers(), event.timestamp())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.pointer.move(event.position().toPoint(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the selection."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pointer.release()

    def tip(self, point: QPoint) -> str:
        """The tooltip of the suggestion at a point; "" if there is none."""
        hit = self.hit(point)
        under = (s for s in self.suggestions_in_view() if s.span.start <= hit.start < s.span.end)
        suggestion = next(under, None) if hit.start < hit.end else None
        labelled = overlapping(self.spans_in_view(), hit.start, hit.end)
        if found := suggestion.span if suggestion else next(iter(labelled), None):
            self.label_pointed.emit(found.label)
        return span_tip(suggestion.span, suggestion, self.margin.label_names) if suggestion else ""

    def selected_text(self) -> str:
        """The selected text of the page."""
        start, end = sorted(self._selection)
        return self._page.text[start:end] if self._page else ""
