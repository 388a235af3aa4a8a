"""Lengths: how long very many things are, in little memory."""

from collections import defaultdict
from dataclasses import dataclass, field

_EXACT = 1000


@dataclass(slots=True)
class Lengths:
    """Counted lengths, each to three digits, so that there are never more than some thousand."""

    # A plain dictionary would ask twice; it is filled for each of millions of spans.
    counts: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, length: int) -> None:
        """Count a length; one of four digits and more is rounded to three."""
        if length >= _EXACT:
            unit = 10 ** (len(str(length)) - 3)
            length = (length + unit // 2) // unit * unit
        self.counts[length] += 1

    def quantile(self, share: float) -> int:
        """The length that this share of all does not exceed; 0 where there is none."""
        wanted, seen = share * sum(self.counts.values()), 0
        for length in sorted(self.counts):
            seen += self.counts[length]
            if seen >= wanted:
                return length
        return 0
