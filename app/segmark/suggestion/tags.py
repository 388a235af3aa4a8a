"""States: what the models predict for a unit, and the way from spans to states and back.

A state is a label's name, or ``NONE``. A label that does not join has a second state, its name with
``>`` behind, for a unit that goes on with the span of the unit before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from segmark.core.label import LabelSet
from segmark.core.span import Span, overlapping
from segmark.suggestion.crf import Marginals
from segmark.suggestion.decision import fewest_acts
from segmark.suggestion.example import Example
from segmark.suggestion.features import Features
from segmark.suggestion.memory import NONE, Lesson
from segmark.suggestion.units import Unit

_REST = ">"
#: A label that stands once on a page is proposed where it is likeliest, if at least this likely.
_LEAST = 0.25
#: Less likely than this, it is proposed only because there is one.
_ALONE = 0.5


@dataclass(frozen=True, slots=True)
class Labelling:
    """What is known of the labels when spans are made.

    Attributes:
        names: of all labels; no other is learnt or proposed.
        joining: labels whose touching spans are one.
        single: labels of which a page has one span.
        pages: how many finished pages this was learnt from.
    """

    names: frozenset[str]
    joining: frozenset[str]
    single: frozenset[str]
    pages: int

    @classmethod
    def learn(cls, labels: LabelSet, examples: Sequence[Example]) -> "Labelling":
        """Which labels stand once on a page is seen from the finished pages."""
        joining = frozenset(label.name for label in labels if label.joins)
        single = set()
        for name in labels.names - joining:
            counts = [sum(span.label == name for span in e.spans) for e in examples]
            used = sum(count > 0 for count in counts)
            often = sum(count > 1 for count in counts)
            if used * 2 > len(examples) and often * 10 <= used:
                single.add(name)
        return cls(labels.names, joining, frozenset(single), len(examples))

    def to_json(self) -> dict[str, Any]:
        """The labelling as JSON can hold it."""
        return {
            "names": sorted(self.names),
            "joining": sorted(self.joining),
            "single": sorted(self.single),
            "pages": self.pages,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Labelling":
        """The labelling that ``to_json`` wrote."""
        names, joining, single = (frozenset(data[key]) for key in ("names", "joining", "single"))
        return cls(names, joining, single, data["pages"])


def lesson_of(example: Example, features: Features, labelling: Labelling) -> Lesson:
    """A finished page as a lesson: each unit has the label that covers at least half of it.

    Kept, because all but one of a site's pages are learnt again whenever one is finished.
    """
    return _lesson(example, features, labelling.names, labelling.joining)


@lru_cache(maxsize=64)
def _lesson(
    example: Example, features: Features, names: frozenset[str], joining: frozenset[str]
) -> Lesson:
    states, last = [], None
    for unit in features.units:
        state, here = NONE, None
        for span in overlapping(example.spans, unit.start, unit.end):
            covered = min(span.end, unit.end) - max(span.start, unit.start)
            if 2 * covered >= unit.end - unit.start and span.label in names:
                here = span
                goes_on = span is last and span.label not in joining
                state = span.label + (_REST if goes_on else "")
                break
        states.append(state)
        last = here
    order = (NONE, *sorted({*names, *(name + _REST for name in names - joining)}))
    return Lesson(features, tuple(states), order)


def label_of(state: str) -> str:
    """The label of a state; ``NONE`` for none."""
    return state.removesuffix(_REST)


@dataclass(frozen=True, slots=True)
class ChosenSpan:
    """A run of units chosen to be one span.

    Attributes:
        first: index of its first unit.
        last: index of its last.
        confidence: of its least sure unit.
        ruled: whether the rule of one on a page chose it; the model alone would not have.
    """

    first: int
    last: int
    span: Span
    confidence: float
    ruled: bool


def _by_label(marginals: Marginals, names: frozenset[str]) -> list[dict[str, float]]:
    summed = []
    for states in marginals:
        labels: dict[str, float] = {NONE: 0.0}
        for state, probability in states.items():
            label = label_of(state)
            if label == NONE or label in names:
                labels[label] = labels.get(label, 0.0) + probability
        summed.append(labels)
    return summed


def _goes_on(units: Sequence[Unit], marginals: Marginals, index: int, label: str) -> bool:
    """Whether a unit of a label that does not join goes on with the span of the unit before."""
    states = marginals[index]
    return units[index].block == units[index - 1].block or (
        states.get(label + _REST, 0.0) > states.get(label, 0.0)
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The units of one page with what the models say of them."""

    units: Sequence[Unit]
    marginals: Marginals
    likely: Sequence[dict[str, float]]
    labelling: Labelling

    def chosen(self) -> list[str]:
        """The label chosen for each unit."""
        chosen = fewest_acts(self.likely, self.labelling.single)
        for name in sorted(self.labelling.single):
            starts = [states.get(name, 0.0) for states in self.marginals]
            best = max(range(len(starts)), key=lambda i: (starts[i], -i))
            if starts[best] >= _LEAST:
                end = self._end(best, name)
                chosen[best:end] = [name] * (end - best)
        return chosen

    def _end(self, first: int, name: str) -> int:
        """One past the last unit of a span of the label that begins with a unit."""
        end = first + 1
        while (
            end < len(self.units)
            and max(self.likely[end], key=lambda n: (self.likely[end][n], n)) == name
            and _goes_on(self.units, self.marginals, end, name)
        ):
            end += 1
        return end

    def one_span(self, index: int, label: str) -> bool:
        """Whether a unit with the label is in one span with the unit before that has it too."""
        return label in self.labelling.joining or _goes_on(self.units, self.marginals, index, label)


def choices(
    units: Sequence[Unit], marginals: Marginals, labelling: Labelling
) -> Iterator[ChosenSpan]:
    """The spans that the marginals of a page's units amount to, in text order."""
    if not units:
        return
    page = _Page(units, marginals, _by_label(marginals, labelling.names), labelling)
    chosen = page.chosen()
    first = 0
    for index, label in enumerate(chosen):
        last = index + 1 == len(chosen)
        if not last and chosen[index + 1] == label != NONE and page.one_span(index + 1, label):
            continue
        if label != NONE:
            confidence = min(page.likely[i][label] for i in range(first, index + 1))
            span = Span(units[first].start, units[index].end, label)
            ruled = label in labelling.single and confidence < _ALONE
            yield ChosenSpan(first, index, span, confidence, ruled)
        first = index + 1
