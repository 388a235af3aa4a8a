"""PageListModel: the pages of a project as rows of a list, read when they are shown."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, overload

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from segmark.core.annotation import Annotation, Status
from segmark.gui.base.plain_words import in_stored_order, plain_words
from segmark.store.errors import StoreError
from segmark.store.pages import PageRow
from segmark.store.store import Store

_CHUNK = 128  # the number of rows read from the store at a time

#: The role for the ``PageRow`` of an index.
ROW = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class Numbers(Protocol):
    """The numbers of pages in the order of the list, as the store provides them."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[int]: ...
    def place(self, number: int) -> int | None:
        """The position of a page, from 0; None if it is not in the list."""


class PageListModel(QAbstractListModel):
    """The pages of a list, from the view of one annotator."""

    def __init__(self, store: Store, annotator: str) -> None:
        super().__init__()
        self._store = store
        self._annotator = annotator
        self._numbers: Numbers | None = None
        self._count = 0
        self._rows: dict[int, PageRow] = {}

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """The number of pages in the list."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The title of a row, its text for screen readers and tooltips, or its ``PageRow``."""
        row = self._row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return in_stored_order(row.title or row.id)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            flag = ", flagged" if row.flagged else ""
            spans = "1 span" if row.spans == 1 else f"{row.spans} spans"
            note = f"\n{row.note}" if row.note else ""
            text = f"{row.title or row.id}\n{row.source}: {row.status}, {spans}{flag}{note}"
            return plain_words(text) if role == Qt.ItemDataRole.ToolTipRole else text
        return row if role == ROW else None

    def show(self, numbers: Numbers, count: int) -> None:
        """Show the first ``count`` of these pages; if they are the same object, only add rows."""
        if numbers is self._numbers and count >= self._count:
            if count > self._count:
                self.beginInsertRows(QModelIndex(), self._count, count - 1)
                self._count = count
                self.endInsertRows()
            return
        self.beginResetModel()
        self._rows.clear()
        self._numbers, self._count = numbers, count
        self.endResetModel()

    def show_annotation(self, number: int, annotation: Annotation) -> None:
        """Show a page's new annotation; the page stays in the list until the list is read again."""
        index = self.index_of(number)
        if index.isValid():
            if row := self._rows.get(number):
                state, spans = annotation.state, len(annotation.spans)
                self._rows[number] = replace(
                    row, status=state.status, flagged=state.flagged, note=state.note, spans=spans
                )
            self.dataChanged.emit(index, index)

    def forget(self) -> None:
        """Read rows again when they are shown next; the pages of the list do not change."""
        self._rows.clear()

    def numbers(self, first: int, last: int) -> Sequence[int]:
        """The numbers of the pages from one row to another, inclusive."""
        try:
            return self._numbers[first : min(last + 1, self._count)] if self._numbers else ()
        except StoreError:  # Qt calls this while painting, when no message can be shown
            return ()

    def index_of(self, number: int) -> QModelIndex:
        """The index of a page's row; invalid if it is not in the list."""
        try:
            at = self._numbers.place(number) if self._numbers else None
        except StoreError:
            at = None
        return QModelIndex() if at is None or at >= self._count else self.index(at)

    def _row(self, at: int) -> PageRow | None:
        if self._numbers is None or at >= self._count:
            return None
        number = next(iter(self.numbers(at, at)), None)
        if number is None:
            return None
        if number not in self._rows:
            first = at - at % _CHUNK
            wanted = self.numbers(first, first + _CHUNK - 1)
            for row in self._read(wanted):
                self._rows[row.number] = row
        return self._rows.get(number)

    def _read(self, numbers: Sequence[int]) -> Sequence[PageRow]:
        """The rows of these pages; a damaged page has a row that says so."""
        try:
            return self._store.pages.rows(self._annotator, numbers)
        except StoreError:
            if len(numbers) > 1:
                return [row for number in numbers for row in self._read([number])]
        damaged = "Page that can't be read: the file is damaged"
        return [
            PageRow(n, f"{n}", damaged, "", "", Status.NEW, False, "", 0, "", "") for n in numbers
        ]
