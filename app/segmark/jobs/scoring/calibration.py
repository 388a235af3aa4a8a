"""Calibration: whether of all spans with a score of 0.9, nine in ten are right.

Guo et al., "On Calibration of Modern Neural Networks", 2017.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_BINS = 10


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The predicted spans whose score is in one tenth of the range.

    Attributes:
        low: the least score.
        high: the greatest score, which only the last bin includes.
        spans: how many spans there are.
        right: how many of them are right, edge to edge.
        score: the mean of their scores.
    """

    low: float
    high: float
    spans: int
    right: int
    score: float

    @property
    def share(self) -> float:
        """The share of spans that are right."""
        return self.right / self.spans


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far scores are what they promise.

    Attributes:
        bins: those with spans, the lowest scores first.
        error: the expected calibration error: the mean over all spans of how far the share that
            is right is from the mean score of the bin.
    """

    bins: Sequence[CalibrationBin]
    error: float


def calibration(certainty: Sequence[tuple[float, bool]]) -> Calibration | None:
    """Compare the score of each span with whether it was right.

    None if all scores are the same: then a program gave none, and they stand for nothing.
    """
    if len({score for score, _ in certainty}) < 2:
        return None
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for score, right in certainty:
        groups[min(int(score * _BINS), _BINS - 1)].append((score, right))
    bins = [
        CalibrationBin(
            index / _BINS,
            (index + 1) / _BINS,
            len(group),
            sum(right for _, right in group),
            sum(score for score, _ in group) / len(group),
        )
        for index, group in enumerate(groups)
        if group
    ]
    error = sum(one.spans * abs(one.share - one.score) for one in bins) / len(certainty)
    return Calibration(tuple(bins), error)
