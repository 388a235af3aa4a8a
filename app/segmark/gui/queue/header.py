"""PageListHeader: search, status, order and filters above the page list."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from segmark.core.annotation import Status
from segmark.core.queue import ListedPages, PageFilter
from segmark.gui.base.box_name import name_box
from segmark.gui.base.theme import Theme, icon
from segmark.gui.base.whole_popup import show_whole
from segmark.gui.queue.order import OrderButton
from segmark.gui.queue.row import SIGNS
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.gui.queue.filter import FilterWindow

_TYPING_MS = 120  # the time to wait for the next letter before searching
_TITLES = "Search titles, sites, files, notes"
_TEXTS = "Search the whole text"


class PageListHeader(QWidget):
    """The fields that filter and sort the page list.

    Signals:
        changed: the filter has changed.
        entered: Enter was pressed in the search field.
        index_wanted: the user wants to search the whole text, but its index is not complete.

    Attributes:
        words: the search field.
        scope: the button that extends the search to the whole text.
        status: the choice of a status.
        order: the button that shows and changes the order.
        filters: the open window with more filters; None if it was not opened.
        summary: the number of pages and the filter.
    """

    changed = Signal()
    entered = Signal()
    index_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store: Store | None = None
        self._more = PageFilter()  # the filter without status and words
        self.filters: FilterWindow | None = None
        self.words = QLineEdit(placeholderText=_TITLES, clearButtonEnabled=True)
        self.words.setAccessibleName("Search pages")
        self.scope = _button("¶")
        self.scope.setCheckable(True)
        self.scope.setAccessibleName("Search the whole text")
        self.scope.setToolTip("Search the whole text of the pages, not only titles and files")
        self.status = QComboBox()
        name_box(self.status, "Show pages with status")
        self.status.addItem("All", None)
        for status in Status:
            self.status.addItem(f"{SIGNS[status]} {status.capitalize()}", status)
        show_whole(self.status)
        self.order = OrderButton()
        self._filter = _button()
        self._filter.setAccessibleName("Filter pages")
        self._filter.setToolTip("Filter by site, language, source, label, flag …")
        self.summary = QLabel(wordWrap=True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self._clear = _button("×")
        self._clear.setAccessibleName("Clear the filter")
        self._clear.setToolTip("Clear the filter: show all pages again")
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._arrange()
        self._connect()
        self.show_count(0, complete=True)

    def _arrange(self) -> None:
        search, narrow, summary = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        search.setSpacing(2)
        search.addWidget(self.words, 1)
        search.addWidget(self.scope)
        narrow.setSpacing(2)
        narrow.addWidget(self.status, 1)
        narrow.addWidget(self._filter)
        summary.addWidget(self.summary, 1)
        summary.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(search)
        column.addLayout(narrow)
        column.addWidget(self.order)
        column.addLayout(summary)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda: self._typing.start())
        self.words.returnPressed.connect(self.entered)
        self.status.currentIndexChanged.connect(self._emit_changed)
        self.scope.toggled.connect(self._set_scope)
        self._filter.clicked.connect(self.open_filters)
        self._clear.clicked.connect(self.clear)

    def set_store(self, store: Store | None) -> None:
        """Switch to another project, without a filter."""
        self._store = store
        self._close_filters()
        self.scope.setChecked(False)
        self._show(PageFilter())

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons for this theme."""
        self._filter.setIcon(icon("filter", theme))

    @property
    def shown(self) -> PageFilter:
        """The current filter."""
        words, status = self.words.text().strip(), self.status.currentData()
        return replace(
            self._more,
            status=Status(status) if status else None,  # Qt returns a plain string
            words=words,
            whole_text=bool(words) and self.scope.isChecked() and self._is_indexed,
        )

    @property
    def _is_indexed(self) -> bool:
        words = self._store.words if self._store else None
        return words is not None and words.wanted and not words.missing()

    def search(self) -> None:
        """Move the focus to the search field."""
        self.words.selectAll()
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def clear(self) -> None:
        """Clear the filter."""
        self._close_filters()
        self._show(PageFilter())
        self._emit_changed()

    def narrow(self, shown: PageFilter) -> None:
        """Change the filter except status and words."""
        self._more = replace(shown, status=None, words="", whole_text=False)
        self._emit_changed()

    def show_only(self, listed: ListedPages) -> None:
        """Show these pages, whatever the filter was."""
        self._close_filters()
        self._show(PageFilter(listed=listed))
        self._emit_changed()

    def search_text(self, ready: bool) -> None:
        """Search the whole text if its index is ready, or else only titles and files."""
        self.scope.setChecked(ready)
        if ready:
            self._emit_changed()

    def open_filters(self) -> None:
        """Open the window with more filters."""
        from segmark.gui.queue.filter import FilterWindow

        if self._store is None:
            return
        self._close_filters()
        self.filters = FilterWindow(self._store, self._more, self.window())
        self.filters.changed.connect(self.narrow)
        self.filters.show()

    def show_count(self, count: int, *, complete: bool) -> None:
        """Show the number of pages and the filter, if there is a filter."""
        shown = self.shown
        narrowed = shown != PageFilter()
        parts = [f"{count:,} page{'' if count == 1 else 's'}" if complete else "Searching …"]
        if self._store and replace(shown, status=None, words="", whole_text=False) != PageFilter():
            from segmark.gui.queue.filter import filter_text

            parts.append(filter_text(shown, self._store.label_set))
        self.summary.setText(": ".join(parts))
        self.summary.setVisible(narrowed)
        self._clear.setVisible(narrowed)

    def _show(self, shown: PageFilter) -> None:
        self._more = shown
        for field in (self.words, self.status):
            field.blockSignals(True)
        self.words.clear()
        self.status.setCurrentIndex(0)
        for field in (self.words, self.status):
            field.blockSignals(False)

    def _close_filters(self) -> None:
        filters, self.filters = self.filters, None
        if filters is not None:
            filters.close()
            filters.deleteLater()

    def _set_scope(self, text: bool) -> None:
        self.words.setPlaceholderText(_TEXTS if text else _TITLES)
        if text and not self._is_indexed:
            self.index_wanted.emit()
        elif self.words.text().strip():
            self._emit_changed()

    def _emit_changed(self) -> None:
        self._typing.stop()
        self.changed.emit()


def _button(text: str = "") -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAutoRaise(True)
    return button
