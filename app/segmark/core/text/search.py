"""Search in the text of a page.

A keyboard has one space, two straight quotes and one hyphen; pages have many kinds of each. So all
white space matches, and so do quotes and dashes of any kind. Case is ignored unless requested.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache

_SPACE = re.compile(r"\s+")
_ALIKE = ("'‘’‚‛ʼ′", '"“”„‟″', "-‐‑‒–—−")
_CLASSES = {char: f"[{re.escape(alike)}]" for alike in _ALIKE for char in alike}


@cache  # the program starts sooner than it searches
def _long_folded() -> re.Pattern[str]:
    """The characters whose case folding is longer than one character."""
    ranges = (*range(0x80, 0x2000), *range(0xFB00, 0xFB18))  # they are all in these two
    return re.compile(f"[{''.join(c for c in map(chr, ranges) if len(c.casefold()) > 1)}]")


def find_all(
    text: str, needle: str, *, match_case: bool = False, limit: int | None = None
) -> list[tuple[int, int]]:
    """The matches in the text: half-open ranges of code points, sorted and disjoint.

    White space in the needle matches any white space in the text, including line ends; at an edge
    of the needle it matches one character. If only a part of a character matches (the ``f`` of
    ``ﬁ``, the ``s`` of ``ß``), the match includes the whole character.

    Args:
        text: the text of a page.
        needle: the text to find; an empty one has no matches.
        match_case: whether ``A`` and ``a`` differ.
        limit: the maximal number of matches; None for all.
    """
    if not needle:
        return []
    folded = _Folded.plain(text) if match_case else _folded(text)
    pattern = _pattern(needle if match_case else needle.casefold())
    found: list[tuple[int, int]] = []
    for hit in folded.search(pattern):
        if limit is not None and len(found) >= limit:
            break
        found.append(hit)
    return found


def _pattern(needle: str) -> re.Pattern[str]:
    """The regular expression of a folded needle; its white space can't backtrack."""
    parts = [
        "".join(_CLASSES.get(char) or re.escape(char) for char in part)
        for part in _SPACE.split(needle)
    ]
    if not any(parts):
        return re.compile(r"\s")
    head = "" if parts[0] else r"\s"
    tail = "" if parts[-1] else r"\s"
    return re.compile(head + r"\s++".join(part for part in parts if part) + tail)


class _Folded:
    """A text in the form that is searched, with the mapping to the offsets of the source."""

    __slots__ = ("_at", "_grown", "_starts", "text")

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self._at: list[int] = []  # offsets in the source of the characters that became longer
        self._starts: list[int] = []  # their offsets in the folded text
        self._grown: list[int] = []  # the total growth after each of them
        if len(text) == len(source):
            return
        grown = 0
        for match in _long_folded().finditer(source):
            self._at.append(match.start())
            self._starts.append(match.start() + grown)
            grown += len(match[0].casefold()) - 1
            self._grown.append(grown)

    @classmethod
    def plain(cls, text: str) -> "_Folded":
        """The unchanged text."""
        return cls(text, text)

    def _source_offset(self, position: int) -> int:
        """The offset in the source of the character at a position."""
        nearest = bisect_right(self._starts, position) - 1
        if nearest < 0:
            return position
        return max(self._at[nearest], position - self._grown[nearest])

    def search(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """The matches as ranges of the source, in order and disjoint."""
        position = last_end = 0
        while match := pattern.search(self.text, position):
            start = self._source_offset(match.start())
            if start < last_end:
                position = match.start() + 1
                continue
            last_end = self._source_offset(match.end() - 1) + 1
            position = match.end()
            yield start, last_end


@lru_cache(maxsize=1)
def _folded(text: str) -> _Folded:
    """The case-folded text; cached, because each letter typed searches the same page again."""
    return _Folded(text.casefold(), text)
