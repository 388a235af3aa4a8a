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
#: What stands for the end, the start and the middle of a block.
_END, _START, _MIDDLE = _CUTS = " ⋯", "⋯ ", " ⋯ "
_SIGNS = {FoldKind.UNLABELLED: "▸", FoldKind.INSIDE: "⋯"}


def hidden_text(page: Page, folds: Sequence[Fold]) -> list[HiddenText]:
    """The text that the folds hide, and what is shown in its place."""
    blocks, hidden = page.blocks, list[HiddenText]()
    for fold in folds:
        before = blocks[fold.first - 1] if fold.first else None
        if before and fold.start < before.end:
            stop = min(before.end, fold.stop)
            hidden.append(HiddenText(fold.start, stop, _END if stop == before.end else _MIDDLE))
        if fold.blocks:
            start, end = blocks[fold.first].start, blocks[fold.end - 1].end
            hidden.append(HiddenText(start, end, f"{_SIGNS[fold.kind]} {fold.caption}"))
        after = blocks[fold.end] if fold.end < len(blocks) else None
        if after and fold.stop > after.start:
            hidden.append(HiddenText(after.start, fold.stop, _START))
    return hidden


def fold_format(font: QFont, colour: str) -> QTextCharFormat:
    """The format of the line of a fold, beside text in this font."""
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    made.setFontPointSize(font.pointSizeF() * _SMALL)
    return made


def show_lines(
    document: QTextDocument, text: PageText, form: QTextCharFormat, start: int, end: int
) -> None:
    """Format what stands for hidden text in a range of offsets, and mark the lines of folds."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    document.findBlock(text.to_qt(start)).setUserState(TEXT)
    low = bisect_left(text.hidden, start, key=lambda part: part.start)
    high = bisect_right(text.hidden, end, key=lambda part: part.start)
    for part in text.hidden[low:high]:
        cursor.setPosition(text.to_qt(part.start))
        cursor.setPosition(text.to_qt(part.end), QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(form)
        if part.line not in _CUTS:
            cursor.block().setUserState(FOLD)
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
    _insert(cursor, after.shown(start, end))
    return start, end


def _insert(cursor: QTextCursor, text: str) -> None:
    """Insert text without a format in place of what is selected.

    A text for Qt loses U+FEFF at its start, so another character is put before it for a moment.
    """
    if not text.startswith("\ufeff"):
        cursor.insertText(text, QTextCharFormat())
        return
    at = cursor.selectionStart()
    cursor.insertText(f"_{text}", QTextCharFormat())
    cursor.setPosition(at)
    cursor.setPosition(at + 1, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
