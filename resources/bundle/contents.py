"""What goes into the bundle: chosen out of everything that PyInstaller finds.

PyInstaller collects each plugin of Qt with all that it links to, and libraries of the machine it
runs on. The bundle holds what the program uses, and leaves to the system what belongs to it.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import TypeAlias

from icu import smaller_data

#: An entry of PyInstaller's tables: its place in the bundle, its source and its kind.
Entry: TypeAlias = tuple[str, str, str]

#: Modules that libraries import where they can, and this program never needs. Without OpenSSL
#: Python hashes by its own code.
EXCLUDED_MODULES = (
    "_hashlib", "_pydecimal", "_pyrepl", "_ssl", "cffi", "datatrove", "doctest", "numpy",
    "pandas", "pdb", "pip", "pyarrow", "pydoc", "setuptools", "spacy", "sqlite_utils.cli", "ssl",
    "test", "tkinter", "unittest", "xmlrpc",
    "lxml.builder", "lxml.html.diff", "lxml.html._difflib", "lxml.isoschematron",
    "lxml.objectify", "lxml.sax",
    "PIL._avif", "PIL._imagingcms", "PIL._imagingtk", "PIL._webp", "PIL.AvifImagePlugin",
    "PIL.ImageCms", "PIL.ImageQt", "PIL.ImageShow", "PIL.ImageTk", "PIL.WebPImagePlugin",
    "PySide6.QtDBus", "PySide6.QtNetwork", "zstandard._cffi", "zstandard.backend_cffi",
)  # fmt: skip

#: What PyInstaller runs before the program without need. Qt's wheel finds its plugins by itself,
#: and to import Qt there would slow down every command.
EXCLUDED_HOOKS = ("pyi_rth_inspect", "pyi_rth_pkgutil", "pyi_rth_pyside6")

#: Qt's plugins, by folder and name without "lib" and suffix. Each platform has some of them.
_PLUGINS = {
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platforms": {"qcocoa", "qminimal", "qoffscreen", "qwayland", "qwindows", "qxcb"},
    "platformthemes": {"qxdgdesktopportal"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-shell-integration": {"xdg-shell"},
}

#: The parts of Qt that the program or one of those plugins links to.
_QT = {"Core", "DBus", "Gui", "Svg", "Test", "WaylandClient", "Widgets", "XcbQpa"}
_QT_LIBRARY = re.compile(r"(?:lib)?Qt6?(\w+?)(?:\.abi3)?(?:\.so[.\d]*|\.pyd|\.dll|\.dylib)?")

#: Software rendering and shaders for OpenGL, which no widget here uses.
_OPENGL = re.compile(r"opengl32sw|d3dcompiler|libEGL|libGLES")

#: Libraries of Linux that a desktop may lack, or that Python itself was built with. All others,
#: such as those of X11, fonts and the C++ compiler, must be the system's own: they talk to it.
_FROM_LINUX = re.compile(
    r"libpython|libffi|libsqlite3|libcrypto|liblzma|libbz2|libmpdec|libexpat|libz\.|libuuid"
    r"|libxcb-(?!9|dri|glx|present)|libxkbcommon|libwayland-(?:cursor|egl)"
)

#: Of the metadata of the libraries, what ``doctor`` reads and the terms of their use.
_KEPT_METADATA = re.compile(r"/METADATA$|licen[cs]e|copying|notice", re.IGNORECASE)

#: What macOS reads of the program: the type of its files.
INFO_PLIST = {
    "CFBundleDisplayName": "Segmark",
    "NSHighResolutionCapable": True,
    "CFBundleDocumentTypes": [
        {
            "CFBundleTypeName": "Segmark project",
            "CFBundleTypeRole": "Editor",
            "CFBundleTypeIconFile": "segmark.icns",
            "LSHandlerRank": "Owner",
            "LSItemContentTypes": ["org.segmark.project"],
        }
    ],
    "UTExportedTypeDeclarations": [
        {
            "UTTypeIdentifier": "org.segmark.project",
            "UTTypeDescription": "Segmark project",
            "UTTypeConformsTo": ["public.data"],
            "UTTypeTagSpecification": {"public.filename-extension": ["segmark"]},
        }
    ],
}


def chosen(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that belong in the bundle, with the links to them."""
    found = list(entries)
    kept = [entry for entry in found if entry[2] != "SYMLINK" and _belongs(entry)]
    places = {at for place, _, _ in kept for at in (PurePath(place), *PurePath(place).parents)}
    links = [
        entry
        for entry in found
        if entry[2] == "SYMLINK" and PurePath(entry[0]).parent / entry[1] in places
    ]
    return kept + links


def _belongs(entry: Entry) -> bool:
    place = PurePath(entry[0])
    parts = place.parts
    if "translations" in parts or "qml" in parts:
        return False
    if parts[0].endswith(".dist-info"):
        return bool(_KEPT_METADATA.search(str(place)))
    if "plugins" in parts and "PySide6" in parts:
        folder, name = parts[-2], place.name.removeprefix("lib").partition(".")[0]
        return name in _PLUGINS.get(folder, ())
    if _OPENGL.match(place.name):
        return False
    framework = next((part for part in parts if part.endswith(".framework")), place.name)
    if qt := _QT_LIBRARY.fullmatch(framework.removesuffix(".framework")):
        return qt[1] in _QT
    if sys.platform == "linux" and len(parts) == 1 and ".so" in place.name:
        return bool(_FROM_LINUX.match(place.name)) or "site-packages" in entry[1]
    return True


def smaller(entries: Iterable[Entry], folder: Path) -> Iterator[Entry]:
    """The entries, on Linux without debug symbols and unused data of ICU; copies are in the folder.

    Libraries that a wheel brings in a folder of its own have been edited after they were linked,
    and ``strip`` would break them; they carry no symbols anyway.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, (place, source, kind) in enumerate(entries):
        path = Path(source)
        edited = re.search(r"\.libs/|PySide6/|shiboken6/", source)
        if sys.platform != "linux" or kind not in ("BINARY", "EXTENSION"):
            yield place, source, kind
        elif path.name.startswith("libicudata.so."):
            yield place, str(smaller_data(path, folder)), kind
        elif edited:
            yield place, source, kind
        else:
            small = folder / f"{number}-{path.name}"
            subprocess.run(["strip", "--strip-unneeded", "-o", small, source], check=True)
            yield place, str(small), kind
