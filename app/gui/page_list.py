"""The list of pages with its filter: the queue that an annotator works through."""

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.core.annotation import Status
from app.core.queue import PageFilter
from app.gui.page_text import in_stored_order
from app.gui.row_table import RowTable
from app.gui.theme import Theme
from app.store.pages import PageRow
from app.store.statistics import Progress
from app.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHUNK = 128  # rows that are read from the store at once
_TYPING_MS = 120  # how long the filter waits for the next letter

_ROW = Qt.ItemDataRole.UserRole

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()

#: A status is told by its sign as well as by its colour.
_SIGNS = {Status.NEW: "○", Status.STARTED: "◐", Status.DONE: "●", Status.SKIPPED: "⊘"}


class PageListModel(QAbstractListModel):
    """The pages that the filter lets through; rows are read when they are shown."""

    def __init__(self, store: Store, annotator: str) -> None:
        super().__init__()
        self._store = store
        self._annotator = annotator
        self._shown = PageFilter()
        self._numbers: Sequence[int] = ()
        self._rows: dict[int, PageRow] = {}

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """How many pages the filter lets through."""
        return 0 if parent.isValid() else len(self._numbers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The row's title, what a screen reader says of it, or the ``PageRow`` itself."""
        row = self._row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title or row.id
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            flag = ", flagged" if row.flagged else ""
            spans = "1 span" if row.spans == 1 else f"{row.spans} spans"
            return f"{row.title or row.id}\n{row.source}: {row.status}, {spans}{flag}"
        return row if role == _ROW else None

    def show(self, shown: PageFilter) -> None:
        """Show the pages that this filter lets through."""
        self._shown = shown
        self.reload()

    def reload(self) -> None:
        """Read anew which pages there are."""
        self.beginResetModel()
        self._rows.clear()
        self._numbers = self._store.pages.numbers(self._annotator, self._shown)
        self.endResetModel()

    def refresh(self, number: int) -> None:
        """Read the row of one page anew; it stays in the list until the filter is set again."""
        index = self.index_of(number)
        if index.isValid():
            self._rows.pop(number, None)
            self.dataChanged.emit(index, index)

    def number_at(self, index: _Index) -> int:
        """The number of the page in a row."""
        return self._numbers[index.row()]

    def index_of(self, number: int) -> QModelIndex:
        """The row that shows a page; invalid when the filter hides it."""
        at = bisect_left(self._numbers, number)
        shown = at < len(self._numbers) and self._numbers[at] == number
        return self.index(at) if shown else QModelIndex()

    def _row(self, at: int) -> PageRow | None:
        number = self._numbers[at]
        if number not in self._rows:
            first = at - at % _CHUNK
            wanted = self._numbers[first : first + _CHUNK]
            for row in self._store.pages.rows(self._annotator, wanted):
                self._rows[row.number] = row
        return self._rows.get(number)


class _RowPainter(QStyledItemDelegate):
    """A page in two lines: sign and title, then site, spans and flag."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme: Theme | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the row in the palette's colours."""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        row: PageRow | None = index.data(_ROW)
        if row is None:
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        strong = palette.color(
            QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        )
        soft = strong if selected else palette.color(QPalette.ColorRole.PlaceholderText)
        painter.save()
        metrics = option.fontMetrics
        sign_width = metrics.horizontalAdvance("●") + 8
        area = option.rect.adjusted(8, 6, -8, -6)
        top, line = area.top() + metrics.ascent(), metrics.height()
        painter.setPen(strong if row.status is not Status.SKIPPED else soft)
        painter.drawText(area.left(), top, _SIGNS[row.status])
        left, width = area.left() + sign_width, area.width() - sign_width
        painter.drawText(left, top, _elided(metrics, in_stored_order(row.title or row.id), width))
        spans = f"{row.spans}" if row.spans else ""
        flag = "⚑ " if row.flagged else ""
        right = flag + spans
        right_width = metrics.horizontalAdvance(right)
        painter.setPen(soft)
        place = _elided(metrics, _place(row), width - right_width - 8)
        painter.drawText(left, top + line, place)
        if row.flagged and not selected and self.theme:
            painter.setPen(QColor(self.theme.accent))
        painter.drawText(area.right() - right_width, top + line, right)
        painter.restore()


def _place(row: PageRow) -> str:
    """Site and file, which tell pages apart that begin alike."""
    folder, _, file = row.source.rpartition("/")
    return f"{row.site} · {file}" if row.site and row.site != folder else row.source


def _elided(metrics: Any, text: str, width: int) -> str:  # noqa: ANN401
    return str(metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, width)))


