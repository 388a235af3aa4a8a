"""What a bug report needs: versions, folders, free space, and whether the store works.

No text of a page and no name is in it: neither of a person, nor of a project or a folder.
"""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from stat import S_IMODE

from segmark import __version__
from segmark.core.caret import Selection
from segmark.core.page import Page, PageInfo
from segmark.environment import log, settings
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.session.session import Session
from segmark.store.errors import StoreError
from segmark.store.file.connection import sqlite_settings
from segmark.store.safety.check import check
from segmark.store.store import Store

_PACKAGES = ("PySide6-Essentials", "sqlite-utils", "lxml", "charset-normalizer", "orjson", "click")
_TEXT = "Headline\n\nA body with an astral 😀 and a combining e\u0301.\n"


def findings() -> Iterator[tuple[str, str]]:
    """The findings, as name and value."""
    yield "Segmark", __version__
    yield "Python", f"{platform.python_version()} ({sys.implementation.name})"
    yield "System", f"{platform.system()} {platform.release()} {platform.machine()}"
    for package in _PACKAGES:
        yield package, _version(package)
    for name, folder in (
        ("Settings", settings.settings_path().parent),
        ("Data", settings.data_folder()),
        ("Log", log.log_path().parent),
        ("Temporary", Path(tempfile.gettempdir())),
    ):
        yield f"{name} folder", _folder(folder)
    if os.path.exists(log.log_path()):
        yield "Log file", f"mode {_mode(log.log_path())}"


def store_test() -> Iterator[tuple[str, str]]:
    """SQLite's settings, and whether a label can be stored, read and checked."""
    try:
        yield from _store_test()
    except StoreError as error:
        yield "Test of the store", str(error)
    except OSError as error:  # its message names a file
        yield "Test of the store", error.strerror or type(error).__name__


def _store_test() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="segmark-doctor-") as folder:
        project = Path(folder, "doctor.segmark")
        with Store.create(project, read_label_set(NEWS_LABELS)) as store:
            yield from sqlite_settings(project)
            yield "Mode of a new project", _mode(project)
            page = Page.of("doctor", _TEXT, PageInfo("doctor.txt"))
            with store.write():
                store.pages.add(page, _TEXT.encode())
            session = Session(store, "doctor")
            session.open(1)
            session.label(session.store.label_set.labels[0].name, Selection.at(0))
            session.undo()
            session.redo()
        with Store.open(project) as store:
            kept = store.annotations("doctor").get(1).spans
        problems = check(project).damage or (() if len(kept) == 1 else ("a label was lost",))
        yield "Test of the store", "; ".join(problems) or "all is well"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _folder(folder: Path) -> str:
    """The folder without the user's name, with the free space on its disk."""
    there = next(each for each in (folder, *folder.parents) if os.path.exists(each))
    if not (os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK)):
        return f"{without_names(folder)} (can't be written)"
    free = shutil.disk_usage(there).free / 1_000_000_000
    mode = f", mode {_mode(folder)}" if folder.exists() else ""
    return f"{without_names(folder)} ({free:.1f} GB free{mode})"


def _mode(path: Path) -> str:
    """Who may read, write and enter a file or folder, as octal digits."""
    return f"{S_IMODE(path.stat().st_mode):03o}"


def without_names(folder: Path) -> Path:
    """A folder without names of people: home is ``~``, a folder named like the user ``…``."""
    home, shown = Path.home(), folder
    if home != Path(home.anchor) and folder.is_relative_to(home):
        shown = "~" / folder.relative_to(home)
    names = {home.name.casefold(), settings.annotator_name(settings.Settings()).casefold()}
    return Path(*("…" if part.casefold() in names else part for part in shown.parts))
