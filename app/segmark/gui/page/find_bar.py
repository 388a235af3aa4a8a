"""The bar that finds in the page: a field, how many hits, next, previous, case, close."""

from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from segmark.gui.base.theme import Theme, icon

#: From this width on, in pixels, the buttons have their words.
_ROOMY = 580
#: As narrow as the bar can be; up to a little more there is no room for the number of hits.
_TIGHT = 240


class FindBar(QWidget):
    """Asks for hits and shows their number; the window finds and marks them.

    Signals:
        searched: what is typed, and whether case counts; the text may be empty.
        step: +1 for the next hit, -1 for the one before.
        closed: the bar was closed and has given the focus back.
    """

    searched = Signal(str, bool)
    step = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._came_from: QWidget | None = None
        self._field = QLineEdit(self, placeholderText="Find in page", clearButtonEnabled=True)
        self._field.setAccessibleName("Find in page")
        self._field.setMinimumWidth(90)
        self._field.setMaximumWidth(420)
        self._count = QLabel(self)
        self._count.setAccessibleName("Hits")
        self._case = QCheckBox(self)
        self._case.setAccessibleName("Match case")
        self._case.setToolTip("Upper and lower case have to match")
        self._previous = self._button("Previous", "Previous hit (Shift+Enter)")
        self._next = self._button("Next", "Next hit (Enter)")
        self._close = self._button("", "Close (Esc)")
        self._close.setAccessibleName("Close the find bar")
        self._lay_out()
        self._fit(_ROOMY)
        self.set_theme(theme)
        self._field.textChanged.connect(self._search)
        self._case.toggled.connect(self._search)
        self._previous.clicked.connect(lambda: self.step.emit(-1))
        self._next.clicked.connect(lambda: self.step.emit(1))
        self._close.clicked.connect(self.dismiss)
        self.show_count(0, 0)
        self.hide()

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 4)
        row.addWidget(self._field, 1)
        for widget in (self._count, self._previous, self._next, self._case):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        order = (self._field, self._previous, self._next, self._case, self._close)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def minimumSizeHint(self) -> QSize:
        """As narrow as without words; else the panels beside the page would have to give way."""
        return QSize(_TIGHT, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words where there is no room for them."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        roomy = width >= _ROOMY
        style = Qt.ToolButtonStyle
        words = style.ToolButtonTextBesideIcon if roomy else style.ToolButtonIconOnly
        for button in (self._previous, self._next):
            button.setToolButtonStyle(words)
        self._case.setText("Match &case" if roomy else "Aa")
        # Wide enough for most counts, so that the buttons stay under the mouse.
        most = " 8,888 of 8,888 " if roomy else "88 of 88"
        self._count.setMinimumWidth(self.fontMetrics().horizontalAdvance(most))
        self._count.setVisible(width >= _TIGHT + 80)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons for this theme."""
        icons = {self._previous: "up", self._next: "down", self._close: "close"}
        for button, name in icons.items():
            button.setIcon(icon(name, theme))
            button.setIconSize(QSize(16, 16))

    @property
    def text(self) -> str:
        """What is typed."""
        return self._field.text()

    @property
    def whole_case(self) -> bool:
        """Whether case counts."""
        return self._case.isChecked()

    def open(self, text: str = "") -> None:
        """Show the bar with the focus in its field, all selected; ``text`` replaces what is there.

        Emits ``searched``, so that the hits of what stands in the field are marked again.
        """
        focused = QApplication.focusWidget()
        if focused is not None and focused is not self and not self.isAncestorOf(focused):
            self._came_from = focused
        self.show()
        if text and text != self._field.text():
            self._field.setText(text)
        else:
            self._search()
        self._field.selectAll()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Hide the bar and give the focus back to where it came from."""
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None
        self.closed.emit()

    def show_count(self, current: int, total: int, more: bool = False) -> None:
        """Show that the ``current``-th (from 1; 0 for none) of ``total`` hits is the caret's.

        ``more`` says that there are hits beyond those counted.
        """
        self._count.setText(count_text(bool(self.text), current, total, more))
        for button in (self._previous, self._next):
            button.setEnabled(total > 0)

    def _search(self) -> None:
        self.searched.emit(self.text, self.whole_case)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Shift+Enter and Esc, which the field leaves to the bar."""
        focused = self.focusWidget()
        match event.key():
            case Qt.Key.Key_Escape:
                self.dismiss()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if isinstance(focused, QAbstractButton) and focused is not self._case:
                    focused.click()
                elif self.text:
                    back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                    self.step.emit(-1 if back else 1)
            case _:
                super().keyPressEvent(event)


def count_text(searching: bool, current: int, total: int, more: bool) -> str:
    """How the bar tells the number of hits."""
    if not searching:
        return ""
    if total == 0:
        return "No hits"
    plus = "+" if more else ""
    if current:
        return f"{current:,} of {total:,}{plus}"
    return f"{total:,}{plus} hit{'s' if total != 1 or more else ''}"
