"""The scores of models as one HTML file that stands alone: nothing in it loads or runs."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from segmark.export.error import ExportError
from segmark.export.file_set import file_set
from segmark.jobs.scoring.calibration import Calibration
from segmark.jobs.scoring.intervals import MEASURES, Intervals
from segmark.jobs.scoring.score_tables import (
    Rows,
    calibration_rows,
    confusion_rows,
    difference_rows,
    figure_rows,
    group_rows,
    interval_words,
    model_rows,
    parting_rows,
    shown,
    state_words,
    worst_rows,
)
from segmark.jobs.scoring.scores import Confusion, ModelScores
from segmark.jobs.scoring.scoring import Scoring

_SIZE = 220  # pixels of the plot
_STYLE = """\
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; overflow-wrap: anywhere }
section { border-top: 1px solid #8886; margin-top: 1.5rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; margin: .5rem 0 1rem }
caption { text-align: left; font-weight: 600; padding: .3rem 0 }
td, th { padding: .15rem .6rem; text-align: right; white-space: nowrap }
td:first-child, th:first-child { text-align: left; white-space: normal; max-width: 24rem }
th { border-bottom: 1px solid #8888; font-weight: 600 }
tr:last-child td { border-bottom: 1px solid #8884 }
td[style] { background: color-mix(in srgb, #c33 var(--share), transparent) }
td.right { background: color-mix(in srgb, #283 var(--share), transparent) }
svg { max-width: 100%; font: 10px system-ui, sans-serif }
"""
_HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
"""


def score_html(project: str, labels: str, scoring: Scoring) -> str:
    """The report; ``labels`` says whose labels the predictions were held against."""
    return "".join(_parts(project, labels, scoring))


def write_score_html(report: Path, html: str) -> None:
    """Write a report beside its place and rename it.

    Raises:
        ExportError: it can't be written.
    """
    if report.is_dir():
        raise ExportError(f"{report}: it is a folder; name a file in it")
    with file_set(report.parent) as files:
        files.open(report.name).write(html.encode())


def _parts(project: str, labels: str, scoring: Scoring) -> Iterator[str]:
    names = ", ".join(model.name for model in scoring.models)
    yield _HEAD.format(title=escape(f"Scores of {names}"), style=_STYLE)
    yield f"<h1>{escape(f'Scores of {names}')}</h1>\n"
    yield _paragraph(f"{project}: {scoring.pages:,} pages, {labels}")
    for why, count in scoring.left_out.items():
        yield _paragraph(f"Left out: {count:,}, {why}")
    yield _paragraph(f"F1 of all labels; {interval_words(scoring.intervals[0])}.")
    yield _table("Models", model_rows(scoring))
    if len(scoring.models) > 1:
        yield _table("Side by side, on the same draws", difference_rows(scoring))
    if scoring.partings:
        yield _table(
            "Pages where they part: F1 of characters",
            parting_rows(scoring.models, scoring.partings),
        )
    for model, found in zip(scoring.models, scoring.intervals, strict=True):
        yield from _model(model, found)
    yield "</body>\n</html>\n"


def _model(model: ModelScores, found: Intervals) -> Iterator[str]:
    yield f"<section><h2>{escape(model.name)}</h2>\n"
    if state := state_words(model):
        yield _paragraph(state)
    for measure in MEASURES:
        yield _table(f"By label: {measure}", figure_rows(found, measure))
    if model.body:
        yield _paragraph(
            f"Words of the body: mean F1 {shown(found.body)}, median {model.body[1]:.3f}"
        )
    for what, confusion in (("Lines", model.lines), ("Characters", model.characters)):
        caption = f"{what} by their label (down) and as predicted (across)"
        yield _confusion(caption, confusion)
    if scores := model.calibration:
        yield _table(f"Calibration: expected error {scores.error:.3f}", calibration_rows(scores))
        yield _plot(scores)
    if any(model.parts):
        yield _table("By part of the split", group_rows("part", model.parts))
    yield _table("By site, the weakest first", group_rows("site", model.sites))
    if model.worst:
        yield _table("Worst pages", worst_rows(model.worst))
    yield "</section>\n"


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>\n"


def _table(caption: str, rows: Rows) -> str:
    head, *body = rows
    lines = "".join(_row("td", (escape(cell) for cell in row)) for row in body)
    return _framed(caption, head, lines)


def _framed(caption: str, head: Sequence[str], lines: str) -> str:
    titles = _row("th", map(escape, head))
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption>\n{titles}{lines}'
        "</table></div>\n"
    )


def _row(tag: str, cells: Iterator[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>\n"


def _confusion(caption: str, confusion: Confusion) -> str:
    """The table of counts; each cell is coloured by its share of the row."""
    head, *body = confusion_rows(confusion)
    lines = ""
    for at, (name, *cells) in enumerate(body):
        counts = [int(cell.replace(",", "")) for cell in cells]
        row = "".join(
            f'<td{" class=right" * (at == place)} style="--share:{100 * count // total}%">'
            f"{count:,}</td>"
            for place, count in enumerate(counts)
            for total in [sum(counts) or 1]
        )
        lines += f"<tr><td>{escape(name)}</td>{row}</tr>\n"
    return _framed(caption, head, lines)


def _plot(found: Calibration) -> str:
    """Scores from left to right, the share that is right upwards; the line is what is promised."""
    points = "".join(
        f'<circle cx="{_SIZE * one.score:.1f}" cy="{_SIZE * (1 - one.share):.1f}" r="4"'
        f' fill="currentColor"><title>{one.low:.1f}–{one.high:.1f}: {one.right:,} of '
        f"{one.spans:,}</title></circle>"
        for one in found.bins
    )
    return (
        f'<svg role="img" aria-label="Score and share that is right" width="{_SIZE + 50}" '
        f'height="{_SIZE + 40}" viewBox="-30 -10 {_SIZE + 50} {_SIZE + 40}">'
        f'<rect width="{_SIZE}" height="{_SIZE}" fill="none" stroke="currentColor"/>'
        f'<line x1="0" y1="{_SIZE}" x2="{_SIZE}" y2="0" stroke="currentColor" '
        f'stroke-dasharray="4"/>{points}'
        f'<text x="{_SIZE / 2}" y="{_SIZE + 24}" text-anchor="middle" fill="currentColor">score'
        f'</text><text x="-8" y="{_SIZE / 2}" text-anchor="middle" fill="currentColor" '
        f'transform="rotate(-90 -8 {_SIZE / 2})">right</text></svg>\n'
    )
