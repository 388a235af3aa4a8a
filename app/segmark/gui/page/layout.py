"""PageLayout: line height, space between paragraphs and right-to-left alignment for a page."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextBlock, QTextLayout
from PySide6.QtWidgets import QPlainTextDocumentLayout

#: Share of a line's own height that is added to it, half above and half below.
LEADING = 0.32
#: Space under a paragraph as a share of its last line's own height.
PARAGRAPH_GAP = 0.45
#: Height of an empty line as a share of its own: it only sets paragraphs apart.
EMPTY = 0.6


class PageLayout(QPlainTextDocumentLayout):
    """The layout of a plain text edit with room between its lines.

    Qt's own has no line height. It asks ``blockBoundingRect`` for every block before it uses the
    block's lines, so that is where they are moved apart, once after each time they were laid out.
    """

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """The block's rectangle with its leading and the gap under it."""
        # Called some hundred times for a key press, hence no super() and few calls in all.
        rect = QPlainTextDocumentLayout.blockBoundingRect(self, block)
        layout = block.layout()
        if layout:
            line = layout.lineAt(0)
            # Qt puts the first line at 0, so a block that was laid out anew shows by it.
            if line.y() == 0:
                _spread(layout, block.textDirection() == Qt.LayoutDirection.RightToLeft)
                rect = QPlainTextDocumentLayout.blockBoundingRect(self, block)
            if block.length() == 1:
                rect.setHeight(line.height() * EMPTY)
            else:
                rect.adjust(0, 0, 0, line.height() * (LEADING / 2 + PARAGRAPH_GAP))
        return rect


def _spread(layout: QTextLayout, rightwards: bool) -> None:
    top = 0.0
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        height, x = line.height(), line.x()
        if rightwards:
            x += line.width() - line.naturalTextWidth()
        line.setPosition(QPointF(x, top + height * LEADING / 2))
        top += height * (1 + LEADING)
