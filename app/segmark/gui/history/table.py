"""The table of the dialogs about the log, and what their models have in common."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

_ROW = 1.5  # the height of a row in lines of text
_NOWHERE = QModelIndex()


def rows_table(name: str) -> QTableView:
    """A table whose rows are chosen whole and have one height; ``name`` is for screen readers."""
    table = QTableView()
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(round(_ROW * table.fontMetrics().lineSpacing()))
    columns = table.horizontalHeader()
    columns.setHighlightSections(False)
    columns.setStretchLastSection(True)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    columns.setResizeContentsPrecision(0)  # the rows in view: a page can have 10,000 acts
    return table


class HeadedModel(QAbstractTableModel):
    """A table model with these titles of columns; a subclass adds the rows."""

    def __init__(self, head: Sequence[str], parent: QObject | None) -> None:
        super().__init__(parent)
        self._head = head

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """The number of titles."""
        return 0 if parent.isValid() else len(self._head)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The titles of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._head[section]
        return None
