"""The scores of models as the data that ``segmark score --json`` prints."""

from collections.abc import Mapping
from typing import Any

from segmark.jobs.evaluation import LabelScores, Matches
from segmark.jobs.scoring.calibration import Calibration
from segmark.jobs.scoring.intervals import (
    DRAWS,
    FIGURES,
    LEVEL,
    MEASURES,
    Estimate,
    Intervals,
    difference,
)
from segmark.jobs.scoring.scores import Confusion, GroupScores, ModelScores
from segmark.jobs.scoring.scoring import Scoring

_DIGITS = 4


def score_json(project: str, labels: str, scoring: Scoring) -> dict[str, Any]:
    """The scores for programs; ``labels`` says whose labels the predictions were held against."""
    first = scoring.intervals[0]
    return {
        "project": project,
        "labels": labels,
        "pages": scoring.pages,
        "left_out": scoring.left_out,
        "intervals": {
            "level": LEVEL,
            "draws": DRAWS,
            "drawn": first.unit,
            "units": first.units,
            "groups": first.groups,
        },
        "models": [
            _model(model, found)
            for model, found in zip(scoring.models, scoring.intervals, strict=True)
        ],
        "differences": [
            {
                "model": model.name,
                "minus": scoring.models[0].name,
                "f1": {
                    measure: _estimate(difference(found, first, measure)) for measure in MEASURES
                },
            }
            for model, found in list(zip(scoring.models, scoring.intervals, strict=True))[1:]
        ],
        "partings": [
            {
                "id": one.id,
                "site": one.site,
                "f1": {
                    model.name: _rounded(f1)
                    for model, f1 in zip(scoring.models, one.f1, strict=True)
                },
            }
            for one in scoring.partings
        ],
    }


def _model(model: ModelScores, found: Intervals) -> dict[str, Any]:
    body = model.body
    return {
        "model": model.name,
        "missing": model.missing,
        "unlabelled": model.unlabelled,
        "total": _scores(model.total, found.total),
        "labels": {
            name: _scores(scores, found.labels[name]) for name, scores in model.labels.items()
        },
        "confusion": {"lines": _cells(model.lines), "characters": _cells(model.characters)},
        "sites": _groups(model.sites),
        "parts": _groups({name: pages for name, pages in model.parts.items() if name}),
        "calibration": _calibration(model.calibration),
        "body_words": body and {"mean_f1": _estimate(found.body), "median_f1": _rounded(body[1])},
        "worst": [
            {
                "id": page.id,
                "site": page.site,
                "f1": _rounded(page.total.characters.f1),
                "wrong_characters": page.wrong,
            }
            for page in model.worst
        ],
    }


def _scores(
    scores: LabelScores, found: Mapping[str, Mapping[str, Estimate]]
) -> dict[str, dict[str, Any]]:
    return {
        measure: {
            **_counts(getattr(scores, measure)),
            **{figure: _estimate(found[measure][figure]) for figure in FIGURES},
        }
        for measure in MEASURES
    }


def _counts(matches: Matches) -> dict[str, int]:
    return {
        "predicted": matches.predicted,
        "right": matches.right,
        "wanted": matches.wanted,
        "reached": matches.reached,
    }


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return {
        "value": _rounded(estimate.value),
        "low": _rounded(estimate.low),
        "high": _rounded(estimate.high),
    }


def _cells(confusion: Confusion) -> list[dict[str, Any]]:
    return [
        {"wanted": wanted, "predicted": predicted, "count": count}
        for (wanted, predicted), count in sorted(confusion.items())
    ]


def _groups(groups: Mapping[str, GroupScores]) -> list[dict[str, Any]]:
    found = []
    for name, group in groups.items():
        total = group.total
        f1 = {measure: _rounded(getattr(total, measure).f1) for measure in MEASURES}
        found.append({"name": name, "pages": group.pages, "f1": f1})
    return found


def _calibration(found: Calibration | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "expected_error": _rounded(found.error),
        "bins": [
            {
                "low": one.low,
                "high": one.high,
                "spans": one.spans,
                "right": one.right,
                "mean_score": _rounded(one.score),
            }
            for one in found.bins
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
