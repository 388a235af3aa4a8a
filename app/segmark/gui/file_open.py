"""Files that the Finder of macOS opens with the program: they come as events, not as arguments."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class FileOpenApplication(QApplication):
    """The Qt application on macOS.

    Signals:
        file_opened: the path of a file.
    """

    file_opened = Signal(Path)

    def event(self, event: QEvent) -> bool:
        """Pass on the file that is to be opened."""
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)
