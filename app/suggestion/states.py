"""States: what the models predict for a unit, and the way from spans to states and back.

A state is a label's name, or ``NONE``. A label that does not join has a second state, its name with
``>`` behind, for a unit that goes on with the span of the unit before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.label import LabelSet
from app.core.span import Span, overlapping
from app.suggestion.crf import Marginals
from app.suggestion.memory import NONE
from app.suggestion.suggester import Example
from app.suggestion.units import Unit

_GOES_ON = ">"
#: A label that stands once on a page is proposed where it is likeliest, if at least this likely.
_LEAST = 0.1


@dataclass(frozen=True, slots=True)
class Labelling:
    """What is known of the labels when spans are made.

    Attributes:
        joining: labels whose touching spans are one.
        single: labels of which a page has one span.
    """

    joining: frozenset[str]
    single: frozenset[str]

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
        return cls(joining, frozenset(single))


def states_of(example: Example, units: Sequence[Unit], labelling: Labelling) -> tuple[str, ...]:
    """The state of each unit of a finished page: the label that covers at least half of it."""
    states, last = [], None
    for unit in units:
        state, here = NONE, None
        for span in overlapping(example.spans, unit.start, unit.end):
            covered = min(span.end, unit.end) - max(span.start, unit.start)
            if 2 * covered >= unit.end - unit.start:
                here = span
                goes_on = span is last and span.label not in labelling.joining
                state = span.label + (_GOES_ON if goes_on else "")
                break
        states.append(state)
        last = here
    return tuple(states)


def label_of(state: str) -> str:
    """The label of a state; ``NONE`` for none."""
    return state.removesuffix(_GOES_ON)


@dataclass(frozen=True, slots=True)
class Choice:
    """A run of units chosen to be one span.

    Attributes:
        first: index of its first unit.
        last: index of its last.
        confidence: of its least sure unit.
    """

    first: int
    last: int
    span: Span
    confidence: float


def _by_label(marginals: Marginals) -> list[dict[str, float]]:
    summed = []
    for states in marginals:
        labels: dict[str, float] = {}
        for state, probability in states.items():
            label = label_of(state)
            labels[label] = labels.get(label, 0.0) + probability
        summed.append(labels)
    return summed


def _likeliest(labels: dict[str, float], barred: frozenset[str] = frozenset()) -> str:
    return max((name for name in labels if name not in barred), key=lambda n: (labels[n], n))


def labels_from(marginals: Marginals, labelling: Labelling) -> list[str]:
    """The label chosen for each unit."""
    likely = _by_label(marginals)
    chosen = [_likeliest(labels) for labels in likely]
    for name in sorted(labelling.single):
        starts = [states.get(name, 0.0) for states in marginals]
        best = max(range(len(starts)), key=lambda i: (starts[i], -i), default=-1)
        if best < 0 or starts[best] < _LEAST:
            continue
        chosen[best] = name
        end = best + 1
        while end < len(chosen) and _continues(marginals[end], name) and chosen[end] == name:
            end += 1
        for index, label in enumerate(chosen):
            if label == name and not best <= index < end:
                chosen[index] = _likeliest(likely[index], labelling.single)
    return chosen


def _continues(states: dict[str, float], label: str) -> bool:
    return states.get(label + _GOES_ON, 0.0) > states.get(label, 0.0)


def choices(
    units: Sequence[Unit], marginals: Marginals, labelling: Labelling
) -> Iterator[Choice]:
    """The spans that the marginals of a page's units amount to, in text order."""
    chosen, likely = labels_from(marginals, labelling), _by_label(marginals)
    first = 0
    for index, label in enumerate(chosen):
        if label != NONE:
            if index + 1 < len(chosen) and chosen[index + 1] == label:
                if label in labelling.joining or _continues(marginals[index + 1], label):
                    continue
            confidence = min(likely[i][label] for i in range(first, index + 1))
            span = Span(units[first].start, units[index].end, label)
            yield Choice(first, index, span, confidence)
        first = index + 1
