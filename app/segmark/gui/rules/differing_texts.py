"""DifferingTextsDialog: texts that are labelled differently, and a button that makes them alike."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.guideline import NO_LABEL
from segmark.core.label import LabelSet
from segmark.gui.base.box_name import name_box
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.base.row_tree import row_tree
from segmark.gui.rules.example_dialog import label_choice
from segmark.suggestion.second_look.consistency import DifferingText

_NOTHING = "No text of a site is labelled differently on your finished pages."

#: The most code points of a text that are shown.
_SHOWN = 400


class DifferingTextsDialog(FittedDialog):
    """Lists texts with the number of pages of each label, and takes the label for all of them.

    Signals:
        decided: a ``DifferingText``, and the id of the label that it is to have; "" for none.

    Attributes:
        texts: the list.
        text: the chosen text, or its beginning.
        label: the choice of the label.
        make, go: the buttons; ``go`` accepts the dialog.
        chosen: the text whose page is to be opened; None if the dialog was closed.
    """

    decided = Signal(object, str)

    def __init__(
        self,
        found: Sequence[DifferingText],
        labels: LabelSet,
        *,
        can_write: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Texts that are labelled differently")
        self._found, self._labels, self._can_write = list(found), labels, can_write
        self.chosen: DifferingText | None = None
        self.texts = self._list()
        self.text = QLabel(_NOTHING, wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.label: QComboBox = label_choice(labels, "")
        name_box(self.label, "Label of the text")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole
        self.go = buttons.addButton("Go to a &page", role.ActionRole)
        self.make = buttons.addButton("&Make alike", role.ActionRole)
        self.make.clicked.connect(self._decide)
        self.go.clicked.connect(self._go)
        buttons.rejected.connect(self.reject)
        self.texts.currentItemChanged.connect(lambda: self._show_text())
        self.texts.itemActivated.connect(lambda: self._go())
        self._lay_out(buttons)
        self._fill()
        self.texts.setFocus()

    @staticmethod
    def _list() -> QTreeWidget:
        table = row_tree("Texts that are labelled differently")
        table.setHeaderLabels(["Site", "Labels", "Text"])
        table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        table.setColumnWidth(0, 20 * table.fontMetrics().averageCharWidth())
        return table

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        choice = QHBoxLayout()
        words = QLabel("&Everywhere:")
        words.setBuddy(self.label)
        choice.addWidget(words)
        choice.addWidget(self.label)
        choice.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.texts, 1)
        column.addWidget(self.text)
        column.addLayout(choice)
        column.addWidget(buttons)
        self.go.setAutoDefault(False)
        self.make.setDefault(True)
        self.prefer(110, 26)

    def _fill(self) -> None:
        self.texts.clear()
        for one in self._found:
            counts = ", ".join(
                f"{self._labels.name_of(label) or NO_LABEL} on {pages:,}"
                for label, pages in one.labels.items()
            )
            words = in_stored_order(one.text)
            self.texts.addTopLevelItem(QTreeWidgetItem([in_stored_order(one.site), counts, words]))
        if first := self.texts.topLevelItem(0):
            self.texts.setCurrentItem(first)
        self._show_text()

    def remove(self, text: DifferingText) -> None:
        """Take a text off the list."""
        self._found.remove(text)
        self._fill()

    @property
    def current(self) -> DifferingText | None:
        """The text that is chosen in the list."""
        at = self.texts.currentIndex().row()
        return self._found[at] if 0 <= at < len(self._found) else None

    def _show_text(self) -> None:
        one = self.current
        self.text.setText(in_stored_order(_shortened(one.text)) if one else _NOTHING)
        if one:
            most = self._labels.name_of(next(iter(one.labels)))
            self.label.setCurrentIndex(self.label.findData(most))
        self.label.setEnabled(one is not None and self._can_write)
        self.make.setEnabled(one is not None and self._can_write)
        self.go.setEnabled(one is not None)

    def _decide(self) -> None:
        label = self._labels.find(self.label.currentData())
        if one := self.current:
            self.decided.emit(one, label.id if label else "")

    def _go(self) -> None:
        self.chosen = self.current
        self.accept()


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
