"""NotePanel: the annotator's note on the open page."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget


class NotePanel(QWidget):
    """A field for a note, which is stored when the field loses the focus.

    Signals:
        written: the changed note, when the field loses the focus.
        left: Esc or Ctrl+Enter was pressed to leave the field.
    """

    written = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = ""
        self._page = 0
        self._refused = False
        self._field = QPlainTextEdit(placeholderText="Anything worth noting about this page")
        self._field.setAccessibleName("Note on the page")
        self._field.setTabChangesFocus(True)
        self._field.setMinimumHeight(2 * self._field.fontMetrics().height() + 14)
        self._field.installEventFilter(self)
        self.setFocusProxy(self._field)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._field)

    def show_note(self, page: int, note: str) -> None:
        """Show the note of a page with this number, unless an edited note has not been stored."""
        unsaved = self._field.document().isModified()
        if (page, note) == (self._page, self._stored) and unsaved:
            return
        self._page, self._stored = page, note
        if self._text() != note:
            self._field.setPlainText(note)

    def edit(self) -> None:
        """Move the focus to the field."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def store(self) -> None:
        """Emit ``written`` if the note has been edited."""
        if not self._field.document().isModified():
            return
        text = self._text()
        self._field.document().setModified(False)
        if text != self._stored:
            before, self._stored = self._stored, text
            self.written.emit(text)
            if self._refused:
                self._refused, self._stored = False, before
                self._field.document().setModified(True)

    def refuse(self) -> None:
        """Keep the edited note; for a listener of ``written`` that can't store it."""
        self._refused = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Store the note when the field loses the focus."""
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self.store()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.key() == Qt.Key.Key_Escape or (control and enter):
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _text(self) -> str:
        # toPlainText() would replace non-breaking spaces by ordinary ones.
        return self._field.document().toRawText().replace("\u2029", "\n").strip()
