"""RowTable: a list that shows very many rows as fast as few."""

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

_Move = QAbstractItemView.CursorAction


class RowTable(QTableView):
    """A list of one column whose rows are all of one height.

    A ``QListView`` asks its model for every row to lay them out, which takes a second for a
    million rows of a model in Python; a table asks for none.

    Args:
        lines: of text in a row.
        padding: above and below them together, in pixels.
    """

    def __init__(self, lines: int, padding: int, parent: QWidget | None = None) -> None:
        self._lines, self._padding = lines, padding
        super().__init__(parent)
        self.setViewport(QWidget())  # one of Qt's own takes PySide long to find a class for
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # Set once and low: another least size later on would take quadratic time.
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

    def changeEvent(self, event: QEvent) -> None:
        """Size the rows for another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._size_rows()

    def moveCursor(self, action: _Move, held: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End lead to the first and last row, as in a list."""
        if action in (_Move.MoveHome, _Move.MoveEnd):
            held |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(action, held)

    def keyboardSearch(self, _search: str) -> None:
        """Nothing: going through all rows for a letter would hold the window up."""
