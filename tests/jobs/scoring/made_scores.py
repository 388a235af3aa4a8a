"""Labelled pages and predictions, made up for scores."""

from collections.abc import Mapping, Sequence

from segmark.core.annotation import Status
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.jobs.scoring.predictions import ModelPredictions
from segmark.jobs.scoring.scoring import ScoreOptions, Scoring, score

TEXT = "Night ferry returns\nIt is back after six years.\nLog in to comment.\n"
HEADLINE, BODY, COMMENT = Span(0, 19, "headline"), Span(20, 47, "body"), Span(48, 66, "comment")


def page(name: str, *spans: Span, site: str = "") -> Record:
    """A finished page of this name."""
    return Record(name, TEXT, spans, "", "", site, "mira", Status.DONE, "")


def model(
    name: str, found: Mapping[str, Sequence[Span]], confidence: float = 0.9
) -> ModelPredictions:
    """A model that found these spans, by page."""
    made = {
        key: tuple(Suggestion(span, confidence, "") for span in spans)
        for key, spans in found.items()
    }
    return ModelPredictions(name, made.get, len(made))


def scored(gold: Sequence[Record], *models: ModelPredictions, **options: str | bool) -> Scoring:
    """The scores of these models."""
    return score(gold, models, ScoreOptions(**options))  # type: ignore[arg-type]
