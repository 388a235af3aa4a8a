"""A file that macOS opens with the program, in a process: there is one application in each."""

import subprocess
import sys
from pathlib import Path

from tests.factories import make_project
from tests.places import ROOT

_OPENED = """
import sys
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from segmark.gui import application

sys.platform = "darwin"  # where the application takes files from events

def watched(annotator=None, labels=None, make=application.make_program):
    program = make(annotator, labels=labels)
    sys.platform = "linux"
    app, window = program.application, program.window
    event = QFileOpenEvent(QUrl.fromLocalFile(sys.argv[1]))
    QTimer.singleShot(0, lambda: app.postEvent(app, event))
    window.windowTitleChanged.connect(lambda title: "news" in title and app.quit())
    return program

application.make_program = watched
application.run_window(None, (), "ada")
print("opened")
"""


def test_a_project_opened_in_the_finder_is_shown(project: Path) -> None:
    make_project(project, "First page.").close()
    done = subprocess.run(
        [sys.executable, "-c", _OPENED, str(project)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("opened\n", 0), done.stderr
