r"""Offsets that count code points, UTF-16 units or graphemes, and which of them a file means.

Graphemes are those of Unicode's annex 29 (https://unicode.org/reports/tr29/), through the library
``regex``: it has them in C, follows each version of Unicode, and is what tokenizers use as well.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence

from segmark.core.text.utf16 import Utf16Offsets
from segmark.environment.extras import library
from segmark.loading.rejection import NotAPageError
from segmark.loading.work import LabelWork, Mark, OffsetUnit

#: The code point at an offset of some unit; None where there is none, or it lies inside one.
Reckoned = Callable[[int], int | None]

# Below U+0300 nothing joins what is before it, but the two characters of a line end.
_MAY_JOIN = re.compile("\r\n|[^\x00-\u02ff]")
_LINE_END = re.compile("\r\n")
_SQUEEZED = re.compile(r"\s+|\\n")
_JOINING = frozenset({"Mn", "Me", "Mc", "Cf"})
_IMPOSSIBLE, _HARDLY = 8, 4  # nobody marks half of what is seen as one character
_CLEARLY = 4  # so many times as often the others are wrong
_OFTEN = 2


def reckoned(text: str, unit: OffsetUnit) -> Reckoned:
    """How offsets into a text, that count a unit, are to be read.

    Raises:
        NotAPageError: graphemes are to be counted and the library for them is not installed.
    """
    if unit is OffsetUnit.UTF_16:
        return Utf16Offsets(text).to_exact_points
    if unit is OffsetUnit.GRAPHEME and _MAY_JOIN.search(text):
        return _at_edges(_edges(text))
    return lambda offset: offset if 0 <= offset <= len(text) else None


def _at_edges(edges: Sequence[int]) -> Reckoned:
    return lambda offset: edges[offset] if 0 <= offset < len(edges) else None


def _edges(text: str) -> list[int]:
    """Where the graphemes of a text begin and end.

    Raises:
        NotAPageError: the library that knows them is not installed.
    """
    clusters = library("regex", "graphemes", "reading it", NotAPageError).finditer(r"\X", text)
    return [0, *(cluster.end() for cluster in clusters)]


def carried(raw: str) -> Callable[[int], int]:
    """Where an offset into a string is in the text that ``normalise`` makes of it."""
    gone = [1] if raw.startswith("\ufeff") else []
    gone += [found.end() for found in _LINE_END.finditer(raw)]
    return lambda offset: offset - bisect_right(gone, offset)


def quotes(text: str, quote: str) -> bool:
    r"""Whether a quotation is of this text; white space and ``\n`` in two characters aside."""
    return text == quote or _SQUEEZED.sub("", text) == _SQUEEZED.sub("", quote)


class Evidence:
    """What the marks of a file say of the unit that they count."""

    def __init__(self) -> None:
        self._units: tuple[OffsetUnit, ...] = ()
        self._asks = False
        self._wrong: Counter[OffsetUnit] = Counter()
        self._read: dict[OffsetUnit, int] = {}  # what the offsets come to, as a hash

    def add(self, text: str, work: LabelWork) -> None:
        """Look at the marks of a page.

        Raises:
            NotAPageError: graphemes are to be counted and the library for them is not installed.
        """
        if len(work.units) < 2:
            return
        self._units, self._asks = work.units, self._asks or work.asks
        if text.isascii() and "\r\n" not in text:
            return
        marks = [mark for mark in work.marks if type(mark.start) is type(mark.end) is int]
        clusters = _edges(text) if OffsetUnit.GRAPHEME in work.units else []
        edges = frozenset(clusters)
        ways = {
            unit: _at_edges(clusters) if unit is OffsetUnit.GRAPHEME else reckoned(text, unit)
            for unit in work.units
        }
        for mark in marks:
            places = {unit: (way(mark.start), way(mark.end)) for unit, way in ways.items()}
            for unit, place in places.items():
                self._read[unit] = hash((self._read.get(unit), place))
                if len(set(places.values())) > 1:
                    self._wrong[unit] += _wrong(text, mark, *place, edges)

    def unit(self) -> OffsetUnit | None:
        """What the file's offsets count; None where that can't be told and is to be asked."""
        ranked = sorted(self._units, key=lambda unit: self._wrong[unit])
        if not ranked:
            return OffsetUnit.CODE_POINT
        best = ranked[0]
        others = [u for u in ranked[1:] if self._read.get(u) != self._read.get(best)]
        if not others:
            return best
        next_best = self._wrong[others[0]]
        if next_best >= self._wrong[best] + _OFTEN and next_best > _CLEARLY * self._wrong[best]:
            return best
        return None if self._asks else self._units[0]


def _wrong(text: str, mark: Mark, start: int | None, end: int | None, edges: frozenset[int]) -> int:
    """How much speaks against a range: it is none, is not what is quoted, or cuts something.

    ``edges`` are those of the graphemes; none where they were not looked for.
    """
    if start is None or end is None or start >= end:
        return _IMPOSSIBLE
    if mark.quote:
        return 0 if quotes(text[start:end], mark.quote) else _IMPOSSIBLE
    in_graphemes = sum(at not in edges for at in (start, end)) if edges else 0
    cut = _cuts(text, start, text[start]) + _cuts(text, end, text[end - 1])
    return _HARDLY * in_graphemes + cut


def _cuts(text: str, at: int, inner: str) -> bool:
    """Whether an edge with this character inside cuts a word or a grapheme, or has white space."""
    around: Sequence[str] = text[max(0, at - 1) : at + 1]
    return (
        inner.isspace()
        or (len(around) == 2 and at > 0 and all(map(str.isalnum, around)))
        or any(unicodedata.category(each) in _JOINING for each in text[at : at + 1])
    )
