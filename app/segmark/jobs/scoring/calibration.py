"""Calibration: whether of all spans with a score of 0.9, nine in ten are right.

Guo et al., "On Calibration of Modern Neural Networks", 2017.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

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


class Certainty:
    """Counts predicted spans by their score, and how many of them are right."""

    def __init__(self) -> None:
        self._spans, self._right, self._scores = [0] * _BINS, [0] * _BINS, [0.0] * _BINS
        self._least, self._greatest = inf, -inf

    def add(self, score: float, *, right: bool) -> None:
        """Add a predicted span."""
        at = min(int(score * _BINS), _BINS - 1)
        self._spans[at] += 1
        self._right[at] += right
        self._scores[at] += score
        self._least, self._greatest = min(self._least, score), max(self._greatest, score)

    def calibration(self) -> Calibration | None:
        """Compare the scores with the shares that are right.

        None if all scores are the same: then a program gave none, and they stand for nothing.
        """
        if self._least >= self._greatest:
            return None
        counts = enumerate(zip(self._spans, self._right, self._scores, strict=True))
        bins = tuple(
            CalibrationBin(at / _BINS, (at + 1) / _BINS, spans, right, scores / spans)
            for at, (spans, right, scores) in counts
            if spans
        )
        error = sum(one.spans * abs(one.share - one.score) for one in bins) / sum(self._spans)
        return Calibration(bins, error)
