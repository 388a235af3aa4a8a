"""The window's actions: one ``QAction`` for each command, with its current keys.

Keys of the page work while the page's text has the focus; keys of the window work everywhere except
in text fields. Qt's text fields claim the keys that type text and the platform's editing keys. This
module does the same for editing keys of ours that the platform lacks, such as Ctrl+Y on X11.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from segmark.gui.keys.bindings import Clash, Overrides, bind, key_of, plain_title
from segmark.gui.keys.commands import Command, Scope
from segmark.gui.keys.held_keys import HeldKeys
from segmark.gui.keys.keyboard import Keyboard
from segmark.gui.keys.physical_keys import PhysicalKeys

# These repeat while held down; commands that label, accept or open a dialog act once per press.
_REPEATING = ("go.", "edit.undo", "edit.redo", "edit.find_", "label.start_", "label.end_",
              "page.next", "page.previous", "view.zoom_")  # fmt: skip
_CHECKABLE = frozenset({"page.flag", "view.full_screen"})
_EDITING = ("edit.undo", "edit.redo", "edit.copy", "edit.select_all", "file.paste")
#: These work in every window of the program that no dialog blocks, such as the help.
_EVERYWHERE = frozenset({"file.quit"})
_ROLES = {
    "file.quit": QAction.MenuRole.QuitRole,
    "file.settings": QAction.MenuRole.PreferencesRole,
    "help.about": QAction.MenuRole.AboutRole,
}


class Actions(QObject):
    """The actions of a window by command id.

    The window fills its menus and tool bars with them and connects ``actions[id].triggered``.
    ``put_off`` does a function after the first picture: the tooltips are made then.

    Signals:
        rebuilt: the commands have changed with the label set, so menus have to be filled again.
        keys_shown: keys are shown in another way, because the keyboard has another layout.
    """

    rebuilt = Signal()
    keys_shown = Signal()

    def __init__(
        self,
        commands: Iterable[Command],
        overrides: Overrides,
        page: QWidget,
        window: QMainWindow,
        keyboard: Keyboard,
        put_off: Callable[[Callable[[], object]], object] = lambda work: work(),
    ) -> None:
        super().__init__(window)
        self._put_off = put_off
        self._keyboard = keyboard
        self._page = page
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        self._overrides: Overrides = {}
        self._clashes: tuple[Clash, ...] = ()
        self._editing: frozenset[str] = frozenset()
        self._icon: Callable[[str], QIcon] | None = None
        self._by_key: Mapping[str, QAction] = {}
        PhysicalKeys(keyboard, page, window, lambda: self._by_key, self)
        # After the physical keys: of two event filters, the last one is the first to see a press.
        self._held_keys = HeldKeys(self)
        self._showing = QTimer(self, singleShot=True, interval=0)
        self._showing.timeout.connect(self._show_keys)
        keyboard.changed.connect(self._showing.start)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch_field)
        self.set_commands(commands, overrides)

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """The keys that a command lost to another one, such as a label's letter ``D``."""
        return self._clashes

    def keys(self, command_id: str) -> tuple[str, ...]:
        """The current keys of a command."""
        return self._keys[command_id]

    def keys_text(self, command_id: str) -> tuple[str, ...]:
        """The current keys of a command as shown to the user of this keyboard."""
        return tuple(map(self._keyboard.text, self._keys[command_id]))

    def command(self, command_id: str) -> Command:
        """The command of an action."""
        return self._commands[command_id]

    def menu(self, name: str) -> list[QAction]:
        """The actions of a menu, in order."""
        return [
            self._actions[command.id] for command in self._commands.values() if command.menu == name
        ]

    def set_commands(self, commands: Iterable[Command], overrides: Overrides) -> None:
        """Change the commands for other labels; unchanged commands keep their action."""
        new = {command.id: command for command in commands}
        if new == self._commands and overrides == self._overrides:
            return
        for gone in self._actions.keys() - new.keys():
            self._remove(self._actions.pop(gone))
        for name in self._actions.keys() & new.keys():
            self._actions[name].setText(new[name].title)  # a label can have another name
        self._commands = new
        self._actions = {
            command.id: self._actions.get(command.id) or self._make(command)
            for command in new.values()
        }
        self.set_keys(overrides)
        self.rebuilt.emit()

    def set_keys(self, overrides: Overrides) -> None:
        """Apply changed keys, and update the tooltips."""
        self._overrides = overrides
        bindings = bind(self._commands.values(), overrides)
        self._keys, self._clashes = dict(bindings.keys), bindings.clashes
        self._editing = frozenset(key for name in _EDITING for key in self._keys.get(name, ()))
        self._by_key = {
            key: self._actions[name] for name, found in self._keys.items() for key in found
        }
        for name, found in self._keys.items():
            self._actions[name].setShortcuts([QKeySequence.fromString(key) for key in found])
        self._put_off(self._show_all)

    def set_icons(self, icon: Callable[[str], QIcon]) -> None:
        """Set the icons by a function of their names; call it again when the theme changes."""
        self._icon = icon
        for command in self._commands.values():
            if command.icon:
                self._actions[command.id].setIcon(icon(command.icon))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the keys that undo, copy or paste to a text field that has the focus."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and key_of(event) in self._editing
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _watch_field(self, _old: QWidget | None, new: QWidget | None) -> None:
        takes_text = Qt.WidgetAttribute.WA_InputMethodEnabled
        if new is not None and new is not self._page and new.testAttribute(takes_text):
            new.installEventFilter(self)

    def _make(self, command: Command) -> QAction:
        action = QAction(self)
        action.setObjectName(command.id)
        action.setText(command.title)
        repeats = command.id.startswith(_REPEATING)
        action.setAutoRepeat(repeats)
        if not repeats:
            self._held_keys.limit(action)
        action.setCheckable(command.id in _CHECKABLE)
        action.setMenuRole(_ROLES.get(command.id, QAction.MenuRole.NoRole))
        if command.icon and self._icon:
            action.setIcon(self._icon(command.icon))
        if command.scope is Scope.PAGE:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self._page.addAction(action)
        else:
            context = Qt.ShortcutContext
            everywhere = command.id in _EVERYWHERE
            action.setShortcutContext(
                context.ApplicationShortcut if everywhere else context.WindowShortcut
            )
            self._window.addAction(action)
        return action

    def _remove(self, action: QAction) -> None:
        self._page.removeAction(action)
        self._window.removeAction(action)
        action.deleteLater()

    def _show_keys(self) -> None:
        self._show_all()
        self.keys_shown.emit()

    def _show_all(self) -> None:
        for command in self._commands.values():
            self._show(command)

    def _show(self, command: Command) -> None:
        action, keys = self._actions[command.id], self._keys[command.id]
        text = action.text().partition("\t")[0]
        if any(map(self._keyboard.differs, keys[:1])):
            text = f"{text}\t{self._keyboard.text(keys[0])}"  # instead of Qt's own name of the key
        if text != action.text():
            action.setText(text)
        title = plain_title(command)
        name = f"{title} ({', '.join(self.keys_text(command.id))})" if keys else title
        hint = "" if command.hint == title else command.hint
        action.setToolTip(f"{name}\n{hint}" if hint else name)
        action.setStatusTip(hint or title)
