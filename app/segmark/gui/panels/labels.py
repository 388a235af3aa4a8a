"""LabelPanel: the label buttons with their keys and counts."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QResizeEvent
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

_AROUND = 20  # the height of a button beyond its text, in pixels
_USUAL = 5  # the number of labels that are shown before other panels get room
_BESIDE = 62  # the width of a button in pixels for the colour and gaps
_LEAST_NAME = 12  # the number of characters of a name that always fit


def _row_height(widget: QWidget) -> int:
    """The height of a button in a widget's font, in pixels."""
    return widget.fontMetrics().height() + _AROUND


class _LabelButton(QToolButton):
    """A button with a label's colour and name on the left, its keys and count on the right."""

    pointed = Signal(str)

    def __init__(self, label: Label, keys: str, theme: Theme) -> None:
        super().__init__()
        self._label = label.id
        self.setCheckable(True)
        self._name = label.name.capitalize()
        self.setText(self._name)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(_row_height(self))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIcon(swatch(label, theme))
        tip = f"{self._name}: {label.definition}"
        self.setToolTip(plain_words(f"{tip}\nKeys: {keys}" if keys else tip))
        self.setAccessibleName(f"Label {label.name}")
        self.setAccessibleDescription(label.definition)
        self._count = QLabel()
        # With a fixed size; otherwise Qt would lay out the whole window for every new count.
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

    def enterEvent(self, event: QEnterEvent) -> None:
        """Report that the pointer is on the button."""
        super().enterEvent(event)
        self.pointed.emit(self._label)

    def minimumSizeHint(self) -> QSize:
        """The size for a name of typical length beside keys and count."""
        least = self.fontMetrics().averageCharWidth() * _LEAST_NAME
        name = min(self.fontMetrics().horizontalAdvance(self._name), least)
        return QSize(name + self._right + _BESIDE, _row_height(self))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten a long name, so that it does not overlap the keys."""
        super().resizeEvent(event)
        room = event.size().width() - self._right - _BESIDE
        cut = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._name, cut, max(0, room)))

    def show_count(self, count: int) -> None:
        self._count.setText(f"×{count:,}" if count else "")


class LabelPanel(QWidget):
    """A button for each label; it labels the selection or becomes the brush.

    Signals:
        label_chosen: the id of the label whose button was clicked.
        label_pointed: the id of the label whose button the pointer has entered.
    """

    label_chosen = Signal(str)
    label_pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, _LabelButton] = {}
        self._hint = QLabel(wordWrap=True)
        self._hint.setContentsMargins(16, 2, 8, 6)
        self._inner = QWidget()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._most = 0
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._area, 1)
        whole.addWidget(self._hint)  # not in the area, where it could be scrolled out of view
        self._column = QVBoxLayout(self._inner)
        self._area.setWidget(self._inner)
        self._column.setContentsMargins(8, 4, 8, 8)
        self._column.setSpacing(2)
        self._column.addStretch(1)

    def set_labels(self, labels: LabelSet, theme: Theme, keys: Mapping[str, str]) -> None:
        """Create the buttons of a label set; ``keys`` maps a label to the keys to show."""
        for button in self._buttons.values():
            self._column.removeWidget(button)
            button.hide()  # it is painted until the event loop deletes it
            button.deleteLater()
        self._buttons = {
            label.id: _LabelButton(label, keys.get(label.id, ""), theme) for label in labels
        }
        for place, (name, button) in enumerate(self._buttons.items()):
            button.clicked.connect(lambda _=False, name=name: self.label_chosen.emit(name))
            button.pointed.connect(self.label_pointed)
            self._column.insertWidget(place, button)
            button.show()  # a hidden button has no height in ``leave_room``
        self.setFocusProxy(next(iter(self._buttons.values())))
        self.show_brush(None)

    @property
    def usual_height(self) -> int:
        """The height in pixels at which most label sets need not scroll."""
        return (_USUAL + 1) * _row_height(self)

    def bring_into_view(self, name: str) -> None:
        """Scroll to the button of a label."""
        self._area.ensureWidgetVisible(self._buttons[name])

    def leave_room(self, most: int) -> None:
        """Show all labels if they need at most this many pixels, or else let them scroll."""
        self._most = most
        needed, row = self._inner.minimumSizeHint(), _row_height(self)
        hint = self._hint.heightForWidth(self.width()) if self._hint.text() else 0
        self._hint.setMinimumHeight(hint)
        room = min(needed.height(), max(row, most))
        self._area.setMinimumHeight(max(row, room - hint))
        # The scroll area does not consider the width of its content by itself. Its bar always has
        # room, or else the panel would get wider in a lower window.
        bar = self._area.verticalScrollBar().sizeHint().width()
        self._area.setMinimumWidth(needed.width() + bar)
        self.updateGeometry()  # at once, not after Qt has laid out this panel

    def button(self, name: str) -> QToolButton:
        """The button of a label."""
        return self._buttons[name]

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show the number of spans of each label on the page."""
        for name, button in self._buttons.items():
            button.show_count(counts.get(name, 0))

    def show_brush(self, name: str | None) -> None:
        """Show which label is the brush; None for none."""
        for label, button in self._buttons.items():
            button.setChecked(label == name)
        self._hint.setText(
            f"Brush: click or drag to label as {name}. Esc puts the brush away." if name else ""
        )
        # The labels make room first: the panel would cover the next one if both had their room.
        if name is None:
            self._hint.hide()
        self.leave_room(self._most)
        self._hint.setVisible(name is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the hint as many lines as it needs at the new width."""
        super().resizeEvent(event)
        if not self._hint.isHidden():
            self.leave_room(self._most)
