"""A group of fields on a tab, which scrolls where the dialog is too small for it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_LEAST = QSize(200, 90)  # pixels; smaller is of no use


class _Group(QScrollArea):
    """Asks for the whole size of its fields, and can do with less."""

    def sizeHint(self) -> QSize:
        """The size of all fields, and of the scroll bar that a low dialog needs beside them."""
        bar = self.verticalScrollBar().sizeHint().width()
        fields = self.widget()
        return (fields.minimumSizeHint() if fields else _LEAST) + QSize(bar, 2)

    def minimumSizeHint(self) -> QSize:
        """The smallest useful size."""
        return _LEAST


def group(fields: QWidget) -> QScrollArea:
    """A scroll area with the fields at its top."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 8, 6, 0)
    column.addWidget(fields)
    column.addStretch(1)
    area = _Group()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
