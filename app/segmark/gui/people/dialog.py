"""PeopleDialog: who works on a project, and what can be changed about them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.people.person import Person
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.person_dot import person_dot

_HEAD = ("Name", "Pages", "Other names", "Id")


@dataclass(frozen=True, slots=True)
class PeopleShown:
    """The people of a project, as the dialog shows them.

    Attributes:
        people: everybody, by name.
        pages: on how many pages each of them worked, by id; of nobody until they are counted.
        warnings: a sentence on each pair of names that only look different.
        read_only: why the project can't be written; "" if it can.
    """

    people: Sequence[Person]
    pages: dict[str, int]
    warnings: Sequence[str]
    read_only: str


class PeopleDialog(FittedDialog):
    """Lists the people; what is to be changed about one goes to the listener.

    Attributes:
        people: the list.
        rename, recolour, join: ask what to change about the chosen person.
        words: what is to be settled, and what was done last.

    Signals:
        rename_wanted: a ``Person`` and a name.
        recolour_wanted: a ``Person`` and a colour, ``#rrggbb``.
        join_wanted: the ``Person`` who is to be joined with another.
    """

    rename_wanted = Signal(object, str)
    recolour_wanted = Signal(object, str)
    join_wanted = Signal(object)

    def __init__(self, shown: PeopleShown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("People")
        self._shown, self._done = shown, ""
        self.people = self._table()
        self.rename = QPushButton("&Rename…")
        self.recolour = QPushButton("&Colour…")
        self.join = QPushButton("&Join with…")
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        for button, ask in (
            (self.rename, self._ask_name), (self.recolour, self._ask_colour),
            (self.join, lambda: self.join_wanted.emit(self.chosen)),
        ):  # fmt: skip
            button.setAutoDefault(False)
            button.clicked.connect(ask)
            row.addWidget(button)
        row.addStretch()
        row.addWidget(buttons)
        column = QVBoxLayout(self)
        column.addWidget(self.people, 1)
        column.addWidget(self.words)
        column.addLayout(row)
        self.prefer(90, 24)
        self.people.currentCellChanged.connect(lambda *_: self._enable())
        self.people.cellActivated.connect(lambda *_: self.rename.click())
        self.show_people(shown)

    @property
    def chosen(self) -> Person | None:
        """The person in the chosen row."""
        row = self.people.currentRow()
        return self._shown.people[row] if 0 <= row < len(self._shown.people) else None

    def show_people(self, shown: PeopleShown, done: str = "") -> None:
        """Show the people as they are now; ``done`` is what was done."""
        before = self.chosen
        self._shown, self._done = shown, done
        self.people.setRowCount(len(shown.people))
        for row, one in enumerate(shown.people):
            pages = f"{shown.pages[one.id]:,}" if one.id in shown.pages else "…"
            cells = (one.name, pages, ", ".join(one.also), one.id)
            items = [QTableWidgetItem(words) for words in cells]
            items[0].setIcon(person_dot(one.colour))
            for column, item in enumerate(items):
                self.people.setItem(row, column, item)
        for column in range(2):
            self.people.resizeColumnToContents(column)
        ids = [one.id for one in shown.people]
        row = ids.index(before.id) if before and before.id in ids else 0
        self.people.setCurrentCell(row if ids else -1, 0)
        none = "" if ids else "Nobody has worked on this project yet."
        self.words.setText(" ".join(filter(None, (done, none, *shown.warnings, shown.read_only))))
        self._enable()

    def show_pages(self, pages: dict[str, int]) -> None:
        """Show on how many pages each person worked."""
        self.show_people(replace(self._shown, pages=pages), self._done)

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, len(_HEAD))
        table.setAccessibleName("People of this project")
        table.setHorizontalHeaderLabels(_HEAD)
        table.verticalHeader().hide()
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        return table

    def _enable(self) -> None:
        usable = self.chosen is not None and not self._shown.read_only
        for button in (self.rename, self.recolour):
            button.setEnabled(usable)
        self.join.setEnabled(usable and len(self._shown.people) > 1)

    def _ask_name(self) -> None:
        if (one := self.chosen) is None:
            return
        words = f"The name of {one.name} from now on. The present one still leads to them."
        name, accepted = QInputDialog.getText(self, "Rename", words, text=one.name)
        if accepted and name != one.name:
            self.rename_wanted.emit(one, name)

    def _ask_colour(self) -> None:
        if (one := self.chosen) is None:
            return
        colour = QColorDialog.getColor(QColor(one.colour), self, f"Colour of {one.name}")
        if colour.isValid() and colour.name() != one.colour:
            self.recolour_wanted.emit(one, colour.name())
