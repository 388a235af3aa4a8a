"""PagePlaces: the positions of offsets in the viewport, and the offsets at positions."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetricsF, QTextBlock, QTextLayout, QTextLine
from PySide6.QtWidgets import QPlainTextEdit

from segmark.core.fold import Fold
from segmark.core.page import Page
from segmark.gui.page.layout import LEADING, PARAGRAPH_GAP
from segmark.gui.page.pointer import Hit
from segmark.gui.page.text import PageText

#: The number of lines of other blocks that must fit into the view beside the caret's block.
_CONTEXT = 3
#: The share of the view's height kept behind the caret's block when scrolling.
_BEHIND = 1 / 3


@dataclass(frozen=True, slots=True)
class VisibleLine:
    """A paragraph of the document that is at least partly in view.

    Attributes:
        start, end: the range of offsets that it shows.
        index: the index of the page's block that begins here; None for a blank line or a later
            part of a block. For a fold, that of its first block.
        top, bottom: in pixels of the viewport, including the gap below.
        fold: whether it stands for folded blocks.
    """

    block: QTextBlock
    start: int
    end: int
    index: int | None
    top: float
    bottom: float
    fold: bool


class Line(NamedTuple):
    """A line on the screen: its row and its number in the row, and its position in pixels."""

    row: int
    number: int
    top: float
    bottom: float


class PagePlaces:
    """The positions of a page's offsets in the viewport of a plain text edit.

    Only text in view has a position. Positions are cached until ``forget``, which has to be called
    whenever they may have changed.
    """

    def __init__(self, view: QPlainTextEdit) -> None:
        self._view = view
        self._page: Page | None = None
        self._text = PageText("")
        self._folds: dict[int, Fold] = {}
        self._rows: list[VisibleLine] = []
        self._measured = False
        self._gap: float | None = None

    def show(self, page: Page | None, text: PageText, folds: Sequence[Fold] = ()) -> None:
        """Switch to another page, or to other folds."""
        self._page, self._text = page, text
        # One inside of a paragraph has no line of its own.
        self._folds = {fold.first: fold for fold in folds if fold.blocks}
        self.forget()

    def forget(self) -> None:
        """Discard the cached positions, after scrolling or a new layout."""
        self._rows, self._measured, self._gap = [], False, None

    def was_in_view(self, offset: int) -> bool:
        """Whether an offset was in view according to the cached positions."""
        return any(row.start <= offset <= row.end for row in self._rows)

    @property
    def rows(self) -> list[VisibleLine]:
        """The rows in view, from top to bottom."""
        if not self._measured:
            self._rows, self._measured = self._measure(), True
        return self._rows

    @property
    def gap(self) -> float:
        """The space below a row in pixels."""
        if self._gap is None:
            self._gap = QFontMetricsF(self._view.font()).height() * PARAGRAPH_GAP
        return self._gap

    @property
    def range(self) -> tuple[int, int]:
        """The range of offsets in view, in whole rows."""
        rows = self.rows
        return (rows[0].start, rows[-1].end) if rows else (0, 0)

    def line(self, offset: int) -> Line | None:
        """The line that shows the character at an offset; None if it is out of view."""
        rows = self.rows
        at = bisect_right(rows, offset, key=lambda row: row.start) - 1
        if at < 0 or offset > rows[at].end:
            return None
        row = rows[at]
        position = self._text.to_qt(offset) - row.block.position()
        if position >= row.block.length():
            return None  # after the break of a long line, on a row that is out of view
        line = self._layout(row.block).lineForTextPosition(position)
        top = row.top + line.y()
        return Line(at, line.lineNumber(), top, top + line.height())

    def rows_in(self, start: int, end: int) -> list[VisibleLine]:
        """The rows that show a part of the range or touch it."""
        rows = self.rows
        first = bisect_left(rows, start, key=lambda row: row.end)
        return rows[first : bisect_right(rows, end, key=lambda row: row.start)]

    def extent(self, start: int, end: int) -> tuple[float, float] | None:
        """The top and bottom of the rows of a range, without the gap below the last row."""
        rows = self.rows_in(start, end)
        return (rows[0].top, rows[-1].bottom - self.gap) if rows else None

    def row_at(self, y: float) -> VisibleLine | None:
        """The row at a height, or the nearest one; None without a page."""
        rows = self.rows
        if not rows:
            return None
        at = bisect_right(rows, y, key=lambda row: row.top) - 1
        return rows[max(0, at)]

    def hit(self, point: QPoint) -> Hit:
        """The hit at a point of the viewport; for a point outside, the nearest one inside."""
        y = min(max(0, point.y()), self._view.viewport().height() - 1)
        row = self.row_at(y)
        if row is None:
            return Hit(0, 0.0, 0)
        x = point.x() - self._view.contentOffset().x()
        line = self.text_line(row, y - row.top)
        rect = line.naturalTextRect()
        if row.fold and rect.left() <= x < rect.right():
            return Hit(row.start, (x - rect.left()) / rect.width(), row.end)
        if not rect.left() <= x < rect.right():
            at = self._offset(row, line.xToCursor(x))
            return Hit(at, 0.0, at)
        return self._hit_on(row, line, x)

    def text_line(self, row: VisibleLine, y: float = 0.0) -> QTextLine:
        """The line of a row at a height below its top, or its last one."""
        layout = self._layout(row.block)
        for number in range(layout.lineCount() - 1):
            line = layout.lineAt(number)
            if y < line.y() + line.height() * (1 + LEADING / 2):
                return line
        return layout.lineAt(layout.lineCount() - 1)

    def _layout(self, block: QTextBlock) -> QTextLayout:
        """The layout of a block, with its lines.

        When several blocks change, as by a mark over them, Qt discards their lines and makes new
        ones only when it is asked for the block's rectangle. A line that is not there crashes.
        """
        self._view.blockBoundingRect(block)
        return block.layout()

    def _hit_on(self, row: VisibleLine, line: QTextLine, x: float) -> Hit:
        layout = row.block.layout()
        first = line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)
        if not layout.isValidCursorPosition(first):
            first = layout.previousCursorPosition(first)
        last = layout.nextCursorPosition(first)
        near, far = _x_of(line, first), _x_of(line, last)
        across = (x - near) / (far - near) if far != near else 0.0
        return Hit(self._offset(row, first), min(max(0.0, across), 1.0), self._offset(row, last))

    def _offset(self, row: VisibleLine, position: int) -> int:
        return self._text.to_offset(row.block.position() + position)

    def reveal(self, offset: int) -> None:
        """Scroll, if necessary, to show the block at an offset and the text after it.

        A third of the view is kept behind the block, so that someone who moves block by block sees
        what comes next and the text does not move for several blocks.
        """
        view = self._view
        block = view.document().findBlock(self._text.to_qt(offset))
        room = view.viewport().height()
        row = next((row for row in self.rows if row.block == block), None)
        if row and row.top >= 0 and row.bottom - self.gap <= room:
            return
        height = view.blockBoundingRect(block).height()
        context = _CONTEXT * QFontMetricsF(view.font()).height() * (1 + LEADING)
        if height + context > room:
            self._reveal_line(block, offset, room / 3)
        elif block.blockNumber() <= view.firstVisibleBlock().blockNumber():
            self._scroll(block, (room - height) * (1 - _BEHIND))
        else:
            self._scroll(block, (room - height) * _BEHIND)

    def lead_to(self, offset: int) -> None:
        """Scroll to the block at an offset, below one line of what comes before it.

        A block in the upper half of the first screen stays there, with all that comes before it.
        """
        view = self._view
        bar, block = view.verticalScrollBar(), view.document().findBlock(self._text.to_qt(offset))
        bar.setValue(0)
        half = view.viewport().height() / 2
        before = block.previous()
        while before.isValid() and (before.length() == 1 or not before.isVisible()):
            before = before.previous()
        if not before.isValid() or any(
            row.block == block and row.bottom < half for row in self.rows
        ):
            return
        self._layout(before)  # sets the number of its lines
        last = before.firstLineNumber() + before.lineCount() - 1
        bar.setValue(last)

    def _reveal_line(self, block: QTextBlock, offset: int, y: float) -> None:
        """Scroll an offset's line to a height if it is out of view, in a very tall block."""
        line = self.line(offset)
        if line is None or line.top < 0 or line.bottom > self._view.viewport().height():
            position = self._text.to_qt(offset) - block.position()
            inside = self._layout(block).lineForTextPosition(position).y()
            self._scroll(block, max(0.0, y - inside) if inside < y else y - inside)

    def top_of(self, offset: int) -> float | None:
        """The top of the row with an offset; None if it is out of view."""
        rows = self.rows_in(offset, offset)
        return rows[-1].top if rows else None

    def hold(self, offset: int, top: float) -> None:
        """Scroll the row with an offset to a height, as whole lines permit."""
        self._scroll(self._view.document().findBlock(self._text.to_qt(offset)), top)

    def _scroll(self, block: QTextBlock, y: float) -> None:
        """Scroll a block's top to a height, or just below it, as whole lines permit."""
        view = self._view
        while y > 0 and block.previous().isValid():
            block = block.previous()
            y -= view.blockBoundingRect(block).height()
        layout = self._layout(block)
        above = sum(1 for n in range(layout.lineCount()) if y + layout.lineAt(n).y() < 0)
        view.verticalScrollBar().setValue(
            block.firstLineNumber() + min(above, max(0, layout.lineCount() - 1))
        )

    def _measure(self) -> list[VisibleLine]:
        view, page = self._view, self._page
        if page is None:
            return []
        block = view.firstVisibleBlock()
        top = view.blockBoundingGeometry(block).translated(view.contentOffset()).top()
        room = view.viewport().height()
        index = bisect_left(
            page.blocks, self._text.to_offset(block.position()), key=lambda block: block.start
        )
        rows = []
        while block.isValid() and top < room:
            start = self._text.to_offset(block.position())
            end = self._text.to_offset(block.position() + block.length() - 1)
            begins = index < len(page.blocks) and page.blocks[index].start == start
            bottom = top + view.blockBoundingRect(block).height()
            at, fold = index if begins else None, self._folds.get(index) if begins else None
            rows.append(VisibleLine(block, start, end, at, top, bottom, fold is not None))
            index = fold.end if fold else index + begins
            top, block = bottom, block.next()
        return rows


def _x_of(line: QTextLine, position: int) -> float:
    x, _ = cast("tuple[float, int]", line.cursorToX(position))
    return x
