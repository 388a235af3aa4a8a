"""PageText: the form of a page's text that Qt shows, and the way between their positions."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtGui import QTextLayout

from segmark.gui.base.plain_words import in_stored_order

#: The most characters of a line that are shown as one paragraph. Qt lays a paragraph out as a
#: whole, in time that is quadratic where it has no place to break; shorter ones are no faster.
PIECE = 4_000

# Without the anchor each line would be tried again from each of its characters.
_LONG_LINE = re.compile(rf"^[^\n]{{{PIECE + 1},}}", re.MULTILINE)
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_BYTE_ORDER_MARK = "\ufeff"
_WORD_JOINER = "\u2060"
#: How many characters after a break may tell whether it is inside a grapheme.
_LOOK_AHEAD = 16


class PageText:
    """A page's normalised text for a Qt document, and the map between the two.

    A Qt position counts UTF-16 units of ``display``; an offset counts code points of the text. The
    display form differs from the text in three ways: a leading U+FEFF, which Qt would swallow, is
    shown as U+2060, what reorders the text shown (U+202A–202E, U+2066–2069) as arrows, and a line
    longer than ``PIECE`` is shown in several paragraphs.

    Attributes:
        display: what the Qt document is to hold.
        n_qt: length of the display form in UTF-16 units.
    """

    __slots__ = ("_at_offset", "_at_position", "_shift", "display", "n_qt")

    def __init__(self, text: str) -> None:
        breaks = [cut for line in _LONG_LINE.finditer(text) for cut in _cuts(text, *line.span())]
        self.display = _display(text, breaks)
        self._at_offset: list[int] = []
        self._at_position: list[int] = []
        self._shift = [0]
        shift = 0
        for offset, is_break in _shifts(text, breaks):
            self._at_position.append(offset + shift + 1)
            self._at_offset.append(offset if is_break else offset + 1)
            shift += 1
            self._shift.append(shift)
        self.n_qt = len(text) + shift

    def to_qt(self, offset: int) -> int:
        """The Qt position of an offset; where a long line was broken, the one after the break."""
        return offset + self._shift[bisect_right(self._at_offset, offset)]

    def to_offset(self, position: int) -> int:
        """The offset of a Qt position; inside a surrogate pair, that of the pair."""
        return position - self._shift[bisect_right(self._at_position, position)]


def _for_qt(text: str) -> str:
    """The text without what Qt would swallow, or obey: each is replaced by one character.

    That is a leading byte order mark, and what would have the text shown in another order than
    it is stored, so that it could read otherwise than what is labelled.
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


def _shifts(text: str, breaks: list[int]) -> list[tuple[int, bool]]:
    """Where the two counts drift apart by one: offset, and whether it is a break before it."""
    if text.isascii():
        return [(cut, True) for cut in breaks]
    astral = [(found.start(), False) for found in _ASTRAL.finditer(text)]
    if not breaks:
        return astral
    # A break stands before the character at its offset, so it sorts first.
    marked = [(cut, True) for cut in breaks]
    return sorted(astral + marked, key=lambda shift: (shift[0], not shift[1]))


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """The offsets before which a long line is broken."""
    while end - start > PIECE:
        space = text.rfind(" ", start, start + PIECE)
        start = _whole_graphemes(text, start, space + 1 if space > start else start + PIECE)
        yield start


def _whole_graphemes(text: str, start: int, end: int) -> int:
    """Where the last grapheme of the range ends that is whole; the end if it is all one."""
    if text[end - 1 : end + 1].isascii():
        return end
    layout = QTextLayout(_for_qt(text[start : end + _LOOK_AHEAD]))
    units = len(_utf16(text[start:end])) // 2
    if layout.isValidCursorPosition(units):
        return end
    whole = layout.previousCursorPosition(units)
    return start + len(_utf16(text[start:end])[: 2 * whole].decode("utf-16-le")) if whole else end


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
