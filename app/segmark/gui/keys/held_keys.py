"""HeldKeys: recognises the repeats of a key that is held down."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QPlainTextEdit, QTextEdit

_PRESSES = frozenset({QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress})


class HeldKeys(QObject):
    """Makes actions and buttons act once per press, however long their key is held.

    The platform's flag of a repeat is not enough. X11 sends a release and a press at the same time
    for each repeat, and Qt sets the flag only if the press is already in its queue. So a press at
    the time of the same key's release counts as a repeat too.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._released: tuple[int, int] | None = None  # the key released last, and when
        self._held = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._watch)
            self._watch(application.focusWindow())

    def limit(self, action: QObject) -> None:
        """Trigger an action at most once per press of its key."""
        action.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note presses and releases in a window, and stop what a repeat would trigger."""
        kind = event.type()
        if kind == QEvent.Type.Shortcut:
            return self._held
        if kind in _PRESSES and isinstance(event, QKeyEvent):
            self._held = event.isAutoRepeat() or (
                event.timestamp() > 0 and self._released == _stroke(event)
            )
            return self._held and kind == QEvent.Type.KeyPress and _presses_button(event)
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            self._released, self._held = _stroke(event), False
        return super().eventFilter(watched, event)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)


def _stroke(event: QKeyEvent) -> tuple[int, int]:
    """The physical key of an event, and its time."""
    return event.nativeScanCode() or event.key(), event.timestamp()


def _presses_button(event: QKeyEvent) -> bool:
    """Whether a key press would press a button: the focused one, or the default of a dialog."""
    focused = QApplication.focusWidget()
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    if isinstance(focused, QAbstractButton):
        return enter or event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)
    writes = isinstance(focused, QTextEdit | QPlainTextEdit)
    return enter and not writes and isinstance(QApplication.activeWindow(), QDialog)
