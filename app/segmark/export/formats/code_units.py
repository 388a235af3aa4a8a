"""Offsets in UTF-16 code units, in which JavaScript counts, and in code points."""

import re
from bisect import bisect_left, bisect_right

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class CodeUnits:
    """Converts offsets of one text; a character beyond U+FFFF is two units."""

    def __init__(self, text: str) -> None:
        self._points = [found.start() for found in _ASTRAL.finditer(text)]
        self._units = [point + index for index, point in enumerate(self._points)]

    def units(self, point: int) -> int:
        """The offset in code units for one in code points."""
        return point + bisect_left(self._points, point)

    def point(self, unit: int) -> int:
        """The offset in code points for one in code units.

        Raises:
            ValueError: it lies inside a character.
        """
        before = bisect_right(self._units, unit)
        if before and self._units[before - 1] == unit:
            return unit - before + 1
        if before and self._units[before - 1] + 1 == unit:
            raise ValueError(f"offset {unit} lies inside a character")
        return unit - before
