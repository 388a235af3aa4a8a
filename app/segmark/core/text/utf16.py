"""Offsets in UTF-16 code units, in which Qt and JavaScript count, and in code points."""

import re
from bisect import bisect_left

_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")


class Utf16Offsets:
    """Converts the offsets of one text; a character above U+FFFF takes two units.

    Attributes:
        length: the length of the text in units.
    """

    __slots__ = ("_points", "_units", "length")

    def __init__(self, text: str) -> None:
        # Where the characters of two units begin, in code points and in units.
        self._points = [] if text.isascii() else [m.start() for m in _TWO_UNITS.finditer(text)]
        self._units = [point + before for before, point in enumerate(self._points)]
        self.length = len(text) + len(self._points)

    def to_units(self, offset: int) -> int:
        """The offset in units for one in code points."""
        return offset + bisect_left(self._points, offset)

    def to_points(self, units: int) -> int:
        """The offset in code points for one in units; inside a character, where it begins."""
        return units - bisect_left(self._units, units)

    def to_exact_points(self, units: int) -> int | None:
        """The offset in code points, or None inside a character or outside the text."""
        if not 0 <= units <= self.length:
            return None
        before = bisect_left(self._units, units)
        inside = before > 0 and self._units[before - 1] == units - 1
        return None if inside else units - before
