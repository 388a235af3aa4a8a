"""Agreement: how far two annotators labelled the same pages alike.

There are two measures, because one alone misleads: F1 over whole spans, where an edge that is off
by one is a miss, and Cohen's kappa over characters (Cohen, "A coefficient of agreement for nominal
scales", 1960), where every character is an item and "no label" is one more label.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from segmark.core.span import Span, overlapping


@dataclass(slots=True)
class Agreement:
    """The agreement of two annotators on the pages that both have finished.

    Attributes:
        pages: the number of pages that both finished.
        same: the number of spans that both have, with the same edges and label.
        spans: the number of spans of both together.
        characters: the number of characters by both labels; "" is no label.
    """

    pages: int = 0
    same: int = 0
    spans: int = 0
    characters: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, length: int, one: Sequence[Span], other: Sequence[Span]) -> None:
        """Count a page of so many code points with the spans of both, sorted and disjoint."""
        self.pages += 1
        self.same += len(set(one) & set(other))
        self.spans += len(one) + len(other)
        edges = sorted({0, length, *_edges(one), *_edges(other)})
        for start, end in pairwise(edges):
            self.characters[_label_at(one, start), _label_at(other, start)] += end - start

    @property
    def f1(self) -> float | None:
        """Twice the same spans over the spans of both; None without spans."""
        return 2 * self.same / self.spans if self.spans else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa over characters; None if chance explains all agreement."""
        total = self.characters.total()
        ones, others = Counter[str](), Counter[str]()
        for (mine, theirs), count in self.characters.items():
            ones[mine] += count
            others[theirs] += count
        expected = sum(ones[label] * others[label] for label in ones)
        if total * total == expected:
            return None
        observed = sum(count for (a, b), count in self.characters.items() if a == b)
        return (observed * total - expected) / (total * total - expected)


def _edges(spans: Sequence[Span]) -> list[int]:
    return [edge for span in spans for edge in (span.start, span.end)]


def _label_at(spans: Sequence[Span], offset: int) -> str:
    return next((span.label for span in overlapping(spans, offset, offset + 1)), "")
