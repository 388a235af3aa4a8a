"""The dot: a small round icon in the colour of a person."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

_SIZE, _EDGE = 16, 3


def person_dot(colour: str) -> QIcon:
    """An icon in a person's colour, ``#rrggbb``; round, unlike that of a label."""
    pixmap = QPixmap(_SIZE * 2, _SIZE * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(QPen(QColor("white"), 1.5))  # stands out from the colour of a selected row
    painter.drawEllipse(_EDGE, _EDGE, _SIZE - 2 * _EDGE, _SIZE - 2 * _EDGE)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # Qt would tint it
    return icon
