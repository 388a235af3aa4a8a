"""OverviewStrip: the labels, suggestions, hits and the caret of a whole page, beside its text."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from segmark.core.label import LabelSet
from segmark.core.span import Span, overlapping
from segmark.gui.base.theme import LIGHT, Theme
from segmark.gui.page.margin import span_tip
from segmark.gui.page.view import PageView

_WIDTH = 18
#: The lanes of spans and of hits: left edge and width, in pixels.
_SPANS, _HITS = (3, 7), (12, 4)
#: The height of a row of the strip, the least height of a mark, and how far a click reaches.
_ROW, _LEAST, _REACH = 2, 3, 4
#: Milliseconds after a change until the strip follows; the text comes first.
_AFTER_MS = 20
#: Among so many spans in a row of the strip, the shortest is shown: a headline beside its body.
_COMPARED = 8


class _Share(NamedTuple):
    """The part of the height, in pixels, for a range of offsets: one or more whole paragraphs."""

    start: int
    end: int
    top: int
    bottom: int


class OverviewStrip(QWidget):
    """Shows where marks are on a page; a click goes there.

    A line of the document has the same share of the height, so a fold counts as one line, and a
    mark is beside the place that the handle of the scroll bar has when the mark is in view.

    Signals:
        chosen: the offset to go to.
    """

    chosen = Signal(int)

    def __init__(self, view: PageView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._theme = LIGHT
        self._colours: dict[str, QColor] = {}
        self._shares_made: list[_Share] = []
        self._shares_of: object = None  # what they were made for
        self.setAccessibleName("Overview of the page")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._soon = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._soon.timeout.connect(self._follow)
        view.marks_changed.connect(self._soon.start)
        view.selection_changed.connect(self._soon.start)

    def set_labels(self, labels: LabelSet, theme: Theme) -> None:
        """Use the colours of these labels in a theme."""
        self._theme = theme
        self._colours = {label.id: theme.label_colour(label) for label in labels}
        self.update()

    def sizeHint(self) -> QSize:
        """A narrow strip of any height."""
        return QSize(_WIDTH, 0)

    @property
    def summary(self) -> str:
        """The number of marks, in words."""
        marks = self._view.marks
        counts = (
            (len(marks.spans), "label"),
            (len(marks.suggestions), "suggestion"),
            (len(marks.hits), "hit"),
        )
        return ", ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in counts)

    def y_of(self, offset: int) -> int:
        """The height at which an offset is, in pixels."""
        shares = self._shares()
        return shares[max(0, bisect_right(shares, offset, key=lambda one: one.start) - 1)].top

    def _follow(self) -> None:
        self.setAccessibleDescription(self.summary)
        self.update()

    def _shares(self) -> list[_Share]:
        """The shares of the height, from top to bottom; at least one."""
        view, document = self._view, self._view.document()
        key = (view.page, view.folds, document.lineCount(), self.height())
        if key != self._shares_of:
            self._shares_of = key
            rows, lines = max(1, self.height() // _ROW), document.lineCount()
            tops = {
                view.offset_of_line(row * lines // rows): row * _ROW for row in range(rows, -1, -1)
            }
            starts = sorted(tops)
            ends = [*starts[1:], len(view.page.text) + 1 if view.page else 1]
            bottoms = [*(tops[start] for start in starts[1:]), self.height()]
            self._shares_made = [
                _Share(start, end, tops[start], bottom)
                for start, end, bottom in zip(starts, ends, bottoms, strict=True)
            ]
        return self._shares_made

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the marks of each row."""
        painter = QPainter(self)
        _fill(painter, QRectF(event.rect()), QColor(self._theme.page))
        painter.setPen(QColor(self._theme.border))
        painter.drawLine(0, 0, 0, self.height())
        if self._view.page:
            self._paint_spans(painter)
            self._paint_hits(painter)
            self._paint_caret(painter)
        painter.end()

    def _paint_spans(self, painter: QPainter) -> None:
        marks = self._view.marks
        left, width = _SPANS
        for label, top, bottom in _runs(self._shares(), marks.spans):
            _fill(painter, QRectF(left, top, width, bottom - top), self._colour(label))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for label, top, bottom in _runs(self._shares(), [one.span for one in marks.suggestions]):
            painter.setPen(QPen(self._colour(label), 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(left + 0.5, top + 0.5, width - 1, bottom - top - 1))

    def _paint_hits(self, painter: QPainter) -> None:
        marks, (left, width) = self._view.marks, _HITS
        if not marks.hits:
            return
        spans = [Span(start, end, "") for start, end in marks.hits]
        for _, top, bottom in _runs(self._shares(), spans):
            _fill(painter, QRectF(left, top, width, bottom - top), QColor(self._theme.accent))

    def _paint_caret(self, painter: QPainter) -> None:
        y = self.y_of(self._view.selection[1])
        _fill(painter, QRectF(1, y, _WIDTH - 1, 2), QColor(self._theme.text))

    def _colour(self, label: str) -> QColor:
        return self._colours.get(label, QColor(self._theme.muted))

    def mark_at(self, y: float) -> Span | None:
        """The span or suggestion that begins nearest to a height; None if none begins near it."""
        marks = self._view.marks
        start, end = self._share_at(y - _REACH).start, self._share_at(y + _REACH).end
        every = (marks.spans, [one.span for one in marks.suggestions])
        near = [
            one for spans in every for one in overlapping(spans, start, end) if one.start >= start
        ]
        return min(near, key=lambda span: abs(self.y_of(span.start) - y), default=None)

    def _offset_at(self, y: float) -> int:
        """Where a click at a height goes: to a mark that begins there, or else to the line."""
        span = self.mark_at(y)
        return span.start if span else self._share_at(y).start

    def _share_at(self, y: float) -> _Share:
        """The share at a height; above and below the strip, the first and the last one."""
        shares = self._shares()
        return shares[max(0, bisect_right(shares, y, key=lambda one: one.top) - 1)]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place."""
        if event.button() == Qt.MouseButton.LeftButton and self._view.page:
            self.chosen.emit(self._offset_at(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while it is pressed."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._view.page:
            self.chosen.emit(self._offset_at(event.position().y()))

    def event(self, event: QEvent) -> bool:
        """Show what is at the pointer; Qt calls this for every event."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(event.pos()), self)
            return True
        return super().event(event)

    def tip(self, point: QPoint) -> str:
        """The tooltip at a point: the mark there, or else what is on the page."""
        span = self.mark_at(point.y()) if self._view.page else None
        if span is None:
            return self.summary
        found = (one for one in self._view.marks.suggestions if one.span == span)
        return span_tip(span, next(found, None), self._view.margin.label_names)


def _runs(shares: Sequence[_Share], spans: Sequence[Span]) -> list[tuple[str, int, int]]:
    """The label, top and bottom of each run of shares that one span fills.

    The time depends on the height, not on the number of spans.
    """
    runs: list[tuple[str, int, int]] = []
    last: Span | None = None
    for share in shares if spans else ():
        inside = overlapping(spans, share.start, share.end)[:_COMPARED]
        span = min(inside, key=lambda one: one.end - one.start, default=None)
        bottom = max(share.bottom, share.top + _LEAST)
        if span and span == last:
            runs[-1] = (span.label, runs[-1][1], bottom)
        elif span:
            runs.append((span.label, share.top, bottom))
        last = span
    return runs


def _fill(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Fill an area. ``fillRect`` would do it too, but creates an enum of 180 gradients."""
    painter.setBackground(colour)
    painter.eraseRect(area)
