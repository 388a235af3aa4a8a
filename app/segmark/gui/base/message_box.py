"""MessageBox: a message box that fits its screen."""

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QMessageBox, QScrollArea, QWidget

from segmark.gui.base.fitting import fit, screen_room


class MessageBox(QMessageBox):
    """Qt's message box, whose text scrolls where the screen has no room for it."""

    @staticmethod
    def show_words(icon: QMessageBox.Icon, title: str, words: str, parent: QWidget) -> None:
        """Show a message, and wait until it is closed."""
        box = MessageBox(icon, title, words, QMessageBox.StandardButton.Ok, parent)
        box.exec()
        box.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the text scroll if the box is larger than the screen."""
        super().showEvent(event)
        room, grid = screen_room(self).size(), self.layout()
        if event.spontaneous() or self.size() == self.size().boundedTo(room):
            return
        label = self.findChild(QLabel, "qt_msgbox_label")  # Qt's name of the text
        if isinstance(label, QLabel) and isinstance(grid, QGridLayout):
            self._scroll(label, grid, room.width(), room.height())

    def _scroll(self, label: QLabel, grid: QGridLayout, width: int, height: int) -> None:
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        beside, least = self.size() - label.size(), area.minimumSizeHint()
        grid.replaceWidget(label, area)
        label.setWordWrap(True)
        area.setWidget(label)
        area.setFixedSize(
            max(least.width(), width - beside.width()),
            max(least.height(), height - beside.height()),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep within the screen."""
        super().resizeEvent(event)
        if self.isVisible():
            fit(self)
