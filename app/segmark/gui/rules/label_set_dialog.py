"""LabelSetDialog: the labels of a project, and every act on them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from segmark.core.guideline import Example, examples_of
from segmark.core.label import Label, LabelSet, LabelSetError
from segmark.core.label_acts import acts
from segmark.core.label_acts.editing import edit_label
from segmark.environment.label_sets import read_label_file
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.label_swatch import swatch
from segmark.gui.base.message_box import MessageBox
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.theme import Theme
from segmark.gui.rules.act_dialogs import (
    AboutLabelSetDialog,
    ActDialog,
    AddLabelDialog,
    DeleteLabelDialog,
    ImportLabelsDialog,
    MergeLabelDialog,
)
from segmark.gui.rules.forecast_box import ForecastBox, ReadForecast, sentence
from segmark.gui.rules.label_form import LabelForm

_UNAPPLIED = "Apply or discard the changes first."
_NOT_MADE = "These changes are not made yet: Apply makes them, Close again drops them."


class LabelSetDialog(FittedDialog):
    """Shows the labels and asks for acts on them; each is made at once, and undo takes it back.

    Signals:
        change_made: a ``LabelSetChange``, the numbers of finished pages to reopen, and about how
            many pages are changed.
        examples_read: the examples of the guideline in a file whose labels were taken over.
        export_wanted: the path of a file.
        example_chosen: the number of an example, and ``change`` or ``remove``.

    Attributes:
        labels: the list of the labels.
        form: the fields of the chosen label.
        forecast: what the changes in the fields would do.
        apply, discard: make these changes, or drop them.
        add, merge, delete, up, down, about, bring_in, write: the buttons for the other acts.
    """

    change_made = Signal(object, object, int)
    examples_read = Signal(object)
    export_wanted = Signal(object)
    example_chosen = Signal(int, str)

    def __init__(
        self,
        theme: Theme,
        read: ReadForecast,
        sites: Callable[[], Sequence[str]],
        *,
        read_only: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Label set")
        self._theme, self._read, self._sites = theme, read, sites
        self._read_only = read_only
        self._set: LabelSet | None = None
        self._cases: Sequence[Example] = ()
        self._warned = False  # that the changes in the fields were not made
        self.labels = QListWidget()
        self.labels.setAccessibleName("Labels")
        self.labels.setIconSize(QSize(16, 16))
        self.form = LabelForm()
        self.forecast = ForecastBox(read)
        self.apply, self.discard = QPushButton("&Apply"), QPushButton("D&iscard")
        self.add, self.merge = QPushButton("Add…"), QPushButton("Merge…")
        self.delete, self.up = QPushButton("Delete…"), QPushButton("Up")
        self.down, self.bring_in = QPushButton("Down"), QPushButton("Import…")
        self.about, self.write = QPushButton("All labels…"), QPushButton("Export…")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        beside = QVBoxLayout()
        beside.addWidget(self.labels, 1)
        for pair in (
            (self.up, self.down), (self.add, self.merge), (self.delete, self.about),
            (self.bring_in, self.write),
        ):  # fmt: skip
            row = QHBoxLayout()
            for button in pair:
                button.setAutoDefault(False)
                row.addWidget(button)
            beside.addLayout(row)
        right = QVBoxLayout()
        right.addWidget(self.form, 1)
        right.addWidget(self.forecast)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.apply, self.discard):
            button.setAutoDefault(False)
            row.addWidget(button)
        right.addLayout(row)
        both = QHBoxLayout()
        both.addLayout(beside, 1)
        both.addLayout(right, 2)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        column = QVBoxLayout(self)
        column.addLayout(both, 1)
        column.addWidget(self._buttons)
        self.prefer(120, 34)

    def _connect(self) -> None:
        self.labels.currentRowChanged.connect(lambda: self._show_chosen())
        self.form.changed.connect(self._consider)
        self.forecast.ready_changed.connect(self._enable)
        self.apply.clicked.connect(self._apply)
        self.discard.clicked.connect(self._show_chosen)
        self.add.clicked.connect(self._add)
        self.merge.clicked.connect(self._merge)
        self.delete.clicked.connect(self._delete)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.about.clicked.connect(self._about)
        self.form.example_chosen.connect(self.example_chosen)
        self.bring_in.clicked.connect(self._import)
        self.write.clicked.connect(self._export)
        self._buttons.rejected.connect(self.reject)

    def show_labels(
        self, labels: LabelSet, counts: Mapping[str, int], examples: Sequence[Example]
    ) -> None:
        """Show a label set, its examples, and how many spans each label has, by its id.

        A label that is new is chosen.
        """
        new = [label.id for label in labels if self._set and label.id not in self._set.ids]
        chosen = new[0] if new else self.chosen.id if self.chosen else None
        self._set, self._cases = labels, examples
        self.labels.blockSignals(True)
        self.labels.clear()
        for label in labels:
            count = f"   ×{counts[label.id]:,}" if counts.get(label.id) else ""
            words = f"{label.name}   {label.key.upper()}{count}"
            item = QListWidgetItem(swatch(label, self._theme), words, self.labels)
            item.setToolTip(label.definition)
        ids = [label.id for label in labels]
        self.labels.setCurrentRow(ids.index(chosen) if chosen in ids else 0)
        self.labels.blockSignals(False)
        self._show_chosen()

    @property
    def chosen(self) -> Label | None:
        """The label that is chosen in the list."""
        labels = tuple(self._set) if self._set else ()
        row = self.labels.currentRow()
        return labels[row] if 0 <= row < len(labels) else None

    @property
    def unapplied(self) -> bool:
        """Whether the fields hold changes that were not made."""
        return self.chosen is not None and self.form.label != self.chosen

    def reject(self) -> None:
        """Close; if changes were not made, only say so the first time."""
        if self.unapplied and not self._read_only and not self._warned:
            self._warned = True
            self.forecast.words.setText(f"{_NOT_MADE}\n{self.forecast.words.text()}")
        else:
            super().reject()

    def _show_chosen(self) -> None:
        if label := self.chosen:
            self.form.show_label(label, examples_of(self._cases, label.name))
        self.forecast.show_words(self._read_only and f"Nothing can be changed: {self._read_only}.")
        self._enable()

    def _consider(self) -> None:
        """Tell what the changes in the fields would do, or why they are impossible."""
        labels, wanted = self._set, self.form.label
        if labels is None or wanted is None:
            return
        self._warned = False
        self.forecast.consider(lambda: edit_label(labels, wanted))
        self._enable()

    def _enable(self) -> None:
        writes, dirty = not self._read_only, self.unapplied
        row, count = self.labels.currentRow(), self.labels.count()
        self.apply.setEnabled(writes and dirty and self.forecast.forecast is not None)
        self.discard.setEnabled(dirty)
        self.labels.setEnabled(not dirty)
        self.labels.setToolTip(_UNAPPLIED if dirty else "")
        self.form.setEnabled(writes)
        for button, possible in (
            (self.add, True), (self.about, True), (self.bring_in, True), (self.merge, count > 1),
            (self.delete, count > 1), (self.up, row > 0), (self.down, row < count - 1),
        ):  # fmt: skip
            button.setEnabled(writes and not dirty and possible)
            button.setToolTip(_UNAPPLIED if dirty else "")

    def _apply(self) -> None:
        if found := self.forecast.forecast:
            self.change_made.emit(found.labels.change, (), found.pages)

    def _move(self, step: int) -> None:
        if self._set is None or self.chosen is None:
            return
        names, row = [label.name for label in self._set], self.labels.currentRow()
        names.insert(row + step, names.pop(row))
        self.change_made.emit(acts.reorder(self._set, names), (), 0)

    def _add(self) -> None:
        if self._set:
            self._ask(AddLabelDialog(self._set, self._sites(), self._read, self))

    def _merge(self) -> None:
        if self._set and self.chosen:
            self._ask(MergeLabelDialog(self._set, self.chosen, self._read, self))

    def _delete(self) -> None:
        if self._set and self.chosen:
            self._ask(DeleteLabelDialog(self._set, self.chosen, self._read, self))

    def _about(self) -> None:
        if self._set:
            self._ask(AboutLabelSetDialog(self._set, self._read, self))

    def _ask(self, dialog: ActDialog) -> bool:
        """Ask for an act, and have it made; returns whether it was wanted."""
        accepted, found = dialog.exec(), dialog.forecast.forecast
        dialog.deleteLater()
        if accepted and found:
            self.change_made.emit(found.labels.change, found.reopen, found.pages)
        return bool(accepted)

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Import labels", "", "Label sets (*.toml)")
        if name:
            self.import_labels(Path(name))

    def import_labels(self, path: Path) -> None:
        """Show what the labels of a file would change, and take them over if that is wanted."""
        try:
            other, examples = read_label_file(path)
        except LabelSetError as error:
            warning = MessageBox.Icon.Warning
            MessageBox.show_words(warning, "Import labels", plain_words(sentence(error)), self)
            return
        if self._set and self._ask(ImportLabelsDialog(self._set, other, self._read, self)):
            self.examples_read.emit(examples)

    def _export(self) -> None:
        start = f"{self._set.name}.toml" if self._set else ""
        name, _ = QFileDialog.getSaveFileName(self, "Export labels", start, "Label sets (*.toml)")
        if name:
            self.export_wanted.emit(Path(name))
