"""The form in which a person chooses what to export, how, and where to."""

from collections.abc import Iterable, Sequence
from pathlib import Path

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
from segmark.export.formats.registry import EXPORTERS, fitted
from segmark.gui.base.label_swatch import swatch
from segmark.gui.base.theme import Theme
from segmark.gui.export.annotator_fields import WhoseFields
from segmark.gui.export.folder import folder_problem
from segmark.gui.export.format_fields import FormatFields
from segmark.gui.export.page_fields import PageFields
from segmark.gui.export.split_fields import SplitFields
from segmark.jobs.exporting.exporting import ExportChoice

_LABELS_SEEN = 5


class ExportForm(QWidget):
    """The fields of an ``ExportChoice``; ``changed`` after each change of any of them."""

    changed = Signal()

    def __init__(
        self,
        label_set: LabelSet,
        annotators: Sequence[str],
        sites: Sequence[str],
        formats: Iterable[str],
        choice: ExportChoice,
        theme: Theme,
        adjudicator: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._first = choice
        self._folder = QLineEdit(str(choice.folder or ""), self)
        self.setFocusProxy(self._folder)
        self._folder.setObjectName("folder")
        self._browse = QPushButton("&Browse…", self)
        self._format = FormatFields(formats, choice, self)
        self.pages = PageFields(sites, choice, self)
        self.whose = WhoseFields(annotators, choice, adjudicator, self)
        self._labels = _label_list(label_set, choice.labels, theme)
        self.split = SplitFields(choice, self)
        self._least_sure = QSpinBox(self, maximum=100, singleStep=5, suffix=" %")
        self._least_sure.setSpecialValueText("any")
        self._least_sure.setValue(round(100 * choice.min_confidence))
        self._gzip = QCheckBox("&Compress (.gz)", self)
        self._gzip.setChecked(choice.gzip)
        self._suggestions = QCheckBox("&With suggestions", self)
        self._suggestions.setChecked(choice.suggestions)
        self._plots = QCheckBox("Plots &in the card", self)
        self._plots.setChecked(choice.plots)
        self._redact = QCheckBox("Pse&udonyms for annotators", self)
        self._redact.setChecked(choice.redact)
        self._provenance = QCheckBox("Ori&gin of spans", self)
        self._provenance.setChecked(choice.provenance)
        self._unique = QCheckBox("&One page an article", self)
        self._unique.setChecked(choice.unique)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        _add_row(form, "&Folder", self._folder, (self._folder, self._browse))
        form.addRow("For&mat", self._format)
        form.addRow("&Pages", self.pages)
        form.addRow("L&abels of", self.whose)
        form.addRow("&Labels", self._labels)
        form.addRow("", self.split)
        _add_row(form, "", None, (self._gzip, self._suggestions, self._plots))
        _add_row(form, "", None, (self._redact, QLabel("Least confidence", self), self._least_sure))
        _add_row(form, "", None, (self._provenance, self._unique))
        self._labels.setAccessibleName("Labels")
        self._least_sure.setAccessibleName("How sure accepted suggestions have to be, in per cent")
        self._least_sure.setToolTip(
            "Spans that were accepted as they were suggested with less confidence are left out"
        )
        self._suggestions.setToolTip("What is suggested for unfinished pages goes along")
        self._provenance.setToolTip(
            "Of each span: typed, accepted, changed, loaded or carried over"
        )
        self._unique.setToolTip("Of pages with the same article only the first is written")
        self._redact.setToolTip("The same person has the same one in all exports of the project")

    def _connect(self) -> None:
        self._browse.clicked.connect(self._choose_folder)
        self._folder.textChanged.connect(self._on_change)
        self._format.changed.connect(self._on_change)
        self.pages.changed.connect(self._on_change)
        self.whose.changed.connect(self._on_change)
        self.split.changed.connect(self._on_change)
        self._least_sure.valueChanged.connect(self._on_change)
        self._labels.itemChanged.connect(self._on_change)
        for box in (
            self._gzip,
            self._suggestions,
            self._plots,
            self._redact,
            self._provenance,
            self._unique,
        ):
            box.toggled.connect(self._on_change)
        self._enable_what_counts()

    def _on_change(self) -> None:
        self._enable_what_counts()
        self.changed.emit()

    def _enable_what_counts(self) -> None:
        self._gzip.setEnabled(self._format.compressible)
        self._suggestions.setEnabled(self._format.suggestible)
        self._provenance.setEnabled(self._format.sourced)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export to", self._folder.text())
        if chosen:
            self._folder.setText(chosen)

    @property
    def problem(self) -> str | None:
        """Why nothing can be exported like this, in one line; None when it can."""
        folder = self._folder.text().strip()
        if problem := folder_problem(Path(folder) if folder else None):
            return problem
        if problem := self.pages.problem:
            return problem
        if not self._checked_labels():
            return "Choose at least one label."
        if problem := self.split.problem:
            return problem
        try:
            fitted(EXPORTERS[self.choice.form], self.choice.options)
        except ExportError as error:
            return str(error)
        return None

    @property
    def choice(self) -> ExportChoice:
        """What is chosen; the split is left out while its shares do not make 100."""
        labels = self._checked_labels()
        folder = self._folder.text().strip()
        return ExportChoice(
            folder=Path(folder) if folder else None,
            form=self._format.form.currentText(),
            unit=self._format.unit,
            window=self._format.window_tokens,
            stride=self._format.stride_tokens,
            shard=self._format.shard_millions,
            statuses=self.pages.statuses,
            sites=self.pages.sites,
            since=self.pages.since,
            annotator=self.whose.name,
            adjudicated=self.whose.adjudicated,
            labels=None if len(labels) == self._labels.count() else frozenset(labels),
            split=self.split.split,
            split_by=self.split.split_by,
            seed=self.split.seed_word,
            min_confidence=self._chosen_confidence(),
            redact=self._redact.isChecked(),
            provenance=self._provenance.isChecked() and self._format.sourced,
            unique=self._unique.isChecked(),
            plots=self._plots.isChecked(),
            gzip=self._gzip.isChecked() and self._format.compressible,
            suggestions=self._suggestions.isChecked() and self._format.suggestible,
        )

    def _chosen_confidence(self) -> float:
        shown = self._least_sure.value()
        # The field has whole per cent, the choice may have had more digits.
        kept = self._first.min_confidence
        return kept if round(100 * kept) == shown else shown / 100

    def _checked_labels(self) -> list[str]:
        items = (self._labels.item(row) for row in range(self._labels.count()))
        return [item.text() for item in items if item.checkState() is Qt.CheckState.Checked]


def _label_list(label_set: LabelSet, chosen: frozenset[str] | None, theme: Theme) -> QListWidget:
    """The labels with their colours, each to be ticked; a few are seen, the rest scrolls."""
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


def _add_row(
    form: QFormLayout, title: str, buddy: QWidget | None, widgets: Iterable[QWidget]
) -> None:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
    if not any(isinstance(widget, QLineEdit) for widget in widgets):
        row.addStretch(1)
    label = QLabel(title)
    if buddy is not None:
        label.setBuddy(buddy)
    form.addRow(label, row)
