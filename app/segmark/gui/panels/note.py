"""NotePanel: the annotator's note on the open page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from segmark.gui.base.plain_words import in_stored_order

if TYPE_CHECKING:
    from segmark.core.guideline import Question

#: Milliseconds after the last key until a note is stored.
PAUSE_MS = 1_000


class NotePanel(QWidget):
    """A field for a note, which is stored after a pause in typing or when it loses the focus.

    Signals:
        written: the changed note, which is to be stored.
        unsaved_changed: whether the field holds a note that is not stored.
        left: Esc or Ctrl+Enter was pressed to leave the field.
        asked: the note is to be a question, or no question any more.

    Attributes:
        question: marks the note as a question.
        answers: what was answered, and what others ask on the page.
    """

    written = Signal(str)
    left = Signal()
    asked = Signal()
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
        self.question = QCheckBox("A question about the guideline")
        self.question.clicked.connect(lambda: self.asked.emit())
        self.answers = QLabel(wordWrap=True)
        self.answers.setTextFormat(Qt.TextFormat.PlainText)
        self.answers.hide()
        self.setFocusProxy(self._field)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._field, 1)
        column.addWidget(self.question)
        column.addWidget(self.answers)

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

    def show_questions(self, asked: "Sequence[Question]", annotator: str) -> None:
        """Show whether the annotator's note is a question, and the answer; what others ask."""
        mine = [one for one in asked if one.asker == annotator]
        self.question.setChecked(bool(mine))
        words = [f"{one.answered_by} answers: {one.answer}" for one in mine if not one.open]
        words += [_words(one) for one in asked if one not in mine]
        self.answers.setText(in_stored_order("\n".join(words)))
        self.answers.setVisible(bool(words))

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


def _words(one: "Question") -> str:
    answer = f" – {one.answered_by} answers: {one.answer}" if one.answer else ""
    return f"{one.asker} asks: {one.text}{answer}"
