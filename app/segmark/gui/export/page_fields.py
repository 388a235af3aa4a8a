"""The fields for which pages are exported: by status, by site, and by when they were worked on."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QHBoxLayout, QVBoxLayout, QWidget

from segmark.core.annotation import Status
from segmark.gui.export.site_field import SiteField
from segmark.jobs.exporting.exporting import ExportChoice


class PageFields(QWidget):
    """Status, sites and the first day; ``changed`` after each change of any of them."""

    changed = Signal()

    def __init__(
        self, sites: Sequence[str], choice: ExportChoice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.by_status = {status: QCheckBox(status.capitalize(), self) for status in Status}
        for status, box in self.by_status.items():
            box.setChecked(status in choice.statuses)
            box.setAccessibleName(f"Pages that are {status}")
        self._sites = SiteField(sites, choice.sites, self)
        self._dated = QCheckBox("worked on since", self)
        self._dated.setChecked(choice.since is not None)
        self._day = QDateEdit(_qdate(choice.since or date.today()), self)
        self._day.setCalendarPopup(True)
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setAccessibleName("First day on which a page was worked on")
        self._day.setToolTip("The day (UTC) on or after which a page was worked on")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for box in self.by_status.values():
            first.addWidget(box)
        first.addStretch(1)
        second.addWidget(self._sites, 1)
        second.addWidget(self._dated)
        second.addWidget(self._day)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(first)
        rows.addLayout(second)

    def _connect(self) -> None:
        self.setFocusProxy(self.by_status[Status.NEW])
        for box in (*self.by_status.values(), self._dated):
            box.toggled.connect(self._on_change)
        self._sites.textChanged.connect(self._on_change)
        self._day.dateChanged.connect(self._on_change)
        self._show_what_counts()

    def _on_change(self) -> None:
        self._show_what_counts()
        self.changed.emit()

    def _show_what_counts(self) -> None:
        self._day.setVisible(self._dated.isChecked())

    @property
    def problem(self) -> str | None:
        """Why no page is chosen, in one line."""
        if not self.statuses:
            return "Choose which pages: none of the four is ticked."
        return None

    @property
    def statuses(self) -> frozenset[Status]:
        """What the pages are."""
        return frozenset(status for status, box in self.by_status.items() if box.isChecked())

    @property
    def sites(self) -> frozenset[str] | None:
        """Where they are from; None for all sites."""
        return self._sites.sites

    @property
    def since(self) -> date | None:
        """The first day on which they were worked on; None for all times."""
        if not self._dated.isChecked():
            return None
        day = self._day.date()
        return date(day.year(), day.month(), day.day())


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
