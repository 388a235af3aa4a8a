"""PageText: a page's text in the form that Qt shows, and the conversion of positions."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtGui import QTextLayout

from segmark.core.text.utf16 import Utf16Offsets
from segmark.gui.base.plain_words import in_stored_order

#: The longest part of a line, in characters, that is shown as one paragraph. Qt lays out a
#: paragraph as a whole, in quadratic time if it can't be wrapped; a smaller limit is no faster.
PIECE = 4_000

# The anchor keeps the search from starting again at each character of a line.
_LONG_LINE = re.compile(rf"^[^\n]{{{PIECE + 1},}}", re.MULTILINE)
_BYTE_ORDER_MARK = "\ufeff"
_WORD_JOINER = "\u2060"
#: How many characters after a break are needed to see whether it lies inside a grapheme.
_LOOK_AHEAD = 16


class PageText:
    """A page's normalised text for a Qt document, and the mapping between their positions.

    A Qt position counts UTF-16 units of ``display``; an offset counts code points of the text.
    The display form differs from the text in three ways: a leading U+FEFF, which Qt would drop, is
    shown as U+2060; the characters that reorder text (U+202A–202E, U+2066–2069) are shown as
    arrows; and a line longer than ``PIECE`` is broken into several paragraphs.

    Attributes:
        display: the content of the Qt document.
    """

    __slots__ = ("_breaks", "_same", "_shown_breaks", "_units", "display")

    def __init__(self, text: str) -> None:
        # Breaks as offsets into the text, and as indexes into the display form.
        self._breaks = [
            cut for line in _LONG_LINE.finditer(text) for cut in _cuts(text, *line.span())
        ]
        self._shown_breaks = [cut + before for before, cut in enumerate(self._breaks)]
        self.display = _display(text, self._breaks)
        self._units = Utf16Offsets(self.display)
        self._same = self._units.length == len(text)  # as on most pages

    def to_qt(self, offset: int) -> int:
        """The Qt position of an offset; where a long line is broken, the one after the break."""
        if self._same:
            return offset
        return self._units.to_units(offset + bisect_right(self._breaks, offset))

    def to_offset(self, position: int) -> int:
        """The offset of a Qt position; inside a surrogate pair, that of the pair."""
        if self._same:
            return position
        shown = self._units.to_points(position)
        return shown - bisect_left(self._shown_breaks, shown)


def _for_qt(text: str) -> str:
    """The text with each character that Qt would drop or obey replaced by another one.

    These are a leading byte order mark, and the characters that would show the text in another
    order than it is stored, so that it reads differently from what is labelled.
    """
    if text.startswith(_BYTE_ORDER_MARK):
        text = _WORD_JOINER + text[1:]
    return in_stored_order(text)


def _display(text: str, breaks: list[int]) -> str:
    text = _for_qt(text)
    if not breaks:
        return text
    edges = [0, *breaks, len(text)]
    return "\n".join(text[a:b] for a, b in pairwise(edges))


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """The offsets before which a long line is broken."""
    while end - start > PIECE:
        space = text.rfind(" ", start, start + PIECE)
        start = _whole_graphemes(text, start, space + 1 if space > start else start + PIECE)
        yield start


def _whole_graphemes(text: str, start: int, end: int) -> int:
    """Where the last complete grapheme of the range ends; the end if the range is all one."""
    if text[end - 1 : end + 1].isascii():
        return end
    layout = QTextLayout(_for_qt(text[start : end + _LOOK_AHEAD]))
    units = Utf16Offsets(text[start:end])
    if layout.isValidCursorPosition(units.length):
        return end
    whole = layout.previousCursorPosition(units.length)
    return start + units.to_points(whole) if whole else end
