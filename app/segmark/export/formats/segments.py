"""Segments: the page, block, line or window of one row of an export, with its tokens.

A token is a word of ``segmark.core.text.words`` and never contains white space. A token in which a
span begins or ends is split there, so every span consists of whole tokens.
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

#: The tag of a token outside all spans.
OUTSIDE = "O"

_CHUNK = re.compile(r"\S+")
_KEPT = 40  # longest chunk whose tokens are cached, in code points

TokenRange = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a page; all offsets are the page's.

    Attributes:
        start: where it begins.
        end: where it ends.
        tokens: those inside it, in order.
        spans: those that share a token with it, at their whole length.
        extra: whether it is a window off the stride, added to contain a span as a whole.
    """

    start: int
    end: int
    tokens: Sequence[TokenRange]
    spans: Sequence[Span]
    extra: bool = False

    def cuts(self, span: Span) -> bool:
        """Whether the span extends beyond the segment."""
        return span.start < self.start or self.end < span.end

    def inside(self, text: str, span: Span) -> Span:
        """The part of the span in the segment, without white space at the edges.

        The text is that of the segment, and so are the offsets of the result.
        """
        start, end = max(span.start, self.start), min(span.end, self.end)
        return Span(*trim(text, start - self.start, end - self.start), span.label)


def tokens_of(text: str, spans: Iterable[Span]) -> list[TokenRange]:
    """The tokens of a text as half-open ranges of code points, split at the edges of the spans."""
    tokens = list[TokenRange]()
    for match in _CHUNK.finditer(text):
        chunk = match.span()
        at, end = chunk
        inside = _cached(match[0]) if end - at <= _KEPT else words(match[0], 0, end - at)
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
def _cached(chunk: str) -> Sequence[TokenRange] | None:
    """The tokens of a chunk between white space; None for a single token, the usual case."""
    # Words end at white space, so the text around the chunk does not matter.
    inside = tuple(words(chunk, 0, len(chunk)))
    return inside if inside[1:] else None


def tags_of(tokens: Sequence[TokenRange], spans: Iterable[Span]) -> list[str]:
    """The IOB2 tags of the tokens: a span's first token is ``B-`` even if the span is cut."""
    tags = [OUTSIDE] * len(tokens)
    for span in spans:
        first, last = bisect_left(tokens, (span.start,)), bisect_left(tokens, (span.end,))
        if first < last:
            tags[first:last] = [f"B-{span.label}", *[f"I-{span.label}"] * (last - first - 1)]
    return tags


def tag_names(labels: Iterable[str]) -> tuple[str, ...]:
    """All possible tags in a fixed order."""
    return (OUTSIDE, *(f"{place}-{label}" for label in labels for place in "BI"))


def line_ranges(text: str) -> Iterator[TokenRange]:
    """The lines of a text without their line ends, including blank ones."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def block_ranges(text: str) -> Iterator[TokenRange]:
    """The lines of a text that are not blank."""
    return (line for line in line_ranges(text) if not is_blank(text, *line))


def main_label(text: str, start: int, spans: Sequence[Span]) -> tuple[str, bool]:
    """The label of most of a text, "" for none, and whether all of it has it.

    White space does not count.

    Args:
        text: of a line or another part of a page.
        start: its offset in the page.
        spans: those that touch it.
    """
    if not spans:
        return "", True
    if len(spans) == 1 and spans[0].start <= start and start + len(text) <= spans[0].end:
        return spans[0].label, True
    counts = dict[str, int]()
    for span in spans:
        part = text[max(0, span.start - start) : span.end - start]
        counts[span.label] = counts.get(span.label, 0) + _visible(part)
    visible, label = _visible(text), max(counts, key=lambda label: counts[label])
    # A tie between text with and without a label goes to the label.
    if counts[label] < visible - sum(counts.values()):
        return "", False
    return label, counts[label] == visible


def _visible(text: str) -> int:
    return sum(map(len, text.split()))


def pieces(record: Record, unit: str, window: int = 0, stride: int = 0) -> Iterator[Segment]:
    """Divide a record: its ``page``, each ``block``, or each ``window`` of so many tokens.

    Windows cover all tokens and spans. A span that fits into a window is whole in at least one: if
    the stride gives none, an extra window is added around it.
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
    """The first token, the token after the last, and whether it is extra, of each window."""
    count = len(tokens)
    if not count:
        return []
    starts = range(0, max(count - size, 0) + stride, stride)
    extra: list[int] = []
    for span in spans:
        first, last = bisect_left(tokens, (span.start,)), bisect_left(tokens, (span.end,))
        # The last window that begins at or before the span reaches furthest.
        nearest = min(first // stride * stride, starts[-1])
        held = last <= nearest + size or (extra and extra[-1] <= first and last <= extra[-1] + size)
        if not held and last - first <= size:
            middle = first - (size - (last - first)) // 2
            extra.append(max(0, min(middle, count - size)))
    windows = [(start, False) for start in starts] + [(start, True) for start in extra]
    return [(start, min(start + size, count), added) for start, added in sorted(windows)]
