"""AccuracyDialog: the accuracy of a project's suggestions in words, plots and a table."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QFrame,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.theme import Theme
from segmark.gui.suggestions.accuracy_plot import NO_SITE, AccuracyPlot, AccuracySites
from segmark.gui.suggestions.accuracy_text import percent, sentences
from segmark.store.figures.accuracy import Accuracy, Stamps, Tally

_HEAD = ("", "blind: suggested", "right", "precision", "recall",
         "shown: suggested", "right", "precision", "recall")  # fmt: skip


_MOST_ROWS = 24  # the most rows without a scroll bar of the table


class AccuracyDialog(FittedDialog):
    """Shows the accuracy of suggestions.

    Attributes:
        words: the accuracy in sentences.
        plot, sites: the plots by label and over time, and by site.
        table: all counts.
    """

    def __init__(self, labels: LabelSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("How good are the suggestions?")
        self._labels = labels
        self.words = QLabel("Counting …")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.plot = AccuracyPlot(Accuracy([]), labels, theme)
        self.sites = AccuracySites(theme)
        self.table = QTableWidget(0, len(_HEAD))
        self.table.setHorizontalHeaderLabels(_HEAD)
        self.table.setAccessibleName("Precision and recall by label, site and annotator")
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(self._scrolled(), 1)
        column.addWidget(buttons)
        self.prefer(137, 54)

    def _scrolled(self) -> QScrollArea:
        """A scroll area with words, plots and table from top to bottom."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(14)
        for part, stretch in ((self.words, 0), (self.plot, 1), (self.sites, 0), (self.table, 1)):
            column.addWidget(part, stretch)
        area = QScrollArea()
        area.setAccessibleName("Words, plots and table of the suggestions")
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        return area

    def show_counts(self, found: tuple[Accuracy, dict[str, Stamps]]) -> None:
        """Show the accuracy, and how each annotator handled the suggestions."""
        accuracy, stamps = found
        self.words.setText("\n\n".join(sentences(accuracy, stamps)))
        self.plot.show_accuracy(accuracy)
        self.plot.setVisible(bool(accuracy.pages))
        self.sites.show_accuracy(accuracy)
        blind, shown = accuracy.part(blind=True), accuracy.part(blind=False)
        names = [label.name for label in self._labels]
        self.table.setRowCount(0)
        self._add("all", blind.total, shown.total)
        self._add_all(blind.by_label(names), shown.by_label(names))
        self._add_all(blind.by_site(), shown.by_site())
        self._add_all(blind.by_annotator(), shown.by_annotator())
        rows, last = self.table.verticalHeader(), min(_MOST_ROWS, self.table.rowCount()) - 1
        high = rows.sectionPosition(last) + rows.sectionSize(last)
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setMinimumHeight(head + high + 2 * self.table.frameWidth() + 2)

    def _add_all(self, blind: Mapping[str, Tally], shown: Mapping[str, Tally]) -> None:
        for name in dict.fromkeys((*shown, *blind)):
            self._add(name or NO_SITE, blind.get(name, Tally()), shown.get(name, Tally()))

    def _add(self, name: str, *tallies: Tally) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        cells = [name]
        for one in tallies:
            cells += [f"{one.suggested:,}", f"{one.right:,}"]
            cells += [percent(one.precision), percent(one.recall)]
        for place, text in enumerate(cells):
            item = QTableWidgetItem(text)
            if place:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, place, item)
