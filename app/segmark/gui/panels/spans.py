"""SpanList: the outline of the page, a list of its spans and suggestions."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.core.text.shared_ends import shared_ends
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.base.row_table import RowTable
from segmark.gui.base.theme import Theme

_SHOWN = 80  # the number of code points of a span shown in the outline

_NO_PARENT = QModelIndex()


class SpanListModel(QAbstractListModel):
    """The spans and suggestions of a page; the text of a row is extracted when it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._spans: tuple[Span, ...] = ()
        self._suggested: dict[Span, Suggestion] = {}
        self._doubtful: Span | None = None  # the least sure of several suggestions
        self._icons: dict[str, QIcon] = {}
        self._names: Mapping[str, str] = {}

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        """The number of spans and suggestions on the page."""
        return 0 if parent.isValid() else len(self._spans)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401
        """The label and first words, the label's icon, or the tooltip."""
        span = self._spans[index.row()]
        name = self._names.get(span.label, span.label)
        if role == Qt.ItemDataRole.DisplayRole:
            start, end = span.start, min(span.end, span.start + _SHOWN)
            words = " ".join(in_stored_order(self._text[start:end]).split())
            sign = "?" if span in self._suggested else ""
            doubt = "(least sure)  " if span == self._doubtful else ""
            return f"{name}{sign}  {doubt}{words}"
        if role == Qt.ItemDataRole.DecorationRole:
            sign = "?" if span in self._suggested else ""
            return self._icons.get(span.label + sign)
        if role == Qt.ItemDataRole.ToolTipRole:
            length = f"{name}, {span.end - span.start:,} characters"
            one = self._suggested.get(span)
            return (
                f"Suggested: {length}\n{one.confidence:.0%} sure: {one.reason}" if one else length
            )
        return None

    def set_icons(self, icons: dict[str, QIcon], names: Mapping[str, str]) -> None:
        """Set the icon of each label, and of its suggestions under its id and a "?".

        ``names`` are those of the labels whose names are not their ids.
        """
        self._icons, self._names = icons, names
        if self._spans:
            last = self.index(len(self._spans) - 1)
            self.dataChanged.emit(self.index(0), last)

    def set_spans(
        self, text: str, labelled: tuple[Span, ...], suggestions: Sequence[Suggestion]
    ) -> int | None:
        """Show the spans and suggestions of a page with this text.

        Returns the first row that changed; None if none did.
        """
        suggested = {one.span: one for one in suggestions}
        spans = tuple(sorted((*labelled, *suggested))) if suggested else labelled
        others = suggested.keys() != self._suggested.keys()
        self._suggested = suggested
        least = min(suggestions, key=lambda one: one.confidence) if len(suggestions) > 1 else None
        self._doubtful = least.span if least else None
        first = self._set_rows(text, spans)
        if not others or not spans:
            return first
        self.dataChanged.emit(self.index(0), self.index(len(spans) - 1))
        return 0

    def _set_rows(self, text: str, spans: tuple[Span, ...]) -> int | None:
        """Show these rows, and return the first one that changed; None if none did."""
        if text is not self._text:
            self.beginResetModel()
            self._text, self._spans = text, spans
            self.endResetModel()
            return 0
        before = self._spans
        first, last = shared_ends(before, spans)
        gone, come = len(before) - last, len(spans) - last
        if gone > come:
            self.beginRemoveRows(_NO_PARENT, come, gone - 1)
            self._spans = spans
            self.endRemoveRows()
        elif come > gone:
            self.beginInsertRows(_NO_PARENT, gone, come - 1)
            self._spans = spans
            self.endInsertRows()
        else:
            self._spans = spans
        if (changed := min(gone, come)) > first:
            self.dataChanged.emit(self.index(first), self.index(changed - 1))
        return first if max(gone, come) > first else None

    def start_of(self, index: QModelIndex) -> int:
        """The start of the span in a row."""
        return self._spans[index.row()].start

    def index_of(self, span: Span | None) -> QModelIndex:
        """The row of a span; invalid for None."""
        if span is None:
            return QModelIndex()
        return self.index(bisect_left(self._spans, span.start, key=lambda other: other.start))


class _Count(QWidget):
    """A line of text; a label would make Qt lay out the whole window for every new text."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_words(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self.setAccessibleName(words)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(8, 0, -8, 0), middle, self.words)
        painter.end()


class SpanList(QWidget):
    """The spans and suggestions of the page, one per line: label and first words, and their count.

    Signals:
        span_chosen: the start of the chosen span.
    """

    span_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = SpanListModel()
        self._view = RowTable(lines=1, padding=8)
        self._view.setModel(self._model)
        self._view.setAccessibleName("Spans of the page")
        advice = QLabel(
            "Nothing is labelled on this page yet.\n"
            "Put the caret in a block and press a label's key.",
            wordWrap=True,
        )
        advice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        advice.setContentsMargins(12, 2, 12, 2)
        # In a very low window, the panels above and below need the space more: it scrolls there.
        self._empty = QScrollArea(widgetResizable=True)
        self._empty.setFrameShape(QScrollArea.Shape.NoFrame)
        self._empty.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._empty.setWidget(advice)
        self._empty.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._view.setMinimumHeight(2 * self._view.fontMetrics().height())
        self._count = _Count()
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._count)
        column.addWidget(self._view, 1)
        self._listed = listed
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(listed)
        self.setFocusProxy(self._view)
        self._view.clicked.connect(self._choose)
        self._view.activated.connect(self._choose)

    def set_labels(self, labels: LabelSet, theme: Theme) -> None:
        """Use these labels and the colours of a theme."""
        icons = {}
        for label in labels:
            pixmap = QPixmap(8, 32)
            pixmap.fill(theme.label_colour(label))
            icons[label.id] = QIcon(pixmap)
            icons[f"{label.id}?"] = _dashed(theme.label_colour(label))
        self._model.set_icons(icons, labels.renamed)

    @property
    def count(self) -> str:
        """The number of labelled and suggested spans, in words; "" if there are none."""
        return self._count.words

    def set_spans(
        self, text: str, spans: tuple[Span, ...], suggestions: Sequence[Suggestion] = ()
    ) -> None:
        """List the spans of a page with this text; the scroll position does not change."""
        bar = self._view.verticalScrollBar()
        at = bar.value()
        self._view.change_rows(lambda: self._model.set_spans(text, spans, suggestions))
        bar.setValue(at)
        self._count.show_words(_in_words(len(spans), len(suggestions)))
        self._stack.setCurrentWidget(self._listed if spans or suggestions else self._empty)

    def show_current(self, span: Span | None) -> None:
        """Highlight the span at the caret."""
        self._view.select_alone(self._model.index_of(span))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.span_chosen.emit(self._model.start_of(index))


def _in_words(labelled: int, suggested: int) -> str:
    if not labelled and not suggested:
        return ""
    words = f"{labelled:,} labelled" if labelled else "Nothing labelled yet"
    return f"{words} · {suggested:,} suggested" if suggested else words


def _dashed(colour: QColor) -> QIcon:
    """The icon of a suggestion: a bar like that of a label, but dashed and hollow."""
    pixmap = QPixmap(8, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setPen(QPen(colour, 2, Qt.PenStyle.DashLine))
    painter.drawRect(1, 1, 6, 30)
    painter.end()
    return QIcon(pixmap)
