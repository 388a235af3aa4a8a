"""The scores of models as lines for people."""

from collections.abc import Iterator

from segmark.jobs.scoring.intervals import Intervals
from segmark.jobs.scoring.score_tables import (
    Rows,
    calibration_rows,
    confusion_rows,
    difference_rows,
    f1_rows,
    group_rows,
    interval_words,
    shown,
    state_words,
)
from segmark.jobs.scoring.scores import ModelScores
from segmark.jobs.scoring.scoring import Scoring

_SITES = 10  # named in the text


def score_lines(project: str, labels: str, scoring: Scoring) -> Iterator[str]:
    """The scores for people; ``labels`` says whose labels the predictions were held against."""
    yield f"{project}: pages {scoring.pages:,}, {labels}"
    yield from (f"left out: {count:,}, {why}" for why, count in scoring.left_out.items())
    yield interval_words(scoring.intervals[0])
    for model, found in zip(scoring.models, scoring.intervals, strict=True):
        yield ""
        yield from _model_lines(model, found)
    if len(scoring.models) > 1:
        yield ""
        yield from _columns(difference_rows(scoring))
    if scoring.partings:
        yield f"pages where they part: {' '.join(one.id for one in scoring.partings)}"


def _model_lines(model: ModelScores, found: Intervals) -> Iterator[str]:
    state = state_words(model)
    yield f"{model.name}{': ' if state else ''}{state}"
    yield from _columns(f1_rows(found))
    if model.body:
        yield f"words of the body: mean F1 {shown(found.body)}, median {model.body[1]:.3f}"
    if scores := model.calibration:
        yield f"calibration: expected error {scores.error:.3f}"
        yield from _columns(calibration_rows(scores))
    else:
        yield "calibration: the spans have no scores, or all the same"
    yield "lines by their label (down) and as predicted (across)"
    yield from _columns(confusion_rows(model.lines))
    if any(model.parts):
        yield from _columns(group_rows("part", model.parts))
    yield from _columns(group_rows("site", model.sites)[: _SITES + 1])
    if model.worst:
        yield f"worst pages: {' '.join(page.id for page in model.worst)}"


def _columns(rows: Rows) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((f"  {first:<{widths[0]}}", *cells))
