"""Plots for the card, as PNG: spans by label, lengths, and pages by site.

Pillow draws them, a single small package. Its font has Latin letters only, so a site with another
name is shown by its rank.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log10

from segmark.environment.extras import Untyped, library
from segmark.export.error import ExportError
from segmark.export.lengths import Lengths
from segmark.export.summary import Summary

_library = partial(
    library, extra="plots", needed_by="a card with plots", error=ExportError, package="Pillow"
)

_WIDTH, _ROW, _TOP, _EDGE = 1600, 56, 150, 40  # pixels, shown at half the size
_NAMES, _VALUES = 360, 150  # pixels left and right of the bars
_FONT, _TITLE = 26, 34
_PAPER, _INK, _PALE, _BAR = "#ffffff", "#202020", "#d8d8d8", "#3678a2"
_PARTS = {"pages": _BAR, "train": _BAR, "dev": "#c69c0c", "test": "#c01860"}
_MOST_SITES = 30

#: The titles of the plots by file name.
TITLES = {
    "plot-labels.png": "Spans by label",
    "plot-lengths.png": "Lengths in characters: the middle 80 %, and the median",
    "plot-sites.png": "Pages by site",
}


def require() -> None:
    """Check that plots can be drawn.

    Raises:
        ExportError: Pillow is not installed; the line says how to install it.
    """
    _library("PIL.Image")


def draw(summary: Summary) -> dict[str, bytes]:
    """The plots of an export by file name; the same summary gives the same bytes."""
    painters = (_labels, _lengths, _sites)
    return {
        name: painter(summary, title)
        for (name, title), painter in zip(TITLES.items(), painters, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a plot: its name, coloured ranges from 0 to 1, a tick or None, its value."""

    name: str
    stretches: Sequence[tuple[float, float, str]]
    tick: float | None
    value: str


def _labels(summary: Summary, title: str) -> bytes:
    counts = summary.spans
    most = max(1, *counts.values())
    rows = []
    for label in summary.labels:
        at, stretches = 0, []
        for name, part in summary.parts.items():
            end = at + part.spans[label]
            stretches.append((at / most, end / most, _PARTS[name]))
            at = end
        rows.append(_Row(label, stretches, None, f"{counts[label]:,}"))
    legend = {name: _PARTS[name] for name in summary.parts} if len(summary.parts) > 1 else {}
    return _png(title, rows, legend)


def _lengths(summary: Summary, title: str) -> bytes:
    found: dict[str, Lengths] = {"texts": summary.text_lengths}
    found |= {name: summary.span_lengths.get(name, Lengths()) for name in summary.labels}
    most = max(2, *(lengths.quantile(0.9) for lengths in found.values()))
    place = _logarithmic(most)
    rows = []
    for name, lengths in found.items():
        if lengths.counts:
            low, middle, high = (lengths.quantile(share) for share in (0.1, 0.5, 0.9))
            stretch = (place(low), max(place(high), place(low) + 0.004), _BAR)
            rows.append(_Row(name, [stretch], place(middle), f"{middle:,}"))
    return _png(title, rows, {}, [(place(10**power), f"{10**power:,}") for power in range(7)])


def _logarithmic(most: int) -> Callable[[int], float]:
    return lambda length: log10(max(1, length)) / log10(most)


def _sites(summary: Summary, title: str) -> bytes:
    ranked = sorted(summary.sites.items(), key=lambda site: (-site[1], site[0]))
    rows, most = [], max(1, ranked[0][1])
    for rank, (site, count) in enumerate(ranked[:_MOST_SITES], 1):
        name = (" ".join(site.split()) if site.isascii() else f"site {rank}") or "(none)"
        rows.append(_Row(name, [(0, count / most, _BAR)], None, f"{count:,}"))
    if more := ranked[_MOST_SITES:]:
        rows.append(_Row(f"{len(more):,} more", [], None, f"{sum(count for _, count in more):,}"))
    return _png(title, rows, {})


def _png(
    title: str,
    rows: Sequence[_Row],
    legend: Mapping[str, str],
    grid: Sequence[tuple[float, str]] = (),
) -> bytes:
    height = _TOP + _ROW * len(rows) + _EDGE
    image = _library("PIL.Image").new("RGB", (_WIDTH, height), _PAPER)
    pen = _library("PIL.ImageDraw").Draw(image)
    font = _library("PIL.ImageFont").load_default(_FONT)
    pen.text((_EDGE, _EDGE), title, _INK, _library("PIL.ImageFont").load_default(_TITLE))
    at = _NAMES
    for name, colour in legend.items():
        pen.rectangle((at, _TOP - 40, at + 24, _TOP - 16), colour)
        pen.text((at + 36, _TOP - 28), name, _INK, font, anchor="lm")
        at += 160
    for place, name in grid:
        if place <= 1:
            pen.line((_x(place), _TOP - 8, _x(place), height - _EDGE), _PALE, 2)
            pen.text((_x(place), _TOP - 28), name, _INK, font, anchor="mm")
    for number, row in enumerate(rows):
        _draw_row(pen, font, row, _TOP + _ROW * number)
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _draw_row(pen: Untyped, font: Untyped, row: _Row, top: int) -> None:
    middle = top + _ROW // 2
    name = row.name
    while pen.textlength(name, font) > _NAMES - 2 * _EDGE:
        name = name.removesuffix("…")[:-1] + "…"
    pen.text((_NAMES - 20, middle), name, _INK, font, anchor="rm")
    for start, end, colour in row.stretches:
        if end > start:
            pen.rectangle((_x(start), top + 10, _x(end), top + _ROW - 10), colour)
    if row.tick is not None:
        pen.rectangle((_x(row.tick) - 3, top + 4, _x(row.tick) + 3, top + _ROW - 4), _INK)
    pen.text((_WIDTH - _EDGE, middle), row.value, _INK, font, anchor="rm")


def _x(place: float) -> int:
    return _NAMES + round(place * (_WIDTH - _NAMES - _VALUES - _EDGE))
