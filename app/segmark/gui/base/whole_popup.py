"""Popups of combo boxes that are wide enough for their entries."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QComboBox


class _WholeRows(QObject):
    """Widens a popup when it opens; Qt makes it as wide as its combo box, and cuts the entries."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box)
        self._view = box.view()
        self._view.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt calls this for every event of the popup."""
        if event.type() == QEvent.Type.Show:
            from PySide6.QtWidgets import QStyle  # its enums take long to create

            view = self._view
            bar = view.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
            frame = view.window().width() - view.viewport().width()
            wanted = view.sizeHintForColumn(0) + frame + bar
            most = view.screen().availableGeometry().width()
            view.window().setMinimumWidth(min(wanted, most))
        return super().eventFilter(watched, event)


def show_whole(box: QComboBox) -> None:
    """Make the popup of a combo box as wide as its longest entry, if the screen has room."""
    _WholeRows(box)
