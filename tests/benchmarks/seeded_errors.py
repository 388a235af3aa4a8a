"""Errors put into finished pages, as a tired annotator makes them, to see which are found again."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from segmark.core.annotation import Annotation
from segmark.core.edit import apply, clear, paint
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.span import Span, overlapping

from tests.benchmarks.gold_pages import GoldPage

#: A line of a menu or a byline has at most this many characters.
_SHORT = 80
#: How far below the headline a byline is looked for, in blocks.
_BELOW = 6

SWAPPED, EDGE, MISSING, ELSEWHERE = (
    "label swapped",
    "edge moved by a block",
    "paragraph of a body missing",
    "headline on a byline or a menu line",
)


@dataclass(frozen=True, slots=True)
class SeededError:
    """What was done to a page: the kind, and the range that has another label than before."""

    page: str
    kind: str
    start: int
    end: int


def _bounds(page: Page, span: Span) -> range:
    return page.blocks_in(span.start, span.end)


def _put(page: GoldPage, labels: LabelSet, block: int, label: str | None) -> tuple[Span, ...]:
    """The spans of a page once a block got a label, or lost its own."""
    start, end, _ = page.page.blocks[block]
    if label:
        return _painted(page, labels, Span(start, end, label))
    before = Annotation(page.spans)
    edit = clear(page.page.text, before, labels, start, end)
    return apply(before, edit).spans if edit else page.spans


def _painted(page: GoldPage, labels: LabelSet, span: Span) -> tuple[Span, ...]:
    """The spans of a page once a range got a label."""
    before = Annotation(page.spans)
    edit = paint(page.page.text, before, labels, span.start, span.end, span.label)
    return apply(before, edit).spans if edit else page.spans


def _unlabelled(page: GoldPage, block: int) -> bool:
    start, end, _ = page.page.blocks[block]
    return not overlapping(page.spans, start, end)


def _swap(page: GoldPage, labels: LabelSet, rng: random.Random) -> tuple[Span, ...]:
    span = rng.choice(page.spans)
    other = rng.choice(sorted(labels.names - {span.label}))
    return _painted(page, labels, Span(span.start, span.end, other))


def _move_edge(page: GoldPage, labels: LabelSet, rng: random.Random) -> tuple[Span, ...]:
    span = rng.choice(page.spans)
    blocks = _bounds(page.page, span)
    inward, at_start = rng.random() < 0.5, rng.random() < 0.5
    if inward:
        return (
            _put(page, labels, blocks[0] if at_start else blocks[-1], None)
            if len(blocks) > 1
            else page.spans
        )
    block = blocks[0] - 1 if at_start else blocks[-1] + 1
    if not 0 <= block < len(page.page.blocks) or not _unlabelled(page, block):
        return page.spans
    start, end, _ = page.page.blocks[block]
    wide = Span(min(start, span.start), max(end, span.end), span.label)
    return _painted(page, labels, wide)


def _lose_paragraph(page: GoldPage, labels: LabelSet, rng: random.Random) -> tuple[Span, ...]:
    bodies = [span for span in page.spans if span.label == "body"]
    blocks = [block for span in bodies for block in _bounds(page.page, span)]
    return _put(page, labels, rng.choice(blocks), None) if len(blocks) > 1 else page.spans


def _misplace_headline(page: GoldPage, labels: LabelSet, rng: random.Random) -> tuple[Span, ...]:
    heads = [span for span in page.spans if span.label == "headline"]
    if len(heads) != 1:
        return page.spans
    last = _bounds(page.page, heads[0])[-1]
    lines = range(last + 1, min(last + 1 + _BELOW, len(page.page.blocks)))
    if rng.random() < 0.5:
        lines = range(_bounds(page.page, heads[0])[0])
    short = [
        block
        for block in lines
        if page.page.blocks[block].end - page.page.blocks[block].start <= _SHORT
        and _unlabelled(page, block)
    ]
    if not short:
        return page.spans
    block = min(short) if lines.start else rng.choice(short)
    without = replace(page, spans=tuple(span for span in page.spans if span not in heads))
    return _put(without, labels, block, "headline")


_MAKERS: dict[str, Callable[[GoldPage, LabelSet, random.Random], tuple[Span, ...]]] = {
    SWAPPED: _swap,
    EDGE: _move_edge,
    MISSING: _lose_paragraph,
    ELSEWHERE: _misplace_headline,
}


def _changed(page: GoldPage, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """The ranges of a page, block by block, whose label is no longer the same."""
    ranges = []
    for start, end, _ in page.page.blocks:
        before = [_clipped(span, start, end) for span in overlapping(page.spans, start, end)]
        after = [_clipped(span, start, end) for span in overlapping(spans, start, end)]
        if before != after:
            ranges.append((start, end))
    return ranges


def _clipped(span: Span, start: int, end: int) -> Span:
    return Span(max(span.start, start), min(span.end, end), span.label)


def put_errors(
    pages: Sequence[GoldPage], labels: LabelSet, count: int, seed: int
) -> tuple[list[GoldPage], list[SeededError]]:
    """Put errors into pages, at most one into each, as many of each kind.

    Returns the pages in the same order, and for each error the ranges that are wrong now.
    """
    rng = random.Random(seed)
    spoilt, errors = list(pages), list[SeededError]()
    order = [at for at, page in enumerate(pages) if page.spans]
    rng.shuffle(order)
    kinds = list(_MAKERS)
    for _ in range(count):
        kind = kinds[len({error.page for error in errors}) % len(kinds)]
        for at in order:
            page = spoilt[at]
            spans = _MAKERS[kind](page, labels, rng)
            ranges = _changed(page, spans)
            if not ranges:
                continue
            spoilt[at] = replace(page, spans=spans)
            errors += [SeededError(page.page.id, kind, start, end) for start, end in ranges]
            order.remove(at)
            break
    return spoilt, errors
