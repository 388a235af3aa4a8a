"""The swatch: a small icon in the colour of a label."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from segmark.core.label import Label
from segmark.gui.base.theme import Theme

_SIZE = 16


def swatch(label: Label, theme: Theme) -> QIcon:
    """An icon in the label's colour for this theme, sharp on high-density screens too."""
    pixmap = QPixmap(_SIZE * 2, _SIZE * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.label_colour(label))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(1, 1, _SIZE - 2, _SIZE - 2, 4, 4)
    painter.end()
    return QIcon(pixmap)
