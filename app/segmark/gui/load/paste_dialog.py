"""PasteDialog: makes a page from the text of the clipboard."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextOption
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from segmark.core.text.normalise import normalise
from segmark.gui.base.fitting import FittedDialog

_NAME_WORDS = 5
_NAME_LENGTH = 60
# A longer line may have no spaces; wrapping it at words could take minutes.
_LONG_LINE = 4000


def page_name(text: str) -> str:
    """The name of a pasted page: ``pasted text`` and its first words."""
    words = text[: 10 * _NAME_LENGTH].split()[:_NAME_WORDS]
    first = " ".join(words)
    if len(first) > _NAME_LENGTH:
        first = first[: _NAME_LENGTH - 1] + "…"
    return f"pasted text: {first}" if first else "pasted text"


class PasteDialog(FittedDialog):
    """Shows the text of a new page, which can be edited first.

    Attributes:
        text_field, name_field: the fields for ``text`` and ``name``.
        counts: the number of words and lines.
        add_button: accepts the dialog; enabled when there is text.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Paste text as a page")
        self._given = text
        self._named = False
        self.name_field = QLineEdit(page_name(text), self)
        self.text_field = QPlainTextEdit(self, tabChangesFocus=True)
        self.counts = QLabel(self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.add_button = self._buttons.addButton(
            "&Add page", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._lay_out()
        if any(len(line) > _LONG_LINE for line in text.split("\n")):
            self.text_field.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.text_field.setPlainText(text)
        self.text_field.document().setModified(False)
        self.text_field.textChanged.connect(self._on_change)
        self.name_field.textEdited.connect(self._on_named)
        self._buttons.accepted.connect(self.accept)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.add_button.click)
        self._buttons.rejected.connect(self.reject)
        self._on_change()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("&Name", self.name_field)
        title = QLabel("&Text", self)
        title.setBuddy(self.text_field)
        rows = QVBoxLayout(self)
        rows.addLayout(form)
        rows.addWidget(title)
        rows.addWidget(self.text_field, 1)
        rows.addWidget(self.counts)
        rows.addWidget(self._buttons)
        self.text_field.setPlaceholderText("Paste or type the text of the page here")
        self.add_button.setDefault(True)
        self.prefer(113, 34)
        self.text_field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def text(self) -> str:
        """The text: exactly the given one, unless it was edited.

        Qt's plain text would contain ordinary spaces instead of non-breaking ones; its raw text
        keeps them.
        """
        document = self.text_field.document()
        if not document.isModified():
            return self._given
        return document.toRawText().replace("\u2029", "\n")

    @property
    def name(self) -> str:
        """The page's name; never empty."""
        return self.name_field.text().strip() or page_name(self.text)

    def _on_named(self) -> None:
        self._named = True

    def _on_change(self) -> None:
        text = self.text
        self.counts.setText(_counts(text))
        self.add_button.setEnabled(bool(text.strip()))
        if not self._named:
            self.name_field.setText(page_name(text))
            self.name_field.setCursorPosition(0)


def _counts(text: str) -> str:
    words = len(text.split())
    lines = sum(1 for line in normalise(text).split("\n") if line.strip())
    if not words:
        return "There is no text yet."
    return f"{words:,} word{'s' if words != 1 else ''} in {lines:,} line{'s' if lines != 1 else ''}"
