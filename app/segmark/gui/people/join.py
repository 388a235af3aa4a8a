"""JoinDialog: with whom a person is joined, and whose labels stay where both labelled a page."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from segmark.core.people.person import Person
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.person_dot import person_dot


class JoinDialog(FittedDialog):
    """Shows what clashes, page by page, before two people are joined.

    Attributes:
        into: the other person, whose name stays.
        keep: whose labels stay on pages that both labelled differently.
        clashes: these pages.
        words: what the join does.
        join: accepts the dialog.
        pages: how many pages go over; 0 until they are counted.

    Signals:
        clashes_wanted: the ``Person`` with whom the clashes are to be shown.
    """

    clashes_wanted = Signal(object)

    def __init__(
        self, one: Person, others: Sequence[Person], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Join {one.name}")
        self._one, self._others = one, others
        self.pages = 0
        self.into, self.keep = QComboBox(), QComboBox()
        for other in others:
            self.into.addItem(person_dot(other.colour), other.name)
        self.clashes = QListWidget()
        self.clashes.setAccessibleName("Pages that both labelled differently")
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.join = QPushButton("&Join")
        buttons.addButton(self.join, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(f"{one.name} is the same person &as", self.into)
        form.addRow("Where both &labelled, keep the labels of", self.keep)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.clashes, 1)
        column.addWidget(self.words)
        column.addWidget(buttons)
        self.prefer(100, 26)
        self.into.currentIndexChanged.connect(self.ask)

    @property
    def other(self) -> Person:
        """The person whose name stays."""
        return self._others[self.into.currentIndex()]

    @property
    def kept(self) -> Person:
        """The person whose labels stay on pages that clash."""
        return self._one if self.keep.currentIndex() == 1 else self.other

    def ask(self) -> None:
        """Ask for the clashes with the other person."""
        self.join.setEnabled(False)
        self.clashes.clear()
        self.words.setText("Comparing the labels of both …")
        self.clashes_wanted.emit(self.other)

    def show_clashes(self, found: tuple[Person, int, Sequence[str]]) -> None:
        """Show the pages that clash with a person, unless another one is chosen by now.

        ``found`` are the person, the number of pages that would go over, and a line for each clash.
        """
        other, self.pages, lines = found
        if other.id != self.other.id:
            return
        self.keep.clear()
        for person in (other, self._one):
            self.keep.addItem(person_dot(person.colour), person.name)
        self.keep.setEnabled(bool(lines))
        self.clashes.addItems(list(lines))
        stay = (
            f" {len(lines):,} of them {other.name} labelled differently: these are listed. The "
            "labels that do not stay are kept in the log."
            if lines
            else " None of them clashes."
        )
        self.words.setText(f"{self.pages:,} pages of {self._one.name} go to {other.name}.{stay}")
        self.join.setEnabled(True)
        self.join.setDefault(True)
