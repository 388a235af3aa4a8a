"""The form with all options of an export."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.export.error import ExportError
from segmark.export.format import Capability
from segmark.export.formats.registry import with_defaults
from segmark.export.options import ExportOptions
from segmark.gui.base.label_swatch import swatch
from segmark.gui.base.theme import Theme
from segmark.gui.export.annotator_fields import AnnotatorFields
from segmark.gui.export.folder import folder_problem
from segmark.gui.export.format_fields import FormatFields
from segmark.gui.export.page_fields import PageFields
from segmark.gui.export.split_fields import SplitFields

_LABELS_SEEN = 5
#: The title and the tool tip of each option that is a switch.
_SWITCHES = {
    "gzip": ("&Compress (.gz)", "Compress the data files"),
    "suggestions": ("&With suggestions", "Include the suggestions for unfinished pages"),
    "plots": ("Plots &in the card", "Show plots in the card of the export"),
    "redact": (
        "Pse&udonyms for annotators",
        "A person has the same pseudonym in all exports of the project",
    ),
    "provenance": (
        "Ori&gin of spans",
        "Say of each span whether it was typed, accepted, changed, loaded or carried over",
    ),
    "extra": ("Ot&her columns", "Add what the record brought when it was loaded"),
    "notes": ("&Notes and flags", "Add the annotator's note and flag"),
    "times": ("&Times", "Add when the page was last worked on, and for how many seconds"),
    "unique": ("&One page an article", "Only the first of several pages with the same article"),
}
#: The switches that not every format has.
_OF_FORMATS = (Capability.GZIP, Capability.SUGGESTIONS, Capability.PROVENANCE)


class ExportForm(QWidget):
    """The fields of ``ExportOptions``; ``changed`` is emitted after any change.

    Attributes:
        folder: the folder that the files go to.
        browse: opens a dialog for the folder.
        format: the format and its own options.
        pages: which pages are exported.
        whose: whose labels are exported.
        labels: the labels, each with a box.
        split: the split.
        confidence: the least confidence in per cent.
        switches: the box of each option that is a switch, by name.
    """

    changed = Signal()

    def __init__(
        self,
        label_set: LabelSet,
        annotators: Sequence[str],
        sites: Sequence[str],
        options: ExportOptions,
        theme: Theme,
        adjudicator: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._first = options
        self.folder = QLineEdit(str(options.folder or ""), self)
        self.folder.setObjectName("folder")
        self.setFocusProxy(self.folder)
        self.browse = QPushButton("&Browse…", self)
        self.format = FormatFields(options, self)
        self.pages = PageFields(sites, options, self)
        self.whose = AnnotatorFields(annotators, options, adjudicator, self)
        self.labels = _label_list(label_set, options.labels, theme)
        self.split = SplitFields(options, self)
        self.confidence = QSpinBox(self, maximum=100, singleStep=5, suffix=" %")
        self.confidence.setSpecialValueText("any")
        self.confidence.setValue(round(100 * options.min_confidence))
        self.confidence.setAccessibleName("Least confidence of accepted suggestions, in per cent")
        self.confidence.setToolTip("Leave out spans accepted as suggested with less confidence")
        self.switches = {name: QCheckBox(title, self) for name, (title, _) in _SWITCHES.items()}
        for name, box in self.switches.items():
            box.setChecked(getattr(options, name))
            box.setToolTip(_SWITCHES[name][1])
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form, boxes = QFormLayout(self), self.switches
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        folder = QLabel("&Folder")
        folder.setBuddy(self.folder)
        _add_row(form, folder, self.folder, self.browse)
        form.addRow("For&mat", self.format)
        form.addRow("&Pages", self.pages)
        form.addRow("L&abels of", self.whose)
        form.addRow("&Labels", self.labels)
        form.addRow("", self.split)
        confidence = QLabel("Least confidence", self)
        _add_row(form, QLabel(), boxes["gzip"], boxes["suggestions"], boxes["plots"])
        _add_row(form, QLabel(), boxes["redact"], confidence, self.confidence)
        _add_row(form, QLabel(), boxes["provenance"], boxes["unique"])
        _add_row(form, QLabel(), boxes["extra"], boxes["notes"], boxes["times"])
        self.labels.setAccessibleName("Labels")

    def _connect(self) -> None:
        self.browse.clicked.connect(self._choose_folder)
        self.folder.textChanged.connect(self._on_change)
        for fields in (self.format, self.pages, self.whose, self.split):
            fields.changed.connect(self._on_change)
        self.confidence.valueChanged.connect(self._on_change)
        self.labels.itemChanged.connect(self._on_change)
        for box in self.switches.values():
            box.toggled.connect(self._on_change)
        self._enable_switches()

    def _on_change(self) -> None:
        self._enable_switches()
        self.changed.emit()

    def _enable_switches(self) -> None:
        for capability in _OF_FORMATS:
            self.switches[capability].setEnabled(capability in self.format.chosen.can)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export to", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    @property
    def problem(self) -> str | None:
        """Why nothing can be exported with these options, in one line; None if it can."""
        options = self.options
        if problem := folder_problem(options.folder) or self.pages.problem:
            return problem
        if not self._ticked_labels():
            return "Choose at least one label."
        if problem := self.split.problem:
            return problem
        try:
            with_defaults(options)
        except ExportError as error:
            return str(error)
        return None

    @property
    def options(self) -> ExportOptions:
        """The chosen options; there is no split while its shares do not make 100."""
        labels = self._ticked_labels()
        folder = self.folder.text().strip()
        switches: dict[str, Any] = {
            name: box.isChecked() and box.isEnabledTo(self) for name, box in self.switches.items()
        }
        return ExportOptions(
            folder=Path(folder) if folder else None,
            labels=None if len(labels) == self.labels.count() else frozenset(labels),
            min_confidence=self._min_confidence(),
            **self.format.options,
            **self.pages.options,
            **self.whose.options,
            **self.split.options,
            **switches,
        )

    def _min_confidence(self) -> float:
        shown = self.confidence.value()
        # The field shows whole per cent; the first options may have had more digits.
        first = self._first.min_confidence
        return first if round(100 * first) == shown else shown / 100

    def _ticked_labels(self) -> list[str]:
        items = (self.labels.item(row) for row in range(self.labels.count()))
        return [item.text() for item in items if item.checkState() is Qt.CheckState.Checked]


def _label_list(label_set: LabelSet, chosen: frozenset[str] | None, theme: Theme) -> QListWidget:
    """The labels with their colours, each with a box; the list scrolls when there are many."""
    labels = QListWidget()
    labels.setIconSize(QSize(16, 16))
    for label in label_set:
        item = QListWidgetItem(swatch(label, theme), label.name, labels)
        ticked = chosen is None or label.name in chosen
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        item.setToolTip(label.definition)
    row = max(labels.sizeHintForRow(0), labels.fontMetrics().height())
    labels.setFixedHeight(row * min(_LABELS_SEEN, labels.count()) + 2 * labels.frameWidth() + 2)
    return labels


def _add_row(form: QFormLayout, title: QLabel, *widgets: QWidget) -> None:
    row, stretches = QHBoxLayout(), False
    for widget in widgets:
        wide = isinstance(widget, QLineEdit)
        row.addWidget(widget, int(wide))
        stretches |= wide
    if not stretches:
        row.addStretch(1)
    form.addRow(title, row)
