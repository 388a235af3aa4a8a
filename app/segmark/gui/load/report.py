"""The result of loading: a summary, and a window if something was left out."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from segmark.gui.base.fitting import FittedDialog, text_size
from segmark.jobs.loading.report import LoadReport

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_WIDEST = 50  # characters of the names of files; longer ones are shortened


def summary(report: LoadReport) -> str:
    """The report in a sentence for the status bar.

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
        parts.append(f"{report.near:,} of them with an article that was already there")
    if report.already:
        parts.append(f"{report.already:,} {'were' if report.already != 1 else 'was'} already there")
    if report.labelled:
        parts.append(f"labels of {report.labelled:,} page{'s' if report.labelled != 1 else ''}")
    if report.kept:
        parts.append(f"{report.kept:,} left as labelled here")
    if report.rejected:
        parts.append(f"{report.rejections:,} rejected")
    if len(report.passed_over) == 1:
        parts.append(f"passed over {report.passed_over[0].what}")
    elif report.passed_over:
        parts.append(f"parts of {len(report.passed_over):,} sources passed over")
    return ", ".join(parts) or "Nothing to load was found"


def show_left_out(report: LoadReport, parent: QWidget) -> "LoadReportWindow | None":
    """Show a non-modal window with what was left out and return it; None if nothing was.

    The window is deleted when it is closed.
    """
    if not report.left_out:
        return None
    window = LoadReportWindow(report, parent)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.show()
    return window


class LoadReportWindow(FittedDialog):
    """The sources that were rejected or passed over, with the reasons.

    Attributes:
        left_out: the sources and reasons.
        table: the table of them, whose rows can be copied.
        copy_button: copies the selected rows.
    """

    def __init__(self, report: LoadReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What was not loaded")
        self.setModal(False)
        self.left_out = report.left_out
        line = QLabel(f"{summary(report)}.", self, wordWrap=True)
        self.table = _view(self.left_out, self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy_button = buttons.addButton("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setToolTip("Copy the selected rows, or all of them")
        self.copy_button.clicked.connect(self.copy)
        self.copy_button.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, self.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.copy)
        rows = QVBoxLayout(self)
        rows.addWidget(line)
        rows.addWidget(self.table, 1)
        rows.addWidget(buttons)
        self.prefer(113, 24)

    def copy(self) -> None:
        """Copy the selected rows, or all if none is selected, one per line."""
        selected = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        chosen = [self.left_out[row] for row in selected] or self.left_out
        QGuiApplication.clipboard().setText("\n".join(map(": ".join, chosen)))


class _LeftOut(QAbstractTableModel):
    """Sources and reasons as a table."""

    _TITLES = ("File", "Why it was not loaded")

    def __init__(self, left_out: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._left_out = left_out

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._left_out)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._TITLES)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self._left_out[index.row()][index.column()]

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._TITLES[section]
        return None


def _view(left_out: Sequence[tuple[str, str]], parent: QWidget) -> QTreeView:
    view = QTreeView(parent, rootIsDecorated=False, uniformRowHeights=True)
    view.setModel(_LeftOut(left_out, view))
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setAllColumnsShowFocus(True)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setAccessibleName("Files that were not loaded")
    view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    view.header().setStretchLastSection(True)
    view.resizeColumnToContents(0)
    view.setColumnWidth(0, min(text_size(view, _WIDEST, 0).width(), view.columnWidth(0) + 12))
    return view
