"""ElidedLabel: a line of text that is shortened to its width."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget


class ElidedLabel(QLabel):
    """A line that is elided where it does not fit; a plain label would push its neighbours out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """Allow any width."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the text, elided to the width."""
        painter, inside = QPainter(self), self.contentsRect()
        cut = Qt.TextElideMode.ElideRight
        line = self.fontMetrics().elidedText(self.text(), cut, inside.width())
        painter.drawText(inside, self.alignment(), line)
        painter.end()
