"""RowTable: a list that is as fast with a million rows as with ten."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

_Move = QAbstractItemView.CursorAction


class RowTable(QTableView):
    """A list of one column whose rows all have the same height.

    To lay out its rows, a ``QListView`` asks the model about each of them, which takes a second for
    a million rows of a model in Python. A table does not.

    Args:
        lines: the number of text lines in a row.
        padding: the space above and below them together, in pixels.
    """

    def __init__(self, lines: int, padding: int, parent: QWidget | None = None) -> None:
        self._lines, self._padding = lines, padding
        self._changed_from: int | None = None
        super().__init__(parent)
        self.setViewport(QWidget())  # PySide takes long to find the class of Qt's own viewport
        # ``paintEvent`` fills it, so that Qt need not paint all the widgets behind it first.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # Set once, to a low value: changing it later takes quadratic time.
        self.verticalHeader().setMinimumSectionSize(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self._size_rows()

    def _size_rows(self) -> None:
        height = self._lines * self.fontMetrics().height() + self._padding
        self.verticalHeader().setDefaultSectionSize(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows over the background."""
        painter = QPainter(self.viewport())
        painter.setBackground(self.palette().window())
        painter.eraseRect(event.rect())  # ``fillRect`` would create an enum of 180 gradients
        painter.end()
        super().paintEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Adjust the height of the rows to another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._size_rows()

    def select_alone(self, index: QModelIndex) -> None:
        """Select a row and no other, and bring it into view.

        Qt's ``setCurrentIndex`` depends on the modifier keys that are held at the moment.
        """
        flag = QItemSelectionModel.SelectionFlag
        if rows := self.selectionModel():
            rows.setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
        self.scrollTo(index)

    def change_rows(self, change: Callable[[], int | None]) -> None:
        """Call a function that changes the model, and repaint from the row that it returns.

        By itself, Qt would repaint all rows whenever one is inserted or removed.
        """
        self.executeDelayedItemsLayout()
        self._changed_from = change()
        self.executeDelayedItemsLayout()
        self._changed_from = None

    def doItemsLayout(self) -> None:
        """Lay out the rows, and repaint those that may have changed."""
        if self._changed_from is None:
            super().doItemsLayout()
            return
        viewport, header = self.viewport(), self.verticalHeader()
        # ``setUpdatesEnabled`` would repaint all at the end.
        viewport.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, True)
        super().doItemsLayout()
        viewport.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)
        top = max(0, self._changed_from * header.defaultSectionSize() - header.offset())
        viewport.update(0, top, viewport.width(), viewport.height() - top)

    def moveCursor(self, action: _Move, held: Qt.KeyboardModifier) -> QModelIndex:
        """Move to the first or last row with Home and End, as in a list."""
        if action in (_Move.MoveHome, _Move.MoveEnd):
            held |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(action, held)

    def keyboardSearch(self, _search: str) -> None:
        """Do nothing: searching all rows for a letter would block the window."""
