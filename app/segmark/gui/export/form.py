"""The form with all options of an export, in three groups on tabs."""

from collections.abc import Mapping, Sequence
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
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.export.error import ExportError
from segmark.export.format import Capability
from segmark.export.formats.registry import with_defaults
from segmark.export.options import ExportOptions
from segmark.export.publication import UNNAMED, Publication
from segmark.gui.base.label_swatch import swatch
from segmark.gui.base.theme import Theme
from segmark.gui.export.annotator_fields import AnnotatorFields
from segmark.gui.export.folder import folder_problem
from segmark.gui.export.format_fields import FormatFields
from segmark.gui.export.group import group
from segmark.gui.export.page_fields import PageFields
from segmark.gui.export.publication_fields import PublicationFields
from segmark.gui.export.split_fields import SplitFields

_LABELS_SEEN = 5
#: The title and the tool tip of each option that is a switch.
_SWITCHES = {
    "unique": (
        "Leave o&ut near-duplicates",
        "Only the first of several pages with the same article",
    ),
    "suggestions": (
        "Add &suggestions for unfinished pages",
        "Suggestions have a score, and are no labels",
    ),
    "gzip": ("Compress the data fi&les", "Files end in .gz"),
    "plots": ("Draw &plots in the dataset card", "The card is the README.md of the export"),
    "provenance": (
        "Record where each sp&an came from",
        "Typed, accepted, changed, loaded or carried over",
    ),
    "extra": ("&Keep the other columns", "What the record brought when it was loaded"),
    "notes": ("Add &notes and flags", "The annotator's note and flag of each page"),
    "times": ("Add working time&s", "When each page was last worked on, and for how many seconds"),
    "absent": (
        "Add labels that are really not there",
        "What the annotator said of pages that lack a label that is expected",
    ),
    "redact": (
        "Replace annotators' names by pse&udonyms",
        "A person has the same pseudonym in all exports of the project",
    ),
}
_WHAT = ("unique", "suggestions")
_HOW = ("gzip", "plots", "provenance", "extra", "notes", "times", "absent", "redact")
#: The switches that not every format has.
_OF_FORMATS = (Capability.GZIP, Capability.SUGGESTIONS, Capability.PROVENANCE)


class ExportForm(QWidget):
    """The fields of ``ExportOptions``; ``changed`` is emitted after any change.

    Attributes:
        folder: the folder that the files go to.
        browse: opens a dialog for the folder.
        groups: the tabs with what goes in, how it is split and how it is written.
        format: the format and its own options.
        pages: which pages are exported.
        whose: whose labels are exported.
        labels: the labels, each with a box.
        split: the split.
        confidence: the minimum confidence in per cent.
        switches: the box of each option that is a switch, by name.
        publication: what is said about the data set, and whether it is written.
    """

    changed = Signal()

    def __init__(
        self,
        label_set: LabelSet,
        annotators: Mapping[str, str],
        sites: Sequence[str],
        options: ExportOptions,
        theme: Theme,
        adjudicator: str = "",
        about: Publication = UNNAMED,
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
        self.confidence.setAccessibleName("Minimum confidence, in per cent")
        self.confidence.setToolTip("Leave out spans accepted as suggested with less confidence")
        self.switches = {name: QCheckBox(title, self) for name, (title, _) in _SWITCHES.items()}
        for name, box in self.switches.items():
            box.setChecked(getattr(options, name))
            box.setToolTip(_SWITCHES[name][1])
        self.publication = PublicationFields(about, options.publish, self)
        self.groups = QTabWidget(self, documentMode=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        folder = QLabel("&Folder")
        folder.setBuddy(self.folder)
        first = QHBoxLayout()
        first.addWidget(folder)
        first.addWidget(self.folder, 1)
        first.addWidget(self.browse)
        self.groups.addTab(group(self._what()), "What &goes in")
        self.groups.addTab(group(self.split), "How it is spl&it")
        self.groups.addTab(group(self._how()), "How it is &written")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(first)
        rows.addWidget(self.groups, 1)

    def _what(self) -> QWidget:
        """Which pages and spans are exported."""
        inner = QWidget()
        form = _form(inner)
        form.addRow("&Pages", self.pages)
        form.addRow("L&abels of", self.whose)
        form.addRow("&Labels", self.labels)
        confidence = QHBoxLayout()
        confidence.addWidget(self.confidence)
        confidence.addStretch(1)
        title = QLabel("&Minimum confidence")
        title.setBuddy(self.confidence)
        form.addRow(title, confidence)
        for name in _WHAT:
            form.addRow(self.switches[name])
        self.labels.setAccessibleName("Labels")
        return inner

    def _how(self) -> QWidget:
        """The form of the files, and what is written with each page."""
        inner = QWidget()
        form = _form(inner)
        form.addRow(self.format)
        for name in _HOW:
            form.addRow(self.switches[name])
        form.addRow(self.publication)
        return inner

    def _connect(self) -> None:
        self.browse.clicked.connect(self._choose_folder)
        self.folder.textChanged.connect(self._on_change)
        for fields in (
            self.format, self.pages, self.whose, self.split, self.publication,
        ):  # fmt: skip
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
        if problem := self.split.problem or self.publication.problem:
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
            publish=self.publication.publish.isChecked(),
            publication=self.publication.about,
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
        return [
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        ]


def _label_list(label_set: LabelSet, chosen: frozenset[str] | None, theme: Theme) -> QListWidget:
    """The labels with their colours, each with a box; the list scrolls when there are many."""
    labels = QListWidget()
    labels.setIconSize(QSize(16, 16))
    for label in label_set:
        item = QListWidgetItem(swatch(label, theme), label.name, labels)
        item.setData(Qt.ItemDataRole.UserRole, label.id)
        ticked = chosen is None or label.id in label_set.present(chosen)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        item.setToolTip(label.definition)
    row = max(labels.sizeHintForRow(0), labels.fontMetrics().height())
    labels.setFixedHeight(row * min(_LABELS_SEEN, labels.count()) + 2 * labels.frameWidth() + 2)
    return labels


def _form(inner: QWidget) -> QFormLayout:
    form = QFormLayout(inner)
    form.setContentsMargins(0, 0, 0, 0)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form
