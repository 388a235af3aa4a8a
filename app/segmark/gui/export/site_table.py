"""The table of the sites of a split: how many pages each has, and the part that it goes to."""

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
from segmark.gui.base.plain_words import plain_words
from segmark.jobs.exporting.forecast import Forecast, SiteForecast

_MOST = 500  # sites that are shown
_COLUMNS = ("site", "pages", "part")


class _Parts(QComboBox):
    """The parts to choose from, which the wheel goes past: it is to scroll the table."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the table."""
        event.ignore()


class SiteTable(QWidget):
    """Shows where a split puts the sites, and has people choose otherwise.

    Signals:
        part_chosen: site, and its part or "" to have it dealt out again.
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
        self.table.setAccessibleName("Sites and the parts that they go to")
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
        """Show what a split would give; None where there is no split."""
        sites = [site for site in forecast.sites if site.site] if forecast else []
        self.shares.setText(forecast.shares() if forecast else "Tick Split to deal pages out.")
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
        dealt = "" if site.fixed else site.part
        parts.addItem(f"dealt out: {dealt}" if dealt else "dealt out", "")
        for part in PARTS:
            parts.addItem(part, part)
        parts.setCurrentIndex(max(0, parts.findData(site.fixed)))
        parts.setAccessibleName(f"Part of {site.site}")
        parts.activated.connect(partial(self._on_part, site.site, parts))
        return parts

    def _on_part(self, site: str, parts: QComboBox, _index: int) -> None:
        self.part_chosen.emit(site, parts.currentData())
