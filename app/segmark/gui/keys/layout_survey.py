"""What the keys of the keyboard type, asked of the platform: X11 and Windows can tell."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from segmark.gui.keys.keyboard import LayoutSurvey, codes, dead_sign

_X11_CORE_KEYBOARD = 0x100
_X11_STATE_SIZE = 64  # more than XkbStateRec needs
_X11_DEAD_GRAVE, _QT_DEAD_GRAVE = 0xFE50, 0x01001250
_WINDOWS_SCAN_TO_KEY, _WINDOWS_KEY_TO_SIGN = 3, 2

Signs = dict[str, tuple[str, str]]


def layout_survey(platform: str) -> LayoutSurvey:
    """The survey of Qt's platform; one that finds nothing where the platform can't tell."""
    surveys: dict[str, Callable[[], Signs]] = {"xcb": _ask_x11, "windows": _ask_windows}
    ask = surveys.get(platform)

    def survey() -> Signs:
        try:
            return ask() if ask else {}
        except (OSError, AttributeError):  # a library or one of its functions is not there
            return {}

    return survey


def _ask_x11() -> Signs:
    """The signs of the current group (XkbKeycodeToKeysym, XkbGetState in libX11)."""
    with _x11() as (x11, display):
        if not display:
            return {}
        common = ctypes.CDLL("libxkbcommon.so.0")
        state = ctypes.create_string_buffer(_X11_STATE_SIZE)
        x11.XkbGetState(display, _X11_CORE_KEYBOARD, state)
        group = state.raw[0]

        def sign(code: int, level: int) -> str:
            # A key with fewer groups has the same symbols in all of them.
            symbol = x11.XkbKeycodeToKeysym(display, code, group, level)
            symbol = symbol or x11.XkbKeycodeToKeysym(display, code, 0, level)
            dead = dead_sign(symbol - _X11_DEAD_GRAVE + _QT_DEAD_GRAVE)
            return dead or chr(common.xkb_keysym_to_utf32(symbol)).strip("\0")

        return {at: (sign(code, 0), sign(code, 1)) for code, at in codes("xcb").items()}


@contextmanager
def _x11() -> Iterator[tuple[ctypes.CDLL, ctypes.c_void_p]]:
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XkbKeycodeToKeysym.restype = ctypes.c_ulong
    x11.XkbKeycodeToKeysym.argtypes = [
        ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint,
    ]  # fmt: skip
    x11.XkbGetState.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    try:
        yield x11, display
    finally:
        if display:
            x11.XCloseDisplay(display)


def _ask_windows() -> Signs:
    """The signs without Shift (MapVirtualKeyW in user32); Windows does not tell those with it."""
    user32 = ctypes.CDLL("user32")

    def sign(code: int) -> str:
        key = user32.MapVirtualKeyW(code, _WINDOWS_SCAN_TO_KEY)
        return chr(user32.MapVirtualKeyW(key, _WINDOWS_KEY_TO_SIGN) & 0xFFFF).strip("\0").lower()

    return {at: (sign(code), "") for code, at in codes("windows").items()}
