"""What keyboards of different layouts send: key presses with native codes, as on X11."""

from PySide6.QtCore import QDeadlineTimer, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

_ROWS = ((10, "1234567890-="), (24, "qwertyuiop[]"), (38, "asdfghjkl;'`"), (51, "\\zxcvbnm,./"))
#: The code of the key that types a character on a US keyboard.
CODE = {sign: first + at for first, row in _ROWS for at, sign in enumerate(row)}

#: What the keys type, without and with Shift, in the order of ``CODE``; ^ ´ ¨ stand for dead keys.
LAYOUTS = {
    "us": (
        "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./",
        '!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"~|ZXCVBNM<>?',
    ),
    "fr": (
        "&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù²*wxcvbn,;:!",
        "1234567890°+AZERTYUIOP¨£QSDFGHJKLM%~µWXCVBN?./§",
    ),
    "de": (
        "1234567890ß´qwertzuiopü+asdfghjklöä^#yxcvbnm,.-",
        "!\"§$%&/()=?`QWERTZUIOPÜ*ASDFGHJKLÖÄ°'YXCVBNM;:_",
    ),
    "cz": (
        "+ěščřžýáíé=´qwertzuiopú)asdfghjklů§;¨yxcvbnm,.-",
        "1234567890%ˇQWERTZUIOP/(ASDFGHJKL\"!˚'YXCVBNM?:_",
    ),
    "dvorak": (
        "1234567890[]',.pyfgcrl/=aoeuidhtns-`\\;qjkxbmwvz",
        '!@#$%^&*(){}"<>PYFGCRL?+AOEUIDHTNS_~|:QJKXBMWVZ',
    ),
    "ru": (
        "1234567890-=йцукенгшщзхъфывапролджэё\\ячсмитьбю.",
        '!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЁ/ЯЧСМИТЬБЮ,',
    ),
    "gr": (
        "1234567890-=;ςερτυθιοπ[]ασδφγηξκλ´'`\\ζχψωβνμ,./",
        '!@#$%^&*()_+:ΣΕΡΤΥΘΙΟΠ{}ΑΣΔΦΓΗΞΚΛ¨"~|ΖΧΨΩΒΝΜ<>?',
    ),
    "il": (
        "1234567890-=/'קראטוןםפ][שדגכעיחלךף,;\\זסבהנמצתץ.",
        '!@#$%^&*)(_+QWERTYUIOP}{ASDFGHJKL:"~|ZXCVBNM><?',
    ),
    "ara": (
        "1234567890-=ضصثقفغعهخحجدشسيبلاتنمكطذ\\ئءؤرﻻىةوزظ",
        "!@#$%^&*)(_+\u064b\u064c\u064f\u0650ﻹإ`÷×؛<>\u064d\u064e][ﻷأـ،/:\"\u0651…~\u0652}{ﻵآ',.؟",
    ),
    "th": (
        "ๅ/-ภถ\u0e38\u0e36คตจขชๆไ\u0e33พะ\u0e31\u0e35รนยบลฟหกดเ\u0e49\u0e48าสวง_ฃผปแอ\u0e34\u0e37ทมใฝ",
        '+๑๒๓๔\u0e39฿๕๖๗๘๙๐"ฎฑธ\u0e4d\u0e4aณฯญฐ,ฤฆฏโฌ\u0e47\u0e4bษศซ.%ฅ()ฉฮ\u0e3a\u0e4c?ฒฬฦ',
    ),
    "rs": (
        "1234567890'+љњертзуиопшђасдфгхјклчћ`жжџцвбнм,.-",
        '!"#$%&/()=?*ЉЊЕРТЗУИОПШЂАСДФГХЈКЛЧЋ~ЖЖЏЦВБНМ;:_',
    ),
}  # fmt: skip

_DEAD = {
    "^": Qt.Key.Key_Dead_Circumflex, "´": Qt.Key.Key_Dead_Acute, "¨": Qt.Key.Key_Dead_Diaeresis,
    "ˇ": Qt.Key.Key_Dead_Caron, "˚": Qt.Key.Key_Dead_Abovering,
}  # fmt: skip
_MODIFIERS = {
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
_PATIENCE = 30_000
ALTGR = 0x80  # the bit of Mod5 in the native modifiers


def surveyed(layout: str) -> dict[str, tuple[str, str]]:
    """What X11 says about a layout."""
    plain, shifted = LAYOUTS[layout]
    return {at: (plain[place], shifted[place]) for place, at in enumerate(CODE)}


def stroke(layout: str, keys: str, kind: QEvent.Type = QEvent.Type.KeyPress) -> QKeyEvent:
    """The press of keys of a US keyboard such as ``Shift+h``, on a keyboard of a layout."""
    *held, position = keys.split("+") if keys != "+" else ["+"]
    modifiers = Qt.KeyboardModifier.NoModifier
    for name in held:
        modifiers |= _MODIFIERS[name]
    level = int("Shift" in held)
    sign = LAYOUTS[layout][level][list(CODE).index(position)]
    dead = _DEAD.get(sign) if layout in ("fr", "de", "cz", "gr") else None
    key = dead or (ord(sign.upper()) if len(sign.upper()) == 1 else ord(sign))
    text = "" if dead or {"Ctrl", "Alt"} & set(held) else sign
    return QKeyEvent(kind, key, modifiers, CODE[position], ord(sign), level, text)


def strike(layout: str, keys: str) -> None:
    """Press keys in the active window, as the platform does.

    But Qt can't look for shortcuts: only the keys that it does not find itself act.
    """
    deadline = QDeadlineTimer(_PATIENCE)
    while not QApplication.focusWindow() and not deadline.hasExpired():
        QApplication.processEvents()
    window = QApplication.focusWindow()
    assert window is not None
    asked = stroke(layout, keys, QEvent.Type.ShortcutOverride)
    asked.ignore()
    QApplication.sendEvent(window, asked)
    QApplication.sendEvent(window, stroke(layout, keys))
    QApplication.sendEvent(window, stroke(layout, keys, QEvent.Type.KeyRelease))
    for _ in range(3):
        QApplication.processEvents()
