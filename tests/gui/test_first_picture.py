"""The first picture: it comes before all that is not on it, and it is the true one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from segmark.gui.application import make_program
from segmark.gui.base.after_paint import AfterFirstPaint
from segmark.store.store import Store

from tests.factories import label, make_project
from tests.places import ROOT

# Prints the modules that are imported when the page has been painted; then, a second later, whether
# the picture is still the same.
_PROGRAM = """
import json, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from segmark import __main__
from segmark.gui import application

class Watch(QObject):
    def __init__(self, program):
        super().__init__()
        self.window = program.window
        self.window.view.viewport().installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and self.window.view.page is not None:
            watched.removeEventFilter(self)
            self.modules = sorted(sys.modules)
            QTimer.singleShot(0, self.painted)
        return False

    def picture(self):
        picture = self.window.screen().grabWindow(self.window.winId()).toImage()
        caret = self.window.view.cursorRect()
        caret.moveTopLeft(self.window.view.viewport().mapTo(self.window, caret.topLeft()))
        for x in range(caret.left(), caret.right() + 1):  # it blinks
            for y in range(caret.top(), caret.bottom() + 1):
                picture.setPixel(x, y, 0)
        return picture

    def painted(self):
        self.first = self.picture()
        QTimer.singleShot(1000, self.end)

    def end(self):
        later = self.picture()
        rows = [
            y for y in range(later.height())
            if later.copy(0, y, later.width(), 1) != self.first.copy(0, y, later.width(), 1)
        ]
        print(json.dumps([self.modules, rows]))
        self.window.close()

make_program, kept = application.make_program, []

def watched(*arguments, **named):
    program = make_program(*arguments, **named)
    kept.append(Watch(program))
    return program

application.make_program = watched
__main__.main()
"""
#: What is on no first picture: dialogs, commands that need one, work in the background.
_LATER = (
    "segmark.export", "segmark.html_tree", "segmark.jobs.loading", "segmark.jobs.exporting",
    "segmark.gui.export", "segmark.gui.load", "segmark.gui.figures",
    "segmark.gui.acts.displacement", "segmark.gui.acts.export", "segmark.gui.acts.figures",
    "segmark.gui.acts.handover", "segmark.gui.acts.lists", "segmark.gui.acts.loading",
    "segmark.gui.acts.program", "segmark.gui.acts.safety", "segmark.gui.acts.suggestions",
    "segmark.gui.acts.word_index", "segmark.gui.keys.sheet", "segmark.gui.keys.settings_page",
    "segmark.gui.termination", "segmark.jobs.suggesting.protocol", "segmark.store.records",
    "segmark.core.guideline", "segmark.core.label_acts.acts", "segmark.core.record",
    "segmark.store.duplicates", "segmark.store.export_settings", "segmark.store.file.displaced",
    "segmark.store.file.place", "segmark.store.guideline", "segmark.store.safety",
    "hmac", "importlib.metadata", "lxml", "multiprocessing", "numpy", "orjson", "pycrfsuite",
    "secrets", "sqlite_utils", "tomllib",
)  # fmt: skip


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[int]]:
    """The modules at the first picture of a labelled page, and the rows that change afterwards."""
    folder = tmp_path_factory.mktemp("start")
    project = folder / "start.segmark"
    with make_project(project, "Ship sails\n\nIt did.\n\nAnd on.", "Two") as store:
        label(store, "ada", 1, "headline", 0, 10)
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(project), "--annotator", "ada"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "SEGMARK_CONFIG": str(folder / "own")},
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    modules, rows = json.loads(done.stdout)
    return modules, rows


def test_the_first_picture_imports_nothing_that_is_not_on_it(
    start: tuple[list[str], list[int]],
) -> None:
    early = [
        name
        for name in start[0]
        if any(name == later or name.startswith(f"{later}.") for later in _LATER)
    ]
    assert early == []


def test_the_first_picture_is_the_true_one(start: tuple[list[str], list[int]]) -> None:
    assert start[1] == []


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (
            ["--version"],
            ("segmark.loading", "segmark.export", "segmark.suggestion", "sqlite_utils"),
        ),
        (["stats"], ("segmark.loading", "segmark.export", "segmark.core.record", "sqlite_utils")),
    ],
)
def test_the_command_line_imports_no_more_than_it_needs(
    project: Path, arguments: list[str], unwanted: tuple[str, ...]
) -> None:
    make_project(project, "One").close()
    names = [str(project)] if arguments == ["stats"] else []
    code = (
        "import sys\nfrom segmark import __main__\n"
        "try:\n    __main__.main()\nfinally:\n    print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, *names],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    modules = done.stdout.splitlines()[-1].split()
    unwanted = (*unwanted, "PySide6", "multiprocessing", "lxml", "segmark.gui", "segmark.session")
    assert [name for name in modules if name.startswith(unwanted)] == []


def test_a_command_works_before_the_first_picture(qtbot: QtBot, project: Path) -> None:
    make_project(project, "One").close()
    program = make_program("ada")
    window = program.window
    qtbot.addWidget(window)
    program.projects.show_store(Store.open(project))
    assert {"view.zoom_in", "file.load", "file.export", "list.skip"} <= window.handlers.keys()
    window.run("view.zoom_in")
    assert window.settings.font_size == window.view.font_size
    window.close()


def test_work_is_done_in_order_once_after_the_first_paint(qtbot: QtBot) -> None:
    done, window = list[int](), QWidget()
    qtbot.addWidget(window)
    later = AfterFirstPaint(window)
    for number in range(3):
        later.do(lambda number=number: done.append(number))  # type: ignore[misc]
    QApplication.processEvents()
    assert done == []
    window.show()
    qtbot.waitUntil(lambda: done == [0, 1, 2])
    later.do(lambda: done.append(3))
    assert done == [0, 1, 2, 3]
    later.finish()
    assert done == [0, 1, 2, 3]
    assert isinstance(later, QObject)
