"""PageText: a page's text in the form that Qt shows, and the conversion of positions."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

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


class HiddenText(NamedTuple):
    """A range of offsets in one block or of whole blocks, and what is shown in its place."""

    start: int
    end: int
    line: str


class PageText:
    """A page's normalised text for a Qt document, and the mapping between their positions.

    A Qt position counts UTF-16 units of ``display``; an offset counts code points of the text.
    The display form differs from the text in four ways: a leading U+FEFF, which Qt would drop, is
    shown as U+2060; the characters that reorder text (U+202A–202E, U+2066–2069) are shown as
    arrows; a line longer than ``PIECE`` is broken into several paragraphs; and hidden text is shown
    as the line that stands for it.

    Attributes:
        display: the content of the Qt document.
        hidden: the hidden parts of the text, sorted and disjoint.
    """

    __slots__ = (
        "_breaks",
        "_lines",
        "_offsets",
        "_same",
        "_source",
        "_starts",
        "_units",
        "display",
        "hidden",
    )

    def __init__(self, text: str) -> None:
        self._source = _for_qt(text)
        self._breaks = [
            cut for line in _LONG_LINE.finditer(text) for cut in _cuts(text, *line.span())
        ]
        self._display(())

    def hiding(self, hidden: Sequence[HiddenText]) -> "PageText":
        """The same text with these parts hidden, which are sorted and disjoint."""
        other = object.__new__(PageText)
        other._source, other._breaks = self._source, self._breaks
        other._display(hidden)
        return other

    def _display(self, hidden: Sequence[HiddenText]) -> None:
        """Make the display form, and the offset and the place in it where each piece begins."""
        self.hidden = hidden
        self._offsets, self._starts, self._lines = [0], [0], set[int]()
        parts, done, length = list[str](), 0, 0
        for start, end, line in self._edges():
            parts += (self._source[done:start], line)
            length += start - done
            if end > start:
                self._lines.add(len(self._starts))
                self._offsets.append(start)
                self._starts.append(length)
            done, length = end, length + len(line)
            self._offsets.append(end)
            self._starts.append(length)
        self.display = "".join((*parts, self._source[done:])) if parts else self._source
        self._units = Utf16Offsets(self.display)
        self._same = not parts and self._units.length == len(self._source)  # as on most pages

    def _edges(self) -> Iterator[HiddenText]:
        """Yield the hidden parts and the breaks, which hide nothing, in text order."""
        breaks = iter(self._breaks)
        cut = next(breaks, None)
        for part in self.hidden:
            while cut is not None and cut < part.end:
                if cut < part.start:
                    yield HiddenText(cut, cut, "\n")
                cut = next(breaks, None)
            yield part
        while cut is not None:
            yield HiddenText(cut, cut, "\n")
            cut = next(breaks, None)

    def to_qt(self, offset: int) -> int:
        """The Qt position of an offset; where a long line is broken, the one after the break.

        The position of hidden text is the start of the line that is shown in its place.
        """
        return offset if self._same else self._units.to_units(self._place(offset))

    def _place(self, offset: int) -> int:
        """The place of an offset in the display form, in code points."""
        at = bisect_right(self._offsets, offset) - 1
        return self._starts[at] + (0 if at in self._lines else offset - self._offsets[at])

    def shown(self, start: int, end: int) -> str:
        """What is shown for a range of the text."""
        return self.display[self._place(start) : self._place(end)]

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """The range, extended to all of the hidden text that it covers in part."""
        first = bisect_right(self.hidden, start, key=lambda part: part.end)
        last = bisect_left(self.hidden, end, key=lambda part: part.start) - 1
        if start < end and first <= last:
            return min(start, self.hidden[first].start), max(end, self.hidden[last].end)
        return start, end

    def to_offset(self, position: int) -> int:
        """The offset of a Qt position; inside a surrogate pair, that of the pair.

        In a line that is shown in place of hidden text, it is the start of the hidden text.
        """
        if self._same:
            return position
        shown = self._units.to_points(position)
        at = bisect_right(self._starts, shown) - 1
        if at in self._lines:
            return self._offsets[at]
        offset = self._offsets[at] + shown - self._starts[at]
        return min(offset, self._offsets[at + 1]) if at + 1 < len(self._offsets) else offset

    def line_around(self, position: int) -> tuple[int, int] | None:
        """The Qt positions of the line around a position that stands for hidden text.

        None outside of such a line and at its edges.
        """
        at = bisect_right(self._starts, self._units.to_points(position)) - 1
        if at not in self._lines:
            return None
        start, end = (self._units.to_units(self._starts[one]) for one in (at, at + 1))
        return (start, end) if start < position else None


def _for_qt(text: str) -> str:
    """The text with each character that Qt would drop or obey replaced by another one.

    These are a leading byte order mark, and the characters that would show the text in another
    order than it is stored, so that it reads differently from what is labelled.
    """
    if text.startswith(_BYTE_ORDER_MARK):
        text = _WORD_JOINER + text[1:]
    return in_stored_order(text)


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
