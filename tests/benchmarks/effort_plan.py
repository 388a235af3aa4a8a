"""What a person still has to change on a page, and the shortest way there by keys.

A page is seen as its blocks. A block has a label if a span covers at least half of it.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from segmark.core.fold import Fold, fold_at
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.span import Span

#: The label of a block and, if the label does not join, the first block of its span.
Cell = tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Repair:
    """Successive blocks that need one label, or none; ``last`` is one of them."""

    label: str | None
    first: int
    last: int


def cells(page: Page, spans: Sequence[Span], labels: LabelSet) -> list[Cell]:
    """What each block of a page is labelled as."""
    found: list[Cell] = [None] * len(page.blocks)
    for span in spans:
        first = None
        for index in page.blocks_in(span.start, span.end):
            block = page.blocks[index]
            covered = min(span.end, block.end) - max(span.start, block.start)
            if 2 * covered >= block.end - block.start:
                first = index if first is None else first
                found[index] = span.label, -1 if labels[span.label].joins else first
    return found


def repairs(now: Sequence[Cell], right: Sequence[Cell]) -> list[Repair]:
    """What is to be changed, from the top down; a span that does not join is labelled whole."""
    found: list[Repair] = []
    for index, (is_now, wanted) in enumerate(zip(now, right, strict=True)):
        if is_now == wanted or (found and index <= found[-1].last):
            continue
        last = index
        while last + 1 < len(right) and right[last + 1] == wanted and now[last + 1] != wanted:
            last += 1
        if wanted and wanted[1] >= 0:
            last = max(place for place, cell in enumerate(right) if cell == wanted)
            found.append(Repair(wanted[0], wanted[1], last))
        else:
            found.append(Repair(wanted[0] if wanted else None, index, last))
    return found


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the keys that move the caret lead, as sorted indexes of blocks.

    A fold counts as its first block.

    Attributes:
        shown: where Up and Down stop.
        likely: where P and Shift+P stop.
        unsettled: where Tab and Shift+Tab stop.
    """

    shown: Sequence[int]
    likely: Sequence[int]
    unsettled: Sequence[int]

    def stop(self, key: str, block: int) -> int | None:
        """Where a key leads from a block; None if it does not move the caret."""
        stops, forward = {
            "Down": (self.shown, True),
            "Up": (self.shown, False),
            "P": (self.likely, True),
            "Shift+P": (self.likely, False),
            "Tab": (self.unsettled, True),
            "Shift+Tab": (self.unsettled, False),
        }[key]
        at = bisect_right(stops, block) if forward else bisect_left(stops, block) - 1
        return stops[at] if 0 <= at < len(stops) else None


WALK_KEYS = ("Down", "Up", "P", "Shift+P", "Tab", "Shift+Tab")


def walk_on(
    page: Page, folds: Sequence[Fold], likely: Collection[int], unsettled: Collection[int]
) -> Walk:
    """The walk on a page with these folds."""
    shown = {shown_as(folds, index) for index in range(len(page.blocks))}
    return Walk(
        sorted(shown),
        sorted({shown_as(folds, index) for index in likely}),
        sorted({shown_as(folds, index) for index in unsettled}),
    )


def shown_as(folds: Sequence[Fold], block: int) -> int:
    """The block itself, or the first one of the fold that hides it."""
    at = fold_at(folds, block)
    return block if at is None else folds[at].first


def shortest(
    walk: Walk, start: int, goals: Collection[int], keys: Sequence[str] = WALK_KEYS
) -> list[str] | None:
    """The fewest keys that lead from a block to one of the goals; None if none do."""
    came: dict[int, tuple[int, str]] = {}
    seen, queue = {start}, deque([start])
    while queue:
        here = queue.popleft()
        if here in goals:
            return _back(came, start, here)
        for key in keys:
            there = walk.stop(key, here)
            if there is not None and there not in seen:
                seen.add(there)
                came[there] = here, key
                queue.append(there)
    return None


def _back(came: Mapping[int, tuple[int, str]], start: int, end: int) -> list[str]:
    keys = []
    while end != start:
        end, key = came[end]
        keys.append(key)
    return keys[::-1]


def follow(
    press: Callable[[str], int],
    walk: Callable[[], Walk],
    start: int,
    goals: Collection[int],
) -> None:
    """Walk to one of the goals by pressing keys; ``press`` returns where the caret is then.

    A key that leads elsewhere than expected is not used again.

    Raises:
        LookupError: no key leads to a goal.
    """
    here, keys = start, list(WALK_KEYS)
    while here not in goals:
        route = shortest(walk(), here, goals, keys)
        if not route:
            raise LookupError(f"no way from block {here} to {sorted(goals)[:3]}")
        expected = walk().stop(route[0], here)
        here = press(route[0])
        if here != expected:
            keys.remove(route[0])
