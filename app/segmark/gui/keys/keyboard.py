"""Keyboard: what the physical keys of the annotator's keyboard mean and what they type.

The default keys are the characters of a US keyboard. Many layouts have no Latin letters, no digits
without Shift, or brackets with AltGr alone. There, the position of a key decides.
"""

from collections.abc import Callable, Collection, Mapping
from sys import maxunicode
from unicodedata import category, name

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from segmark.gui.keys.bindings import key_of, key_text, normal_key

_ROWS = ((2, "1234567890-="), (16, "qwertyuiop[]"), (30, "asdfghjkl;'`"), (43, "\\zxcvbnm,./"))
#: The characters of a US keyboard by the codes of Linux and of Windows (scan code set 1).
_BY_CODE = {first + place: sign for first, row in _ROWS for place, sign in enumerate(row)}
_XKB_OFFSET = 8  # X11 and Wayland add it to the codes of Linux
#: The same by the virtual keys of macOS, from 0: ``kVK_ANSI_A`` and so on in ``Events.h``. A space
#: stands for a key without a character, or one that only other keyboards have.
_MAC_KEYS = "asdfhgzxcv bqweryt123465=97-80]ou[ip lj'k;\\,/nm.  `"
_BY_MAC_KEY = {code: sign for code, sign in enumerate(_MAC_KEYS) if sign != " "}
_SHIFTED = str.maketrans("-=[]\\;'`,./", '_+{}|:"~<>?')
_UNSHIFTED = str.maketrans('_+{}|:"~<>?', "-=[]\\;'`,./")
#: The bits of AltGr in the native modifiers: right Alt on Windows, Mod5 and Mod3 elsewhere.
_ALTGR = {"windows": 0x40, "cocoa": 0}
_XKB_ALTGR = 0x80 | 0x20
#: What dead keys show, from ``Qt.Key_Dead_Grave`` on.
_DEAD = "`´^~¯˘˙¨˚˝ˇ¸˛"

_BRACKETS = frozenset("[]{}")
_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz")
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_ALT, _META = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.MetaModifier
_PARTS = (("Ctrl+", _CTRL), ("Alt+", _ALT), ("Meta+", _META), ("Shift+", _SHIFT))
_KEYPAD = Qt.KeyboardModifier.KeypadModifier

#: Returns what each position types, without and with Shift; empty if that can't be known.
LayoutSurvey = Callable[[], Mapping[str, tuple[str, str]]]


def codes(platform: str) -> Mapping[int, str]:
    """The characters of a US keyboard by native code; empty for an unknown platform of Qt."""
    if platform == "windows":
        return _BY_CODE
    if platform == "cocoa":
        return _BY_MAC_KEY
    # Without a screen, only a program that drives the window sends native codes: those of X11.
    if platform.startswith(("xcb", "wayland", "offscreen")):
        return {code + _XKB_OFFSET: sign for code, sign in _BY_CODE.items()}
    return {}


