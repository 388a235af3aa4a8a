"""Sequence tags: what the models predict for each unit, and how spans become tags and back.

A tag is the name of a label, or ``NONE``. A label that does not join has a second tag, its name
followed by ``>``, for a unit that continues the span of the unit before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from segmark.core.label import LabelSet
from segmark.core.span import Span, covering
from segmark.suggestion.crf import Marginals
from segmark.suggestion.decision import fewest_expected_edits
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.features import Features
from segmark.suggestion.memory import NONE, TrainingSequence
from segmark.suggestion.units import Unit

_CONTINUES = ">"
#: The lowest probability at which a label that occurs once per page is suggested where it is
#: likeliest.
_LEAST = 0.25
#: Below this probability, such a label is suggested only because of that rule.
_ALONE = 0.5


@dataclass(frozen=True, slots=True)
class LabelRules:
    """What models know about the labels.

    Attributes:
        names: the ids of all labels; no others are learnt or suggested.
        joining: the labels whose touching spans are one span.
        single: the labels that occur once per page.
        pages: the number of finished pages that these rules were learnt from.
    """

    names: frozenset[str]
    joining: frozenset[str]
    single: frozenset[str]
    pages: int

    @classmethod
    def learn(cls, labels: LabelSet, examples: Sequence[TrainingExample]) -> "LabelRules":
        """Learn from finished pages which labels occur once per page."""
        joining = frozenset(label.id for label in labels if label.joins)
        single = set()
        for name in labels.ids - joining:
            counts = [sum(span.label == name for span in e.spans) for e in examples]
            used = sum(count > 0 for count in counts)
            often = sum(count > 1 for count in counts)
            if used * 2 > len(examples) and often * 10 <= used:
                single.add(name)
        return cls(labels.ids, joining, frozenset(single), len(examples))

    def to_json(self) -> dict[str, Any]:
        """Return the rules as JSON can represent them."""
        return {
            "names": sorted(self.names),
            "joining": sorted(self.joining),
            "single": sorted(self.single),
            "pages": self.pages,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "LabelRules":
        """Read what ``to_json`` returned."""
        names, joining, single = (frozenset(data[key]) for key in ("names", "joining", "single"))
        return cls(names, joining, single, data["pages"])


def training_sequence(
    example: TrainingExample, features: Features, rules: LabelRules
) -> TrainingSequence:
    """Return a training example as a sequence of tags.

    Each unit has the label that covers at least half of it. Results are cached, because all but
    one of a site's pages are learnt again whenever a page is finished.
    """
    return _sequence(example, features, rules.names, rules.joining)


@lru_cache(maxsize=64)
def _sequence(
    example: TrainingExample, features: Features, names: frozenset[str], joining: frozenset[str]
) -> TrainingSequence:
    tags, last = list[str](), None
    for unit in features.units:
        here = covering(example.spans, unit.start, unit.end)
        if here is None or here.label not in names:
            here, tag = None, NONE
        else:
            continues = here is last and here.label not in joining
            tag = here.label + (_CONTINUES if continues else "")
        tags.append(tag)
        last = here
    order = (NONE, *sorted({*names, *(name + _CONTINUES for name in names - joining)}))
    return TrainingSequence(features, tuple(tags), order)


def label_of(tag: str) -> str:
    """Return the label of a tag; ``NONE`` for none."""
    return tag.removesuffix(_CONTINUES)


@dataclass(frozen=True, slots=True)
class ChosenSpan:
    """A run of units chosen to be one span.

    Attributes:
        first: index of the first unit.
        last: index of the last unit.
        confidence: the lowest probability of the label among the units.
        by_rule: whether the span was chosen by the rule that the label occurs once per page; the
            model alone would not have chosen it.
    """

    first: int
    last: int
    span: Span
    confidence: float
    by_rule: bool


def label_probabilities(marginals: Marginals, names: frozenset[str]) -> list[dict[str, float]]:
    """Return the probability of each label for each unit, and of ``NONE``."""
    summed = []
    for tags in marginals:
        labels: dict[str, float] = {NONE: 0.0}
        for tag, probability in tags.items():
            label = label_of(tag)
            label = label if label in names else NONE
            labels[label] = labels.get(label, 0.0) + probability
        summed.append(labels)
    return summed


def _continues(units: Sequence[Unit], marginals: Marginals, index: int, label: str) -> bool:
    """Whether a unit continues the span of the unit before, for a label that does not join."""
    tags = marginals[index]
    return units[index].block == units[index - 1].block or (
        tags.get(label + _CONTINUES, 0.0) > tags.get(label, 0.0)
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The units of one page with what the models predict for them."""

    units: Sequence[Unit]
    marginals: Marginals
    likely: Sequence[dict[str, float]]
    rules: LabelRules

    def labels(self) -> list[str]:
        """Choose a label for each unit."""
        chosen = fewest_expected_edits(self.likely, self.rules.single)
        for name in sorted(self.rules.single):
            starts = [tags.get(name, 0.0) for tags in self.marginals]
            best = max(range(len(starts)), key=lambda i: (starts[i], -i))
            if starts[best] >= _LEAST:
                end = self._end(best, name)
                chosen[best:end] = [name] * (end - best)
        return chosen

    def _end(self, first: int, name: str) -> int:
        """Return the end of a span of the label that starts with a unit: one past its last."""
        end = first + 1
        while (
            end < len(self.units)
            and max(self.likely[end], key=lambda n: (self.likely[end][n], n)) == name
            and _continues(self.units, self.marginals, end, name)
        ):
            end += 1
        return end

    def one_span(self, index: int, label: str) -> bool:
        """Whether two neighbouring units with the same label are in one span."""
        return label in self.rules.joining or _continues(self.units, self.marginals, index, label)


def choose_spans(
    units: Sequence[Unit], marginals: Marginals, rules: LabelRules
) -> Iterator[ChosenSpan]:
    """Choose the spans of a page from the marginals of its units, in text order."""
    if not units:
        return
    page = _Page(units, marginals, label_probabilities(marginals, rules.names), rules)
    chosen = page.labels()
    first = 0
    for index, label in enumerate(chosen):
        last = index + 1 == len(chosen)
        if not last and chosen[index + 1] == label != NONE and page.one_span(index + 1, label):
            continue
        if label != NONE:
            confidence = min(page.likely[i][label] for i in range(first, index + 1))
            span = Span(units[first].start, units[index].end, label)
            by_rule = label in rules.single and confidence < _ALONE
            yield ChosenSpan(first, index, span, confidence, by_rule)
        first = index + 1
