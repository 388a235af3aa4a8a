"""Segments: the page, block, line or window that makes one row of an export, with its tokens.

A token is a word of ``segmark.core.text.words`` and never holds white space. A token in which a
span begins or ends is cut there, so that every span is a run of whole tokens.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from segmark.core.record import Record
from segmark.core.span import Span, overlapping
from segmark.core.text.normalise import is_blank, trim
from segmark.core.text.words import words

#: The tag of a token that is in no span.
OUTSIDE = "O"

_CHUNK = re.compile(r"\S+")
_KEPT = 40  # code points of a chunk whose tokens are remembered

TokenRange = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a page; all offsets are the page's.

    Attributes:
        start: where it begins.
        end: where it ends.
        tokens: those inside it, in order.
        spans: those that share a token with it, at their whole length.
        extra: whether it is a window that stands off the stride, to hold a span whole.
    """

    start: int
    end: int
    tokens: Sequence[TokenRange]
    spans: Sequence[Span]
    extra: bool = False

    def cuts(self, span: Span) -> bool:
        """Whether the span goes beyond the piece."""
        return span.start < self.start or self.end < span.end

    def inside(self, text: str, span: Span) -> Span:
        """What of the span is in the piece, without white space at the edges.

        The text is the piece's own, and so are the offsets that come back.
        """
        start, end = max(span.start, self.start), min(span.end, self.end)
        return Span(*trim(text, start - self.start, end - self.start), span.label)


def tokens_of(text: str, spans: Iterable[Span]) -> list[TokenRange]:
    """The tokens of a text as half-open ranges of code points, cut at the edges of the spans."""
    tokens = list[TokenRange]()
    for match in _CHUNK.finditer(text):
        chunk = match.span()
        at, end = chunk
        inside = _remembered(match[0]) if end - at <= _KEPT else words(match[0], 0, end - at)
        if inside:
            tokens += [(at + first, at + last) for first, last in inside]
        else:
            tokens.append(chunk)
    for span in spans:
        for edge in (span.start, span.end):
            index = bisect_left(tokens, (edge,)) - 1
            if index >= 0 and edge < tokens[index][1]:
                start, end = tokens[index]
                tokens[index : index + 1] = [(start, edge), (edge, end)]
    return tokens


@lru_cache(maxsize=1 << 16)
def _remembered(chunk: str) -> Sequence[TokenRange] | None:
    """The tokens of what stands between white space; None where it is one, as most are."""
    # A word never goes on beyond white space, so what stands around the chunk changes nothing.
    inside = tuple(words(chunk, 0, len(chunk)))
    return inside if inside[1:] else None


def tags_of(tokens: Sequence[TokenRange], spans: Iterable[Span]) -> list[str]:
    """The tags of the tokens in IOB2: a span's first token here is ``B-``, also if it was cut."""
    tags = [OUTSIDE] * len(tokens)
    for span in spans:
        first, last = bisect_left(tokens, (span.start,)), bisect_left(tokens, (span.end,))
        if first < last:
            tags[first:last] = [f"B-{span.label}", *[f"I-{span.label}"] * (last - first - 1)]
    return tags


def tag_names(labels: Iterable[str]) -> tuple[str, ...]:
    """Every tag there can be, in a fixed order."""
    return (OUTSIDE, *(f"{place}-{label}" for label in labels for place in "BI"))


def line_ranges(text: str) -> Iterator[TokenRange]:
    """The lines of a text without their line ends, blank ones too."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def block_ranges(text: str) -> Iterator[TokenRange]:
    """The lines of a text that are not blank."""
    return (line for line in line_ranges(text) if not is_blank(text, *line))


def pieces(record: Record, unit: str, window: int = 0, stride: int = 0) -> Iterator[Segment]:
    """The record in pieces: its ``page``, each ``block``, or every ``window`` of so many tokens.

    No token and no span is lost between windows. One that fits into a window is whole in at least
    one: where the stride leaves none for it, an extra window is put around it.
    """
    tokens = tokens_of(record.text, record.spans)
    if unit == "page":
        yield Segment(0, len(record.text), tokens, record.spans)
    elif unit == "block":
        for start, end in block_ranges(record.text):
            yield _piece(record, tokens, start, end)
    else:
        for first, last, extra in _windows(tokens, record.spans, window, stride):
            yield _piece(record, tokens, tokens[first][0], tokens[last - 1][1], extra)


def _piece(
    record: Record, tokens: Sequence[TokenRange], start: int, end: int, extra: bool = False
) -> Segment:
    first, last = bisect_left(tokens, (start,)), bisect_left(tokens, (end,))
    return Segment(start, end, tokens[first:last], overlapping(record.spans, start, end), extra)


def _windows(
    tokens: Sequence[TokenRange], spans: Iterable[Span], size: int, stride: int
) -> list[tuple[int, int, bool]]:
    """First token, token after the last and whether it is extra, of each window in order."""
    count = len(tokens)
    if not count:
        return []
    starts = range(0, max(count - size, 0) + stride, stride)
    extra: list[int] = []
    for span in spans:
        first, last = bisect_left(tokens, (span.start,)), bisect_left(tokens, (span.end,))
        # Of the windows that begin at or before the span, the last reaches furthest.
        nearest = min(first // stride * stride, starts[-1])
        held = last <= nearest + size or (extra and extra[-1] <= first and last <= extra[-1] + size)
        if not held and last - first <= size:
            middle = first - (size - (last - first)) // 2
            extra.append(max(0, min(middle, count - size)))
    windows = [(start, False) for start in starts] + [(start, True) for start in extra]
    return [(start, min(start + size, count), added) for start, added in sorted(windows)]
