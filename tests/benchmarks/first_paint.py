"""Runs the program on a project and prints when its page was first painted, for the benchmarks.

Usage: python -m tests.benchmarks.first_paint PROJECT
Prints the time of day in seconds, and when nothing is left to do the memory in use in bytes.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from segmark import __main__
from segmark.core.label import LabelSet
from segmark.gui import application
from segmark.gui.acts.guard import AskAboutLock, ask_about_lock
from segmark.gui.application import Program


class _FirstPaint(QObject):
    """Waits for the first paint of a widget, then ends the program."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program = program
        program.window.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Have the time taken once the paint that begins now has ended."""
        if event.type() == QEvent.Type.Paint and self._program.window.view.page is not None:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        print(time.time(), flush=True)
        QTimer.singleShot(500, self._end)

    def _end(self) -> None:
        print(_memory(), flush=True)
        self._program.window.close()


def _memory() -> int:
    """Bytes of this process in memory now; where Linux does not tell, the most there ever were."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        import resource

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    import os

    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Run the program as ``python -m segmark`` does, with an eye on the window that it makes."""
    make_program = application.make_program
    watching = []

    def watched(
        annotator: str | None = None,
        ask: AskAboutLock = ask_about_lock,
        labels: LabelSet | None = None,
    ) -> Program:
        program = make_program(annotator, ask, labels)
        watching.append(_FirstPaint(program))
        return program

    application.make_program = watched
    __main__.main()


if __name__ == "__main__":
    main()
