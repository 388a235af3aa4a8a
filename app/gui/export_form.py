"""The form in which a person chooses what to export, how, and where to."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
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

from app.core.annotation import Status
from app.core.label import LabelSet
from app.export.error import ExportError
from app.export.exporter import fitted
from app.export.formats import EXPORTERS
from app.export.split import PARTS, Split
from app.exporting import ExportChoice
from app.gui.export_folder import folder_problem
from app.gui.format_fields import FormatFields
from app.gui.label_swatch import swatch
from app.gui.theme import Theme

_USUAL_SHARES = (80, 10, 10)
_LABELS_SEEN = 5


class ExportForm(QWidget):
    """The fields of an ``ExportChoice``; ``changed`` after each change of any of them."""

    changed = Signal()

    def __init__(
        self,
        label_set: LabelSet,
        annotators: Sequence[str],
        formats: Iterable[str],
        choice: ExportChoice,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = QLineEdit(str(choice.folder or ""), self)
        self._folder.setObjectName("folder")
        self._browse = QPushButton("&Browse…", self)
        self._format = FormatFields(formats, choice, self)
        self._statuses = {status: QCheckBox(status.capitalize(), self) for status in Status}
        for status, box in self._statuses.items():
            box.setChecked(status in choice.statuses)
        self._annotator = QComboBox(self)
        self._annotator.addItem("Everybody", None)
        for name in annotators:
            self._annotator.addItem(name, name)
        self._annotator.setCurrentIndex(max(0, self._annotator.findData(choice.annotator)))
        self._labels = _label_list(label_set, choice.labels, theme)
        self._split = QCheckBox("&Split", self)
        self._split.setChecked(choice.split is not None)
        self._shares = [_share(part, self) for part in PARTS]
        self._set_shares(choice.split)
        self._gzip = QCheckBox("&Compress the files (.gz)", self)
        self._gzip.setChecked(choice.gzip)
        self._suggestions = QCheckBox("&With suggestions for unfinished pages", self)
        self._suggestions.setChecked(choice.suggestions)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        _add_row(form, "&Folder", self._folder, (self._folder, self._browse))
        form.addRow("For&mat", self._format)
        _add_row(form, "&Pages", self._statuses[Status.NEW], self._statuses.values())
        form.addRow("&Annotator", self._annotator)
        form.addRow("&Labels", self._labels)
        _add_row(form, "", None, (self._split, *self._shares))
        form.addRow("", self._gzip)
        form.addRow("", self._suggestions)
        self._labels.setAccessibleName("Labels")
        for status, box in self._statuses.items():
            box.setAccessibleName(f"Pages that are {status}")
        self._split.setToolTip("All pages of a site go to one part, so that no site is in two")

    def _connect(self) -> None:
        self._browse.clicked.connect(self._choose_folder)
        self._folder.textChanged.connect(self._on_change)
        self._format.changed.connect(self._on_change)
        self._annotator.currentIndexChanged.connect(self._on_change)
        self._labels.itemChanged.connect(self._on_change)
        for box in (*self._statuses.values(), self._split, self._gzip, self._suggestions):
            box.toggled.connect(self._on_change)
        for share in self._shares:
            share.valueChanged.connect(self._on_change)
        self._enable_what_counts()

    def _on_change(self) -> None:
        self._enable_what_counts()
        self.changed.emit()

    def _enable_what_counts(self) -> None:
        for share in self._shares:
            share.setEnabled(self._split.isChecked())
        self._gzip.setEnabled(self._format.compressible)
        self._suggestions.setEnabled(self._format.suggestible)

    def _set_shares(self, split: Split | None) -> None:
        values = (split.train, split.dev, split.test) if split else _USUAL_SHARES
        for share, value in zip(self._shares, values, strict=True):
            share.setValue(value)

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
        if not any(box.isChecked() for box in self._statuses.values()):
            return "Choose which pages: none of the four is ticked."
        if not self._checked_labels():
            return "Choose at least one label."
        total = sum(share.value() for share in self._shares)
        if self._split.isChecked() and total != 100:
            return f"The three shares of the split make {total} %; they must make 100 %."
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
            statuses=frozenset(s for s, box in self._statuses.items() if box.isChecked()),
            annotator=self._annotator.currentData(),
            labels=None if len(labels) == self._labels.count() else frozenset(labels),
            split=self._chosen_split(),
            gzip=self._gzip.isChecked() and self._format.compressible,
            suggestions=self._suggestions.isChecked() and self._format.suggestible,
        )

    def _chosen_split(self) -> Split | None:
        if not self._split.isChecked():
            return None
        try:
            return Split(*(share.value() for share in self._shares))
        except ExportError:
            return None

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


def _share(part: str, parent: QWidget) -> QSpinBox:
    share = QSpinBox(parent, maximum=100, singleStep=5)
    share.setPrefix(f"{part} ")
    share.setSuffix(" %")
    share.setAccessibleName(f"Share of {part} in per cent")
    return share


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