class PageList(QWidget):
    """Filter, list and progress.

    Signals:
        page_chosen: the number of a page that is to be opened.
        filtered: which pages are shown has changed.
    """

    page_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: PageListModel | None = None
        self._status = QComboBox()
        self._status.setAccessibleName("Show pages with status")
        self._status.addItem("All", None)
        for status in Status:
            self._status.addItem(f"{_SIGNS[status]} {status.capitalize()}", status)
        self._words = QLineEdit(
            placeholderText="Filter by title, site, file", clearButtonEnabled=True
        )
        self._words.setAccessibleName("Filter pages by title, site or file")
        self._view = RowTable(lines=2, padding=12)
        self._view.setAccessibleName("Pages")
        self._painter = _RowPainter(self._view)
        self._view.setItemDelegate(self._painter)
        self._empty = QLabel("No page matches the filter.", wordWrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Pages finished")
        self._bar.setFixedHeight(8)
        self._counts = QLabel(wordWrap=True)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._arrange()
        self._typing.timeout.connect(self._filter)
        self._words.textChanged.connect(lambda: self._typing.start())
        self._words.returnPressed.connect(self._open_first)
        self._status.currentIndexChanged.connect(self._filter)
        self.setFocusProxy(self._view)
        self._view.clicked.connect(self._choose)
        self._view.activated.connect(self._choose)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._words, 1)
        top.addWidget(self._status)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addLayout(top)
        column.addWidget(self._view, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self._bar)
        column.addWidget(self._counts)
        self._empty.hide()

    def set_project(self, store: Store | None, annotator: str) -> None:
        """Show the pages of a project as this annotator sees them."""
        if self._model is not None:
            self._model.deleteLater()
        self._model = PageListModel(store, annotator) if store else None
        self._view.setModel(self._model)
        self._filter()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._painter.theme = theme
        self._view.viewport().update()

    def reload(self) -> None:
        """Show the pages that there are now, with the same filter."""
        self._filter()

    def refresh(self, number: int) -> None:
        """Show anew what is known of one page."""
        if self._model:
            self._model.refresh(number)

    def show_current(self, number: int) -> None:
        """Mark the page that is open."""
        if self._model:
            index = self._model.index_of(number)
            self._view.setCurrentIndex(index)
            self._view.scrollTo(index)

    def show_progress(self, progress: Progress) -> None:
        """Show how many pages are finished, and how."""
        self._bar.setRange(0, max(1, progress.pages))
        self._bar.setValue(progress.finished)
        parts = [f"{count:,} {status}" for status, count in progress.by_status.items() if count]
        text = " · ".join(parts) or "no pages yet"
        self._counts.setText(f"{progress.finished:,} of {progress.pages:,} finished\n{text}")
        self._bar.setAccessibleDescription(text)

    def _filter(self) -> None:
        self._typing.stop()
        shown = PageFilter(self._status.currentData(), self._words.text())
        if self._model:
            self._model.show(shown)
        nothing = shown != PageFilter() and self._model is not None and not self._model.rowCount()
        self._view.setHidden(nothing)
        self._empty.setVisible(nothing)

    def _choose(self, index: QModelIndex) -> None:
        if self._model and index.isValid():
            self.page_chosen.emit(self._model.number_at(index))

    def _open_first(self) -> None:
        self._filter()
        if self._model and self._model.rowCount():
            self._choose(self._model.index(0))
