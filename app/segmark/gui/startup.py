"""Says why Qt can't start here, in one line, before Qt would abort the process.

Nothing of Qt is imported: on a bare Linux that is just what fails.
"""

import ctypes
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

#: What PySide6 6.8 to 6.11 needs on a bare Debian or Ubuntu; the rest comes with these.
APT_PACKAGES = (
    "libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libx11-xcb1 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-keysyms1 libxcb-randr0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 "
    "libxkbcommon-x11-0 libwayland-cursor0 libwayland-egl1"
)

#: The same for Fedora and its kin.
DNF_PACKAGES = (
    "libglvnd-egl libglvnd-glx dbus-libs fontconfig glib2 libX11-xcb libxcb xcb-util-cursor "
    "xcb-util-image xcb-util-keysyms xcb-util-renderutil xcb-util-wm libxkbcommon-x11 "
    "libwayland-cursor libwayland-egl"
)

_NO_LIBRARY = re.compile(r"(\S+?\.so[.\d]*): cannot open shared object file")
_TOUR = "'segmark tour OUT' shows the program at work without one"


def import_problem(error: ImportError) -> str:
    """Why importing PySide6 failed and what to do, in one line."""
    if isinstance(error, ModuleNotFoundError):
        return (
            f"Qt can't start: the Python package {error.name} is not installed; "
            "install it with: python -m pip install 'PySide6-Essentials>=6.8,<6.12'"
        )
    return _library_problem(str(error))


def display_problem(environment: Mapping[str, str] = os.environ) -> str | None:
    """Why no window can be opened and what to do, in one line; None if nothing is in the way.

    To be asked before a ``QApplication`` is made, for Qt aborts the process where it finds no
    display. Takes 10 to 20 ms with X11, for libraries that Qt then finds loaded.
    """
    if not sys.platform.startswith("linux"):
        return None
    platforms = _platforms(environment)
    if not platforms:
        return f"there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set; {_TOUR}"
    first = None
    for name in platforms:
        try:
            problem = _CHECKS.get(name, _not_ours_to_judge)(environment)
        except OSError as error:
            problem = _library_problem(str(error))
        if problem is None:
            return None
        first = first or problem
    return first


def _platforms(environment: Mapping[str, str]) -> list[str]:
    """The platform plugins that Qt may try, by its own rules."""
    if wanted := environment.get("QT_QPA_PLATFORM"):
        return [name.partition(":")[0] for name in wanted.split(";")]
    found = []
    if environment.get("WAYLAND_DISPLAY"):
        found.append("wayland")
    if environment.get("DISPLAY"):
        found.append("xcb")
    return found


def _x11_problem(environment: Mapping[str, str]) -> str | None:
    _load_plugin("libqxcb.so")
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    name = environment.get("DISPLAY", "")
    connection = xcb.xcb_connect(os.fsencode(name), None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return _no_answer("DISPLAY", name) if failed else None


def _wayland_problem(environment: Mapping[str, str]) -> str | None:
    _load_plugin("libqwayland.so")
    wayland = ctypes.CDLL("libwayland-client.so.0")
    wayland.wl_display_connect.restype = ctypes.c_void_p
    wayland.wl_display_disconnect.argtypes = [ctypes.c_void_p]
    name = environment.get("WAYLAND_DISPLAY", "")
    connection = wayland.wl_display_connect(os.fsencode(name))
    if not connection:
        return _no_answer("WAYLAND_DISPLAY", name)
    wayland.wl_display_disconnect(connection)
    return None


def _not_ours_to_judge(environment: Mapping[str, str]) -> str | None:  # noqa: ARG001
    return None


_CHECKS: dict[str, Callable[[Mapping[str, str]], str | None]] = {
    "xcb": _x11_problem,
    "wayland": _wayland_problem,
}


def _load_plugin(name: str) -> None:
    """Load a platform plugin as Qt will; an ``OSError`` names the library that is missing."""
    package = importlib.util.find_spec("PySide6")
    for folder in (package and package.submodule_search_locations) or ():
        plugin = Path(folder, "Qt", "plugins", "platforms", name)
        if plugin.exists():
            ctypes.CDLL(str(plugin))


def _no_answer(variable: str, name: str) -> str:
    return f"the display {name!r}, which {variable} names, does not answer; {_TOUR}"


def _library_problem(message: str) -> str:
    missing = _NO_LIBRARY.search(message)
    if not missing:
        return f"Qt can't start: {' '.join(message.split())}"
    return (
        f"Qt can't start: the system library {missing[1]} is missing; "
        f"install what Qt needs with: {_install_command()}"
    )


def _install_command() -> str:
    root = "" if getattr(os, "geteuid", lambda: 0)() == 0 else "sudo "
    if shutil.which("dnf") and not shutil.which("apt-get"):
        return f"{root}dnf install {DNF_PACKAGES}"
    return f"{root}apt-get install {APT_PACKAGES}"
