"""ExampleDialog: a case of the page becomes an example of the guideline."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from segmark.core.guideline import NO_LABEL, Example
from segmark.core.label import LabelSet
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.base.whole_popup import show_whole

_MOST_REASON = 500  # characters


class ExampleDialog(FittedDialog):
    """Asks for the label and the reason of a case; an example that is there keeps its label.

    Attributes:
        label: the choice of the label.
        reason: the field for the reason.
        save: accepts the dialog.
    """

    def __init__(self, example: Example, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._example = example
        new = not example.number
        self.setWindowTitle("Add to the guideline" if new else "Reason of an example")
        self.label = label_choice(labels, example.label)
        self.label.setEnabled(new)
        self.reason = QLineEdit(example.reason, maxLength=_MOST_REASON)
        self.reason.setPlaceholderText("Why it is so; can be empty")
        text = QPlainTextEdit(in_stored_order(example.text), readOnly=True, tabChangesFocus=True)
        text.setAccessibleName("The case")
        form = QFormLayout()
        form.addRow("&Label", self.label)
        form.addRow("&Reason", self.reason)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        words = "&Add to the guideline" if new else "&Save"
        self.save = buttons.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text, 1)
        column.addLayout(form)
        column.addWidget(buttons)
        self.prefer(80, 16)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def example(self) -> Example:
        """The case with the chosen label and the reason."""
        reason = self.reason.text().strip()
        return replace(self._example, label=self.label.currentData(), reason=reason)


def label_choice(labels: LabelSet, chosen: str) -> QComboBox:
    """A choice of a label, or of no label; its data is the name, "" for none."""
    box = QComboBox()
    for name in [label.name for label in labels]:
        box.addItem(name, name)
    box.addItem(NO_LABEL, "")
    box.setCurrentIndex(box.findData(chosen if chosen in labels.names else ""))
    show_whole(box)
    return box
