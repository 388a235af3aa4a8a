"""How many suggestions that nobody checked are right, as far as blind pages tell.

The suggestions of blind pages were kept back while people labelled them, so these labels owe
nothing to the suggestions. Suggestions of one site resemble each other: sites are the sample, or
pages where there is only one site.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Any

from segmark.core.record import Record
from segmark.jobs.scoring.binomial import CONFIDENCE, ClusterShare, cluster_share, floor_words
from segmark.store.figures.accuracy import BlindPage

#: The least confidence of each band.
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95)
#: The thresholds that are looked at. They are fixed before the data are seen, and the error is
#: divided among them, so that choosing one of them does not add to it.
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)

_ERROR = (1 - CONFIDENCE) / len(THRESHOLDS)
_HOW = (
    'set a share of blind pages in the settings of the suggestions, or draw pages with "segmark '
    'audit", and finish them'
)


class ExpectationError(ValueError):
    """The blind pages do not show what was asked for; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What blind pages tell about suggestions that nobody checked.

    Attributes:
        unit: what was sampled: ``site`` or ``page``.
        units: how many of them there are.
        pages: the number of blind pages.
        bands: the share that was right in each of ``BANDS``.
        thresholds: the share that was right with at least each confidence of ``THRESHOLDS``.
        labelled: the number of spans that people labelled on these pages.
        found: how many of them were suggested, whatever the confidence.
    """

    unit: str
    units: int
    pages: int
    bands: tuple[ClusterShare, ...]
    thresholds: tuple[ClusterShare, ...]
    labelled: int
    found: int

    def threshold_for(self, wanted: float) -> float:
        """The lowest threshold above which at least this share is right, with 95 % confidence.

        Raises:
            ExpectationError: there is none, or there are not enough blind pages to tell.
        """
        for threshold, share in zip(THRESHOLDS, self.thresholds, strict=True):
            if share.total and share.at_least(_ERROR) >= wanted:
                return threshold
        raise ExpectationError(self._why_none(wanted))

    def _why_none(self, wanted: float) -> str:
        if not self.pages:
            return f"no finished page is blind, so nothing tells how many are right; {_HOW}"
        tried = zip(THRESHOLDS, self.thresholds, strict=True)
        best, share = max(tried, key=lambda pair: pair[1].at_least(_ERROR))
        said = (
            f"of the suggestions on {self.pages:,} blind pages with a confidence of {best:g} and "
            f"more, {share.right:,} of {share.total:,} were right, which shows that at least "
            f"{floor_words(share.at_least(_ERROR))} are, not {wanted:.1%}"
        )
        needed = ceil(log(_ERROR) / log(wanted)) if wanted < 1 else None
        if needed is None:
            return f"{said}; no sample shows that all are right"
        if share.worth < needed:
            return (
                f"{said}; even if all were right, as much as {needed:,} spans drawn one by one "
                f"would be needed, and these are worth {share.worth:,.0f}: {_HOW}"
            )
        return f"{said}; ask for less, or finish more pages, so that suggestions get better"

    def to_json(self) -> dict[str, Any]:
        """The counts as JSON represents them; ``from_json`` reads them."""
        return {
            "unit": self.unit,
            "units": self.units,
            "pages": self.pages,
            "bands": [_counts(share) for share in self.bands],
            "thresholds": [_counts(share) for share in self.thresholds],
            "labelled": self.labelled,
            "found": self.found,
        }

    @classmethod
    def from_json(cls, data: Any) -> "Expectation":  # noqa: ANN401 - checked here
        """Read what ``to_json`` returned.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        counts = [data[name] for name in ("units", "pages", "labelled", "found")]
        bands, thresholds = (tuple(map(_share, data[name])) for name in ("bands", "thresholds"))
        sizes = (len(bands), len(thresholds)) == (len(BANDS), len(THRESHOLDS))
        if not sizes or data["unit"] not in ("site", "page") or not all(map(_is_count, counts)):
            raise ValueError("these are no counts of blind pages")
        units, pages, labelled, found = counts
        return cls(data["unit"], units, pages, bands, thresholds, labelled, found)


