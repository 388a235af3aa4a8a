"""RowPainter: paints a page as a row of the list."""

from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from segmark.core.annotation import Status
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.base.theme import Theme
from segmark.gui.queue.model import ROW, Index
from segmark.store.pages import PageRow

#: A sign for each status, so that it can be recognised without colours.
SIGNS = {Status.NEW: "○", Status.STARTED: "◐", Status.DONE: "●", Status.SKIPPED: "⊘"}


class RowPainter(QStyledItemDelegate):
    """Paints a page in two lines: sign and title, then site, number of spans and flag.

    It avoids the enums of ``QStyle``, because creating them takes longer than painting all rows.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.theme: Theme | None = None

    def displayText(self, _value: object, _locale: QLocale | QLocale.Language) -> str:
        """Nothing, because Qt only paints the background of a row."""
        return ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row in the palette's colours."""
        super().paint(painter, option, index)
        row: PageRow | None = index.data(ROW)
        if row is None:
            return
        selected = self._view.selectionModel().isSelected(index)
        palette = option.palette
        strong = palette.color(
            QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        )
        soft = strong if selected else palette.color(QPalette.ColorRole.PlaceholderText)
        painter.save()
        metrics = option.fontMetrics
        sign_width = metrics.horizontalAdvance("●") + 8
        area = option.rect.adjusted(8, 6, -8, -6)
        top, line = area.top() + metrics.ascent(), metrics.height()
        painter.setPen(strong if row.status is not Status.SKIPPED else soft)
        painter.drawText(area.left(), top, SIGNS[row.status])
        left, width = area.left() + sign_width, area.width() - sign_width
        painter.drawText(left, top, _elided(metrics, in_stored_order(row.title or row.id), width))
        spans = f"{row.spans}" if row.spans else ""
        flag = "⚑ " if row.flagged else ""
        right = flag + spans
        right_width = metrics.horizontalAdvance(right)
        painter.setPen(soft)
        place = _elided(metrics, in_stored_order(_place(row)), width - right_width - 8)
        painter.drawText(left, top + line, place)
        if row.flagged and not selected and self.theme:
            painter.setPen(QColor(self.theme.accent))
        painter.drawText(area.right() - right_width, top + line, right)
        painter.restore()


def _place(row: PageRow) -> str:
    """The site and file, which distinguish pages with the same title."""
    folder, _, file = row.source.rpartition("/")
    return f"{row.site} · {file}" if row.site and row.site != folder else row.source


def _elided(metrics: Any, text: str, width: int) -> str:  # noqa: ANN401
    return str(metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, width)))
