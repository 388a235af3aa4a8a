"""The fields for whose labels are exported: everybody's, one annotator's, or adjudicated ones."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from segmark.export.options import ExportOptions
from segmark.gui.base.box_name import name_box
from segmark.gui.base.person_dot import person_dot

_ADJUDICATED = 1  # index in the list
_MOST_VIEWS = 99


class AnnotatorFields(QWidget):
    """Whose labels are exported, and who settles disagreements.

    Signals:
        changed: after any change.
        adjudicator_chosen: the name of the new adjudicator, or "" for nobody.

    Attributes:
        annotator: the list of annotators, after "Everybody" and "Adjudicated".
        adjudicator: the list of adjudicators.
        views: how many people must have finished a page that counts as agreed.
    """

    changed = Signal()
    adjudicator_chosen = Signal(str)

    def __init__(
        self,
        annotators: Mapping[str, str],
        options: ExportOptions,
        adjudicator: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.annotator = QComboBox(self)
        self.annotator.addItem("Everybody", None)
        self.annotator.addItem("Adjudicated", None)
        self.adjudicator = QComboBox(self)
        self.adjudicator.addItem("settled by nobody", "")
        for name, colour in annotators.items():
            dot = person_dot(colour)
            self.annotator.addItem(dot, name, name)
            self.adjudicator.addItem(dot, f"settled by {name}", name)
        if options.annotator is not None:
            self.annotator.setCurrentIndex(max(0, self.annotator.findData(options.annotator)))
        elif options.adjudicated:
            self.annotator.setCurrentIndex(_ADJUDICATED)
        self.adjudicator.setCurrentIndex(max(0, self.adjudicator.findData(adjudicator)))
        name_box(self.annotator, "Whose labels")
        name_box(self.adjudicator, "Who settles disagreements")
        self.adjudicator.setToolTip(
            "One record a page: this person's, or else the one that everybody who finished the "
            "page agrees on"
        )
        self.views = QSpinBox(self, minimum=1, maximum=_MOST_VIEWS, value=options.views)
        self.views.setPrefix("seen by ")
        self.views.setAccessibleName("Views that a page needs")
        self.views.setToolTip(
            "How many people must have finished a page that counts as agreed on; the person who "
            "settles disagreements is enough alone"
        )
        rows, second = QVBoxLayout(self), QHBoxLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.annotator)
        rows.addLayout(second)
        second.addWidget(self.adjudicator, 1)
        second.addWidget(self.views)
        self.setFocusProxy(self.annotator)
        self.views.valueChanged.connect(self._on_change)
        self.annotator.currentIndexChanged.connect(self._on_change)
        self.adjudicator.activated.connect(self._on_adjudicator)
        self._show_adjudicator()

    @property
    def options(self) -> dict[str, Any]:
        """The chosen options by name."""
        adjudicated = self.annotator.currentIndex() == _ADJUDICATED
        chosen = {"annotator": self.annotator.currentData(), "adjudicated": adjudicated}
        return {**chosen, "views": self.views.value()} if adjudicated else chosen

    def _on_change(self) -> None:
        self._show_adjudicator()
        self.changed.emit()

    def _on_adjudicator(self) -> None:
        self.adjudicator_chosen.emit(self.adjudicator.currentData())

    def _show_adjudicator(self) -> None:
        for field in (self.adjudicator, self.views):
            field.setVisible(self.annotator.currentIndex() == _ADJUDICATED)
