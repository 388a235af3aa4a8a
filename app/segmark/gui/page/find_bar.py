"""The find bar: a field, the number of hits, and buttons for next, previous, case and close."""

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

from segmark.gui.base.fitting import text_size
from segmark.gui.base.theme import Theme, icon

#: The width from which the buttons have text, the least width with the number of hits, and the
#: least width, all in average characters.
_ROOMY, _COUNTED, _TIGHT = 97, 53, 40
#: The least and the greatest width of the field in average characters.
_FIELD = (15, 70)


class FindBar(QWidget):
    """Requests a search and shows the number of hits; the window searches and marks the hits.

    Attributes:
        field, count, previous_button, next_button, case, close_button: the parts of the bar.

    Signals:
        searched: the text, which may be empty, and whether to match case.
        step: +1 for the next hit, -1 for the previous one.
        closed: the bar was closed and the focus has been returned.
    """

    searched = Signal(str, bool)
    step = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._previous_focus: QWidget | None = None
        self.field = QLineEdit(self, placeholderText="Find in page", clearButtonEnabled=True)
        self.field.setAccessibleName("Find in page")
        least, most = (text_size(self, count, 0).width() for count in _FIELD)
        self.field.setMinimumWidth(least)
        self.field.setMaximumWidth(most)
        self.count = QLabel(self)
        self.count.setAccessibleName("Hits")
        self.case = QCheckBox(self)
        self.case.setAccessibleName("Match case")
        self.case.setToolTip("Upper and lower case have to match")
        self.previous_button = self._button("Previous", "Previous hit (Shift+Enter)")
        self.next_button = self._button("Next", "Next hit (Enter)")
        self.close_button = self._button("", "Close (Esc)")
        self.close_button.setAccessibleName("Close the find bar")
        self._lay_out()
        self._fit(text_size(self, _ROOMY, 0).width())
        self.set_theme(theme)
        self.field.textChanged.connect(self._search)
        self.case.toggled.connect(self._search)
        self.previous_button.clicked.connect(lambda: self.step.emit(-1))
        self.next_button.clicked.connect(lambda: self.step.emit(1))
        self.close_button.clicked.connect(self.dismiss)
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
        row.addWidget(self.field, 1)
        for widget in (self.count, self.previous_button, self.next_button, self.case):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.close_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        order = (self.field, self.previous_button, self.next_button, self.case, self.close_button)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def minimumSizeHint(self) -> QSize:
        """The width without button texts; otherwise the panels beside the page would shrink."""
        return QSize(text_size(self, _TIGHT, 0).width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the button texts if there is no room for them."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        letters = width // text_size(self, 1, 0).width()
        roomy = letters >= _ROOMY
        style = Qt.ToolButtonStyle
        words = style.ToolButtonTextBesideIcon if roomy else style.ToolButtonIconOnly
        for button in (self.previous_button, self.next_button):
            button.setToolButtonStyle(words)
        self.case.setText("Match &case" if roomy else "Aa")
        # Wide enough for most counts, so that the buttons do not move.
        most = " 8,888 of 8,888 " if roomy else "88 of 88"
        self.count.setMinimumWidth(self.fontMetrics().horizontalAdvance(most))
        self.count.setVisible(letters >= _COUNTED)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons for this theme."""
        icons = {self.previous_button: "up", self.next_button: "down", self.close_button: "close"}
        for button, name in icons.items():
            button.setIcon(icon(name, theme))
            button.setIconSize(QSize(16, 16))

    @property
    def text(self) -> str:
        """The text in the field."""
        return self.field.text()

    @property
    def match_case(self) -> bool:
        """Whether to match case."""
        return self.case.isChecked()

    def open(self, text: str = "") -> None:
        """Show the bar with the focus in its field and all text selected.

        ``text`` replaces the text in the field, if given. Emits ``searched``, so that the hits are
        marked again.
        """
        focused = QApplication.focusWidget()
        if focused is not None and focused is not self and not self.isAncestorOf(focused):
            self._previous_focus = focused
        self.show()
        if text and text != self.field.text():
            self.field.setText(text)
        else:
            self._search()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Hide the bar and return the focus to the widget that had it before."""
        self.hide()
        if self._previous_focus is not None:
            self._previous_focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._previous_focus = None
        self.closed.emit()

    def show_count(self, current: int, total: int, more: bool = False) -> None:
        """Show the number of hits.

        Args:
            current: the number of the hit at the caret, from 1; 0 for none.
            total: the number of hits.
            more: whether there are more hits than that.
        """
        self.count.setText(count_text(bool(self.text), current, total, more))
        for button in (self.previous_button, self.next_button):
            button.setEnabled(total > 0)

    def _search(self) -> None:
        self.searched.emit(self.text, self.match_case)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle Enter, Shift+Enter and Esc, which the field does not handle."""
        focused = self.focusWidget()
        match event.key():
            case Qt.Key.Key_Escape:
                self.dismiss()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if isinstance(focused, QAbstractButton) and focused is not self.case:
                    focused.click()
                elif self.text:
                    back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                    self.step.emit(-1 if back else 1)
            case _:
                super().keyPressEvent(event)


def count_text(searching: bool, current: int, total: int, more: bool) -> str:
    """The number of hits as text."""
    if not searching:
        return ""
    if total == 0:
        return "No hits"
    plus = "+" if more else ""
    if current:
        return f"{current:,} of {total:,}{plus}"
    return f"{total:,}{plus} hit{'s' if total != 1 or more else ''}"
