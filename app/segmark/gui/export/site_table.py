"""The table of the sites of a split, with the pages and the part of each."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.export.split import PARTS
from segmark.gui.base.box_name import name_box
from segmark.gui.base.plain_words import plain_words
from segmark.jobs.exporting.forecast import Forecast, SiteForecast

_MOST = 500  # sites that are shown
_COLUMNS = ("site", "pages", "part")


class _Parts(QComboBox):
    """The parts to choose from; the wheel scrolls the table instead of changing the choice."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the table."""
        event.ignore()


class SiteTable(QWidget):
    """Shows the part of each site and lets the user assign another.

    Signals:
        part_chosen: a site, and its part or "" for the part that the split gives it.

    Attributes:
        shares: how many pages each part gets.
        table: the sites.
        more: how many sites are not shown.
    """

    part_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shares = QLabel(self, wordWrap=True)
        self.table = QTableWidget(0, len(_COLUMNS), self)
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName("Sites and their parts")
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.more = QLabel(self, wordWrap=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 6, 0, 0)
        rows.addWidget(self.shares)
        rows.addWidget(self.table, 1)
        rows.addWidget(self.more)
        self.show_forecast(None)

    def show_forecast(self, forecast: Forecast | None) -> None:
        """Show a forecast; None if there is no split."""
        sites = [site for site in forecast.sites if site.site] if forecast else []
        self.shares.setText(forecast.shares() if forecast else "Tick Split under How it is split.")
        self.table.setVisible(bool(sites))
        self.table.setRowCount(min(_MOST, len(sites)))
        for row, site in enumerate(sites[:_MOST]):
            self._fill(row, site)
        more = len(sites) - _MOST
        self.more.setVisible(more > 0)
        self.more.setText(f"{more:,} more sites: “segmark split” lists all of them.")

    def _fill(self, row: int, site: SiteForecast) -> None:
        name = QTableWidgetItem(site.site)
        name.setToolTip(plain_words(site.site))
        count = QTableWidgetItem(f"{site.records:,}")
        count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if site.left_out:
            count.setToolTip(f"{site.left_out:,} of them are left out")
        self.table.setItem(row, 0, name)
        self.table.setItem(row, 1, count)
        self.table.setCellWidget(row, 2, self._parts(site))

    def _parts(self, site: SiteForecast) -> QComboBox:
        parts = _Parts(self.table)
        given = "" if site.fixed else site.part
        parts.addItem(f"automatic: {given}" if given else "automatic", "")
        for part in PARTS:
            parts.addItem(part, part)
        parts.setCurrentIndex(max(0, parts.findData(site.fixed)))
        name_box(parts, f"Part of {site.site}")
        parts.activated.connect(partial(self._on_part, site.site, parts))
        return parts

    def _on_part(self, site: str, parts: QComboBox, _index: int) -> None:
        self.part_chosen.emit(site, parts.currentData())
