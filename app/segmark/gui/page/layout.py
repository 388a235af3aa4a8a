"""PageLayout: line height, paragraph spacing and right-to-left alignment for a page."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextBlock, QTextLayout
from PySide6.QtWidgets import QPlainTextDocumentLayout

#: The space added to a line, relative to its height: half above and half below.
LEADING = 0.32
#: The space after a paragraph, relative to the height of its last line.
PARAGRAPH_GAP = 0.3
#: The height of an empty line, which only separates paragraphs, relative to its natural height.
EMPTY = 0.4
#: The same for an empty line beside the line of a fold, which has little space around it.
EMPTY_AT_FOLD = 0.1
#: The space after the line of a fold, relative to its height.
FOLD_GAP = 0.25
#: The states of a paragraph: text of the page, or the line of a fold.
TEXT, FOLD = -1, 1


class PageLayout(QPlainTextDocumentLayout):
    """The layout of a plain text edit, with space between its lines.

    Qt's own layout has no line height. Qt calls ``blockBoundingRect`` for a block before it uses
    the block's lines, so this method moves the lines apart, once after each time they are laid out.
    """

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """The rectangle of a block with the leading and the gap after it."""
        # A key press calls this hundreds of times, hence no super() and few calls in total.
        rect = QPlainTextDocumentLayout.blockBoundingRect(self, block)
        layout = block.layout()
        if layout:
            line = layout.lineAt(0)
            # Qt places the first line at 0, which shows that the block was laid out again.
            if line.y() == 0:
                _spread(layout, block.textDirection() == Qt.LayoutDirection.RightToLeft)
                rect = QPlainTextDocumentLayout.blockBoundingRect(self, block)
            if block.length() == 1:
                folded = FOLD in (block.previous().userState(), block.next().userState())
                rect.setHeight(line.height() * (EMPTY_AT_FOLD if folded else EMPTY))
            else:
                gap = FOLD_GAP if block.userState() == FOLD else PARAGRAPH_GAP
                rect.adjust(0, 0, 0, line.height() * (LEADING / 2 + gap))
        return rect


def _spread(layout: QTextLayout, right_to_left: bool) -> None:
    top = 0.0
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        height, x = line.height(), line.x()
        if right_to_left:
            x += line.width() - line.naturalTextWidth()
        line.setPosition(QPointF(x, top + height * LEADING / 2))
        top += height * (1 + LEADING)
