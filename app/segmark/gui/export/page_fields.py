"""The fields for which pages are exported: status, site and last change."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QHBoxLayout, QVBoxLayout, QWidget

from segmark.core.annotation import Status
from segmark.export.options import ExportOptions
from segmark.gui.export.site_field import SiteField


class PageFields(QWidget):
    """Status, sites and first day; ``changed`` is emitted after any change.

    Attributes:
        by_status: a box for each status.
        sites: the names of the sites.
        dated: whether there is a first day.
        day: the first day.
    """

    changed = Signal()

    def __init__(
        self, sites: Sequence[str], options: ExportOptions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.by_status = {status: QCheckBox(status.capitalize(), self) for status in Status}
        for status, box in self.by_status.items():
            box.setChecked(status in options.statuses)
            box.setAccessibleName(f"Pages that are {status}")
        self.sites = SiteField(sites, options.sites, self)
        self.dated = QCheckBox("worked on since", self)
        self.dated.setChecked(options.since is not None)
        first = options.since or date.today()
        self.day = QDateEdit(QDate(first.year, first.month, first.day), self)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName("First day on which a page was worked on")
        self.day.setToolTip("Only pages worked on since this day (UTC)")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for box in self.by_status.values():
            first.addWidget(box)
        first.addStretch(1)
        second.addWidget(self.sites, 1)
        second.addWidget(self.dated)
        second.addWidget(self.day)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(first)
        rows.addLayout(second)

    def _connect(self) -> None:
        self.setFocusProxy(self.by_status[Status.NEW])
        for box in (*self.by_status.values(), self.dated):
            box.toggled.connect(self._on_change)
        self.sites.textChanged.connect(self._on_change)
        self.day.dateChanged.connect(self._on_change)
        self.day.setVisible(self.dated.isChecked())

    def _on_change(self) -> None:
        self.day.setVisible(self.dated.isChecked())
        self.changed.emit()

    @property
    def problem(self) -> str | None:
        """Why no page is selected, in one line."""
        if not self.options["statuses"]:
            return "Choose which pages: none of the four is ticked."
        return None

    @property
    def options(self) -> dict[str, Any]:
        """The chosen options by name."""
        day = self.day.date()
        return {
            "statuses": frozenset(
                status for status, box in self.by_status.items() if box.isChecked()
            ),
            "sites": self.sites.sites,
            "since": date(day.year(), day.month(), day.day()) if self.dated.isChecked() else None,
        }
