"""Opens the window and each dialog on the screens that there are, and prints where they lie.

Run as a module by ``test_screens``, because Qt reads its screens when a process starts. Prints one
JSON object for each window: its class, whether it fits its screen, its frame and its screen.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.environment.log import Unforeseen
from segmark.gui.application import Program, make_program
from segmark.gui.base.fitting import ScreenWatch
from segmark.gui.dialogs.error import ErrorDialog
from segmark.gui.dialogs.help_window import HelpWindow
from segmark.gui.keys.commands import COMMANDS
from segmark.gui.window import geometry
from segmark.store.store import Store

from tests.factories import add_pages

#: Commands that open a dialog of the platform, a field or a menu instead of a dialog of ours, or
#: that open one once work in the background is done.
_NOT_OURS = {
    "file.open", "file.load", "file.load_folder", "file.copy", "edit.find", "list.search",
    "list.order", "list.site", "review.texts",
}  # fmt: skip
_LONG = "The file can't be written because the disk is full; free some space, then go on. " * 4


def main(folder: Path, what: str = "all", *numbers: str) -> None:
    """Open windows as ``what`` says: all, place, restored or gone."""
    program = make_program("ada")
    window = program.window
    if what == "all":
        _open_project(program, folder)
    geometry.restore(window, window.panels.folding, window.settings)
    window.show()
    _settle()
    if what == "place":
        left, top, width, height = map(int, numbers)
        window.setGeometry(left, top, width, height)
    elif what == "gone":
        watch = ScreenWatch(program.application)
        window.setGeometry(1500, 100, 1700, 900)
        _settle()
        program.application.screenRemoved.emit(window.screen())
        _settle()
        watch.deleteLater()
    _settle()
    _report(window)
    if what == "all":
        _open_dialogs(program, folder)
    window.close()


def _open_project(program: Program, folder: Path) -> None:
    store = Store.create(folder / "news.segmark", read_label_set(NEWS_LABELS))
    add_pages(store, *(f"Page {number}\nShip sails\nIt did." for number in range(30)))
    program.projects.show_store(store)


def _open_dialogs(program: Program, folder: Path) -> None:
    window = program.window
    for command in COMMANDS:
        if command.title.endswith("…") and command.id not in _NOT_OURS:
            _modal(partial(window.run, command.id))
    for name in ("help.keys", "help.about"):
        _modal(partial(window.run, name))
    _modal(lambda: window.warn("Segmark", _LONG))
    error = ErrorDialog(Unforeseen(_LONG, f"{_LONG}\n" * 30), folder / "log", window)
    for dialog in (error, HelpWindow(window)):
        dialog.show()
        _settle()
        if dialog is error:
            error.show_details.click()
            _settle()
        _report(dialog)
        dialog.close()


def _modal(open_it: Callable[[], object]) -> None:
    """Open a dialog, and report and close it, whether it blocks or not."""

    def meet() -> None:
        _settle()
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                _report(dialog)
                dialog.reject()

    QTimer.singleShot(50, meet)
    open_it()
    meet()
    _settle()


def _report(window: QWidget) -> None:
    screen, frame = window.screen().availableGeometry(), window.frameGeometry()
    seen = {
        "window": f"{type(window).__name__}: {window.windowTitle()}",
        "fits": screen.contains(frame),
        "frame": frame.getRect(),
        "screen": screen.getRect(),
    }
    sys.stdout.write(json.dumps(seen) + "\n")


def _settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
