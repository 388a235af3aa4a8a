"""LabelQuestions: asks what the labels of another tool mean."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.gui.base.box_name import name_box
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.plain_words import plain_words
from segmark.loading.options import LabelOptions
from segmark.loading.raw import OffsetUnit
from segmark.loading.survey import Survey

#: The units of offsets, as shown to the user.
UNITS = {
    OffsetUnit.UTF_16: "UTF-16 units, as in browsers (usual)",
    OffsetUnit.GRAPHEME: "graphemes: what looks like one character",
    OffsetUnit.CODE_POINT: "code points, as in Python",
}
_OPEN = "choose…"
_LEFT_OUT = "leave out"
_SHOWN = 100  # the most labels to ask about; more were not given by people


class LabelQuestions(FittedDialog):
    """A non-modal dialog that asks for the names of unknown labels and the unit of offsets.

    Once it is accepted, ``answered`` returns how to load the files. It is deleted when closed.

    Attributes:
        names: a field for each unknown label.
        rest: whether to leave out all labels without an answer.
        unit: the field for the unit of offsets; None if it is known.
        load_button: accepts the answers; enabled when they are complete.
    """

    def __init__(self, survey: Survey, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Labels of another tool")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.names = {name: _labels(labels, name, self) for name in sorted(survey.unknown)[:_SHOWN]}
        self.rest = QCheckBox("Leave out all labels without a choice", self)
        self.unit = _units(self) if survey.unclear else None
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.load_button = self._buttons.addButton("&Load", QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out(survey)
        for box in (*self.names.values(), *([self.unit] if self.unit else [])):
            box.currentIndexChanged.connect(self._check)
        self.rest.toggled.connect(self._check)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._check()

    def _lay_out(self, survey: Survey) -> None:
        rows = QVBoxLayout(self)
        names = ", ".join(survey.refused)
        rows.addWidget(QLabel(plain_words(f"Not loaded yet: {names}"), self, wordWrap=True))
        if self.names:
            rows.addWidget(QLabel("What are these labels called in this project?", self))
            rows.addWidget(_scrolled(self.names, survey.unknown), 1)
            rows.addWidget(self.rest)
        if self.unit:
            title = QLabel(
                "The file does not show what its &offsets count. If in doubt, choose the usual "
                "unit and check a page with an emoji.",
                self,
                wordWrap=True,
            )
            title.setBuddy(self.unit)
            rows.addWidget(title)
            rows.addWidget(self.unit)
        self.rest.setVisible(bool(self.names))
        rows.addWidget(self._buttons)
        # The user may be pressing keys to label when it opens: no key must answer by accident.
        for button in self._buttons.buttons():
            button.setAutoDefault(False)  # type: ignore[attr-defined]
        next(iter((*self.names.values(), self.unit or self.rest))).setFocus()
        self.prefer(87, 0)

    def answered(self, options: LabelOptions) -> LabelOptions:
        """The options with the answers added."""
        chosen = ((name, box.currentData()) for name, box in self.names.items())
        names = tuple((name, ours) for name, ours in chosen if ours is not None)
        return replace(
            options,
            names=(*options.names, *names),
            drop_unknown=options.drop_unknown or self.rest.isChecked(),
            offsets=chosen_unit(self.unit) if self.unit else options.offsets,
        )

    def _check(self) -> None:
        named = all(box.currentData() is not None for box in self.names.values())
        counted = self.unit is None or self.unit.currentData() is not None
        self.load_button.setEnabled((named or self.rest.isChecked()) and counted)


def _labels(labels: LabelSet, theirs: str, parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.addItem(_OPEN, None)
    for label in labels:
        box.addItem(label.name, label.name)
    box.addItem(_LEFT_OUT, "")
    name_box(box, f"What {theirs} is called here")
    return box


def _units(parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.addItem(_OPEN, None)
    for unit, title in UNITS.items():
        box.addItem(title, unit)
    return box


def chosen_unit(box: QComboBox) -> OffsetUnit | None:
    """The chosen unit; Qt returns a plain string."""
    word = box.currentData()
    return None if word is None else OffsetUnit(word)


def _scrolled(boxes: Mapping[str, QComboBox], counts: Mapping[str, int]) -> QScrollArea:
    inner = QWidget()
    form = QFormLayout(inner)
    for name, box in boxes.items():
        count = counts[name]
        title = QLabel(f"{name[:40]} ({count:,} {'time' if count == 1 else 'times'})")
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setBuddy(box)
        form.addRow(title, box)
    area = QScrollArea(widgetResizable=True)
    area.setAccessibleName("Labels that the project lacks")
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidget(inner)
    return area
