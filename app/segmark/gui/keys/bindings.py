"""Key bindings: the default keys of commands, changed by the settings, without clashes.

A key belongs to one command only. Keys are written in the portable form of ``QKeySequence`` and
compared in a normal form, so ``ctrl+shift+z`` and ``Shift+Ctrl+Z`` are the same key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from segmark.gui.keys.commands import COMMANDS, Command, Scope

#: Maps the ids of commands with changed keys to all their keys.
Overrides = Mapping[str, Sequence[str]]

_OF_EVERY_WINDOW = frozenset(command.id for command in COMMANDS)

_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R, Qt.Key.Key_Hyper_L, Qt.Key.Key_Hyper_R, Qt.Key.Key_unknown,
        Qt.Key(0),
    }
)  # fmt: skip

_FIRST_UNPRINTABLE = Qt.Key.Key_Escape

_CARET_KEYS = ("Left", "Right", "Home", "End", "PgUp", "PgDown")
_CARET_MODIFIERS = ("", "Shift+", "Ctrl+", "Ctrl+Shift+")
_RESERVED = {
    "Esc": "puts the brush away or closes a bar or dialog",
    "Backspace": "is pressed by habit to delete, so it never acts on a page",
    **{m + key: "moves the caret" for key in _CARET_KEYS for m in _CARET_MODIFIERS},
}
_NOT_IN_WINDOW = {
    "Return": "confirms what is typed",
    "Enter": "confirms what is typed",
    "Space": "presses the focused button",
    "Tab": "goes to the next field",
    "Shift+Tab": "goes to the previous field",
    "Up": "moves in lists",
    "Down": "moves in lists",
}
_KEY_NAMES = {
    "Return": "Enter",
    "Enter": "Enter (keypad)",
    "Del": "Delete",
    "Ins": "Insert",
    "PgUp": "Page Up",
    "PgDown": "Page Down",
    "+": "Plus",
    "-": "Minus",
    ",": "Comma",
}


@dataclass(frozen=True, slots=True)
class Clash:
    """A key that two commands claim; it stays with the holder."""

    key: str
    holder: Command
    loser: Command

    def __str__(self) -> str:
        return (
            f"{key_text(self.key)} is the key of “{plain_title(self.holder)}”, "
            f"so “{plain_title(self.loser)}” does not have it"
        )


def clash_message(clashes: Sequence[Clash]) -> str:
    """A one-line message about all clashes and the solution; "" if there are none."""
    if not clashes:
        return ""
    if len(clashes) == 1:
        return f"{clashes[0]}. You can change the keys of both in the settings."
    lost = "; ".join(
        f"{key_text(clash.key)} is “{plain_title(clash.holder)}”, not “{plain_title(clash.loser)}”"
        for clash in clashes
    )
    return f"Some keys are taken: {lost}. You can change all of them in the settings."


@dataclass(frozen=True, slots=True)
class Bindings:
    """The current keys of each command, in the order of the menus, and the clashes."""

    keys: Mapping[str, tuple[str, ...]]
    clashes: tuple[Clash, ...]


def normal_key(key: str) -> str:
    """A key in its normal form; "" if it is not a single key press."""
    sequence = QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        return ""
    stroke: QKeyCombination = sequence[0]  # type: ignore[index]  # missing in Qt's stubs
    return "" if stroke.key() in _MODIFIER_KEYS else _of_combination(stroke)


def key_of(event: QKeyEvent) -> str:
    """The key of an event in its normal form; "" for a modifier key alone."""
    if event.key() in _MODIFIER_KEYS:
        return ""
    return _of_combination(event.keyCombination())


def key_text(key: str) -> str:
    """A key as shown to the user, such as ``Ctrl+Plus`` for ``Ctrl++``."""
    name = normal_key(key)
    sign = name[-1:] if name[-1:] in "+-," else name.rpartition("+")[2]
    modifiers = name.removesuffix(sign)
    return modifiers + _KEY_NAMES.get(sign, sign)


def plain_title(command: Command) -> str:
    """The title of a command without the ellipsis of a menu entry."""
    return command.title.removesuffix("…")


def bind(commands: Iterable[Command], overrides: Overrides) -> Bindings:
    """The current keys.

    If several commands claim a key, it goes to one whose keys were changed, or else to one that is
    not a label's, or else to the first. A label whose letter is taken keeps its digit.
    """
    commands = tuple(commands)
    owners: dict[str, Command] = {}
    keys: dict[str, list[str]] = {command.id: [] for command in commands}
    clashes: list[Clash] = []
    for command in sorted(commands, key=lambda command: _rank(command, overrides)):
        for key in filter(None, map(normal_key, overrides.get(command.id, command.keys))):
            holder = owners.setdefault(key, command)
            if holder is not command:
                clashes.append(Clash(key, holder, command))
            elif key not in keys[command.id]:
                keys[command.id].append(key)
    return Bindings({name: tuple(found) for name, found in keys.items()}, tuple(clashes))


def key_problem(
    command: Command, key: str, commands: Iterable[Command], overrides: Overrides
) -> str:
    """A one-line message why a command can't have a key; "" if it can."""
    name = normal_key(key)
    if not name:
        return "That is not a key."
    reserved = _RESERVED | (_NOT_IN_WINDOW if command.scope is Scope.WINDOW else {})
    if name in reserved:
        return f"{key_text(name)} {reserved[name]}."
    keys = bind(commands, overrides).keys
    for other in commands:
        if other.id != command.id and name in keys[other.id]:
            return f"{key_text(name)} is already the key of “{plain_title(other)}”."
    return ""


def with_keys(
    overrides: Overrides, command: Command, keys: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The overrides with other keys for a command; default keys have no entry."""
    rest = {name: tuple(old) for name, old in overrides.items() if name != command.id}
    wanted = tuple(filter(None, map(normal_key, keys)))
    return rest if wanted == tuple(map(normal_key, command.keys)) else {**rest, command.id: wanted}


def _rank(command: Command, overrides: Overrides) -> int:
    if command.id in overrides:
        return 0
    return 2 if is_label(command) else 1


def is_label(command: Command) -> bool:
    """Whether a command comes from the label set, like its letter."""
    return command.id not in _OF_EVERY_WINDOW


def _of_combination(combination: QKeyCombination) -> str:
    modifiers = combination.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = combination.key()
    if key == Qt.Key.Key_Backtab:
        key, modifiers = Qt.Key.Key_Tab, modifiers | Qt.KeyboardModifier.ShiftModifier
    elif Qt.Key.Key_Space < key < _FIRST_UNPRINTABLE and not chr(key).isalnum():
        # Shift is part of the character: Shift+/ is the key "?".
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    sequence = QKeySequence(QKeyCombination(modifiers, key))
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)
