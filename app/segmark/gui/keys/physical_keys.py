"""PhysicalKeys: makes keys act by their position where what they type is no key of a command."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QShortcutEvent,
    QWindow,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget

from segmark.gui.keys.bindings import key_of
from segmark.gui.keys.keyboard import Keyboard
from segmark.gui.keys.mnemonics import press_mnemonic

_TYPES = Qt.WidgetAttribute.WA_InputMethodEnabled
_CHORD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class PhysicalKeys(QObject):
    """Watches the key presses of all windows, before Qt looks for a shortcut.

    Qt finds most keys, also in the other layouts that the user has set up. What it can't find, or
    would take for another command, is triggered here. ``actions`` returns the action of each key.
    """

    def __init__(
        self,
        keyboard: Keyboard,
        page: QWidget,
        window: QMainWindow,
        actions: Callable[[], Mapping[str, QAction]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._keyboard = keyboard
        self._page = page
        self._window = window
        self._actions = actions
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._watch)
            self._watch(application.focusWindow())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Trigger a command, or pass an editing key on to a field as a Latin key."""
        if not isinstance(event, QKeyEvent) or event.type() == QEvent.Type.KeyRelease:
            return super().eventFilter(watched, event)
        pressed = event.type() == QEvent.Type.KeyPress
        if not pressed:
            self._keyboard.note(event)
        done = self._to_widget(event) or self._to_action(event) or self._to_window(event)
        if done:
            event.accept()
        return done

    def _to_widget(self, event: QKeyEvent) -> bool:
        """Pass a key on to an open menu or to a field, if it has a use for the Latin one."""
        latin = self._keyboard.as_latin(event)
        menu, field = QApplication.activePopupWidget(), QApplication.focusWidget()
        if latin is None:
            return False
        if isinstance(menu, QMenu):
            return event.type() == QEvent.Type.KeyPress and QApplication.sendEvent(menu, latin)
        if field is None or field is self._page or not event.modifiers() & _CHORD:
            return False
        asked = _copy(latin, QEvent.Type.ShortcutOverride)
        QApplication.sendEvent(field, asked)
        if asked.isAccepted() and event.type() == QEvent.Type.KeyPress:
            QApplication.sendEvent(field, latin)
        return asked.isAccepted()

    def _to_action(self, event: QKeyEvent) -> bool:
        actions, own = self._actions(), key_of(event)
        key = self._keyboard.meaning(event, actions)
        # Qt takes Shift for a part of the digit where digits need it.
        shifted = key == own and key.startswith("Shift+") and key[-1].isdigit()
        claims = shifted or (key != own and own in actions)
        if not key or not self._can_trigger(actions[key], event):
            return False
        if event.type() == QEvent.Type.KeyPress and (claims or key != own):
            sequence = QKeySequence.fromString(key)
            QApplication.sendEvent(actions[key], QShortcutEvent(sequence, 0))
            return True
        return claims

    def _to_window(self, event: QKeyEvent) -> bool:
        """Trigger a mnemonic or a shortcut of the active window, if its key is a Latin letter."""
        latin, window = self._keyboard.as_latin(event), QApplication.activeWindow()
        if event.type() != QEvent.Type.KeyPress or latin is None or window is None:
            return False
        if not event.modifiers() & _CHORD or QApplication.activePopupWidget():
            return False
        key = QKeySequence(latin.keyCombination())
        for shortcut in window.findChildren(QShortcut):
            if shortcut.isEnabled() and shortcut.key() == key:
                return QApplication.sendEvent(shortcut, QShortcutEvent(key, shortcut))
        return press_mnemonic(window, key)

    def _can_trigger(self, action: QAction, event: QKeyEvent) -> bool:
        """Whether Qt would trigger an action now, as to the focus."""
        focused = QApplication.focusWidget()
        if not action.isEnabled() or QApplication.activePopupWidget():
            return False
        if action.shortcutContext() == Qt.ShortcutContext.WidgetShortcut:
            return focused is self._page
        writes = focused is not self._page and focused is not None and focused.testAttribute(_TYPES)
        if writes and not event.modifiers() & _CHORD:
            return False
        return QApplication.activeWindow() is self._window

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)


def _copy(event: QKeyEvent, kind: QEvent.Type) -> QKeyEvent:
    return QKeyEvent(kind, event.key(), event.modifiers(), event.text())
