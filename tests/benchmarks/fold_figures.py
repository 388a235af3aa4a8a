"""How many screens a person looks at to check a page, folded and not."""

from collections.abc import Sequence

from segmark.core.fold import Fold
from segmark.core.page import Page

#: A screen of the window at 1,366×768, in lines of text, and a line in characters.
SCREEN, COLUMNS = 24, 80
#: The space after a block, in lines.
GAP = 1 / 3


def folded_lines(page: Page, folds: Sequence[Fold] = (), columns: int = COLUMNS) -> float:
    """The height of a page's text in lines, with each fold as one line; blank lines left out."""
    hidden = {index for one in folds for index in one.blocks}
    shown = [block for index, block in enumerate(page.blocks) if index not in hidden]
    wrapped = sum(-(-(block.end - block.start) // columns) for block in shown)
    return wrapped + len(folds) + GAP * (len(shown) + len(folds))


def screens(page: Page, folds: Sequence[Fold] = (), columns: int = COLUMNS) -> float:
    """The height of a page's text in screens."""
    return folded_lines(page, folds, columns) / SCREEN
