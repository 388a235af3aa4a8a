"""Agreement: how far two annotators labelled the same pages alike.

There are two measures, because one alone misleads: F1 over whole spans, where an edge that is off
by one is a miss, and Cohen's kappa over characters (Cohen, "A coefficient of agreement for nominal
scales", 1960), where every character is an item and "no label" is one more label.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from segmark.core.span import Span


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


def agreements(
    pages: Iterable[tuple[int, Sequence[tuple[str, Sequence[Span]]]]],
) -> dict[tuple[str, str], Agreement]:
    """The agreement of each two annotators, by their names in alphabetical order.

    Each page is its length in code points, with the spans, sorted and disjoint, of each annotator
    who finished it. All annotators of a page are compared in one sweep over their spans.
    """
    teams: dict[tuple[str, ...], _Team] = {}
    for length, views in pages:
        names = tuple(name for name, _ in views)
        if (team := teams.get(names)) is None:
            team = teams[names] = _Team([0] * len(names))
        team.add(length, [spans for _, spans in views])
    found: dict[tuple[str, str], Agreement] = {}
    for names, team in teams.items():
        for one, other in combinations(sorted(range(len(names)), key=names.__getitem__), 2):
            pair = found.setdefault((names[one], names[other]), Agreement())
            team.add_to(pair, one, other)
    return dict(sorted(found.items()))


@dataclass(slots=True)
class _Team:
    """The counts of all pages that the same annotators finished.

    Attributes:
        spans: the number of spans of each annotator.
        pages: the number of pages.
        holders: the number of spans by the annotators who have them, a bit each.
        characters: the number of characters by the labels of all annotators.
    """

    spans: list[int]
    pages: int = 0
    holders: Counter[int] = field(default_factory=Counter)
    characters: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def add(self, length: int, views: Sequence[Sequence[Span]]) -> None:
        """Count a page with the spans of each annotator."""
        self.pages += 1
        held: dict[Span, int] = {}
        for place, spans in enumerate(views):
            self.spans[place] += len(spans)
            for span in spans:
                held[span] = held.get(span, 0) | 1 << place
        self.holders.update(held.values())
        # An end comes before a start at the same offset.
        changes = [(span.end, 0, holders, "") for span, holders in held.items()]
        changes += [(span.start, 1, holders, span.label) for span, holders in held.items()]
        labels, at = [""] * len(views), 0
        for offset, _, holders, label in sorted(changes):
            if offset > at:
                self.characters[tuple(labels)] += offset - at
                at = offset
            for place in _bits(holders):
                labels[place] = label
        if length > at:
            self.characters[tuple(labels)] += length - at

    def add_to(self, pair: Agreement, one: int, other: int) -> None:
        """Add the counts of two of the annotators to those of the pair."""
        pair.pages += self.pages
        pair.spans += self.spans[one] + self.spans[other]
        both = 1 << one | 1 << other
        pair.same += sum(count for holders, count in self.holders.items() if holders & both == both)
        for labels, count in self.characters.items():
            pair.characters[labels[one], labels[other]] += count


def _bits(number: int) -> Iterator[int]:
    place = 0
    while number:
        if number & 1:
            yield place
        number >>= 1
        place += 1
