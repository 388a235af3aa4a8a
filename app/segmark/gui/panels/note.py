"""NotePanel: the annotator's note on the open page."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

#: Milliseconds after the last key until a note is stored.
PAUSE_MS = 1_000


class NotePanel(QWidget):
    """A field for a note, which is stored after a pause in typing or when it loses the focus.

    Signals:
        written: the changed note, which is to be stored.
        unsaved_changed: whether the field holds a note that is not stored.
        left: Esc or Ctrl+Enter was pressed to leave the field.
    """

    written = Signal(str)
    left = Signal()
    unsaved_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = ""
        self._page = 0
        self._refused = self._failed = False
        self._field = QPlainTextEdit(placeholderText="Anything worth noting about this page")
        self._field.setAccessibleName("Note on the page")
        self._field.setTabChangesFocus(True)
        self._field.setMinimumHeight(2 * self._field.fontMetrics().height() + 14)
        self._field.installEventFilter(self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._store_typed)
        self._field.textChanged.connect(self._pause.start)
        self._field.document().modificationChanged.connect(self.unsaved_changed)
        self.setFocusProxy(self._field)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._field)

    @property
    def unsaved(self) -> bool:
        """Whether the field holds a note that is not stored."""
        return self._field.document().isModified()

    def show_note(self, page: int, note: str) -> None:
        """Show the note of a page with this number, unless an edited note has not been stored."""
        if (page, note) == (self._page, self._stored) and self.unsaved:
            return
        self._page, self._stored = page, note
        if self._text() != note:
            self._field.setPlainText(note)

    def edit(self) -> None:
        """Move the focus to the field."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def store(self) -> None:
        """Emit ``written`` if the note has been edited."""
        if not self.unsaved:
            return
        text = self._text()
        self._field.document().setModified(False)
        if text != self._stored:
            before, self._stored = self._stored, text
            self.written.emit(text)
            self._failed, self._refused = self._refused, False
            if self._failed:
                self._stored = before
                self._field.document().setModified(True)

    def _store_typed(self) -> None:
        """Store the note after a pause, unless that failed before: its error was shown."""
        if not self._failed:
            self.store()

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
