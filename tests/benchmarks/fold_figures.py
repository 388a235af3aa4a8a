"""How many screens a person looks at to check a page, folded and not."""

from collections.abc import Sequence

from segmark.core.fold import Fold
from segmark.core.page import Page
from segmark.gui.page.layout import LEADING, PARAGRAPH_GAP

#: A screen of the window at 1,366×768, in lines of text, and a line in characters.
SCREEN, COLUMNS = 24, 80
#: The space after a block, and the line of a fold with the space after it, in lines.
GAP, FOLD = PARAGRAPH_GAP / (1 + LEADING), 1.0


def folded_lines(page: Page, folds: Sequence[Fold] = (), columns: int = COLUMNS) -> float:
    """The height of a page's text in lines, with each fold as one line; blank lines left out."""
    lengths = [block.end - block.start for block in page.blocks]
    for one in folds:
        for index in page.blocks_in(one.start, one.stop):
            block = page.blocks[index]
            lengths[index] -= min(block.end, one.stop) - max(block.start, one.start)
    shown = [-(-length // columns) + GAP for length in lengths if length]
    return sum(shown) + FOLD * sum(1 for one in folds if one.blocks)


def screens(page: Page, folds: Sequence[Fold] = (), columns: int = COLUMNS) -> float:
    """The height of a page's text in screens."""
    return folded_lines(page, folds, columns) / SCREEN
