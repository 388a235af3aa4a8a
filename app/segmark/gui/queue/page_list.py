"""PageList: the list of pages with its filter and order, which is the annotator's queue."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QItemSelectionRange, QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from segmark.core.annotation import Annotation
from segmark.core.queue import ListedPages, PageFilter, PageOrder, Queue
from segmark.gui.base.row_table import RowTable
from segmark.gui.base.theme import Theme
from segmark.gui.queue.header import PageListHeader
from segmark.gui.queue.model import PageListModel
from segmark.gui.queue.reader import PageListReader, QueueRequest
from segmark.gui.queue.row import RowPainter
from segmark.session.session import Session
from segmark.store.errors import StoreError
from segmark.store.figures.statistics import StatusCounts


class PageList(QWidget):
    """Search, filter, order, list and progress. The list is the queue of the session.

    Signals:
        page_chosen: the number of the page to open.
        menu_wanted: the point on the screen at which to show the menu of the selected pages.
        message: a short message for the user.
        command_wanted: the id of a command that the user chose here.
        queue_changed: the session follows another queue.
        second_look_left: the list has another order than that of a second look again.

    Attributes:
        header: the fields that filter and sort the list.
        view: the rows.
        clear_button: clears the filter; shown when no page matches.
    """

    page_chosen = Signal(int)
    menu_wanted = Signal(QPoint)
    message = Signal(str)
    command_wanted = Signal(str)
    queue_changed = Signal()
    second_look_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._model: PageListModel | None = None
        self._reader: PageListReader | None = None
        self._order = PageOrder()
        self._looked_at: list[int] | None = None  # the pages of a second look, in its order
        self._restart = False  # the order was changed: the next page is the first one
        self._enter_when_read = False
        self._current: int | None = None
        self.header = PageListHeader()
        self.view = RowTable(lines=2, padding=12)
        self.view.setAccessibleName("Pages")
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._painter = RowPainter(self.view)
        self.view.setItemDelegate(self._painter)
        self._nothing = QWidget()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Pages finished")
        self._bar.setFixedHeight(8)
        self._counts = QLabel(wordWrap=True)
        self._arrange()
        self.setFocusProxy(self.view)
        self.header.changed.connect(lambda: self._read())
        self.header.entered.connect(self._open_first)
        self.header.order.chosen.connect(self.set_order)
        for wanted, command in (
            (self.header.index_wanted, "list.index"),
            (self.header.order.second_look, "review.begin"),
        ):
            wanted.connect(partial(self.command_wanted.emit, command))
        self.view.clicked.connect(self._choose_alone)
        self.view.activated.connect(self._choose)
        self.view.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.view.viewport().mapToGlobal(at))
        )

    def _arrange(self) -> None:
        words = QLabel("No page matches the filter.", wordWrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.clear_button = QPushButton("Clear the filter")
        self.clear_button.clicked.connect(self.header.clear)
        nothing = QVBoxLayout(self._nothing)
        nothing.addStretch(1)
        nothing.addWidget(words)
        nothing.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignCenter)
        nothing.addStretch(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.header)
        column.addWidget(self.view, 1)
        column.addWidget(self._nothing, 1)
        column.addWidget(self._bar)
        column.addWidget(self._counts)
        self._nothing.hide()

    def set_session(self, session: Session | None) -> None:
        """Show the pages of a session's project, from the view of its annotator."""
        if self._reader is not None:
            self._reader.close()
        for old in (self._model, self._reader):
            if old is not None:
                old.deleteLater()
        self._session, self._model, self._reader, self._current = session, None, None, None
        self._order, self._restart, self._looked_at = PageOrder(), False, None
        if session is not None:
            self._order = session.store.order
            self._model = PageListModel(session.store, session.annotator)
            self._reader = PageListReader(session.store, session.annotator, self)
            self._reader.read.connect(self._take)
            self._reader.failed.connect(self.message)
        self.view.setModel(self._model)
        self.header.order.show_order(self._order)
        self.header.set_store(session.store if session else None)
        self._read()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._painter.theme = theme
        self.header.set_theme(theme)
        self.view.viewport().update()

    def wait(self) -> None:
        """Wait until the queue that is being read is complete and in use."""
        if self._reader:
            self._reader.wait()

    @property
    def selected(self) -> list[int]:
        """The numbers of the selected pages, in the order of the list."""
        if self._model is None:
            return []
        return [number for rows in self._selected_rows() for number in self._model.numbers(*rows)]

    @property
    def has_many(self) -> bool:
        """Whether the list has the focus and more than one row is selected."""
        rows = self._selected_rows()
        return self.view.hasFocus() and (len(rows) > 1 or any(a != b for a, b in rows))

    def _selected_rows(self) -> list[tuple[int, int]]:
        """The first and last row of each range of selected rows; there may be very many rows."""
        chosen = self.view.selectionModel()
        ranges: Iterable[QItemSelectionRange] = chosen.selection() if chosen else ()  # type: ignore[assignment]
        return sorted((each.top(), each.bottom()) for each in ranges)

    def show_only(self, listed: ListedPages) -> None:
        """Show these pages, whatever the filter was, and open the first of them."""
        self._enter_when_read = True
        self.header.show_only(listed)

    def set_order(self, order: PageOrder) -> None:
        """Change the order of the list and the queue, and store it in the project."""
        session = self._session
        if session is None:
            return
        self._order, self._restart = order, True
        self.header.order.show_order(order)
        if self._looked_at is not None:
            self._looked_at = None
            self.second_look_left.emit()
        if not session.store.read_only:
            try:
                session.store.keep_order(order)
            except StoreError as error:
                self.message.emit(str(error))
        self._read()

    def show_second_look(self, pages: list[int]) -> None:
        """Show only these pages, in this order, until another order is chosen."""
        self._looked_at = pages
        self.header.order.show_second_look()
        self.header.clear()

    def reload(self) -> None:
        """Read the pages again with the same filter.

        The open page stays in the list if it was there, so that the next page is the one after it.
        """
        session, current = self._session, self._current
        if session and not session.store.read_only and self._order != session.store.order:
            self._order = session.store.order  # there are pages of several sites now
            self.header.order.show_order(self._order)
        listed = current is not None and self._model and self._model.index_of(current).isValid()
        self._read(keep=current if listed and not self.header.shown.removed else None)

    def show_annotation(self, number: int, annotation: Annotation) -> None:
        """Show a page's new annotation in its row."""
        if self._model:
            self._model.show_annotation(number, annotation)

    def forget(self) -> None:
        """Read rows again when they are shown next, because somebody else may have changed them."""
        if self._model:
            self._model.forget()

    def show_current(self, number: int) -> None:
        """Mark the open page; if it has not changed, selected pages stay selected."""
        if self._model is None:
            return
        rows = self._selected_rows()
        many = len(rows) > 1 or any(first != last for first, last in rows)
        if number == self._current and many:
            return
        self._current = number
        self.view.select_alone(self._model.index_of(number))

    def show_progress(self, progress: StatusCounts) -> None:
        """Show the number of finished pages, and of pages by status."""
        self._bar.setRange(0, max(1, progress.pages))
        self._bar.setValue(progress.finished)
        parts = [f"{count:,} {status}" for status, count in progress.by_status.items() if count]
        text = " · ".join(parts) or "no pages yet"
        self._counts.setText(f"{progress.finished:,} of {progress.pages:,} finished\n{text}")
        self._bar.setAccessibleDescription(text)

    def _read(self, keep: int | None = None) -> None:
        """Read the pages to show; all pages in load order are available without reading."""
        session, model, reader = self._session, self._model, self._reader
        if session is None or model is None or reader is None:
            self._show_count(0, complete=True)
            return
        shown = self.header.shown
        if self._looked_at is not None and shown == PageFilter():
            reader.cancel()
            self._take(QueueRequest(shown, self._order, keep), Queue(), 0, complete=True)
            return
        if shown != PageFilter() or self._order != PageOrder():
            self.header.show_count(0, complete=False)
            reader.start(QueueRequest(shown, self._order, keep))
            return
        reader.cancel()
        numbers = session.store.pages.numbers(session.annotator, shown)
        model.show(numbers, len(numbers))
        self._follow(None, filtered=False)
        self._show_count(len(numbers), complete=True)

    def _take(self, request: QueueRequest, queue: Queue, count: int, complete: bool) -> None:
        if self._model is None:
            return
        if self._looked_at is not None:
            chosen = set(queue[:]) if request.shown != PageFilter() else None
            those = [one for one in self._looked_at if chosen is None or one in chosen]
            queue, count = Queue.of(those), len(those)
        self._model.show(queue, count)
        if complete:
            self._follow(queue, filtered=request.shown != PageFilter())
        self._show_count(count, complete=complete)

    def _follow(self, queue: Queue | None, *, filtered: bool) -> None:
        if self._session:
            self._session.navigation.follow(queue, filtered=filtered, from_start=self._restart)
        self._restart = False
        if self._current is not None:
            self.show_current(self._current)
        self.queue_changed.emit()

    def _show_count(self, count: int, *, complete: bool) -> None:
        self.header.show_count(count, complete=complete)
        nothing = complete and not count and self.header.shown != PageFilter()
        self.view.setHidden(nothing)
        self._nothing.setVisible(nothing)
        if complete and self._enter_when_read:
            self._enter_when_read = False
            if self._model is not None and count:
                self._choose(self._model.index(0))

    def _choose_alone(self, index: QModelIndex) -> None:
        """Open a clicked page, but not while rows are being selected with Ctrl or Shift."""
        if self._selected_rows() == [(index.row(), index.row())]:
            self._choose(index)

    def _choose(self, index: QModelIndex) -> None:
        if self._model and index.isValid():
            self.page_chosen.emit(self._model.numbers(index.row(), index.row())[0])

    def _open_first(self) -> None:
        self._enter_when_read = True
        self._read()
