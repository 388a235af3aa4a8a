"""The label buttons with their keys and counts."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import Label, LabelSet
from segmark.gui.base.label_swatch import swatch
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.theme import Theme

_ROOM = 34  # height of a button in pixels, at least
_BESIDE = 62  # pixels of a button for the colour and the gaps
_LEAST_NAME = 12  # characters of a name that there is always room for


class _LabelButton(QToolButton):
    """A label's name and colour at the left, its keys and count at the right."""

    def __init__(self, label: Label, keys: str, theme: Theme) -> None:
        super().__init__()
        self.setCheckable(True)
        self._name = label.name.capitalize()
        self.setText(self._name)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(_ROOM)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIcon(swatch(label, theme))
        told = f"{self._name}: {label.definition}"
        self.setToolTip(plain_words(f"{told}\nKeys: {keys}" if keys else told))
        self.setAccessibleName(f"Label {label.name}")
        self.setAccessibleDescription(label.definition)
        self._count = QLabel()
        # Of a fixed size, for else every count would have Qt lay out the whole window anew.
        self._count.setFixedSize(
            self.fontMetrics().horizontalAdvance("×88,888"), self.fontMetrics().height() + 4
        )
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        shown_keys = QLabel(keys)
        shown_keys.setStyleSheet(f"color: {theme.muted}")
        self._right = shown_keys.sizeHint().width() + self._count.width()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 10, 0)
        row.addStretch(1)
        for part in (shown_keys, self._count):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)

    def minimumSizeHint(self) -> QSize:
        """Room for a name of usual length beside keys and count."""
        least = self.fontMetrics().averageCharWidth() * _LEAST_NAME
        name = min(self.fontMetrics().horizontalAdvance(self._name), least)
        return QSize(name + self._right + _BESIDE, _ROOM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut a long name short instead of writing it over the keys."""
        super().resizeEvent(event)
        room = event.size().width() - self._right - _BESIDE
        cut = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._name, cut, max(0, room)))

    def show_count(self, count: int) -> None:
        self._count.setText(f"×{count:,}" if count else "")


class LabelPanel(QWidget):
    """A button for each label; it labels the selection, or becomes the brush.

    Signals:
        label_chosen: the name of the label whose button was pressed.
    """

    label_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, _LabelButton] = {}
        self._hint = QLabel(wordWrap=True)
        self._hint.setContentsMargins(8, 4, 8, 0)
        self._inner = QWidget()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._most = 0
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)
        self._column = QVBoxLayout(self._inner)
        self._area.setWidget(self._inner)
        self._column.setContentsMargins(8, 4, 8, 8)
        self._column.setSpacing(2)
        self._column.addWidget(self._hint)
        self._column.addStretch(1)

    def set_labels(self, labels: LabelSet, theme: Theme, keys: Mapping[str, str]) -> None:
        """Make the buttons anew; ``keys`` maps a label to the keys to show beside it."""
        for button in self._buttons.values():
            self._column.removeWidget(button)
            button.deleteLater()
        self._buttons = {
            label.name: _LabelButton(label, keys.get(label.name, ""), theme) for label in labels
        }
        for place, (name, button) in enumerate(self._buttons.items()):
            button.clicked.connect(lambda _=False, name=name: self.label_chosen.emit(name))
            self._column.insertWidget(place, button)
            button.show()  # what is not shown yet takes no room in ``leave_room``
        self.setFocusProxy(next(iter(self._buttons.values())))
        self.show_brush(None)
        self.leave_room(self._most)

    def leave_room(self, most: int) -> None:
        """Show all labels if that takes no more than so many pixels, else let them scroll."""
        self._most = most
        needed = self._inner.minimumSizeHint()
        self._area.setMinimumHeight(max(2 * _ROOM, min(needed.height(), most)))
        # The labels' widths count for the scroll area only if it is told.
        bar = self._area.verticalScrollBar().sizeHint().width() if needed.height() > most else 0
        self._area.setMinimumWidth(needed.width() + bar)

    def button(self, name: str) -> QToolButton:
        """The button of a label."""
        return self._buttons[name]

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many spans of each label the page has."""
        for name, button in self._buttons.items():
            button.show_count(counts.get(name, 0))

    def show_brush(self, name: str | None) -> None:
        """Mark the label that is the brush; None for none."""
        for label, button in self._buttons.items():
            button.setChecked(label == name)
        self._hint.setText(
            f"Brush: drag over text to label it {name}. Esc puts it away." if name else ""
        )
        self._hint.setVisible(name is not None)
