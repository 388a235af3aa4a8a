"""Dialogs for one act on the label set: each asks what it needs and tells what it will do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import Label, LabelSet
from segmark.core.label_acts import acts
from segmark.core.label_acts.change import LabelSetChange
from segmark.core.label_acts.editing import edit_set
from segmark.gui.base.box_name import name_box
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.whole_popup import show_whole
from segmark.gui.rules.forecast_box import ForecastBox, ReadForecast, Reopening
from segmark.gui.rules.label_form import kept_or_typed

_LINES = 12  # of the guideline


class ActDialog(FittedDialog):
    """A form, the forecast of what it describes, and a button that does it.

    Attributes:
        form: the rows above the forecast.
        forecast: what will happen.
        act: accepts the dialog; enabled once the forecast is there.
    """

    def __init__(
        self, labels: LabelSet, title: str, verb: str, read: ReadForecast, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._labels = labels
        self.form = QFormLayout()
        self.forecast = ForecastBox(read)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.act = buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.act.setEnabled(False)
        self.act.setDefault(True)
        self.forecast.ready_changed.connect(self.act.setEnabled)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self.form)
        self._column.addWidget(self.forecast, 1)
        self._column.addWidget(buttons)
        self.prefer(70, 14)

    def _reopening(self) -> Reopening | None:
        """Which finished pages are to be opened again."""
        return None

    def _made(self) -> LabelSetChange | None:
        """The change that the fields describe; None for none."""
        raise NotImplementedError

    def _show(self) -> None:
        self.forecast.consider(self._made, self._reopening())


class AddLabelDialog(ActDialog):
    """Asks for the name of a new label, and which finished pages could have it.

    Attributes:
        name: the field for the name.
        none, by_words, by_site, all_pages: which pages are opened again.
        words, site: the fields for them.
    """

    def __init__(
        self,
        labels: LabelSet,
        sites: Sequence[str],
        read: ReadForecast,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(labels, "Add a label", "&Add", read, parent)
        self.name = QLineEdit(placeholderText="lower-case letters, digits, - and _")
        self.none = QRadioButton("N&one")
        self.none.setChecked(True)
        self.by_words = QRadioButton("Those with these &words:")
        self.by_site = QRadioButton("Those of this &site:")
        self.all_pages = QRadioButton("A&ll")
        self.words = QLineEdit()
        self.words.setAccessibleName("Words of the pages to reopen")
        self.site = QComboBox(editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        self.site.addItems(["", *sites])
        name_box(self.site, "Site of the pages to reopen")
        show_whole(self.site)
        self.form.addRow("&Name", self.name)
        self.form.addRow("Finished pages to reopen:", self.none)
        self.form.addRow(self.by_words, self.words)
        self.form.addRow(self.by_site, self.site)
        self.form.addRow("", self.all_pages)
        self.name.textChanged.connect(self._show)
        self.words.textEdited.connect(lambda: self.by_words.setChecked(True))
        self.site.editTextChanged.connect(lambda: self.by_site.setChecked(True))
        self.words.textChanged.connect(self._show)
        self.site.editTextChanged.connect(self._show)
        for choice in (self.none, self.by_words, self.by_site, self.all_pages):
            choice.toggled.connect(self._show)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reopening(self) -> Reopening | None:
        words, site = self.words.text().strip(), self.site.currentText().strip()
        if self.by_words.isChecked() and words:
            return Reopening(words=words)
        if self.by_site.isChecked() and site:
            return Reopening(site=site)
        return Reopening() if self.all_pages.isChecked() else None

    def _made(self) -> LabelSetChange | None:
        name = self.name.text().strip()
        return acts.add(self._labels, name) if name else None


class MergeLabelDialog(ActDialog):
    """Asks into which label another one is merged.

    Attributes:
        into: the choice of that label.
    """

    def __init__(
        self, labels: LabelSet, label: Label, read: ReadForecast, parent: QWidget | None = None
    ) -> None:
        super().__init__(labels, f"Merge {label.name}", "&Merge", read, parent)
        self._label = label
        self.into = _others(labels, label)
        self.form.addRow(f"Merge {label.name} &into", self.into)
        self.into.currentIndexChanged.connect(self._show)
        self._show()

    def _made(self) -> LabelSetChange:
        return acts.merge(self._labels, self._label.name, self.into.currentText())


class DeleteLabelDialog(ActDialog):
    """Asks what becomes of the spans of a label that is deleted.

    Attributes:
        give, clear: whether they get another label, or are cleared.
        into: the choice of the other label.
    """

    def __init__(
        self, labels: LabelSet, label: Label, read: ReadForecast, parent: QWidget | None = None
    ) -> None:
        super().__init__(labels, f"Delete {label.name}", "&Delete", read, parent)
        self._label = label
        self.give = QRadioButton("&Give its spans the label")
        self.give.setChecked(True)
        self.clear = QRadioButton("&Clear its spans: their text has no label then")
        self.into = _others(labels, label)
        name_box(self.into, "Label that the spans get")
        self.form.addRow(self.give, self.into)
        self.form.addRow(self.clear)
        self.into.currentIndexChanged.connect(self._show)
        self.give.toggled.connect(self.into.setEnabled)
        self.give.toggled.connect(self._show)
        self._show()

    def _made(self) -> LabelSetChange:
        into = self.into.currentText() if self.give.isChecked() else None
        return acts.delete(self._labels, self._label.name, into)


class ImportLabelsDialog(ActDialog):
    """Shows what the labels of a file would change."""

    def __init__(
        self, labels: LabelSet, other: LabelSet, read: ReadForecast, parent: QWidget | None = None
    ) -> None:
        super().__init__(labels, "Import labels", "&Import", read, parent)
        self._other = other
        self._show()

    def _made(self) -> LabelSetChange:
        return acts.bring_in(self._labels, self._other)


class AboutLabelSetDialog(ActDialog):
    """Asks for the name of the label set, and the guideline that is about all its labels.

    Attributes:
        name, guideline: the fields.
    """

    def __init__(self, labels: LabelSet, read: ReadForecast, parent: QWidget | None = None) -> None:
        super().__init__(labels, "About all labels", "&Save", read, parent)
        self.name = QLineEdit(labels.name)
        self.guideline = QPlainTextEdit(labels.guideline, tabChangesFocus=True)
        self.guideline.setMinimumHeight(_LINES * self.guideline.fontMetrics().lineSpacing())
        self.form.addRow("&Name", self.name)
        self.form.addRow("&Guideline", self.guideline)
        self.name.textChanged.connect(self._show)
        self.guideline.textChanged.connect(self._show)
        self._column.setStretch(0, 1)
        self._column.setStretch(1, 0)
        self.prefer(90, 30)

    def _made(self) -> LabelSetChange | None:
        guideline = kept_or_typed(self._labels.guideline, self.guideline.toPlainText())
        return edit_set(self._labels, self.name.text().strip(), guideline)


def _others(labels: LabelSet, label: Label) -> QComboBox:
    box = QComboBox()
    box.addItems([each.name for each in labels if each.id != label.id])
    show_whole(box)
    return box
