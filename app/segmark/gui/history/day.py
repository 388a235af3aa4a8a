"""DayDialog: what a person did on a day, page by page, to look at it again."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import (
    QDate,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDateEdit,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.theme import Theme
from segmark.gui.history.table import HeadedModel, rows_table
from segmark.reports.day_text import day_words, status_words, time_at_work, when_words
from segmark.store.figures.day import DayPage

_Index = QModelIndex | QPersistentModelIndex
_HEAD = ("When", "At work", "Acts", "Status now", "Page")
_NOWHERE = QModelIndex()
_UNKNOWN = "The time of acts that an older version of Segmark kept is unknown."


class DayModel(HeadedModel):
    """The pages of a day as the rows of a table, in the order in which they were begun."""

    def __init__(self, pages: Sequence[DayPage], theme: Theme, parent: QObject | None) -> None:
        super().__init__(_HEAD, parent)
        self.pages = pages
        self._removed = QColor(theme.muted)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """The number of pages."""
        return 0 if parent.isValid() else len(self.pages)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a cell; pages that were removed are muted."""
        one = self.pages[index.row()]
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._removed if one.removed else None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        title = f"{one.title} · {one.site}" if one.site else one.title
        words = (when_words(one), time_at_work(one), str(one.acts), status_words(one), title)
        return words[index.column()]


class DayDialog(FittedDialog):
    """Lists the pages of a day; accepted when one of them is to be opened.

    Attributes:
        day: the day that is shown, which can be changed.
        earlier, later: show the day before and after.
        pages: the list.
        words: the day in a few words.
        open_page: accepts the dialog.
        chosen: number of the page to open; None without one.

    Signals:
        day_wanted: a ``date`` whose pages are to be shown.
    """

    day_wanted = Signal(object)

    def __init__(self, today: date, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What you did on a day")
        self._theme = theme
        self._model: DayModel | None = None
        self.chosen: int | None = None
        self.day = QDateEdit(QDate(today.year, today.month, today.day))
        self.day.setCalendarPopup(True)
        self.day.setMaximumDate(self.day.date())
        self.day.setMinimumDate(QDate(1971, 1, 1))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName("Day")
        self.earlier = QPushButton("&Earlier day")
        self.later = QPushButton("&Later day")
        self.pages = rows_table("Pages of this day")
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.open_page = buttons.addButton("&Open the page", QDialogButtonBox.ButtonRole.AcceptRole)
        self.open_page.setEnabled(False)
        self.open_page.setDefault(True)
        for button in (self.earlier, self.later, buttons.button(buttons.StandardButton.Close)):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        for widget in (self.day, self.earlier, self.later):
            row.addWidget(widget)
        row.addStretch()
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.pages, 1)
        column.addWidget(self.words)
        column.addWidget(buttons)
        self.prefer(100, 30)
        self.earlier.clicked.connect(lambda: self.day.setDate(self.day.date().addDays(-1)))
        self.later.clicked.connect(lambda: self.day.setDate(self.day.date().addDays(1)))
        self.day.dateChanged.connect(self.ask)
        self.pages.doubleClicked.connect(self.accept)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)

    @property
    def shown_day(self) -> date:
        """The day that is shown."""
        chosen = self.day.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def ask(self) -> None:
        """Ask for the pages of the day."""
        self.later.setEnabled(self.day.date() < self.day.maximumDate())
        self.words.setText("Reading the log …")
        self.day_wanted.emit(self.shown_day)

    def show_day(self, found: tuple[date, Sequence[DayPage]]) -> None:
        """Show the pages of a day, unless another day is wanted by now."""
        day, pages = found
        if day != self.shown_day:
            return
        self._model = DayModel(pages, self._theme, self)
        self.pages.setModel(self._model)
        self.pages.selectionModel().currentRowChanged.connect(self._choose)
        for column in range(4):
            self.pages.resizeColumnToContents(column)
        unknown = "" if all(one.timed for one in pages) else f" {_UNKNOWN}"
        self.words.setText(f"{day_words(pages)}.{unknown}" if pages else "Nothing on this day.")
        self._choose(_NOWHERE)
        if pages:
            self.pages.setCurrentIndex(self._model.index(0, 0))
            self.pages.setFocus()

    def _choose(self, current: QModelIndex) -> None:
        one = self._model.pages[current.row()] if self._model and current.isValid() else None
        self.chosen = one.number if one and not one.removed else None
        self.open_page.setEnabled(self.chosen is not None)

    def accept(self) -> None:
        """Close, if there is a page to open."""
        if self.chosen is not None:
            super().accept()
