"""Folds: runs of blocks that a page shows as one line each, so that what matters is in view.

Folded are runs of blocks that have no label and that nothing speaks for, and the inside of long
spans. Positions are indexes of blocks, half-open.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from segmark.core.page import Page
from segmark.core.span import Span, overlapping

#: The fewest blocks that are folded, and the fewest lines of the inside of a span.
LEAST, LEAST_INSIDE = 2, 2
#: How many lines are shown at each end of a long span, and how many blocks are outside of it.
_ENDS, _AROUND = 2, 1
#: A screen in lines, and a line in code points: about what a window shows.
_SCREEN, _COLUMNS = 24, 70
#: The length of the words in a caption, and of those from one block, in code points.
_WORDS, _BLOCK_WORDS = 48, 24
#: How many blocks are looked at for them.
_LOOKED_AT = 50
_DOT = " · "
#: The mark of a block without a label; a larger one is the number of the span around the block.
_UNLABELLED = -1
#: Where a long block is cut: at white space, and after the punctuation of scripts without it.
_SPACE = re.compile(r"\s+|(?<=[，。、；：！？」』）])")


class FoldKind(Enum):
    """What a fold hides."""

    UNLABELLED = "unlabelled"  # blocks without a label
    INSIDE = "inside"  # blocks of one span, away from its edges


@dataclass(frozen=True, slots=True)
class Fold:
    """The blocks from ``first`` to before ``end``, which are shown as one line.

    Attributes:
        caption: what they are: "126 lines · Home, News, Sport …" or "18 lines of body".
        start, stop: the range of offsets that is hidden. Inside of a span it can begin in the block
            before the first and stop in the block at the end, if these are long. If it lies in one
            or two long blocks, the fold has no block of its own.
    """

    first: int
    end: int
    kind: FoldKind
    caption: str
    start: int
    stop: int

    @property
    def size(self) -> str:
        """How much it hides, without its first words: "126 lines", "18 lines of body"."""
        return self.caption.partition(_DOT)[0]

    @property
    def blocks(self) -> range:
        """The indexes of the blocks."""
        return range(self.first, self.end)


@dataclass(frozen=True, slots=True)
class Folding:
    """What decides about the folds of a page.

    Attributes:
        spans: the labels of the page, sorted and disjoint.
        suggested: the suggested spans, sorted, disjoint with each other and with the labels.
        likely: the blocks that are not folded while they have no label: likely text.
        shown: the blocks that are never folded: what the model is unsure of, what the annotator
            has opened.
    """

    page: Page
    spans: Sequence[Span] = ()
    suggested: Sequence[Span] = ()
    likely: frozenset[int] = frozenset()
    shown: frozenset[int] = frozenset()


def fold(folding: Folding) -> tuple[Fold, ...]:
    """The folds of a page, sorted and disjoint.

    The first two and the last two lines of a span or a suggestion, and the blocks before it and
    after it, are never in a fold; a block after it that is inside of another long span may be.
    """
    folds = _folds_in(folding, range(len(folding.page.blocks)))
    return tuple(sorted(folds, key=lambda one: one.start))


def is_long(page: Page) -> bool:
    """Whether a page takes about a screen or more, so that it is worth folding."""
    lines = 0
    for block in page.blocks:
        lines += _height(block.end - block.start)
        if lines > _SCREEN:
            return True
    return False


def refold(folds: Sequence[Fold], folding: Folding, changed: range) -> tuple[Fold, ...]:
    """The folds after a change of the spans in some blocks; nothing that was shown is hidden.

    The time depends on the folds near the change, not on the length of the page.
    """
    low = bisect_left(folds, changed.start - _AROUND, key=lambda one: one.end - 1)
    high = bisect_left(folds, changed.stop + _AROUND, key=lambda one: one.first)
    near = [
        replace(new, start=max(new.start, old.start), stop=min(new.stop, old.stop))
        for old in folds[low:high]
        for new in _folds_in(folding, old.blocks)
    ]
    return (*folds[:low], *near, *folds[max(low, high) :])


def fold_at(folds: Sequence[Fold], block: int) -> int | None:
    """The index of the fold that hides a block; None if the block is shown."""
    at = bisect_right(folds, block, key=lambda one: one.first) - 1
    return at if at >= 0 and block < folds[at].end else None


def hiding(folds: Sequence[Fold], start: int, end: int) -> list[Fold]:
    """The folds that hide a part of a range of offsets."""
    return [one for one in folds if one.start < end and start < one.stop]


def successive_runs(numbers: Sequence[int]) -> Iterator[range]:
    """Yield the runs of successive numbers among sorted ones, half-open."""
    begun = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1:
            yield range(numbers[begun], numbers[place - 1] + 1)
            begun = place


def _folds_in(folding: Folding, within: range) -> Iterator[Fold]:
    """Yield the folds among some successive blocks."""
    if folding.shown.issuperset(within):
        return
    page, spans = folding.page, _near(folding, within)
    marks, insides = _marked(folding, spans, within)
    places = sorted(marks)
    begun = 0
    for at in range(1, len(places) + 1):
        first, end, mark = places[begun], places[at - 1] + 1, marks[places[begun]]
        if at < len(places) and places[at] == end and marks[end] == mark:
            continue
        begun = at
        if mark >= 0:
            yield from _part(folding, insides[mark], spans[mark].label, first, end)
        elif end - first >= LEAST:
            caption = f"{_count(end - first)}{_DOT}{_first_words(page, first, end)}"
            start, stop = page.blocks[first].start, page.blocks[end - 1].end
            yield Fold(first, end, FoldKind.UNLABELLED, caption, start, stop)
    for number, inside in insides.items():
        if not inside.blocks and page.block_at(inside.start) in within:
            yield from _part(folding, inside, spans[number].label, inside.first, inside.end)


def _part(folding: Folding, inside: Fold, label: str, first: int, end: int) -> Iterator[Fold]:
    """Yield the fold of some blocks of the inside of a span, if it hides enough lines."""
    page, shown = folding.page, folding.shown
    start, stop = inside.start, inside.stop
    head, tail = page.block_at(start), page.block_at(stop - 1)
    if first == end and (head in shown or tail in shown):
        return
    if first > inside.first or head in shown:
        start = page.blocks[first].start
    if end < inside.end or tail in shown:
        stop = page.blocks[end - 1].end
    if lines_of(page, start, stop) >= LEAST_INSIDE:
        caption = f"{_count(end - first)} of {label}"
        yield Fold(first, end, FoldKind.INSIDE, caption, start, stop)


def lines_of(page: Page, start: int, stop: int) -> int:
    """About how many lines a range of the text takes in the window."""
    blocks = (page.blocks[index] for index in page.blocks_in(start, stop))
    return sum(_height(min(one.end, stop) - max(one.start, start)) for one in blocks)


def _height(length: int) -> int:
    return -(-length // _COLUMNS)


def _near(folding: Folding, within: range) -> Sequence[Span]:
    """The spans and suggestions that decide about blocks of the range, in text order.

    A page can have ten thousand; most are lines that are shown anyway, with such lines around.
    """
    blocks = folding.page.blocks[max(0, within.start - _AROUND) : within.stop + _AROUND]
    if not blocks:
        return ()
    start, end = blocks[0].start, blocks[-1].end
    suggested = overlapping(folding.suggested, start, end)
    near = overlapping(folding.spans, start, end)
    if suggested:
        near = sorted([*near, *suggested])
    deciding = {span for span in near if _may_be_long(folding.page, span)}
    for run in successive_runs(sorted({*within} - folding.likely - folding.shown)):
        first = folding.page.blocks[max(0, run.start - _AROUND)]
        last = folding.page.blocks[min(len(folding.page.blocks), run.stop + _AROUND) - 1]
        deciding.update(overlapping(near, first.start, last.end))
    return sorted(deciding)


def _may_be_long(page: Page, span: Span) -> bool:
    return span.end - span.start > _COLUMNS or page.text.find("\n", span.start, span.end) >= 0


def _marked(
    folding: Folding, spans: Sequence[Span], within: range
) -> tuple[dict[int, int], dict[int, Fold]]:
    """The blocks of the range that can be folded, each with its mark, and the insides of spans.

    The mark is the number of the span around the block, or else ``_UNLABELLED``.
    """
    page, insides = folding.page, dict[int, Fold]()
    marks = dict.fromkeys({*within} - folding.likely - folding.shown, _UNLABELLED)
    # With some more blocks, for the spans that begin or end beside the range.
    first = max(0, within.start - 2)
    starts = [block.start for block in page.blocks[first : within.stop + 2]]
    for number, span in enumerate(spans):
        top = bisect_right(starts, span.start) - 1
        bottom = bisect_left(starts, span.end, max(0, top)) - 1
        for index in range(first + top - _AROUND, first + bottom + _AROUND + 1):
            marks.pop(index, None)
        is_long = bottom - top > _ENDS or span.end - span.start > _ENDS * _COLUMNS
        if is_long and (inside := _inside(page, span)):
            insides[number] = inside
            hidden = range(max(inside.first, within.start), min(inside.end, within.stop))
            marks.update(dict.fromkeys({*hidden} - folding.shown, number))
    return marks, insides


def _inside(page: Page, span: Span) -> Fold | None:
    """The fold of the inside of a span; None if the span is too short."""
    blocks = page.blocks_in(span.start, span.end)
    first, start = _head(page, span, blocks)
    end, stop = _tail(page, span, blocks)
    return Fold(first, max(first, end), FoldKind.INSIDE, "", start, stop) if start < stop else None


def _head(page: Page, span: Span, blocks: range) -> tuple[int, int]:
    """The block after those that show the first lines of a span, and where the rest begins."""
    room = _ENDS
    for index in blocks:
        block = page.blocks[index]
        start = max(block.start, span.start)
        lines = _height(min(block.end, span.end) - start)
        if lines > room:
            spaces = [*_SPACE.finditer(page.text, start + _COLUMNS // 2, start + room * _COLUMNS)]
            if spaces:
                return index + 1, spaces[-1].start()
        room -= lines
        if room <= 0 and index + 1 < blocks.stop:
            return index + 1, page.blocks[index + 1].start
    return blocks.stop, span.end


def _tail(page: Page, span: Span, blocks: range) -> tuple[int, int]:
    """The first block of those that show the last lines of a span, and where the rest ends."""
    room = _ENDS
    for index in reversed(blocks):
        block = page.blocks[index]
        start, end = max(block.start, span.start), min(block.end, span.end)
        lines = _height(end - start)
        if lines > room:
            space = _SPACE.search(page.text, end - room * _COLUMNS, end - _COLUMNS // 2)
            if space:
                return index, space.end()
        room -= lines
        if room <= 0 and index > blocks.start:
            return index, page.blocks[index - 1].end
    return blocks.start, span.start


def _count(blocks: int) -> str:
    return "1 line" if blocks == 1 else f"{blocks:,} lines"


def _first_words(page: Page, first: int, end: int) -> str:
    """The first words of the first few blocks that differ; "…" stands for what is left out."""
    parts, room = list[str](), _WORDS
    for block in page.blocks[first : min(end, first + _LOOKED_AT)]:
        words = " ".join(page.text[block.start : min(block.end, block.start + 200)].split())
        if len(words) > _BLOCK_WORDS:
            words = words[:_BLOCK_WORDS].rpartition(" ")[0] or words[:_BLOCK_WORDS]
            words = words.rstrip(" ,.;:") + "…"
        if words in parts:
            continue
        if parts and len(words) > room:
            return ", ".join(parts) + " …"
        parts.append(words)
        room -= len(words) + 2
    return ", ".join(parts) + (" …" if end - first > _LOOKED_AT else "")
