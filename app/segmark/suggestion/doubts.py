"""Doubts: how unsure a model is of each block of a page, whether it suggests a label or none."""

from collections.abc import Mapping, Sequence

from segmark.suggestion.crf import Marginals
from segmark.suggestion.memory import NONE
from segmark.suggestion.tags import ChosenSpan, label_of
from segmark.suggestion.units import Unit

#: A smaller doubt is not worth mentioning.
LEAST_DOUBT = 0.05

#: The probability that what is suggested for a block is wrong, by the index of the block, from
#: ``LEAST_DOUBT`` to 1.
Doubts = Mapping[int, float]


def doubts(units: Sequence[Unit], marginals: Marginals, chosen: Sequence[ChosenSpan]) -> Doubts:
    """Return the doubts about a page: for each block the largest of its units."""
    labels = [NONE] * len(units)
    for choice in chosen:
        labels[choice.first : choice.last + 1] = [choice.span.label] * (
            choice.last + 1 - choice.first
        )
    found: dict[int, float] = {}
    for unit, tags, label in zip(units, marginals, labels, strict=True):
        sure = sum(probability for tag, probability in tags.items() if label_of(tag) == label)
        if 1 - sure >= LEAST_DOUBT:
            found[unit.block] = max(found.get(unit.block, 0.0), round(1 - sure, 3))
    return found
