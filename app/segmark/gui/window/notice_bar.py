"""NoticeBar: a notice about the project or the page, in a strip above the page."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Some sentences, and a button with its text and its act; perhaps a second button."""

    text: str
    button: str
    act: Callable[[], object]
    other: tuple[str, Callable[[], object]] | None = None


class NoticeBar(QFrame):
    """Shows one notice until the user closes it. ``name`` is its name for screen readers."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName(name)
        self._notice: Notice | None = None
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = QPushButton(autoDefault=True)  # Enter presses it, as Space does
        self.button.clicked.connect(self._act)
        self.other = QPushButton(autoDefault=True)
        self.other.clicked.connect(self._act_otherwise)
        close = QToolButton()
        close.setText("×")
        close.setToolTip("Close this notice")
        close.setAccessibleName("Close this notice")
        close.clicked.connect(lambda: self.show_notice(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        for widget in (self._words, self.button, self.other, close):
            row.addWidget(widget)
        self.hide()

    @property
    def text(self) -> str:
        """The text of the notice; "" without one."""
        return self._notice.text if self._notice else ""

    def show_notice(self, notice: Notice | None) -> None:
        """Replace the notice; None for no notice."""
        self._notice = notice
        if notice:
            self._words.setText(notice.text)
            self.button.setText(notice.button)
            self.other.setText(notice.other[0] if notice.other else "")
            self.other.setVisible(notice.other is not None)
        self.setVisible(notice is not None)

    def drop(self, notice: Notice) -> None:
        """Remove a notice, unless another one has replaced it."""
        if notice is self._notice:
            self.show_notice(None)

    def _act(self) -> None:
        if self._notice:
            self._notice.act()

    def _act_otherwise(self) -> None:
        if self._notice and self._notice.other:
            self._notice.other[1]()
