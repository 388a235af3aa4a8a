"""How often units had each state: the counts of all states, packed into one integer.

Each state has ``BITS`` bits, in the order of the states. Adding or subtracting two packed integers
adds or subtracts every count in them at once, and they are cheap to hash. A model needs thousands
of these operations: with tuples of counts it takes two to three times as long to make and to load.
"""

from collections.abc import Sequence

#: Counts of all states; 0 counts nothing.
PackedCounts = int
BITS = 24
#: The largest count. ``Memory`` holds no more units in all, because a larger count would
#: overflow into the count of the next state.
MOST_UNITS = (1 << BITS) - 1


def one(index: int) -> PackedCounts:
    """The counts of a single unit that has the state with this index."""
    return 1 << BITS * index


def unpack(counts: PackedCounts, states: Sequence[str]) -> dict[str, int]:
    """The counts by state, without those that are 0."""
    every = ((state, counts >> BITS * index & MOST_UNITS) for index, state in enumerate(states))
    return {state: count for state, count in every if count}
