"""How often units have each tag: the counts of all tags, packed into one integer.

Each tag has ``BITS`` bits, in the order of the tags. Adding or subtracting two packed integers adds
or subtracts all their counts at once, and they are cheap to hash. A model takes thousands of these
operations: with tuples of counts, making and loading one takes two to three times as long.
"""

from collections.abc import Sequence

#: The counts of all tags; 0 means that every count is 0.
PackedCounts = int
BITS = 24
#: The largest count. A ``Memory`` holds no more units in total, because a larger count would
#: overflow into the count of the next tag.
MOST_UNITS = (1 << BITS) - 1


def one(index: int) -> PackedCounts:
    """Return the counts of a single unit that has the tag with this index."""
    return 1 << BITS * index


def unpack(counts: PackedCounts, tags: Sequence[str]) -> dict[str, int]:
    """Return the counts by tag, without those that are 0."""
    every = ((tag, counts >> BITS * index & MOST_UNITS) for index, tag in enumerate(tags))
    return {tag: count for tag, count in every if count}
