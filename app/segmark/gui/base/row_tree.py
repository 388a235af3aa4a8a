"""A list with columns, for dialogs in which one row is chosen."""

from PySide6.QtWidgets import QAbstractItemView, QTreeWidget


def row_tree(name: str) -> QTreeWidget:
    """A list of rows of one height, of which one is chosen; ``name`` is for screen readers.

    A column can be as narrow as its contents.
    """
    tree = QTreeWidget()
    tree.setAccessibleName(name)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.header().setMinimumSectionSize(1)
    return tree
