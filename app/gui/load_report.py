"""What became of the files that were loaded; a window only when some were rejected."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.load_report import LoadReport
from app.loading.rejection import LoadError

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


def summary(report: LoadReport) -> str:
    """The report in a sentence for the status bar: what happened, and nothing about what did not.

    For example ``12 pages added, 3 were already there, 2 rejected``.
    """
    parts = []
    if report.added:
        parts.append(f"{report.added:,} page{'s' if report.added != 1 else ''} added")
    if report.changed:
        changed = len(report.changed)
        new = (
            "a new page, linked to the old one" if changed == 1 else "new pages, linked to the old"
        )
        parts.append(f"{changed:,} of them changed: {new}")
    if report.near:
        parts.append(f"{report.near:,} of them with an article that is there already")
    if report.already:
        parts.append(f"{report.already:,} {'were' if report.already != 1 else 'was'} already there")
    if report.labelled:
        parts.append(f"labels of {report.labelled:,} page{'s' if report.labelled != 1 else ''}")
    if report.kept:
        parts.append(f"{report.kept:,} left as labelled here")
    if report.rejected:
        parts.append(f"{len(report.rejected):,} rejected")
    return ", ".join(parts) or "Nothing to load was found"


def show_rejected(report: LoadReport, parent: QWidget) -> "LoadReportWindow | None":
    """Show what was rejected beside the window, which stays usable; None when nothing was.

    The window goes when it is closed.
    """
    if not report.rejected:
        return None
    window = LoadReportWindow(report, parent)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.show()
    return window


class LoadReportWindow(QDialog):
    """The rejected sources with their reasons; rows can be copied."""

    def __init__(self, report: LoadReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What could not be loaded")
        self.setModal(False)
        self._rejected = tuple(report.rejected)
        line = QLabel(f"{summary(report)}.", self, wordWrap=True)
        self._list = _rejected_view(self._rejected, self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._copy = buttons.addButton("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self._copy.setToolTip("Copy the selected rows, or all of them")
        self._copy.clicked.connect(self.copy)
        self._copy.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, self._list)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.copy)
        rows = QVBoxLayout(self)
        rows.addWidget(line)
        rows.addWidget(self._list, 1)
        rows.addWidget(buttons)
        self.resize(680, 340)

    def copy(self) -> None:
        """Put the selected rows on the clipboard, or all when none is, a line each."""
        selected = sorted(index.row() for index in self._list.selectionModel().selectedRows())
        chosen = [self._rejected[row] for row in selected] or self._rejected
        QGuiApplication.clipboard().setText("\n".join(map(str, chosen)))


class _Rejected(QAbstractTableModel):
    """Sources and reasons as a table; made for many."""

    _TITLES = ("File", "Why it was rejected")

    def __init__(self, rejected: Sequence[LoadError], parent: QWidget) -> None:
        super().__init__(parent)
        self._rejected = rejected

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rejected)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._TITLES)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        rejected = self._rejected[index.row()]
        return rejected.reason if index.column() else rejected.source

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._TITLES[section]
        return None


def _rejected_view(rejected: Sequence[LoadError], parent: QWidget) -> QTreeView:
    view = QTreeView(parent, rootIsDecorated=False, uniformRowHeights=True)
    view.setModel(_Rejected(rejected, view))
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setAllColumnsShowFocus(True)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setAccessibleName("Rejected files")
    view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    view.header().setStretchLastSection(True)
    view.resizeColumnToContents(0)
    view.setColumnWidth(0, min(300, view.columnWidth(0) + 12))
    return view
