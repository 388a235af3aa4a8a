"""What a sample says about a share: exact intervals, with the standard library alone.

Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the
binomial", 1934. Where the items are drawn in clusters, such as the spans of a page, Korn and
Graubard, "Confidence intervals for proportions with small expected number of positive counts
estimated from survey data", 1998: the same limits for as many items as the clusters are worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt

#: The share of samples whose interval holds the true share, at least.
CONFIDENCE = 0.95

_HALVINGS = 60  # of an interval until it is as narrow as a float tells
_DIGITS = 6  # of what clusters are worth: the same on every machine
_SUPPOSED = 2  # wrong clusters whose items are all alike; with fewer, limits held too rarely
_TINY = 1e-300
_STEPS = 20_000  # at most; about the root of the number of items is needed
_CLOSE = 1e-15


def clopper_pearson(
    right: float, total: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """The limits of the share, each of which is passed with half of the error."""
    error = (1 - confidence) / 2
    return lower_limit(right, total, error), 1 - lower_limit(total - right, total, error)


def lower_limit(right: float, total: float, error: float) -> float:
    """What the share is at least, but for this probability of error."""
    if right <= 0 or total <= 0:
        return 0.0
    return beta_quantile(error, right, total - right + 1)


def beta_quantile(share: float, a: float, b: float) -> float:
    """The point of a beta distribution below which this share of it lies."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _beta_below(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def t_quantile(confidence: float, freedom: int) -> float:
    """The distance from zero within which this share of Student's t distribution lies."""
    inside = beta_quantile(confidence, 0.5, freedom / 2)
    return sqrt(freedom * inside / (1 - inside))


def _beta_below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_below(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            c, d = _not_zero(1 + term / c), 1 / _not_zero(1 + term * d)
            found *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return front * found


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def floor_words(share: float) -> str:
    """A lower limit in per cent, never rounded up: ``95.1%``."""
    return f"{int(share * 1000) / 10:.1f}%"


@dataclass(frozen=True, slots=True)
class ClusterShare:
    """The share of items that are right, in a sample of clusters of items.

    Attributes:
        right: how many items are right.
        total: how many items there are.
        clusters: how many clusters have items.
        worth: how many items, drawn one by one, would say as much.
    """

    right: int
    total: int
    clusters: int
    worth: float

    @property
    def share(self) -> float | None:
        """The share that is right; None without items."""
        return self.right / self.total if self.total else None

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """The limits of the share."""
        return clopper_pearson((self.share or 0.0) * self.worth, self.worth, confidence)

    def at_least(self, error: float = 1 - CONFIDENCE) -> float:
        """What the share is at least, but for this probability of error."""
        return lower_limit((self.share or 0.0) * self.worth, self.worth, error)


def cluster_share(clusters: Sequence[tuple[int, int]]) -> ClusterShare:
    """The share of right items, from the right and all items of each cluster.

    Few wrong clusters do not show how alike the items of a cluster are. So two more of them are
    supposed, in which all items are alike; where nothing is wrong, a cluster counts as one item.
    """
    counted = [(right, total) for right, total in clusters if total]
    right, total = sum(each for each, _ in counted), sum(each for _, each in counted)
    number = len(counted)
    if not total:
        return ClusterShare(0, 0, 0, 0.0)
    most = sum(each**2 for _, each in counted) / total  # items that say as much as one
    if number < 2 or right in (0, total):
        return ClusterShare(right, total, number, round(total / most, _DIGITS))
    share = right / total
    spread = sum((each - share * items) ** 2 for each, items in counted) * number / (number - 1)
    seen = spread / (total * share * (1 - share))
    wrong = sum(each != items for each, items in counted)
    alike = (wrong * seen + _SUPPOSED * most) / (wrong + _SUPPOSED)
    worth = total / alike
    if total > 2:
        worth *= (t_quantile(CONFIDENCE, total - 1) / t_quantile(CONFIDENCE, number - 1)) ** 2
    return ClusterShare(right, total, number, round(min(worth, float(total)), _DIGITS))
