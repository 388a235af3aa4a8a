"""The fields for whose labels are exported: everybody's, one annotator's, or the adjudicated."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from segmark.jobs.exporting.exporting import ExportChoice

_ADJUDICATED = 1  # place in the list


class WhoseFields(QWidget):
    """Whose labels, and who has the last word.

    Signals:
        changed: after each change of any of them.
        adjudicator_chosen: somebody was given the last word, or "" for nobody; a name.
    """

    changed = Signal()
    adjudicator_chosen = Signal(str)

    def __init__(
        self,
        annotators: Sequence[str],
        choice: ExportChoice,
        adjudicator: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.annotator = QComboBox(self)
        self.annotator.addItem("Everybody", None)
        self.annotator.addItem("Adjudicated", None)
        self.adjudicator = QComboBox(self)
        self.adjudicator.addItem("settled by nobody", "")
        for name in annotators:
            self.annotator.addItem(name, name)
            self.adjudicator.addItem(f"settled by {name}", name)
        if choice.annotator is not None:
            self.annotator.setCurrentIndex(max(0, self.annotator.findData(choice.annotator)))
        elif choice.adjudicated:
            self.annotator.setCurrentIndex(_ADJUDICATED)
        self.adjudicator.setCurrentIndex(max(0, self.adjudicator.findData(adjudicator)))
        self.annotator.setAccessibleName("Whose labels")
        self.adjudicator.setAccessibleName("Who has the last word")
        told = "One record a page: of this person, else what all agree on who finished the page"
        self.adjudicator.setToolTip(told)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.annotator, 1)
        row.addWidget(self.adjudicator, 1)
        self.setFocusProxy(self.annotator)
        self.annotator.currentIndexChanged.connect(self._on_change)
        self.adjudicator.activated.connect(self._on_adjudicator)
        self._show_what_counts()

    def _on_change(self) -> None:
        self._show_what_counts()
        self.changed.emit()

    def _on_adjudicator(self) -> None:
        self.adjudicator_chosen.emit(self.adjudicator.currentData())

    def _show_what_counts(self) -> None:
        self.adjudicator.setVisible(self.adjudicated)

    @property
    def name(self) -> str | None:
        """The one annotator; None for all."""
        name = self.annotator.currentData()
        return None if name is None else str(name)

    @property
    def adjudicated(self) -> bool:
        """Whether only what is agreed on or settled is wanted."""
        return self.annotator.currentIndex() == _ADJUDICATED
