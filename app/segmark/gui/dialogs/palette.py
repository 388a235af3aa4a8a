"""CommandPalette: a field and a list, to run any command or open any page by its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from segmark.core.text.fuzzy import best
from segmark.gui.base.fitting import FittedDialog
from segmark.gui.base.plain_words import in_stored_order

#: The most rows that are shown.
MOST = 60
_PAUSE_MS = 120  # after the last letter, until pages are searched
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its title, what stands beside it, such as its keys, and its act."""

    title: str
    beside: str
    act: Callable[[], object]


class CommandPalette(FittedDialog):
    """Lists choices that fit what is typed; ``Enter`` takes one, which ``chosen`` then holds.

    Pages are not among the choices from the start: they are searched for, and added when found.

    Signals:
        searched: the words to find pages by, after a pause in typing.
    """

    searched = Signal(str)

    def __init__(self, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("All commands")
        self.chosen: Choice | None = None
        self._choices = choices
        self._pages: Sequence[Choice] = ()
        self._found: list[Choice] = []
        self.field = QLineEdit(placeholderText="Type a command, a page, a site or a help page")
        self.field.setAccessibleName("Find a command, a page, a site or a help page")
        self.list = QTreeWidget()
        self.list.setAccessibleName("Commands, pages, sites and help pages")
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setStyleSheet("QTreeView::item { padding: 5px 6px; }")
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = QLabel("Nothing fits.")
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing)
        self.prefer(80, 26)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.field.text().strip()))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self._take)
        self.list.itemClicked.connect(lambda _item: self._take())
        self._show()

    def show_pages(self, words: str, pages: Sequence[Choice]) -> None:
        """Add the pages that were found for these words, unless others were typed since."""
        if words == self.field.text().strip():
            self._pages = pages
            self._show()

    @property
    def titles(self) -> list[str]:
        """The titles on the screen."""
        rows = (self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount()))
        return [row.text(0) for row in rows if row]

    def _typed(self) -> None:
        self._pages = ()
        self._pause.start()
        self._show()

    def _show(self) -> None:
        self.list.clear()
        found = best(self.field.text(), self._choices, lambda one: one.title, MOST)
        self._found = [*found, *self._pages]
        for choice in self._found:
            self.list.addTopLevelItem(
                QTreeWidgetItem([in_stored_order(choice.title), choice.beside])
            )
        if first := self.list.topLevelItem(0):
            self.list.setCurrentItem(first)
        self.nothing.setVisible(not self._found)

    def _take(self) -> None:
        if current := self.list.currentItem():
            self.chosen = self._found[self.list.indexOfTopLevelItem(current)]
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list by the keys of the field."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in _MOVES
        ):
            QApplication.sendEvent(self.list, event)
            return True
        return super().eventFilter(watched, event)