def expectation(pages: Sequence[BlindPage]) -> Expectation:
    """What these blind pages tell."""
    sites = {page.site or page.id for page in pages}
    unit = "site" if len(sites) > 1 else "page"
    clusters = defaultdict[str, list[tuple[float, bool]]](list)
    for page in pages:
        name = (page.site or page.id) if unit == "site" else page.id
        clusters[name] += page.suggested
    edges = [*zip(BANDS, (*BANDS[1:], float("inf")), strict=True)]
    return Expectation(
        unit,
        len(clusters),
        len(pages),
        tuple(_between(clusters.values(), low, high) for low, high in edges),
        tuple(_between(clusters.values(), low, float("inf")) for low in THRESHOLDS),
        sum(page.labelled for page in pages),
        sum(page.found for page in pages),
    )


def _between(
    clusters: Iterable[Sequence[tuple[float, bool]]], low: float, high: float
) -> ClusterShare:
    inside = ([right for score, right in one if low <= score < high] for one in clusters)
    return cluster_share([(sum(found), len(found)) for found in inside])


def band_of(confidence: float) -> int:
    """The band of ``BANDS`` that a confidence is in."""
    return sum(low <= confidence for low in BANDS[1:])


def bands_of(records: Iterable[Record]) -> Counter[int]:
    """The number of scored spans of records in each band."""
    found = Counter[int]()
    for record in records:
        found.update(band_of(float(record.about[span.start]["score"])) for span in record.spans)
    return found


def expectation_lines(found: Expectation, written: Counter[int]) -> Iterator[str]:
    """What is expected of spans, given by their number in each band, for people."""
    if not found.pages:
        yield f"expected: unknown, because no finished page is blind; {_HOW}"
        return
    sites = f" of {found.units:,} sites" if found.unit == "site" else ""
    yield (
        f"expected, by {found.pages:,} blind pages{sites}, with 95% intervals; the {found.unit}s "
        "are the sample"
    )
    rows = _written_rows(found, written)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}"
    if found.labelled:
        missed = found.labelled - found.found
        yield (
            f"not suggested on the blind pages: {missed:,} of {found.labelled:,} labelled spans "
            f"({missed / found.labelled:.1%})"
        )


def band_rows(found: Expectation) -> list[tuple[str, ...]]:
    """A table of the bands that were seen, with the names of its columns."""
    rows: list[tuple[str, ...]] = [("confidence", "right on blind pages")]
    rows += [(_band_name(at), _seen(share)) for at, share in enumerate(found.bands) if share.total]
    return rows


def _written_rows(found: Expectation, written: Counter[int]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        ("confidence", "written", "right on blind pages", "expected right of those written")
    ]
    for at, share in enumerate(found.bands):
        if written[at] or share.total:
            expected = _expected(share, written[at])
            rows.append((_band_name(at), f"{written[at]:,}", _seen(share), expected))
    return rows


def _band_name(index: int) -> str:
    high = BANDS[index + 1] if index + 1 < len(BANDS) else 1.0
    return f"{BANDS[index]:.2f}–{high:.2f}"


def _seen(share: ClusterShare) -> str:
    if share.share is None:
        return "none seen"
    low, high = share.interval()
    return f"{share.right:,} of {share.total:,}, {share.share:.1%} ({low:.1%} to {high:.1%})"


def _expected(share: ClusterShare, written: int) -> str:
    if share.share is None or not written:
        return "unknown" if written else "–"
    low, high = share.interval()
    return f"{share.share * written:,.0f} ({low * written:,.0f} to {high * written:,.0f})"


def bands_json(found: Expectation, written: Counter[int]) -> list[dict[str, Any]]:
    """The bands that were seen, with their intervals and what was written, as JSON has them."""
    return [
        {
            "from": BANDS[at],
            "written": written[at],
            "suggested": share.total,
            "right": share.right,
            "share": share.share,
            "interval": list(share.interval()),
        }
        for at, share in enumerate(found.bands)
        if share.total or written[at]
    ]


def _counts(share: ClusterShare) -> list[float]:
    return [share.right, share.total, share.clusters, share.worth]


def _share(data: Any) -> ClusterShare:  # noqa: ANN401 - checked here
    right, total, clusters, worth = data
    if not all(map(_is_count, (right, total, clusters))) or right > total or clusters > total:
        raise ValueError("these are no counts of spans")
    if not isinstance(worth, int | float) or not 0 <= worth <= total:
        raise ValueError("these are no counts of spans")
    return ClusterShare(right, total, clusters, float(worth))


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


#: What is expected without any blind page.
NOTHING_KNOWN = expectation([])
