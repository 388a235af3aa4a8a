"""The lines of folds in the document of a page: making, replacing and formatting them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor, QTextDocument

from segmark.core.fold import Fold, FoldKind
from segmark.core.page import Page
from segmark.gui.page.layout import FOLD, TEXT
from segmark.gui.page.text import HiddenText, PageText

#: The size of the line of a fold, relative to the text's.
_SMALL = 0.85
_Move = QTextCursor.MoveOperation
_SIGNS = {FoldKind.UNLABELLED: "▸", FoldKind.INSIDE: "⋯"}


def hidden_text(page: Page, folds: Sequence[Fold]) -> list[HiddenText]:
    """The text that the folds hide, and the lines that stand for it."""
    blocks = page.blocks
    return [
        HiddenText(
            blocks[fold.first].start,
            blocks[fold.end - 1].end,
            f"{_SIGNS[fold.kind]} {fold.caption}",
        )
        for fold in folds
    ]


def fold_format(font: QFont, colour: str) -> QTextCharFormat:
    """The format of the line of a fold, beside text in this font."""
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    made.setFontPointSize(font.pointSizeF() * _SMALL)
    return made


def show_lines(
    document: QTextDocument, text: PageText, form: QTextCharFormat, start: int, end: int
) -> None:
    """Format the lines of the folds in a range of offsets, and tell the layout which they are."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    document.findBlock(text.to_qt(start)).setUserState(TEXT)
    low = bisect_left(text.hidden, start, key=lambda part: part.start)
    high = bisect_right(text.hidden, end, key=lambda part: part.start)
    for part in text.hidden[low:high]:
        block = document.findBlock(text.to_qt(part.start))
        block.setUserState(FOLD)
        cursor.setPosition(block.position())
        cursor.movePosition(_Move.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(form)
    cursor.endEditBlock()


def replace_lines(document: QTextDocument, before: PageText, after: PageText) -> tuple[int, int]:
    """Change what a document hides, and return the range of offsets that is shown otherwise.

    Both are forms of the same text. The time depends on the part that changes.
    """
    changed = {*before.hidden} ^ {*after.hidden}
    if not changed:
        return 0, 0
    start, end = min(part.start for part in changed), max(part.end for part in changed)
    cursor = QTextCursor(document)
    cursor.setPosition(before.to_qt(start))
    cursor.setPosition(before.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(after.shown(start, end), QTextCharFormat())
    return start, end
