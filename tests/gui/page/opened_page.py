"""A program that loads a page into a new project, shows it, labels it and closes the window.

``python -m tests.gui.page.opened_page PAGE PROJECT``; another program watches what it does.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.gui.application import make_program
from segmark.store.store import Store

from tests.factories import without_suggestions


def main(page: Path, project: Path) -> None:
    """Run the program, and print the number of labels."""
    program = make_program("ada")
    window = program.window
    # Suggestions would start a worker process of the program.
    store = without_suggestions(Store.create(project, read_label_set(NEWS_LABELS)))
    program.projects.show_store(store)
    window.show()
    program.projects.load([page], show_first=True)
    while window.session is None or window.session.open_page is None:
        QCoreApplication.processEvents()
    for keys in ("H", "B", "Down", "C", "Ctrl+F"):
        QTest.keySequence(window.view, QKeySequence(keys))
        QApplication.processEvents()
    window.grab()
    print(len(window.session.spans), flush=True)
    window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
