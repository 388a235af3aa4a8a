"""Shows a text in a bare window of Qt and prints when it was painted, for the benchmarks.

Usage: python -m tests.benchmarks.bare_window FILE
Prints the time of day in seconds: what a start takes that does nothing else.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit


class _FirstPaint(QObject):
    """Waits for the first paint of a widget, then ends the program."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Have the time taken once the paint that begins now has ended."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        print(time.time(), flush=True)
        QApplication.quit()


def main() -> None:
    """Show the text of the file in a window as large as the program's."""
    application, window, view = QApplication(sys.argv[:1]), QMainWindow(), QPlainTextEdit()
    view.setReadOnly(True)
    view.setPlainText(Path(sys.argv[1]).read_text(encoding="utf-8"))
    window.setCentralWidget(view)
    window.resize(1280, 820)
    watch = _FirstPaint()
    view.viewport().installEventFilter(watch)
    window.show()
    application.exec()


if __name__ == "__main__":
    main()
