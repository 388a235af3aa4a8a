"""What an act refers to at the caret: pure functions of page, spans and selection.

A selection is a pair of offsets, ``anchor`` where it was begun and ``caret`` where it is now.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from segmark.core.fold import Fold, fold_at
from segmark.core.page import Block, Page
from segmark.core.span import Span, overlapping, span_at
from segmark.core.text.normalise import is_seen, trim
from segmark.core.text.words import word_after, word_before


@dataclass(frozen=True, slots=True)
class Selection:
    """The caret, and the anchor where the selection began; equal if nothing is selected."""

    anchor: int
    caret: int

    @classmethod
    def at(cls, offset: int) -> "Selection":
        """A caret without a selection."""
        return cls(offset, offset)

    @property
    def range(self) -> tuple[int, int]:
        """The selected range in text order."""
        return min(self.anchor, self.caret), max(self.anchor, self.caret)

    @property
    def empty(self) -> bool:
        """Whether nothing is selected."""
        return self.anchor == self.caret


def first_caret(page: Page) -> Selection:
    """The caret when the page opens: in its first block that shows something."""
    if not page.blocks:
        return Selection.at(0)
    return Selection.at(page.blocks[_seen_block(page, -1, 1) or 0].start)


def target(page: Page, selection: Selection) -> tuple[int, int]:
    """The range to label: the selection, or else the block of the caret."""
    if not selection.empty:
        return selection.range
    block = page.block_at(selection.caret)
    return (page.blocks[block].start, page.blocks[block].end) if block is not None else (0, 0)


def span_target(page: Page, spans: Sequence[Span], selection: Selection) -> tuple[int, int]:
    """The range of the whole span at the caret, or of all spans in the selection; may be empty."""
    start, end = selection.range
    found = list(overlapping(spans, start, end))
    if selection.empty:
        span = caret_span(page, spans, selection.caret)
        found = [span] if span else []
    return (found[0].start, found[-1].end) if found else (start, start)


def labelled_blocks(page: Page, spans: Sequence[Span], start: int, end: int) -> int:
    """The number of blocks in a range that have at least a part of a span there."""
    blocks = set[int]()
    for span in overlapping(spans, start, end):
        blocks.update(page.blocks_in(max(span.start, start), min(span.end, end)))
    return len(blocks)


def fill_target(
    page: Page, spans: Sequence[Span], selection: Selection, label: str
) -> tuple[int, int]:
    """The range from the end of the nearest span of that label above, through the caret's block.

    Above is a span that begins before the caret's block. Without one it is the block alone.
    """
    start, end = target(page, Selection.at(selection.caret))
    above = [span for span in spans if span.label == label and span.start < start]
    return (min(above[-1].end, end), end) if above else (start, end)


def step_block(
    page: Page, selection: Selection, step: int, folds: Sequence[Fold] = ()
) -> Selection:
    """The caret at the start of the next (+1) or previous (-1) block or fold, if there is one."""
    here = page.block_at(selection.caret)
    if here is None:
        return selection
    return Selection.at(page.blocks[_next_seen(page, here, step, folds)[0]].start)


def _with_fold(block: int, folds: Sequence[Fold]) -> range:
    """The blocks that are shown together with a block: those of its fold, else it alone."""
    at = fold_at(folds, block)
    return range(block, block + 1) if at is None else folds[at].blocks


def _next_seen(page: Page, here: int, step: int, folds: Sequence[Fold]) -> range:
    """The next (+1) or previous (-1) block or fold that shows something; else the same one."""
    around = _with_fold(here, folds)
    found = _seen_block(page, around[-1 if step > 0 else 0], step)
    return around if found is None else _with_fold(found, folds)


def _seen_block(page: Page, here: int, step: int) -> int | None:
    """The index of the next (+1) or previous (-1) block that shows something; None for none."""
    indexes = range(here + step, len(page.blocks) if step > 0 else -1, step)
    return next((index for index in indexes if _is_seen(page, page.blocks[index])), None)


def _is_seen(page: Page, block: Block) -> bool:
    return is_seen(page.text[block.start : block.end])


def extend_block(
    page: Page, selection: Selection, step: int, folds: Sequence[Fold] = ()
) -> Selection:
    """The selection extended or reduced by a block or a fold; it always holds its first one."""
    anchor, here = page.block_at(selection.anchor), page.block_at(selection.caret)
    if anchor is None or here is None:
        return selection
    first, there = _with_fold(anchor, folds), _next_seen(page, here, step, folds)
    if there[0] >= first[0]:
        return Selection(page.blocks[first[0]].start, page.blocks[there[-1]].end)
    return Selection(page.blocks[first[-1]].end, page.blocks[there[0]].start)


def whole_fold(page: Page, selection: Selection, folds: Sequence[Fold]) -> Selection:
    """The selection of all lines of a fold for the caret alone on it; else the same selection."""
    block = page.block_at(selection.caret) if selection.empty else None
    at = None if block is None else fold_at(folds, block)
    if at is None:
        return selection
    return Selection(page.blocks[folds[at].first].start, page.blocks[folds[at].end - 1].end)


def next_unlabelled(
    page: Page,
    spans: Sequence[Span],
    offset: int,
    *,
    among: Container[int] | None = None,
    wrap: bool = False,
) -> int | None:
    """Start of the next block without a span after that of the offset; None if all have one.

    ``among`` holds the indexes of the blocks that count; None for all.
    """
    return _unlabelled(page, spans, offset, 1, among, wrap=wrap)


def previous_unlabelled(
    page: Page,
    spans: Sequence[Span],
    offset: int,
    *,
    among: Container[int] | None = None,
    wrap: bool = False,
) -> int | None:
    """Start of the last block without a span before that of the offset; None if all have one."""
    return _unlabelled(page, spans, offset, -1, among, wrap=wrap)


def _unlabelled(
    page: Page,
    spans: Sequence[Span],
    offset: int,
    step: int,
    among: Container[int] | None,
    *,
    wrap: bool,
) -> int | None:
    here = page.block_at(offset)
    if here is None:
        return None
    count = len(page.blocks)
    found = _first_bare(page, spans, range(here + step, count if step > 0 else -1, step), among)
    if found is None and wrap:
        rest = range(0 if step > 0 else count - 1, here, step)
        found = _first_bare(page, spans, rest, among)
    return found


def _first_bare(
    page: Page, spans: Sequence[Span], indexes: range, among: Container[int] | None
) -> int | None:
    """Start of the first of these blocks, in their order, without a span."""
    if not indexes:
        return None
    low, high = min(indexes[0], indexes[-1]), max(indexes[0], indexes[-1])
    blocks = page.blocks[low : high + 1]
    near = overlapping(spans, blocks[0].start, blocks[-1].end)
    forward = indexes.step > 0
    rest = iter(near if forward else reversed(near))
    span = next(rest, None)
    # In one pass over both: a page can have ten thousand of each.
    for index, block in zip(indexes, blocks if forward else reversed(blocks), strict=True):
        while span and (span.end <= block.start if forward else span.start >= block.end):
            span = next(rest, None)
        bare = span is None or span.start >= block.end or span.end <= block.start
        if bare and (among is None or index in among) and _is_seen(page, block):
            return block.start
    return None


def caret_span(page: Page, spans: Sequence[Span], offset: int) -> Span | None:
    """The span at the caret; in white space at the edge of a block, the span at that edge."""
    found = span_at(spans, offset)
    block = page.block_at(offset)
    if found or block is None:
        return found
    start, end = _trimmed_range(page, block)
    if offset < start:
        return span_at(spans, start)
    return span_at(spans, end) if offset > end else None


def _trimmed_range(page: Page, block: int) -> tuple[int, int]:
    """The range of a block without white space at its edges."""
    return trim(page.text, page.blocks[block].start, page.blocks[block].end)


def moved_start(page: Page, span: Span, step: int, *, inside: bool = True) -> int:
    """The start of the span, a word forward (+1) or back (-1); it never passes the end.

    ``inside`` is whether it may lie inside a block; else it moves by a block.
    """
    if not inside:
        blocks = page.blocks_in(span.start, span.end)
        start, _ = _trimmed_range(page, blocks[0])
        if step < 0 and start < span.start:
            return start
        found = _seen_block(page, blocks[0], step)
        return start if found is None else _trimmed_range(page, min(found, blocks[-1]))[0]
    if step > 0:
        first = word_after(page.text, span.start, span.end, span.start)
        second = word_after(page.text, first[1], span.end, first[1]) if first else None
        return second[0] if second else span.start
    block = page.block_at(span.start)
    while block is not None and block >= 0:
        start, end = page.blocks[block].start, page.blocks[block].end
        if word := word_before(page.text, start, end, span.start):
            return word[0]
        block -= 1
    return span.start


def moved_end(page: Page, span: Span, step: int, *, inside: bool = True) -> int:
    """The end of the span, a word forward (+1) or back (-1); it never passes the start.

    ``inside`` is whether it may lie inside a block; else it moves by a block.
    """
    if not inside:
        blocks = page.blocks_in(span.start, span.end)
        _, end = _trimmed_range(page, blocks[-1])
        if step > 0 and end > span.end:
            return end
        found = _seen_block(page, blocks[-1], step)
        return end if found is None else _trimmed_range(page, max(found, blocks[0]))[1]
    if step < 0:
        return _earlier_end(page, span)
    block = page.block_at(span.end)
    while block is not None and block < len(page.blocks):
        start, end = page.blocks[block].start, page.blocks[block].end
        if word := word_after(page.text, start, end, span.end):
            return word[1]
        block += 1
    return span.end


def _earlier_end(page: Page, span: Span) -> int:
    """The end of the last word in the span that ends before the span does."""
    for index in reversed(page.blocks_in(span.start, span.end)):
        block = page.blocks[index]
        start, offset = max(block.start, span.start), min(block.end, span.end)
        # To the end of the block: where a word ends can depend on the text after the span.
        word = word_before(page.text, start, block.end, offset)
        if word and word[1] >= span.end:
            word = word_before(page.text, start, block.end, word[0])
        if word:
            return word[1]
    return span.end
