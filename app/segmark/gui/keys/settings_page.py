"""The page of the settings dialog where keys are changed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.gui.keys.bindings import (
    Overrides,
    bind,
    key_problem,
    normal_key,
    plain_title,
    with_keys,
)
from segmark.gui.keys.commands import MENUS, Command
from segmark.gui.keys.keyboard import Keyboard
from segmark.gui.keys.recorder import KeyRecorder

_ID = Qt.ItemDataRole.UserRole


class KeysPage(QWidget):
    """All commands with their keys; changes take effect immediately.

    Signals:
        changed: the overrides after a change, as stored in ``Settings.keys``.
    """

    changed = Signal(object)

    def __init__(
        self, commands: Sequence[Command], overrides: Overrides, keyboard: Keyboard
    ) -> None:
        super().__init__()
        self._keyboard = keyboard
        self._commands = {command.id: command for command in commands}
        self._overrides = {name: tuple(keys) for name, keys in overrides.items()}
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.search = QLineEdit()
        self.table = QTreeWidget()
        self.recorder = KeyRecorder(keyboard)
        self.message = QLabel()
        self.add = QPushButton("&Add a key…")
        self.reset = QPushButton("&Reset")
        self.reset_all = QPushButton("Reset a&ll keys")
        self._keys_row = QHBoxLayout()
        self._lay_out()
        self._fill()
        self._connect()
        self._show_keys()

    def show_overrides(self, overrides: Overrides) -> None:
        """Show keys that were changed in another place."""
        self._overrides = {name: tuple(keys) for name, keys in overrides.items()}
        self._show_keys()

    def current(self) -> Command | None:
        """The command of the current row."""
        item = self.table.currentItem()
        return self._commands.get(item.data(0, _ID)) if item is not None else None

    def select(self, command_id: str) -> None:
        """Make the row of a command the current one."""
        self.table.setCurrentItem(self._rows[command_id])
        self.table.scrollToItem(self._rows[command_id])

    def _lay_out(self) -> None:
        self.search.setPlaceholderText("Find a command or a key")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Find a command or a key")
        self.table.setAccessibleName("Commands and their keys")
        self.table.setHeaderLabels(["Command", "Keys", ""])
        self.table.setRootIsDecorated(False)
        self.table.setIndentation(16)
        self.table.setStyleSheet("QTreeView::item { padding: 3px 0; }")
        self.table.setUniformRowHeights(True)
        self.table.setItemsExpandable(False)
        header = self.table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionsMovable(False)
        self.recorder.setStyleSheet(
            "border: 2px solid palette(highlight); border-radius: 4px; padding: 4px 8px;"
        )
        self.message.setWordWrap(True)
        self._below = QStackedWidget()
        self._below.addWidget(self.message)
        self._below.addWidget(self.recorder)
        self._below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        acts = QHBoxLayout()
        for button in (self.add, self.reset):
            button.setAutoDefault(False)
            acts.addWidget(button)
        acts.addStretch()
        self.reset_all.setAutoDefault(False)
        acts.addWidget(self.reset_all)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(self._keys_row)
        column.addWidget(self._below)
        column.addLayout(acts)

    def _fill(self) -> None:
        for menu in (*MENUS, ""):
            commands = [command for command in self._commands.values() if command.menu == menu]
            if not commands:
                continue
            group = QTreeWidgetItem(self.table, [menu or "Other"])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            for command in commands:
                row = QTreeWidgetItem(group, [plain_title(command)])
                row.setData(0, _ID, command.id)
                row.setToolTip(0, command.hint)
                self._rows[command.id] = row
            self._groups.append((group, [self._rows[command.id] for command in commands]))
        self.table.expandAll()
        self.table.setCurrentItem(next(iter(self._rows.values())))

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self.table.setFocus)
        self.table.currentItemChanged.connect(self._show_current)
        self.table.itemActivated.connect(self._record)
        self.add.clicked.connect(self._record)
        self.reset.clicked.connect(self._reset_current)
        self.reset_all.clicked.connect(self._reset_all)
        self.recorder.recorded.connect(self._take)
        self.recorder.cancelled.connect(self._stop)

    def _filter(self, wanted: str) -> None:
        words = wanted.casefold().split()
        first: QTreeWidgetItem | None = None
        for row in self._rows.values():
            text = f"{row.text(0)} {row.text(1)} {row.toolTip(0)}".casefold()
            row.setHidden(not all(word in text for word in words))
            if first is None and not row.isHidden():
                first = row
        for group, rows in self._groups:
            group.setHidden(all(row.isHidden() for row in rows))
        current = self.table.currentItem()
        if first is not None and (current is None or current.isHidden()):
            self.table.setCurrentItem(first)
        self.message.setText("" if first else f"No command or key matches “{wanted}”.")

    def _show_keys(self) -> None:
        bindings = bind(self._commands.values(), self._overrides)
        lost = {clash.loser.id: str(clash) for clash in bindings.clashes}
        for name, row in self._rows.items():
            row.setText(1, ", ".join(map(self._keyboard.text, bindings.keys[name])))
            row.setText(2, "changed" if name in self._overrides else "")
            row.setToolTip(1, lost.get(name, ""))
            if name in lost and name not in self._overrides:
                row.setText(2, "a key is taken")
        self._show_current()

    def _show_current(self) -> None:
        while (item := self._keys_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        command = self.current()
        self.add.setEnabled(command is not None)
        self.reset.setEnabled(command is not None and command.id in self._overrides)
        self.reset_all.setEnabled(not self._commands.keys().isdisjoint(self._overrides))
        if command is None:
            return
        keys = bind(self._commands.values(), self._overrides).keys[command.id]
        self._keys_row.addWidget(QLabel(f"“{plain_title(command)}”:"))
        before: QWidget = self.table
        for key in keys:
            button = self._remove_button(command, key)
            self._keys_row.addWidget(button)
            self.setTabOrder(before, button)
            before = button
        if not keys:
            self._keys_row.addWidget(QLabel("no key"))
        self._keys_row.addStretch()

    def _remove_button(self, command: Command, key: str) -> QPushButton:
        button = QPushButton(f"{self._keyboard.text(key).replace('&', '&&')}  ✕")
        button.setAutoDefault(False)
        button.setToolTip(f"Take the key {self._keyboard.text(key)} away")
        button.setAccessibleName(f"Take the key {self._keyboard.text(key)} away")
        button.clicked.connect(lambda: self._set_keys(command, without=key))
        return button

    def _record(self) -> None:
        command = self.current()
        if command is not None:
            self.message.clear()
            self._below.setCurrentWidget(self.recorder)
            prompt = f"Press the new key for “{plain_title(command)}”, or Esc to cancel."
            self.recorder.record(prompt, self._bound)

    def _take(self, key: str) -> None:
        command = self.current()
        if command is None:
            return
        if reason := key_problem(command, key, self._commands.values(), self._overrides):
            self.recorder.record(f"{reason} Press another key, or Esc.", self._bound)
            return
        self._stop()
        self._set_keys(command, extra=key)

    def _stop(self) -> None:
        if self._below.currentWidget() is self.recorder:
            self._below.setCurrentWidget(self.message)
            self.table.setFocus()

    @property
    def _bound(self) -> set[str]:
        keys = bind(self._commands.values(), self._overrides).keys
        return {key for found in keys.values() for key in found}

    def _set_keys(self, command: Command, *, without: str = "", extra: str = "") -> None:
        keys = bind(self._commands.values(), self._overrides).keys[command.id]
        wanted = [key for key in (*keys, normal_key(extra)) if key and key != without]
        self._change(with_keys(self._overrides, command, dict.fromkeys(wanted)))
        self.table.setFocus()

    def _reset_current(self) -> None:
        command = self.current()
        if command is None:
            return
        rest = {name: keys for name, keys in self._overrides.items() if name != command.id}
        for key in command.keys:
            holder = self._holder(key, rest)
            if holder is not None and holder.id != command.id:
                shown, title = self._keyboard.text(key), plain_title(holder)
                self.message.setText(f"{shown} stays with “{title}”, to which it was assigned.")
        self._change(rest)

    def _reset_all(self) -> None:
        self._change(
            {name: keys for name, keys in self._overrides.items() if name not in self._commands}
        )

    def _holder(self, key: str, overrides: Overrides) -> Command | None:
        for name, keys in bind(self._commands.values(), overrides).keys.items():
            if normal_key(key) in keys:
                return self._commands[name]
        return None

    def _change(self, overrides: dict[str, tuple[str, ...]]) -> None:
        self._overrides = overrides
        self._show_keys()
        self.changed.emit(overrides)
