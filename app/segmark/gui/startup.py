"""Finds out why Qt can't start, in one line, before Qt would abort the process.

Imports nothing of Qt: on a minimal Linux that is what fails.
"""

import ctypes
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from segmark.environment.resource_path import resource_path


class StartError(Exception):
    """No window can be shown on this machine; one line that says why and what to do."""


class Package(NamedTuple):
    """The package that contains a library or a font, by package manager."""

    apt: str
    dnf: str


#: The system libraries without which Qt can't be imported.
BASE_LIBRARIES = {
    "libEGL.so.1": Package("libegl1", "libglvnd-egl"),
    "libGL.so.1": Package("libgl1", "libglvnd-glx"),
    "libX11.so.6": Package("libx11-6", "libX11"),
    "libdbus-1.so.3": Package("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": Package("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": Package("libfreetype6", "freetype"),
    "libglib-2.0.so.0": Package("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": Package("libglib2.0-0", "glib2"),
    "libxkbcommon.so.0": Package("libxkbcommon0", "libxkbcommon"),
}

#: What Qt's plugins for X11 and Wayland load as well.
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": Package("libx11-xcb1", "libX11-xcb"),
    "libwayland-client.so.0": Package("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": Package("libwayland-cursor0", "libwayland-cursor"),
    "libwayland-egl.so.1": Package("libwayland-egl1", "libwayland-egl"),
    "libxcb.so.1": Package("libxcb1", "libxcb"),
    "libxcb-cursor.so.0": Package("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-glx.so.0": Package("libxcb-glx0", "libxcb"),
    "libxcb-icccm.so.4": Package("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": Package("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": Package("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": Package("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": Package("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": Package("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": Package("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": Package("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": Package("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": Package("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": Package("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": Package("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": Package("libxkbcommon-x11-0", "libxkbcommon-x11"),
}

#: A font with every letter of the interface.
FONT = Package("fonts-dejavu-core", "dejavu-sans-fonts")

#: The releases of Qt's Python package that work here, as in ``pyproject.toml``.
PYSIDE = "PySide6-Essentials>=6.8.1,<6.12"

_NO_LIBRARY = re.compile(r"(\S+?\.so[.\d]*): cannot open shared object file")
_TOUR = "'segmark tour OUT' shows the program at work without one"


def packages_for_tests() -> list[str]:
    """The packages of Debian and Ubuntu that the tests and the tour need."""
    return list(dict.fromkeys(package.apt for package in (*BASE_LIBRARIES.values(), FONT)))


def import_problem(error: ImportError) -> str:
    """Return why importing PySide6 failed and what to do, in one line."""
    if isinstance(error, ModuleNotFoundError):
        return (
            f"Qt can't start: the Python package {error.name} is not installed; "
            f"install it with: {sys.executable} -m pip install '{PYSIDE}'"
        )
    return _library_problem(str(error), BASE_LIBRARIES)


def font_problem() -> str:
    """Return what to do if Qt finds no font, in one line."""
    return f"Qt finds no font with Latin letters; {_install_advice({'a font': FONT})}"


def missing_libraries(libraries: Mapping[str, Package]) -> dict[str, Package]:
    """Return the libraries that this machine lacks."""
    return {name: package for name, package in libraries.items() if not _can_load(name)}


def virtual_screens(file: Path | None = None) -> str:
    """Return a value for ``QT_QPA_PLATFORM``: no display, and a screen that every window fits.

    The screen of Qt's offscreen platform is smaller than any real one. ``file`` describes other
    screens, as JSON in the format of that platform's plugin.
    """
    file = file or resource_path("screens", "virtual.json")
    # Without the drive of Windows, because Qt divides the value at colons.
    path = os.path.splitdrive(file.absolute())[1]
    return "offscreen" if set(path) & set(":;") else f"offscreen:configfile={path}"


def display_problem(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return why no window can be opened and what to do, in one line; None if one can be opened.

    To be called before a ``QApplication`` is made, because Qt aborts the process where it finds
    no display. Takes 10 to 20 ms with X11, for libraries that Qt then finds loaded.
    """
    if not sys.platform.startswith("linux"):
        return None
    platforms = _platforms(environment)
    if not platforms:
        return f"there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set; {_TOUR}"
    first = None
    for name in platforms:
        try:
            problem = _CHECKS.get(name, _plugin_problem)(name, environment)
        except OSError as error:
            problem = _library_problem(str(error), BASE_LIBRARIES | WINDOW_LIBRARIES)
        if problem is None:
            return None
        first = first or problem
    return first


def _platforms(environment: Mapping[str, str]) -> list[str]:
    """Return the platform plugins that Qt may try, by its own rules."""
    if wanted := environment.get("QT_QPA_PLATFORM"):
        return [name.partition(":")[0] for name in wanted.split(";")]
    found = []
    if environment.get("WAYLAND_DISPLAY"):
        found.append("wayland")
    if environment.get("DISPLAY"):
        found.append("xcb")
    return found


def _x11_problem(_platform: str, environment: Mapping[str, str]) -> str | None:
    _load_plugins("xcb")
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    name = environment.get("DISPLAY", "")
    connection = xcb.xcb_connect(os.fsencode(name), None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return _no_answer("DISPLAY", name) if failed else None


def _wayland_problem(_platform: str, environment: Mapping[str, str]) -> str | None:
    _load_plugins("wayland")
    wayland = ctypes.CDLL("libwayland-client.so.0")
    wayland.wl_display_connect.restype = ctypes.c_void_p
    wayland.wl_display_disconnect.argtypes = [ctypes.c_void_p]
    name = environment.get("WAYLAND_DISPLAY", "")
    connection = wayland.wl_display_connect(os.fsencode(name))
    if not connection:
        return _no_answer("WAYLAND_DISPLAY", name)
    wayland.wl_display_disconnect(connection)
    return None


def _plugin_problem(platform: str, environment: Mapping[str, str]) -> str | None:
    """Check a platform that needs no display."""
    if _plugins(platform) or not _plugins(""):
        return None
    variable = f"QT_QPA_PLATFORM={environment.get('QT_QPA_PLATFORM', '')}"
    return f"Qt has no platform {platform!r}, which {variable} names; unset QT_QPA_PLATFORM"


_CHECKS: dict[str, Callable[[str, Mapping[str, str]], str | None]] = {
    "xcb": _x11_problem,
    "wayland": _wayland_problem,
}


def _load_plugins(platform: str) -> None:
    """Load the plugins of a platform as Qt does; an ``OSError`` names a missing library."""
    for plugin in _plugins(platform):
        ctypes.CDLL(str(plugin))


def _plugins(platform: str) -> list[Path]:
    """Return the files of Qt's plugins for a platform; for an empty name, of all platforms."""
    package = importlib.util.find_spec("PySide6")
    folders = (package and package.submodule_search_locations) or ()
    return [
        plugin
        for folder in folders
        for plugin in Path(folder, "Qt", "plugins", "platforms").glob(f"libq{platform}*.so")
    ]


def _no_answer(variable: str, name: str) -> str:
    return f"the display {name!r}, which {variable} names, does not answer; {_TOUR}"


def _library_problem(message: str, needed: Mapping[str, Package]) -> str:
    """Return what to do about a library that can't be loaded; name all missing packages at once."""
    found = _NO_LIBRARY.search(message)
    if not found:
        return f"Qt can't start: {' '.join(message.split())}"
    missing = missing_libraries(needed)
    if "libfontconfig.so.1" in missing:  # so there is hardly a font either
        missing["a font"] = FONT
    advice = _install_advice(missing) if missing else "install the package that contains it"
    return f"Qt can't start: the system library {found[1]} is missing; {advice}"


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install_advice(missing: Mapping[str, Package]) -> str:
    """Return the command that installs packages with the package manager of this machine."""
    root = "" if getattr(os, "geteuid", lambda: 0)() == 0 else "sudo "
    if shutil.which("apt-get"):
        command = f"{root}apt-get install {_names(package.apt for package in missing.values())}"
    elif shutil.which("dnf"):
        command = f"{root}dnf install {_names(package.dnf for package in missing.values())}"
    else:
        return f"install the packages that contain {', '.join(missing)}"
    return f"install what Qt needs with: {command}"


def _names(packages: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(packages))
