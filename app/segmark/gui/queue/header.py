"""What stands above the page list: search, status, order, filters, and how many pages are shown."""

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
from segmark.core.queue import PageFilter
from segmark.gui.base.theme import Theme, icon
from segmark.gui.queue.order import OrderButton
from segmark.gui.queue.row import SIGNS
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.gui.queue.filter import FilterWindow

_TYPING_MS = 120  # how long the filter waits for the next letter
_TITLES = "Search titles, sites, files"
_TEXTS = "Search the whole text"


class PageListHeader(QWidget):
    """The fields that narrow the page list.

    Signals:
        changed: the filter is another one.
        entered: Enter was pressed in the search field.
        index_wanted: the text is to be searched, and the index of its words is not whole yet.

    Attributes:
        order: the button that shows and changes the order.
        filters: the window with the filters, while it was opened.
    """

    changed = Signal()
    entered = Signal()
    index_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store: Store | None = None
        self._more = PageFilter()  # what is filtered by beside status and words
        self.filters: FilterWindow | None = None
        self.words = QLineEdit(placeholderText=_TITLES, clearButtonEnabled=True)
        self.words.setAccessibleName("Search pages")
        self.scope = _button("¶")
        self.scope.setCheckable(True)
        self.scope.setAccessibleName("Search the whole text")
        self.scope.setToolTip("Search the whole text of the pages, not only titles and files")
        self.status = QComboBox()
        self.status.setAccessibleName("Show pages with status")
        self.status.addItem("All", None)
        for status in Status:
            self.status.addItem(f"{SIGNS[status]} {status.capitalize()}", status)
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
        self.show_count(0, whole=True)

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
        self.status.currentIndexChanged.connect(self._tell)
        self.scope.toggled.connect(self._set_scope)
        self._filter.clicked.connect(self.open_filters)
        self._clear.clicked.connect(self.clear)

    def set_store(self, store: Store | None) -> None:
        """Narrow the pages of this project, from all of them on."""
        self._store = store
        self._close_filters()
        self.scope.setChecked(False)
        self._show(PageFilter())

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons for this theme."""
        self._filter.setIcon(icon("filter", theme))

    @property
    def shown(self) -> PageFilter:
        """The filter that is wanted."""
        words, status = self.words.text().strip(), self.status.currentData()
        return replace(
            self._more,
            status=Status(status) if status else None,  # Qt gives back its plain text
            words=words,
            whole_text=bool(words) and self.scope.isChecked() and self._is_indexed,
        )

    @property
    def _is_indexed(self) -> bool:
        words = self._store.words if self._store else None
        return words is not None and words.wanted and not words.missing()

    def search(self) -> None:
        """Go to the field that searches."""
        self.words.selectAll()
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def clear(self) -> None:
        """Show all pages again."""
        self._close_filters()
        self._show(PageFilter())
        self._tell()

    def narrow(self, shown: PageFilter) -> None:
        """Filter by this, beside status and words."""
        self._more = replace(shown, status=None, words="", whole_text=False)
        self._tell()

    def search_text(self, ready: bool) -> None:
        """Search the text from now on, as its index is whole; or only titles, as it is not."""
        self.scope.setChecked(ready)
        if ready:
            self._tell()

    def open_filters(self) -> None:
        """Open the window with the filters."""
        from segmark.gui.queue.filter import FilterWindow

        if self._store is None:
            return
        self._close_filters()
        self.filters = FilterWindow(self._store, self._more, self.window())
        self.filters.changed.connect(self.narrow)
        self.filters.show()

    def show_count(self, count: int, *, whole: bool) -> None:
        """Say how many pages are shown and by which filter, where it is not all of them."""
        shown = self.shown
        narrowed = shown != PageFilter()
        parts = [f"{count:,} page{'' if count == 1 else 's'}" if whole else "Searching …"]
        if replace(shown, status=None, words="", whole_text=False) != PageFilter():
            from segmark.gui.queue.filter import in_words

            parts.append(in_words(shown))
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
            self._tell()

    def _tell(self) -> None:
        self._typing.stop()
        self.changed.emit()


def _button(text: str = "") -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAutoRaise(True)
    return button
