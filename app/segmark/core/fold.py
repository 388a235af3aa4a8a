"""Folds: runs of blocks that a page shows as one line each, so that what matters is in view.

Folded are runs of blocks that have no label and that nothing speaks for, and the inside of long
spans. Positions are indexes of blocks, half-open.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from segmark.core.page import Page
from segmark.core.span import Span, overlapping

#: The fewest blocks that are folded.
LEAST = 2
#: How many blocks are shown at each end of a span, and how many outside of it.
_ENDS, _AROUND = 2, 1
#: The length of the words in a caption, and of those from one block, in code points.
_WORDS, _BLOCK_WORDS = 48, 24
#: How many blocks are looked at for them.
_LOOKED_AT = 50
#: A screen in lines, and a line in code points.
_SCREEN, _COLUMNS = 24, 80
#: Marks of a block: shown, or folded without a label. A larger number is that of the span around.
_SHOWN, _UNLABELLED = -2, -1


class FoldKind(Enum):
    """What a fold hides."""

    UNLABELLED = "unlabelled"  # blocks without a label
    INSIDE = "inside"  # blocks of one span, away from its edges


@dataclass(frozen=True, slots=True)
class Fold:
    """The blocks from ``first`` to before ``end``, which are shown as one line.

    Attributes:
        caption: what they are: "126 lines · Home, News, Sport …" or "18 lines of body".
    """

    first: int
    end: int
    kind: FoldKind
    caption: str

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

    The first two and last two blocks of a span or a suggestion, and the block before it and after
    it, are never in a fold.
    """
    return tuple(_folds_in(folding, range(len(folding.page.blocks))))


def is_long(page: Page) -> bool:
    """Whether a page takes about a screen or more, so that it is worth folding."""
    lines = 0
    for block in page.blocks:
        lines += -(-(block.end - block.start) // _COLUMNS)
        if lines > _SCREEN:
            return True
    return False


def refold(folds: Sequence[Fold], folding: Folding, changed: range) -> tuple[Fold, ...]:
    """The folds after a change of the spans in some blocks; nothing that was shown is hidden.

    The time depends on the folds near the change, not on the length of the page.
    """
    low = bisect_left(folds, changed.start - _AROUND, key=lambda one: one.end - 1)
    high = bisect_left(folds, changed.stop + _AROUND, key=lambda one: one.first)
    near = [new for old in folds[low:high] for new in _folds_in(folding, old.blocks)]
    return (*folds[:low], *near, *folds[max(low, high) :])


def fold_at(folds: Sequence[Fold], block: int) -> int | None:
    """The index of the fold that hides a block; None if the block is shown."""
    at = bisect_right(folds, block, key=lambda one: one.first) - 1
    return at if at >= 0 and block < folds[at].end else None


def _folds_in(folding: Folding, within: range) -> Iterator[Fold]:
    """Yield the folds among some successive blocks."""
    spans = _near(folding, within)
    marks = _marked(folding.page, spans, within)
    for index in folding.shown.intersection(within):
        marks[index - within.start] = _SHOWN
    for index in folding.likely.intersection(within):
        if marks[index - within.start] == _UNLABELLED:
            marks[index - within.start] = _SHOWN
    begun = 0
    for place in range(1, len(marks) + 1):
        if place < len(marks) and marks[place] == marks[begun]:
            continue
        if marks[begun] != _SHOWN and place - begun >= LEAST:
            span = spans[marks[begun]] if marks[begun] >= 0 else None
            yield _made(folding.page, within.start + begun, within.start + place, span)
        begun = place


def _near(folding: Folding, within: range) -> Sequence[Span]:
    """The spans and suggestions that show or hide blocks of the range."""
    blocks = folding.page.blocks[max(0, within.start - _AROUND) : within.stop + _AROUND]
    if not blocks:
        return ()
    start, end = blocks[0].start, blocks[-1].end
    near = overlapping(folding.spans, start, end)
    suggested = overlapping(folding.suggested, start, end)
    return sorted([*near, *suggested]) if suggested else near


def _marked(page: Page, spans: Sequence[Span], within: range) -> list[int]:
    """The mark of each block of the range, by the spans alone."""
    first, count = within.start, len(within)
    marks = [_UNLABELLED] * count
    starts = [block.start for block in page.blocks]
    for number, (start, end, _) in enumerate(spans):
        top = bisect_right(starts, start) - 1 - first
        bottom = bisect_left(starts, end, top + first) - 1 - first
        inside = range(max(0, top + _ENDS), min(count, bottom - _ENDS + 1))
        for place in range(max(0, top - _AROUND), min(count, bottom + _AROUND + 1)):
            marks[place] = number if place in inside else _SHOWN
    return marks


def _made(page: Page, first: int, end: int, span: Span | None) -> Fold:
    lines = f"{end - first:,} lines"
    if span:
        return Fold(first, end, FoldKind.INSIDE, f"{lines} of {span.label}")
    return Fold(first, end, FoldKind.UNLABELLED, f"{lines} · {_first_words(page, first, end)}")


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
