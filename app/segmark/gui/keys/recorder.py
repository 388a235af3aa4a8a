"""A field that records the next key press, including ``Tab`` and ``Enter``."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from segmark.gui.keys.keyboard import Keyboard


class KeyRecorder(QLabel):
    """Records a key while it has the focus; ``Esc`` or losing the focus cancels.

    Signals:
        recorded: the key in its normal form.
        cancelled: no key is recorded.
    """

    recorded = Signal(str)
    cancelled = Signal()

    def __init__(self, keyboard: Keyboard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keyboard = keyboard
        self._bound: Collection[str] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("New key")
        self.setWordWrap(True)

    def record(self, prompt: str, bound: Collection[str]) -> None:
        """Take the focus and wait for a key; ``bound`` are the keys that mean something now."""
        self._bound = bound
        self.setText(prompt)
        self.setAccessibleDescription(prompt)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Handle every key before shortcuts, the dialog and the focus chain."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Cancel when the focus is lost."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.cancelled.emit()

    def _take(self, event: QKeyEvent) -> None:
        event.accept()
        key = self._keyboard.recorded(event, self._bound)
        if key == "Esc":
            self.cancelled.emit()
        elif key and not event.isAutoRepeat():
            self.recorded.emit(key)
