"""Finding what a person types in the text of a page.

A keyboard has one space, two straight quotes and one hyphen; pages have many of each. So white
space, quotes and dashes match one another, and case is ignored unless it is asked for.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_ALIKE = ("'‘’‚‛ʼ′", '"“”„‟″', "-‐‑‒–—−")
_CLASSES = {char: f"[{re.escape(alike)}]" for alike in _ALIKE for char in alike}
# The only characters whose case folding is longer than one character lie in these two ranges.
_LONG = "".join(
    char
    for char in map(chr, (*range(0x80, 0x2000), *range(0xFB00, 0xFB18)))
    if len(char.casefold()) > 1
)
_LONG_FOLDED = re.compile(f"[{_LONG}]")


def find_all(
    text: str, needle: str, *, whole_case: bool = False, limit: int | None = None
) -> list[tuple[int, int]]:
    """Where the needle is in the text: half-open ranges of code points, sorted and disjoint.

    A run of white space in the needle matches any run in the text, line ends among it; at an edge
    of the needle it matches one character. A character that is only partly meant (the ``f`` of
    ``ﬁ``, the ``s`` of ``ß``) is a hit as a whole.

    Args:
        text: the text of a page.
        needle: what was typed; nothing is found for an empty one.
        whole_case: whether ``A`` and ``a`` differ.
        limit: how many hits at most; None for all.
    """
    if not needle:
        return []
    folded = _Folded.plain(text) if whole_case else _folded(text)
    pattern = _pattern(needle if whole_case else needle.casefold())
    found: list[tuple[int, int]] = []
    for hit in folded.search(pattern):
        if limit is not None and len(found) >= limit:
            break
        found.append(hit)
    return found


def _pattern(needle: str) -> re.Pattern[str]:
    """The regular expression of a folded needle; its runs of white space can't backtrack."""
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
    """A text in the form in which it is searched, with the way back to its own offsets."""

    __slots__ = ("_at", "_grown", "_starts", "text")

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self._at: list[int] = []  # offsets in the source of the characters that grew
        self._starts: list[int] = []  # where they begin in the folded text
        self._grown: list[int] = []  # by how much the text has grown after each of them
        if len(text) == len(source):
            return
        grown = 0
        for match in _LONG_FOLDED.finditer(source):
            self._at.append(match.start())
            self._starts.append(match.start() + grown)
            grown += len(match[0].casefold()) - 1
            self._grown.append(grown)

    @classmethod
    def plain(cls, text: str) -> "_Folded":
        """The text as it is."""
        return cls(text, text)

    def _source_offset(self, position: int) -> int:
        """Offset in the source of the character that the position belongs to."""
        nearest = bisect_right(self._starts, position) - 1
        if nearest < 0:
            return position
        return max(self._at[nearest], position - self._grown[nearest])

    def search(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """The hits as ranges of the source, each after the end of the one before."""
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
    """The text without case; kept, because each letter typed searches the same page again."""
    return _Folded(text.casefold(), text)
