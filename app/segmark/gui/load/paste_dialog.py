"""The dialog that makes a page of the clipboard's text."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextOption
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from segmark.core.text.normalise import normalise

_NAME_WORDS = 5
_NAME_LENGTH = 60
# A line longer than this may have no place to break; laying it out by words could take minutes.
_LONG_LINE = 4000


def page_name(text: str) -> str:
    """The name of a pasted page: ``pasted text`` and its first words."""
    words = text[: 10 * _NAME_LENGTH].split()[:_NAME_WORDS]
    first = " ".join(words)
    if len(first) > _NAME_LENGTH:
        first = first[: _NAME_LENGTH - 1] + "…"
    return f"pasted text: {first}" if first else "pasted text"


class PasteDialog(QDialog):
    """Shows a text that is to become a page, and lets it be changed first.

    After ``Accepted``, ``text`` and ``name`` hold the page's text and name.
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
        self.resize(680, 480)
        self.text_field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def text(self) -> str:
        """The text: exactly the one given, unless it was changed here.

        Qt would turn non-breaking spaces into others; its raw text keeps them.
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
