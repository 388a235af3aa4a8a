"""Finding: a place of a finished page where the other pages say something else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from segmark.core.span import Span

#: How much less each further place of a group surprises than the one before.
_AGAIN = 1.5


class FindingKind(StrEnum):
    """What may be wrong at a place."""

    SWAPPED = "other label"  # it has another label than the pages like it
    MISSING = "no label"  # it has none, and should have one
    EDGE = "edge"  # a span ends a block or more too early, or too late
    EXTRA = "label too many"  # it has one, and should have none
    ELSEWHERE = "elsewhere"  # a label that a page has once is at another place than on other pages


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that may be labelled wrongly.

    Attributes:
        span: the place, with the label that it has; ``""`` for none.
        likely: the label that the other pages let expect there; ``""`` for none.
        surprise: how much the label surprises; a place that surprises more is more often wrong.
        template: the place in the template, as ``template_at`` gives it.
        reason: why, in a sentence.
        instead: where the label of a finding of kind ``ELSEWHERE`` is likely to belong.
    """

    kind: FindingKind
    span: Span
    likely: str
    surprise: float
    template: str
    reason: str
    instead: Span | None = None

    @property
    def proposals(self) -> tuple[Span, ...]:
        """What the second look proposes, to be rejected if the labels are right."""
        there = Span(self.span.start, self.span.end, self.likely)
        return (there, self.instead) if self.instead else (there,)

    def is_settled(self, rejected: Sequence[Span]) -> bool:
        """Whether the annotator has rejected what is proposed, and so called the labels right."""
        there = self.proposals[0]
        return any(
            span.label == there.label and span.start < there.end and there.start < span.end
            for span in rejected
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A finding, and the number of its page in the project."""

    page: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one kind at one place of a site's template, the most surprising first."""

    site: str
    places: tuple[Place, ...]

    @property
    def first(self) -> Finding:
        """The most surprising finding, which stands for the group."""
        return self.places[0].finding

    @property
    def id(self) -> str:
        """The same in each review, while the group has places."""
        one = self.first
        parts = (self.site, one.template, one.kind, one.span.label, one.likely)
        return sha256("\0".join(parts).encode()).hexdigest()[:10]


def in_groups(site: str, places: Iterable[Place]) -> list[FindingGroup]:
    """Group the findings of a site: by template, kind, label and likely label."""
    groups: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in places:
        one = place.finding
        groups[one.template, one.kind, one.span.label, one.likely].append(place)
    return [FindingGroup(site, tuple(sorted(those, key=_by_surprise))) for those in groups.values()]


def _by_surprise(place: Place) -> tuple[float, int, Span]:
    return -place.finding.surprise, place.page, place.finding.span


def in_order(groups: Iterable[FindingGroup]) -> list[FindingGroup]:
    """Return groups in the order of their most surprising finding."""
    return sorted(groups, key=lambda group: (*_by_surprise(group.places[0]), group.site))


def walk(groups: Iterable[FindingGroup]) -> list[Place]:
    """Return all places in the order in which they are looked at.

    The most surprising come first. What many pages of a site have at one place of the template is
    seldom a mistake, so each further place of a group comes later.
    """
    ranked = [
        (_AGAIN * rank - place.finding.surprise, place.page, place.finding.span, place)
        for group in groups
        for rank, place in enumerate(group.places)
    ]
    return [place for *_, place in sorted(ranked, key=lambda each: each[:3])]
