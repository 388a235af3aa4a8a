"""Span: a labelled range, and the rules for the spans of one annotation."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple


# A page can have ten thousand: creating a named tuple takes a quarter of the time of a data class.
class Span(NamedTuple):
    """The half-open range of code points from ``start`` to ``end``, with the id of a label.

    In a record, which people and other programs read, the label is a name.
    """

    start: int
    end: int
    label: str


def named(spans: Sequence[Span], names: Mapping[str, str]) -> Sequence[Span]:
    """The spans with other words for their labels, such as names for ids; others stay as is."""
    if not names:
        return spans
    return [
        Span(span.start, span.end, names[span.label]) if span.label in names else span
        for span in spans
    ]


def overlapping(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """The spans, of sorted and disjoint ones, that share a character with the range."""
    first = bisect_right(spans, start, key=lambda span: span.end)
    last = bisect_left(spans, end, key=lambda span: span.start)
    return spans[first : max(first, last)]


def covering(spans: Sequence[Span], start: int, end: int) -> Span | None:
    """The first span that covers at least half of a range; None if none does."""
    for span in overlapping(spans, start, end):
        if 2 * (min(span.end, end) - max(span.start, start)) >= end - start:
            return span
    return None


def span_at(spans: Sequence[Span], offset: int) -> Span | None:
    """The span at the caret: one that begins at it or is around it, or else one that ends at it."""
    touching = overlapping(spans, offset, offset + 1)
    if touching:
        return touching[0]
    before = bisect_right(spans, offset, key=lambda span: span.start) - 1
    if before >= 0 and spans[before].end == offset:
        return spans[before]
    return None


def faults(text: str, spans: Sequence[Span], labels: frozenset[str]) -> list[str]:
    """The faults of the spans of an annotation, a sentence each; empty if there are none."""
    found = []
    length, last_end = len(text), 0
    for span in spans:
        start, end, label = span
        if not 0 <= start < end <= length:
            found.append(f"{span} does not lie in the text of {length} characters")
        elif text[start].isspace() or text[end - 1].isspace():
            found.append(f"{span} begins or ends with white space")
        if start < last_end:
            found.append(f"{span} overlaps the span before it, or is out of order")
        if label not in labels:
            found.append(f"{span} has a label that the label set lacks")
        last_end = end if end > last_end else last_end
    return found
