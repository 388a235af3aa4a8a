"""AccuracySites: precision and recall by site, as bars."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from segmark.gui.base.theme import Theme
from segmark.gui.suggestions.accuracy_text import percent
from segmark.store.figures.accuracy import Accuracy, Tally

MOST_SITES = 8
NO_SITE = "(no site)"
_PAD = 12.0
_MOST_NAME = 0.3  # share of the width that the names have at most
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class AccuracySites(QWidget):
    """Two bars a site, the sites with the most suggestions first; as high as it has sites."""

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
        """What is plotted, by the name that is shown."""
        return dict(self._sites)

    def show_accuracy(self, accuracy: Accuracy) -> None:
        """Plot other counts: of the blind pages where there are any."""
        blind = accuracy.part(blind=True)
        basis = "blind pages" if blind.pages else "pages with suggestions"
        found = list((blind if blind.pages else accuracy).by_site().items())
        self._sites = [(name or NO_SITE, tally) for name, tally in found[:MOST_SITES]]
        self._more = len(found) - len(self._sites)
        self._title = f"Precision (full) and recall (open) by site, {basis}"
        self.setAccessibleDescription("; ".join(
            f"{name}: precision {percent(one.precision)}, recall {percent(one.recall)}"
            for name, one in self._sites
        ))  # fmt: skip
        self.setVisible(bool(self._sites))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        lines = 1.6 + 1.5 * len(self._sites) + 1.3 * bool(self._more)
        return QSize(720, round(lines * self._line + _PAD / 2))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but no line is left out."""
        return QSize(420, self.sizeHint().height())

    @property
    def _line(self) -> int:
        return self.fontMetrics().height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars of every site below one another."""
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
