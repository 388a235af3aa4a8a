"""Small plots of figures: bars in rows, and days as columns.

Each shows what a bar stands for in words, for the bar under the pointer and the one that the keys
lead to.
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

from segmark.gui.base.theme import Theme

_DESCRIBED = 30  # bars that the accessible description names
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
    """A bar: its name, its parts as size and colour, what stands beside it, and all in words."""

    name: str
    parts: tuple[tuple[float, QColor], ...]
    figure: str
    words: str

    @property
    def size(self) -> float:
        """Of all parts together."""
        return sum(size for size, _ in self.parts)


class Plot(QWidget):
    """Bars of which one can be looked at, by pointer or keys.

    Signals:
        looked_at: what the bar says in words; "" when none is looked at any more.
        stepped: the place of the bar that the keys led to, to be brought into view.
    """

    looked_at = Signal(str)
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
        """Show other bars; the one that is looked at stays the one of this place."""
        self.bars, self._theme = bars, theme
        self.largest = max((bar.size for bar in bars), default=0) or 1
        self.current = min(self.current, len(bars) - 1)
        self._hovered = -1
        said = "; ".join(bar.words for bar in bars[:_DESCRIBED])
        more = f"; and {len(bars) - _DESCRIBED:,} more" if len(bars) > _DESCRIBED else ""
        self.setAccessibleDescription(f"{said}{more}" if bars else self._nothing)
        self.updateGeometry()
        self.update()
        if bars and self.current < 0 and self.hasFocus():
            self._look_at(self.first_seen())

    def place(self, index: int) -> QRect:
        """Where a bar with its words lies; empty where it is not shown."""
        raise NotImplementedError

    def paint_bar(self, painter: QPainter, index: int, theme: Theme) -> None:
        """Paint a bar."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars that have to be painted, or say that there is none."""
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
        """Look at another bar."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self.bars:
            super().keyPressEvent(event)
        else:
            self._look_at(max(0, min(self.current + step, len(self.bars) - 1)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Look at the bar that was looked at before, or else at the first to be seen."""
        super().focusInEvent(event)
        if self.bars and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._look_at(self.current if self.current >= 0 else self.first_seen())
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Look at no bar any more."""
        super().focusOutEvent(event)
        self.looked_at.emit("")
        self.update()

    def first_seen(self) -> int:
        """The bar that the keys start from."""
        return 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look at the bar under the pointer."""
        self._hover(self._at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go on from here by keys."""
        index = self._at(event.position().toPoint())
        if index >= 0:
            self._look_at(index)

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what the bar under the pointer stands for."""
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

    def _look_at(self, index: int) -> None:
        self.current = index
        words = self.bars[index].words
        self.looked_at.emit(words)
        self.stepped.emit(self.place(index))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.update()

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.looked_at.emit(self.bars[index].words if index >= 0 else "")
            self.update()

    def _at(self, point: QPoint) -> int:
        return next((at for at in range(len(self.bars)) if self.place(at).contains(point)), -1)


class RowPlot(Plot):
    """A bar in each row between its name and its figure.

    Args:
        whole: the size that fills the row; None for the largest of the bars.
    """

    def __init__(
        self, name: str, nothing: str, whole: float | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, nothing, parent)
        self._whole = whole
        self._measure()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[PlotBar], theme: Theme) -> None:
        """Show other bars; the one that is looked at stays the one of this place."""
        super().show_bars(bars, theme)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Make room for another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()

    def _measure(self) -> None:
        width = self.fontMetrics().horizontalAdvance
        self._names = max((width(bar.name) for bar in self.bars), default=0) + 4
        self._figures = max((width(bar.figure) for bar in self.bars), default=0) + 2

    def sizeHint(self) -> QSize:
        """A row for each bar."""
        return QSize(300, max(1, len(self.bars)) * self._row)

    def minimumSizeHint(self) -> QSize:
        """As high, but narrow."""
        return QSize(200, self.sizeHint().height())

    @property
    def _row(self) -> int:
        return self.fontMetrics().height() + 6

    def place(self, index: int) -> QRect:
        """The whole row."""
        return QRect(0, index * self._row, self.width(), self._row)

    def paint_bar(self, painter: QPainter, index: int, theme: Theme) -> None:
        """Name, bar and figure from left to right."""
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
    """A column for each day, as many of the last days as there is room for."""

    _LEAST, _MOST = 9, 26  # pixels of a day

    def __init__(self, name: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(name, nothing, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the columns, with a line above and below."""
        line = self.fontMetrics().height()
        return QSize(300, 7 * line if self.bars else line + 6)

    def minimumSizeHint(self) -> QSize:
        """As high, but narrow."""
        return QSize(200, self.sizeHint().height())

    def first_seen(self) -> int:
        """The last day."""
        return len(self.bars) - 1

    def place(self, index: int) -> QRect:
        """The whole column."""
        shown = min(len(self.bars), max(1, (self.width() - 8) // self._LEAST))
        width = min(self._MOST, (self.width() - 8) // max(1, shown))
        at = index - (len(self.bars) - shown)
        return QRect() if at < 0 else QRect(4 + at * width, 0, width, self.height())

    def paint_bar(self, painter: QPainter, index: int, theme: Theme) -> None:
        """The column on its line, its figure above if there is room; first and last day below."""
        bar, column, line = self.bars[index], self.place(index), self.fontMetrics().height()
        ground = QRectF(column).adjusted(1, line + 2, -1, -line - 4)
        bottom = ground.bottom()
        for size, colour in bar.parts:
            height = ground.height() * size / self.largest
            painter.fillRect(QRectF(ground.left(), bottom - height, ground.width(), height), colour)
            bottom -= height
        painter.setPen(QColor(theme.border))
        painter.drawLine(
            QPointF(column.left(), ground.bottom()), QPointF(column.right() + 1, ground.bottom())
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
