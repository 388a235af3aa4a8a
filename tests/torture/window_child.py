"""The annotator who is killed: presses random keys in the real window and says what it shows.

Run as a program it is a server that has the window ready. For each line ``SEED`` that it reads it
forks a child, which opens the project in the window, shows it, and writes a line of JSON after
each key press, once the window has painted it. What is in such a line was acknowledged on screen.
"""

import json
import os
import random
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from segmark.gui.application import Program, make_program
from segmark.gui.base.message_box import MessageBox
from segmark.store.store import Store

#: What is pressed, the often pressed keys more than once.
KEYS = (
    *("H", "C", "B", "T", "M", "1", "2", "3", "4", "5") * 2,
    *("Down", "Up", "Tab", "Shift+Down", "Shift+Up", "Ctrl+Right", "Shift+Ctrl+Right") * 2,
    *("Shift+B", "Shift+T", "Delete", "0", "[", "]", "{", "}", "Ctrl+A"),
    *("Ctrl+Z", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "Return", "D", "A", "S", "F"),
)


def shown(program: Program) -> dict[str, Any]:
    """What the window shows as saved."""
    window = program.window
    session = window.session
    assert session
    assert session.open_page
    opened = session.open_page
    state = session.state
    return {
        "page": opened.page.id,
        "spans": [[span.start, span.end, span.label] for span in session.spans],
        "state": [state.status, state.flagged, state.note],
        "undo": session.undo_title,
        "redo": session.redo_title,
        "log": session._annotations._newest(session._annotations._number()),
        "saved": window.status._saved.text(),
        "painted": all(span in session.spans for span in window.view.spans_in_view()),
    }


def label_until_killed(program: Program, project: Path, pages: Path, seed: int) -> None:
    """Open the project and press keys, saying after each what is shown, until the end comes."""
    chance, window, out = random.Random(seed), program.window, 1
    MessageBox.show_words = lambda *words: _say(out, {"warned": words[2]})  # type: ignore[method-assign]
    program.projects.show_store(Store.open(project))
    window.show()
    if chance.random() < 0.3:
        program.projects.load([pages / f"{seed}"])
    if chance.random() < 0.3:
        assert program.projects.watch
        program.projects.watch.back_up_if_due()
    _settle()
    _say(out, shown(program))
    while True:
        QTest.keySequence(window.view, QKeySequence(chance.choice(KEYS)))
        _settle()
        _say(out, shown(program))


def _settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def _say(out: int, told: object) -> None:
    os.write(out, json.dumps(told).encode() + b"\n")


def serve(project: Path, pages: Path) -> None:
    """Fork a child for each seed that comes in; answer with its number."""
    program = make_program("ada")
    for line in sys.stdin:
        assert threading.active_count() == 1, "a process with threads must not fork"
        child = os.fork()
        if child == 0:
            try:
                label_until_killed(program, project, pages, int(line))
            finally:
                traceback.print_exc()
                os._exit(1)
        os.write(1, json.dumps({"child": child}).encode() + b"\n")
        os.waitpid(child, 0)
        os.write(1, json.dumps({"ended": child}).encode() + b"\n")


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
