"""The plots of precision and recall: by label, over time and by site."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from segmark.core.label import LabelSet
from segmark.gui.base.fitting import text_size
from segmark.gui.base.theme import Theme
from segmark.gui.suggestions.accuracy_text import percent
from segmark.store.figures.accuracy import Accuracy, Tally

MOST_SITES = 8
NO_SITE = "(no site)"
_GROUPS = 12  # the most points of a line
_PAD = 12.0
_LINES_TITLE = "Precision (thick) and recall (thin) over time"
_MOST_NAME = 0.45  # the maximal share of the width for names
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WRAPPED = Qt.AlignmentFlag.AlignLeft.value | Qt.TextFlag.TextWordWrap.value
_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True, slots=True)
class _Line:
    """A line over time: its name, style, and shares from the first page to the last."""

    name: str
    colour: str
    dashed: bool
    precision: Sequence[float | None]
    recall: Sequence[float | None]


class AccuracyPlot(QWidget):
    """Two plots, bars by label and lines over time: side by side if there is room for them."""

    def __init__(
        self, accuracy: Accuracy, labels: LabelSet, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._labels = labels
        self._by_name = {label.name: label for label in labels}
        self._theme = theme
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_accuracy(accuracy)

    def show_accuracy(self, accuracy: Accuracy) -> None:
        """Plot other counts."""
        blind = accuracy.part(blind=True)
        measured, self._basis = _measured(accuracy)
        self._bars = measured.by_label(label.name for label in self._labels)
        self._lines = (
            self._line("shown", self._theme.accent, accuracy.part(blind=False)),
            self._line("blind", self._theme.warning, blind, dashed=True),
        )
        self.setAccessibleName("Plot of precision and recall")
        self.setAccessibleDescription(_description(self._bars.items()))
        self.update()

    def sizeHint(self) -> QSize:
        """The preferred size of both plots."""
        return text_size(self, 120, 16)

    def minimumSizeHint(self) -> QSize:
        """The smallest readable size."""
        return text_size(self, 36, 11)

    def heightForWidth(self, width: int) -> int:
        """The height of one plot, or of two below each other."""
        return self.sizeHint().height() * (1 if self._side_by_side(width) else 2)

    def _side_by_side(self, width: int) -> bool:
        """Whether both titles fit beside each other."""
        widest = max(map(self.fontMetrics().horizontalAdvance, (self._bars_title, _LINES_TITLE)))
        return width >= 2 * widest + 2 * _PAD

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint both plots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = float(self.width()), float(self.height())
        if self._side_by_side(self.width()):
            size, beside, below = QSizeF(width / 2 - _PAD / 2, height), width / 2 + _PAD / 2, 0.0
        else:
            size, beside, below = QSizeF(width, height / 2), 0.0, height / 2
        self._paint_bars(painter, QRectF(QPointF(0, 0), size))
        self._paint_lines(painter, QRectF(QPointF(beside, below), size))
        painter.end()

    @property
    def _bars_title(self) -> str:
        return f"Precision (full) and recall (open), {self._basis}"

    def _line(self, name: str, colour: str, part: Accuracy, *, dashed: bool = False) -> _Line:
        totals = [group.total for group in part.over_time(_GROUPS)]
        precision, recall = [one.precision for one in totals], [one.recall for one in totals]
        return _Line(name, colour, dashed, precision, recall)

    def _frame(self, painter: QPainter, area: QRectF, title: str) -> QRectF:
        """Paint title, scale and grid, and return the area for the shares."""
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance("100 %") + _PAD / 2
        line = metrics.height()
        head = QRectF(area.left(), area.top(), area.width(), 3 * line)
        needed = painter.boundingRect(head, _WRAPPED, title)
        inner = area.adjusted(left, needed.height() + 0.6 * line, -_PAD / 2, -1.4 * line)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(head, _WRAPPED, title)
        for share in (0.0, 0.5, 1.0):
            y = inner.bottom() - share * inner.height()
            painter.setPen(QColor(self._theme.border))
            painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))
            painter.setPen(QColor(self._theme.muted))
            scale = QRectF(area.left(), y - line / 2, left - _PAD / 2, line)
            painter.drawText(scale, _RIGHT, percent(share))
        return inner

    def _paint_bars(self, painter: QPainter, area: QRectF) -> None:
        inner = self._frame(painter, area, self._bars_title)
        width = inner.width() / max(1, len(self._bars))
        for index, (name, tally) in enumerate(self._bars.items()):
            slot = QRectF(inner.left() + index * width, inner.top(), width, inner.height())
            colour = self._theme.label_colour(self._by_name[name])
            for place, share in ((0.18, tally.precision), (0.52, tally.recall)):
                height = inner.height() * (share or 0)
                bar = QRectF(
                    slot.left() + place * width, slot.bottom() - height, 0.3 * width, height
                )
                painter.setPen(QPen(colour, 1.5))
                painter.setBrush(colour if place < 0.5 else Qt.BrushStyle.NoBrush)
                if share is not None:
                    painter.drawRect(bar)
            painter.setPen(QColor(self._theme.text))
            below = QRectF(slot.left(), slot.bottom() + 3, width, self.fontMetrics().height())
            cut = Qt.TextElideMode.ElideRight
            painter.drawText(below, _MIDDLE, self.fontMetrics().elidedText(name, cut, int(width)))

    def _paint_lines(self, painter: QPainter, area: QRectF) -> None:
        inner = self._frame(painter, area, _LINES_TITLE)
        x = inner.left()
        for line in self._lines:
            colour = QColor(line.colour)
            style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
            painter.setBrush(colour)
            painter.setPen(QPen(colour, 1, style))
            painter.drawPolyline(QPolygonF(_points(line.recall, inner)))
            points = _points(line.precision, inner)
            painter.setPen(QPen(colour, 2.5, style))
            painter.drawPolyline(QPolygonF(points))
            for point in points:
                painter.drawEllipse(point, 2, 2)
            key = f"{line.name}{'' if points else ' (no page yet)'}"
            below = inner.bottom() + 3 + self.fontMetrics().height() / 2
            painter.drawLine(QPointF(x, below), QPointF(x + 18, below))
            painter.setPen(QColor(self._theme.text))
            width = self.fontMetrics().horizontalAdvance(key)
            painter.drawText(QPointF(x + 24, below + self.fontMetrics().ascent() / 2.6), key)
            x += 24 + width + 2 * _PAD


class AccuracySites(QWidget):
    """Two bars for each site; sites with the most suggestions come first."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = ""
        self._sites: Sequence[tuple[str, Tally]] = ()
        self._more = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Plot of precision and recall by site")
        self.hide()

    @property
    def sites(self) -> Mapping[str, Tally]:
        """The plotted counts by the displayed name of the site."""
        return dict(self._sites)

    def show_accuracy(self, accuracy: Accuracy) -> None:
        """Plot other counts: those of blind pages, if there are any."""
        measured, basis = _measured(accuracy)
        found = list(measured.by_site().items())
        self._sites = [(name or NO_SITE, tally) for name, tally in found[:MOST_SITES]]
        self._more = len(found) - len(self._sites)
        self._title = f"Precision (full) and recall (open) by site, {basis}"
        self.setAccessibleDescription(_description(self._sites))
        self.setVisible(bool(self._sites))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The size with a height for all lines."""
        lines = 1.6 + 1.5 * len(self._sites) + 1.3 * bool(self._more)
        return QSize(text_size(self, 120, 0).width(), round(lines * self._line + _PAD / 2))

    def minimumSizeHint(self) -> QSize:
        """The same height, with a small width."""
        return QSize(text_size(self, 70, 0).width(), self.sizeHint().height())

    @property
    def _line(self) -> int:
        return self.fontMetrics().height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars of the sites from top to bottom."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, metrics = self._line, self.fontMetrics()
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRectF(0, 0, self.width(), line), _LEFT, self._title)
        widest = max((metrics.horizontalAdvance(name) for name, _ in self._sites), default=0)
        left = min(widest, _MOST_NAME * self.width()) + _PAD
        right = metrics.horizontalAdvance("100% · 100%") + _PAD
        bars = QRectF(left, 1.6 * line, self.width() - left - right, 1.5 * line * len(self._sites))
        self._paint_grid(painter, bars)
        for index, (name, tally) in enumerate(self._sites):
            self._paint_site(painter, bars, index, name, tally)
        if self._more:
            painter.setPen(QColor(self._theme.muted))
            rest = "1 more site is" if self._more == 1 else f"{self._more:,} more sites are"
            below = QRectF(0, bars.bottom() + 0.2 * line, self.width(), line)
            painter.drawText(below, _LEFT, f"{rest} in the table.")
        painter.end()

    def _paint_grid(self, painter: QPainter, bars: QRectF) -> None:
        painter.setPen(QColor(self._theme.border))
        for share in (0.0, 0.5, 1.0):
            x = bars.left() + share * bars.width()
            painter.drawLine(QPointF(x, bars.top()), QPointF(x, bars.bottom()))

    def _paint_site(
        self, painter: QPainter, bars: QRectF, index: int, name: str, tally: Tally
    ) -> None:
        line, colour = self._line, QColor(self._theme.accent)
        top = bars.top() + 1.5 * line * index
        painter.setPen(QPen(colour, 1.5))
        for place, share in ((0.2, tally.precision), (0.8, tally.recall)):
            painter.setBrush(colour if place < 0.5 else Qt.BrushStyle.NoBrush)
            if share is not None:
                bar = QRectF(bars.left(), top + place * line, share * bars.width(), 0.5 * line)
                painter.drawRect(bar)
        painter.setPen(QColor(self._theme.text))
        room = bars.left() - _PAD
        cut = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, int(room) + 1)
        painter.drawText(QRectF(0, top, room, 1.5 * line), _LEFT, cut)
        painter.setPen(QColor(self._theme.muted))
        shares = f"{percent(tally.precision)} · {percent(tally.recall)}"
        beside = QRectF(bars.right(), top, self.width() - bars.right(), 1.5 * line)
        painter.drawText(beside, _RIGHT, shares)


def _measured(accuracy: Accuracy) -> tuple[Accuracy, str]:
    """The part with blind pages, or else all, and the name of these pages."""
    blind = accuracy.part(blind=True)
    return (blind, "blind pages") if blind.pages else (accuracy, "pages with suggestions")


def _description(tallies: Iterable[tuple[str, Tally]]) -> str:
    return "; ".join(
        f"{name}: precision {percent(one.precision)}, recall {percent(one.recall)}"
        for name, one in tallies
    )


def _points(shares: Sequence[float | None], inner: QRectF) -> list[QPointF]:
    """The points of the shares; a single one in the middle."""
    count = len(shares)
    step = inner.width() / (count - 1) if count > 1 else 0.0
    first = inner.left() if count > 1 else inner.center().x()
    return [
        QPointF(first + index * step, inner.bottom() - share * inner.height())
        for index, share in enumerate(shares)
        if share is not None
    ]
