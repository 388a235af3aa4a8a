"""shared_ends: how much two texts or lists have in common at their start and at their end."""

from collections.abc import Sequence


def shared_ends(one: Sequence[object], other: Sequence[object]) -> tuple[int, int]:
    """The number of items that both begin with, and of those after them that both end with."""
    head = _shared_start(one, other)
    return head, _shared_start(one[head:][::-1], other[head:][::-1])


def _shared_start(one: Sequence[object], other: Sequence[object]) -> int:
    """By binary search, because comparing slices is faster than comparing each item."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
