"""Files dropped onto a window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


def accept_files(widget: QWidget, dropped: Callable[[list[Path]], object]) -> None:
    """Call a function with the files and folders that are dropped onto a widget."""
    widget.setAcceptDrops(True)
    widget.installEventFilter(_FileDrop(widget, dropped))


class _FileDrop(QObject):
    def __init__(self, widget: QWidget, dropped: Callable[[list[Path]], object]) -> None:
        super().__init__(widget)
        self._dropped = dropped

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if event.mimeData().hasUrls():
                event.acceptProposedAction()
            return True
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            names = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
            # A link without a path would be the folder that the program was started in.
            if paths := [Path(name) for name in names if name]:
                event.acceptProposedAction()
                self._dropped(paths)
            return True
        return super().eventFilter(watched, event)
