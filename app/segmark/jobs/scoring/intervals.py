"""Intervals of scores by the bootstrap: how far the figures would change on other sites.

Pages of one site resemble each other, so whole sites are drawn, with replacement (the cluster
bootstrap: Davison and Hinkley, "Bootstrap Methods and their Application", 1997, 3.8). An interval
is the middle 95 % of the figures of all draws.
"""

import random
import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from segmark.jobs.evaluation import LabelScores, Matches
from segmark.jobs.scoring.scores import GroupScores, ModelScores

#: How often sites are drawn.
DRAWS = 1000
#: The share of draws inside an interval.
LEVEL = 0.95
#: The ways to count, by their names in ``LabelScores``.
MEASURES = ("exact", "overlap", "characters", "lines")
#: The figures of each way, by their names in ``Matches``.
FIGURES = ("precision", "recall", "f1")

_COUNTS = 4  # of Matches
_WIDTH = 8  # bytes of a count
_FINE = 1 << 20  # parts that a body's F1 is counted in


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the interval that it would be in on most other samples; None if unknown."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Intervals:
    """The figures of a model with their intervals.

    Attributes:
        unit: what was drawn: ``site``, or ``page`` where there is only one site.
        units: how many of them there are.
        groups: in how many groups they were drawn, fewer than units if there are very many.
        labels: by label, way to count and figure.
        total: the same for all labels together.
        body: the mean F1 of the words of the body.
        draws: F1 of all labels in each draw, by way to count.
    """

    unit: str
    units: int
    groups: int
    labels: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    total: Mapping[str, Mapping[str, Estimate]]
    body: Estimate
    draws: Mapping[str, Sequence[float | None]]


def intervals(model: ModelScores, seed: str = "") -> Intervals:
    """Draw the sites of a model's pages; the same seed gives the same figures everywhere."""
    unit, units, groups = model.units.name, model.units.count, model.units.groups
    names = list(model.labels)
    found: dict[tuple[str, str, str], list[float | None]] = defaultdict(list)
    bodies = list[float | None]()
    vectors = [_vector(group, names) for group in groups]
    for drawn in _drawn(vectors, seed) if len(groups) > 1 else ():
        scores = _scores(drawn, names)
        for name, one in [*scores.items(), ("", sum(scores.values(), LabelScores()))]:
            for measure in MEASURES:
                matches: Matches = getattr(one, measure)
                for figure in FIGURES:
                    found[name, measure, figure].append(getattr(matches, figure))
        *_, body, counted = drawn
        bodies.append(body / _FINE / counted if counted else None)

    def table(name: str, scores: LabelScores) -> dict[str, dict[str, Estimate]]:
        return {
            measure: {
                figure: _estimate(
                    getattr(getattr(scores, measure), figure), found[name, measure, figure]
                )
                for figure in FIGURES
            }
            for measure in MEASURES
        }

    return Intervals(
        unit,
        units,
        len(groups),
        {name: table(name, scores) for name, scores in model.labels.items()},
        table("", model.total),
        _estimate(model.body[0] if model.body else None, bodies),
        {measure: found["", measure, "f1"] for measure in MEASURES},
    )


def difference(one: Intervals, other: Intervals, measure: str) -> Estimate:
    """How much higher F1 of all labels is than that of the other model, on the same draws."""
    mine, theirs = one.total[measure]["f1"].value, other.total[measure]["f1"].value
    if mine is None or theirs is None:
        return Estimate(None)
    pairs = zip(one.draws[measure], other.draws[measure], strict=True)
    return _estimate(mine - theirs, [a - b for a, b in pairs if a is not None and b is not None])


def _vector(group: GroupScores, names: Sequence[str]) -> list[int]:
    """The counts of some pages: four for each label and way to count, then those of the body."""
    counts = [
        count
        for name in names
        for measure in MEASURES
        for count in _four(getattr(group.labels.get(name, LabelScores()), measure))
    ]
    return [*counts, round(group.body * _FINE), group.bodies]


def _four(matches: Matches) -> tuple[int, int, int, int]:
    return matches.predicted, matches.right, matches.wanted, matches.reached


def _scores(counts: Sequence[int], names: Sequence[str]) -> dict[str, LabelScores]:
    """The inverse of ``_vector``."""
    fours = iter(
        Matches(*counts[at : at + _COUNTS])
        for at in range(0, len(names) * len(MEASURES) * _COUNTS, _COUNTS)
    )
    return {name: LabelScores(*(next(fours) for _ in MEASURES)) for name in names}


def _drawn(vectors: Sequence[Sequence[int]], seed: str) -> Iterator[tuple[int, ...]]:
    """Yield the sum of as many vectors as there are, drawn with replacement, many times.

    A vector is one large number while it is added: a hundred times as fast as its counts one by
    one.
    """
    size = len(vectors[0])
    whole = struct.Struct(f"<{size}Q")
    packed = [int.from_bytes(whole.pack(*vector), "little") for vector in vectors]
    chosen = random.Random(seed)
    for _ in range(DRAWS):
        total = sum(chosen.choices(packed, k=len(packed)))
        yield whole.unpack(total.to_bytes(size * _WIDTH, "little"))


def _estimate(value: float | None, draws: Sequence[float | None]) -> Estimate:
    found = sorted(each for each in draws if each is not None)
    if value is None or not found:
        return Estimate(value)
    beyond = (1 - LEVEL) / 2 * (len(found) - 1)
    return Estimate(value, found[floor(beyond)], found[ceil(len(found) - 1 - beyond)])
