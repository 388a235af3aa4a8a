"""ColourField: a colour of a label, chosen or typed, with its contrast on the page."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from segmark.core.label_acts.colours import LEAST_CONTRAST, contrast

_SWATCH = 16  # pixels
_LENGTH = len("#rrggbb")


class ColourField(QWidget):
    """A colour as ``#rrggbb`` on a ground; the contrast is told while it is typed.

    Signals:
        changed: the text has changed.

    Attributes:
        text: the field for the colour.
        choose: opens the desktop's or Qt's colour dialog.
        seen: how well the colour can be seen.
    """

    changed = Signal()

    def __init__(self, name: str, ground: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._ground = name, ground
        self.text = QLineEdit(maxLength=_LENGTH)
        self.text.setAccessibleName(name)
        self.text.setFixedWidth(2 * self.text.fontMetrics().horizontalAdvance("#88888"))
        self.choose = QPushButton("Choose…")
        self.choose.setAccessibleName(f"Choose: {name}")
        self.choose.setAutoDefault(False)
        self.seen = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text)
        row.addWidget(self.choose)
        row.addWidget(self.seen, 1)
        self.setFocusProxy(self.text)
        self.text.textChanged.connect(self._show)
        self.choose.clicked.connect(self._choose)

    @property
    def colour(self) -> str:
        """The colour as it is typed."""
        return self.text.text().strip()

    def set_colour(self, colour: str) -> None:
        """Show a colour."""
        self.text.setText(colour)
        self._show()

    def _show(self) -> None:
        colour = self.colour
        if len(colour) != _LENGTH or not QColor.isValidColorName(colour):
            self.seen.setText("a colour like #0072b2")
            self.choose.setIcon(QIcon())
        else:
            found = contrast(colour, self._ground)
            weak = "" if found >= LEAST_CONTRAST else f", at least {LEAST_CONTRAST:g} is needed"
            self.seen.setText(f"contrast {found:.1f}{weak}")
            square = QPixmap(_SWATCH, _SWATCH)
            square.fill(QColor(colour))
            self.choose.setIcon(QIcon(square))
        self.changed.emit()

    def _choose(self) -> None:
        found = QColorDialog.getColor(QColor(self.colour), self, self._name)
        if found.isValid():
            self.set_colour(found.name())
