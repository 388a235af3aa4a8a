r"""Offsets in code points, UTF-16 units or graphemes, and how to find out which a file uses.

Graphemes are the clusters of Unicode Annex 29 (https://unicode.org/reports/tr29/), found by the
library ``regex``: it is written in C, follows each version of Unicode, and tokenizers use it too.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence

from segmark.core.text.utf16 import Utf16Offsets
from segmark.environment.extras import library
from segmark.loading.raw import OffsetUnit, RawAnnotation, RawSpan
from segmark.loading.rejection import NotAPageError

#: Converts an offset to code points; None if it is outside the text or inside a code point.
OffsetConverter = Callable[[int], int | None]

# Below U+0300, nothing joins with the character before it except a line feed.
_MAY_JOIN = re.compile("\r\n|[^\x00-\u02ff]")
_LINE_END = re.compile("\r\n")
_SQUEEZED = re.compile(r"\s+|\\n")
_JOINING = frozenset({"Mn", "Me", "Mc", "Cf"})
# Penalties: a range that is impossible, and an edge inside a grapheme, which is unlikely.
_IMPOSSIBLE, _UNLIKELY = 8, 4
# The penalty of the second best unit must be this many times that of the best, and so much higher.
_CLEAR_RATIO = 4
_CLEAR_MARGIN = 2


def offset_converter(text: str, unit: OffsetUnit) -> OffsetConverter:
    """Return the function that converts offsets into a text to code points.

    Raises:
        NotAPageError: the offsets count graphemes, and the library for them is not installed.
    """
    if unit is OffsetUnit.UTF_16:
        return Utf16Offsets(text).to_exact_points
    if unit is OffsetUnit.GRAPHEME and _MAY_JOIN.search(text):
        return _at_edges(_edges(text))
    return lambda offset: offset if 0 <= offset <= len(text) else None


def _at_edges(edges: Sequence[int]) -> OffsetConverter:
    return lambda offset: edges[offset] if 0 <= offset < len(edges) else None


def _edges(text: str) -> list[int]:
    """Return the offsets at which the graphemes of a text begin and end.

    Raises:
        NotAPageError: the library for graphemes is not installed.
    """
    regex = library("regex", "graphemes", "reading it", NotAPageError)
    clusters = regex.finditer(r"\X", text)
    return [0, *(cluster.end() for cluster in clusters)]


def offset_in_normalised(raw: str) -> Callable[[int], int]:
    """Return the function that converts offsets into a string to offsets after ``normalise``."""
    removed = [1] if raw.startswith("\ufeff") else []
    removed += [found.end() for found in _LINE_END.finditer(raw)]
    return lambda offset: offset - bisect_right(removed, offset)


def quotes(text: str, quote: str) -> bool:
    r"""Whether a quotation equals a text; white space and ``\n`` as two characters are ignored."""
    return text == quote or _SQUEEZED.sub("", text) == _SQUEEZED.sub("", quote)


class Evidence:
    """The evidence in the spans of a file for the unit of their offsets."""

    def __init__(self) -> None:
        self._units: tuple[OffsetUnit, ...] = ()
        self._must_ask = False
        self._penalties: Counter[OffsetUnit] = Counter()
        self._read: dict[OffsetUnit, int] = {}  # a hash of all converted offsets

    def add(self, text: str, annotation: RawAnnotation) -> None:
        """Add the spans of a page.

        Raises:
            NotAPageError: the offsets may count graphemes, and the library is not installed.
        """
        if len(annotation.units) < 2:
            return
        self._units = annotation.units
        self._must_ask = self._must_ask or annotation.must_ask
        if text.isascii() and "\r\n" not in text:
            return
        spans = [raw for raw in annotation.spans if type(raw.start) is type(raw.end) is int]
        clusters = _edges(text) if OffsetUnit.GRAPHEME in annotation.units else []
        edges = frozenset(clusters)
        converters = {
            unit: _at_edges(clusters)
            if unit is OffsetUnit.GRAPHEME
            else offset_converter(text, unit)
            for unit in annotation.units
        }
        for raw in spans:
            ranges = {
                unit: (convert(raw.start), convert(raw.end)) for unit, convert in converters.items()
            }
            for unit, found in ranges.items():
                self._read[unit] = hash((self._read.get(unit), found))
                if len(set(ranges.values())) > 1:
                    self._penalties[unit] += _penalty(text, raw, *found, edges)

    def unit(self) -> OffsetUnit | None:
        """Return what the file's offsets count; None if the user has to be asked."""
        ranked = sorted(self._units, key=lambda unit: self._penalties[unit])
        if not ranked:
            return OffsetUnit.CODE_POINT
        best = ranked[0]
        others = [u for u in ranked[1:] if self._read.get(u) != self._read.get(best)]
        if not others:
            return best
        lowest, next_lowest = self._penalties[best], self._penalties[others[0]]
        if next_lowest >= lowest + _CLEAR_MARGIN and next_lowest > _CLEAR_RATIO * lowest:
            return best
        return None if self._must_ask else self._units[0]


def _penalty(
    text: str, raw: RawSpan, start: int | None, end: int | None, edges: frozenset[int]
) -> int:
    """Return how much speaks against a range: it is invalid, differs from the quote, or cuts words.

    ``edges`` are the edges of the graphemes; empty if they are not known.
    """
    if start is None or end is None or start >= end:
        return _IMPOSSIBLE
    if raw.quote:
        return 0 if quotes(text[start:end], raw.quote) else _IMPOSSIBLE
    in_graphemes = sum(at not in edges for at in (start, end)) if edges else 0
    cut = _cuts(text, start, text[start]) + _cuts(text, end, text[end - 1])
    return _UNLIKELY * in_graphemes + cut


def _cuts(text: str, at: int, inner: str) -> bool:
    """Whether an edge cuts a word or a grapheme, or the character inside it is white space."""
    around: Sequence[str] = text[max(0, at - 1) : at + 1]
    return (
        inner.isspace()
        or (len(around) == 2 and at > 0 and all(map(str.isalnum, around)))
        or any(unicodedata.category(each) in _JOINING for each in text[at : at + 1])
    )
