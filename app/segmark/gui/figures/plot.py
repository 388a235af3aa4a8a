"""Small plots of figures: bars in rows, and days as columns.

A plot describes the bar under the pointer and the bar selected by keys in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from segmark.gui.base.fitting import text_size
from segmark.gui.base.theme import Theme

_DESCRIBED = 30  # the number of bars in the accessible description
_GAP = 8
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_STEPS = {
    Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -1_000_000, Qt.Key.Key_End: 1_000_000,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlotBar:
    """A bar: its name, its parts (size and colour), the figure beside it, and a description."""

    name: str
    parts: tuple[tuple[float, QColor], ...]
    figure: str
    words: str

    @property
    def size(self) -> float:
        """The total size of all parts."""
        return sum(size for size, _ in self.parts)


class Plot(QWidget):
    """A plot whose bars can be selected by pointer or keys.

    Attributes:
        bars: the bars shown.
        largest: the size of the largest bar.
        current: the index of the bar selected by keys; -1 for none.

    Signals:
        described: the description of the selected bar; "" if none is selected.
        stepped: the rectangle of the bar selected by keys, to scroll it into view.
    """

    described = Signal(str)
    stepped = Signal(QRect)

    def __init__(self, name: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: Sequence[PlotBar] = ()
        self.largest = 1.0
        self.current = -1
        self._hovered = -1
        self._nothing = nothing
        self._theme: Theme | None = None
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_bars(self, bars: Sequence[PlotBar], theme: Theme) -> None:
        """Show other bars; the bar at the same index stays selected."""
        self.bars, self._theme = bars, theme
        self.largest = max((bar.size for bar in bars), default=0) or 1
        self.current = min(self.current, len(bars) - 1)
        self._hovered = -1
        text = "; ".join(bar.words for bar in bars[:_DESCRIBED])
        more = f"; and {len(bars) - _DESCRIBED:,} more" if len(bars) > _DESCRIBED else ""
        self.setAccessibleDescription(f"{text}{more}" if bars else self._nothing)
        self.updateGeometry()
        self.update()
        if bars and self.current < 0 and self.hasFocus():
            self._select(self.first_index())

    def place(self, index: int) -> QRect:
        """The rectangle of a bar with its texts; empty if it is not shown."""
        raise NotImplementedError

    def paint_bar(self, painter: QPainter, index: int, theme: Theme) -> None:
        """Paint a bar."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars, or a text if there are none."""
        theme = self._theme
        if theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.bars:
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), _LEFT, self._nothing)
        for index in range(len(self.bars)):
            place = self.place(index)
            if not place.intersects(event.rect()):
                continue
            if index == self._hovered:
                painter.fillRect(place, QColor(theme.hover))
            self.paint_bar(painter, index, theme)
            if index == self.current and self.hasFocus():
                painter.setPen(QPen(QColor(theme.accent), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), 3, 3)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select another bar."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self.bars:
            super().keyPressEvent(event)
        else:
            self._select(max(0, min(self.current + step, len(self.bars) - 1)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the bar that was selected before, or else the first one."""
        super().focusInEvent(event)
        if self.bars and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._select(self.current if self.current >= 0 else self.first_index())
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clear the description when the focus is lost."""
        super().focusOutEvent(event)
        self.described.emit("")
        self.update()

    def first_index(self) -> int:
        """The index of the bar from which the keys start."""
        return 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Describe the bar under the pointer."""
        self._hover(self._at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select a bar, from which the keys continue."""
        index = self._at(event.position().toPoint())
        if index >= 0:
            self._select(index)

    def event(self, event: QEvent) -> bool:
        """Describe the bar under the pointer in a tooltip."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(event.pos())
            if index >= 0:
                QToolTip.showText(event.globalPos(), self.bars[index].words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _select(self, index: int) -> None:
        self.current = index
        words = self.bars[index].words
        self.described.emit(words)
        self.stepped.emit(self.place(index))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.update()

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.described.emit(self.bars[index].words if index >= 0 else "")
            self.update()

    def _at(self, point: QPoint) -> int:
        return next((at for at in range(len(self.bars)) if self.place(at).contains(point)), -1)


class RowPlot(Plot):
    """A plot with a bar in each row, between its name and its figure.

    Args:
        whole: the size that fills a row; None for that of the largest bar.
    """

    def __init__(
        self, name: str, nothing: str, whole: float | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, nothing, parent)
        self._whole = whole
        self._measure()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[PlotBar], theme: Theme) -> None:
        """Show other bars; the bar at the same index stays selected."""
        super().show_bars(bars, theme)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the texts again in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()

    def _measure(self) -> None:
        width = self.fontMetrics().horizontalAdvance
        self._names = max((width(bar.name) for bar in self.bars), default=0) + 4
        self._figures = max((width(bar.figure) for bar in self.bars), default=0) + 2

    def sizeHint(self) -> QSize:
        """The size with a row for each bar."""
        return QSize(text_size(self, 50, 0).width(), max(1, len(self.bars)) * self._row)

    def minimumSizeHint(self) -> QSize:
        """The same height, with a small width."""
        return QSize(text_size(self, 33, 0).width(), self.sizeHint().height())

    @property
    def _row(self) -> int:
        return self.fontMetrics().height() + 6

    def place(self, index: int) -> QRect:
        """The rectangle of a row."""
        return QRect(0, index * self._row, self.width(), self._row)

    def paint_bar(self, painter: QPainter, index: int, theme: Theme) -> None:
        """Paint name, bar and figure from left to right."""
        bar, row, metrics = self.bars[index], self.place(index), self.fontMetrics()
        names, figures = min(self._names, int(0.36 * self.width())), self._figures
        name = QRect(4, row.top(), names, row.height())
        figure = QRect(row.right() - figures - 4, row.top(), figures, row.height())
        painter.setPen(QColor(theme.text))
        painter.drawText(
            name, _LEFT, metrics.elidedText(bar.name, Qt.TextElideMode.ElideMiddle, names)
        )
        painter.drawText(figure, _RIGHT, bar.figure)
        left, right = float(name.right() + _GAP), float(figure.left() - _GAP)
        whole = self._whole or self.largest
        track = QRectF(left, row.top() + 4, max(0, right - left), row.height() - 8)
        for size, colour in bar.parts:
            width = track.width() * size / whole
            painter.fillRect(QRectF(left, track.top(), width, track.height()), colour)
            left += width


class DayPlot(Plot):
    """A plot with a column for each day, for as many of the last days as fit."""

    _LEAST, _MOST = 9, 26  # the width of a day in pixels

    def __init__(self, name: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(name, nothing, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The size of the columns, with a line of text above and below."""
        line = self.fontMetrics().height()
        return QSize(text_size(self, 50, 0).width(), 7 * line if self.bars else line + 6)

    def minimumSizeHint(self) -> QSize:
        """The same height, with a small width."""
        return QSize(text_size(self, 33, 0).width(), self.sizeHint().height())

    def first_index(self) -> int:
        """The index of the last day."""
        return len(self.bars) - 1

    def place(self, index: int) -> QRect:
        """The rectangle of a column."""
        shown = min(len(self.bars), max(1, (self.width() - 8) // self._LEAST))
        width = min(self._MOST, (self.width() - 8) // max(1, shown))
        at = index - (len(self.bars) - shown)
        return QRect() if at < 0 else QRect(4 + at * width, 0, width, self.height())

    def paint_bar(self, painter: QPainter, index: int, theme: Theme) -> None:
        """Paint the column, its figure above if there is room, and the first and last day below."""
        bar, column, line = self.bars[index], self.place(index), self.fontMetrics().height()
        area = QRectF(column).adjusted(1, line + 2, -1, -line - 4)
        bottom = area.bottom()
        for size, colour in bar.parts:
            height = area.height() * size / self.largest
            painter.fillRect(QRectF(area.left(), bottom - height, area.width(), height), colour)
            bottom -= height
        painter.setPen(QColor(theme.border))
        painter.drawLine(
            QPointF(column.left(), area.bottom()), QPointF(column.right() + 1, area.bottom())
        )
        painter.setPen(QColor(theme.muted))
        widest = self.fontMetrics().horizontalAdvance(f"{self.largest:,.0f}")
        if bar.size and widest <= column.width():
            above = QRectF(column.left(), bottom - line - 1, column.width(), line)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, bar.figure)
        self._paint_name(painter, index, column)

    def _paint_name(self, painter: QPainter, index: int, column: QRect) -> None:
        name, line = self.bars[index].name, self.fontMetrics().height()
        width = self.fontMetrics().horizontalAdvance(name)
        last = index == len(self.bars) - 1
        first = index == 0 or self.place(index - 1).isEmpty()
        right = self.place(len(self.bars) - 1).right()
        if last and (column.right() > 2 * width + 4 * _GAP or first):
            left = max(4, column.right() - width)
        elif first:
            left = column.left()
        else:
            return
        if not last and right < width:
            return
        painter.drawText(QRect(left, self.height() - line - 1, width + 2, line), _LEFT, name)