class Keyboard(QObject):
    """The layout of a keyboard, as far as it is known.

    A survey of the platform tells what the keys type; where there is none, each key press does.

    Signals:
        changed: other keys are shown to the user.
    """

    changed = Signal()

    def __init__(
        self, platform: str, parent: QObject | None = None, survey: LayoutSurvey = dict
    ) -> None:
        """``platform`` is the name of Qt's platform; keys act by their text on an unknown one."""
        super().__init__(parent)
        self._codes = codes(platform)
        self._by_scan_code = platform != "cocoa"
        self._altgr = _ALTGR.get(platform, _XKB_ALTGR)
        self._survey = survey
        self._signs: dict[str, str] = {}
        self._elsewhere: frozenset[str] = frozenset()
        self._shown: dict[str, str] = {}
        self.survey()

    def survey(self) -> None:
        """Ask the platform what the keys type now."""
        found = self._survey()
        if found:
            self._signs = {position: signs[0] for position, signs in found.items()}
            self._elsewhere = frozenset(
                sign
                for position, signs in found.items()
                for sign, expected in zip(signs, _levels(position), strict=True)
                if sign != expected and (self.is_latin or position not in _ASCII)
            )
            self._show()

    def note(self, event: QKeyEvent) -> None:
        """Learn from a key press what its key types."""
        position, sign = self.position(event), _sign(event)
        plain = not event.modifiers() and not self._has_altgr(event)
        if not plain or not position or not sign or self._signs.get(position) == sign:
            return
        known, letters = self._signs.get(position, sign), set(self._signs.values())
        foreign, latin = any(map(_is_foreign, letters)), not _ASCII.isdisjoint(letters)
        if known != sign or (latin and _is_foreign(sign)) or (foreign and sign in _ASCII):
            self._signs, self._elsewhere = {}, frozenset()  # the user has switched the layout
        self.survey()
        self._signs[position] = sign
        if sign != position:
            self._elsewhere |= {sign}
        self._show()

    @property
    def is_latin(self) -> bool:
        """Whether the letters of the layout are Latin, as far as is known."""
        letters = self._signs.values()
        return not _ASCII.isdisjoint(letters) or not any(map(_is_foreign, letters))

    def position(self, event: QKeyEvent) -> str:
        """The character of the pressed key on a US keyboard; "" if that can't be known."""
        if event.modifiers() & _KEYPAD:
            return ""
        code = event.nativeScanCode() if self._by_scan_code else event.nativeVirtualKey()
        return self._codes.get(code, "")

    def meaning(self, event: QKeyEvent, bound: Collection[str]) -> str:
        """The key among those bound that a key press means, in normal form; "" for none.

        What the key types comes first, then its position: that of each digit and bracket, and on
        layouts without Latin letters that of each key.
        """
        own, placed = key_of(event), self._placed(event)
        if placed not in bound:
            return own if own in bound else ""
        hides_letter = placed[-1:].isalpha() and not own[-1:].isalnum() and not self.is_latin
        return own if own in bound and not hides_letter else placed

    def recorded(self, event: QKeyEvent, bound: Collection[str]) -> str:
        """The key to store when the user chooses the pressed key for a command."""
        placed = self._placed(event)
        return self.meaning(event, bound) or (
            placed if _is_foreign(_sign(event)) and placed else key_of(event)
        )

    def as_latin(self, event: QKeyEvent) -> QKeyEvent | None:
        """The press of the Latin letter at the position of a letter that is not Latin; or None."""
        position = self.position(event)
        if position not in _ASCII or not _is_foreign(_sign(event)) or self._has_altgr(event):
            return None
        text = "" if event.modifiers() & (_CTRL | _META) else position
        key = Qt.Key(ord(position.upper()))
        return QKeyEvent(event.type(), key, event.modifiers(), text, event.isAutoRepeat())

    def text(self, key: str) -> str:
        """A key as shown to the user, such as ``H (Р)`` if the key H types Р here."""
        sign = _sign_of(key)
        if sign not in self._shown:
            return key_text(key)
        shift = "Shift+" if sign != sign.translate(_UNSHIFTED) else ""
        return f"{key_text(key)} ({shift}{self._shown[sign]})"

    def differs(self, key: str) -> bool:
        """Whether a key is shown in another way than on a US keyboard."""
        return _sign_of(key) in self._shown

    def _has_altgr(self, event: QKeyEvent) -> bool:
        chosen = event.modifiers() & Qt.KeyboardModifier.GroupSwitchModifier
        return bool(chosen or event.nativeModifiers() & self._altgr)

    def _placed(self, event: QKeyEvent) -> str:
        """The key that the position of a key press means here; "" if positions don't count."""
        position, sign = self.position(event), _sign(event)
        if not position or self._has_altgr(event):
            return ""
        shift = bool(event.modifiers() & _SHIFT)
        meant = position.translate(_SHIFTED) if shift else position
        fixed = position.isdigit() or (position in "[]" and meant not in self._elsewhere)
        if not fixed and not _is_foreign(sign) and self.is_latin:
            return ""
        held = event.modifiers() & (_CTRL | _ALT | _META)
        if shift and meant.isalnum():
            held |= _SHIFT
        parts = [part for part, flag in _PARTS if held & flag]
        return normal_key("".join([*parts, meant.upper()]))

    def _show(self) -> None:
        before = self._shown
        self._shown = {}
        for sign in _BRACKETS if self.is_latin else _BRACKETS | _ASCII | set(",.;'"):
            position = sign.translate(_UNSHIFTED)
            typed = self._signs.get(position, position)
            if typed and typed != position and sign not in self._elsewhere:
                self._shown[sign] = _legend(typed)
        if self._shown != before:
            self.changed.emit()


def _sign_of(key: str) -> str:
    """The character of a key in lower case, without its modifiers; "" for a key with a name."""
    name_of = normal_key(key)
    sign = name_of if len(name_of) == 1 else name_of.rpartition("+")[2]
    return sign.lower() if len(sign) == 1 else ""


def _levels(position: str) -> tuple[str, str]:
    shifted = position.translate(_SHIFTED)
    return position, shifted if shifted != position else position.upper()


def _sign(event: QKeyEvent) -> str:
    """The character of a key press, as lower case; that of a dead key too; "" for none."""
    text, key = event.text(), event.key()
    if len(text) != 1 or not text.isprintable():
        text = chr(key) if key <= maxunicode else dead_sign(key)
    return text.lower() if text.isprintable() else ""


def dead_sign(key: int) -> str:
    """The accent of a dead key of Qt; "" for another key."""
    place = key - Qt.Key.Key_Dead_Grave
    return _DEAD[place] if 0 <= place < len(_DEAD) else ""


def _legend(sign: str) -> str:
    """What is written on a key, as far as text can show it."""
    if category(sign)[0] == "M":
        return f"\N{DOTTED CIRCLE}{sign}"
    return key_text(sign) if sign in "+-," else sign.upper() if len(sign.upper()) == 1 else sign


def _is_letter(sign: str) -> bool:
    return bool(sign) and category(sign)[0] in "LM"


def _is_foreign(sign: str) -> bool:
    """Whether a character is a letter or a part of one, but not a Latin one."""
    return _is_letter(sign) and not name(sign, "").startswith(("LATIN", "MODIFIER"))
