"""Lengths: a histogram of very many lengths in little memory."""

from collections import defaultdict
from dataclasses import dataclass, field

_EXACT = 1000


@dataclass(slots=True)
class Lengths:
    """Counts of lengths, rounded to three digits, so there are at most a few thousand."""

    # Faster than a plain dictionary, which millions of spans would look up twice.
    counts: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, length: int) -> None:
        """Count a length; lengths of more than three digits are rounded."""
        if length >= _EXACT:
            unit = 10 ** (len(str(length)) - 3)
            length = (length + unit // 2) // unit * unit
        self.counts[length] += 1

    def quantile(self, share: float) -> int:
        """The length that this share of all lengths does not exceed; 0 if there are none."""
        wanted, seen = share * sum(self.counts.values()), 0
        for length in sorted(self.counts):
            seen += self.counts[length]
            if seen >= wanted:
                return length
        return 0
