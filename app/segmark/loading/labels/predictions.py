"""Predictions that come with a record: spans with scores from another program."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import replace

from segmark.core.span import Span, overlapping
from segmark.core.suggestion import Suggestion
from segmark.loading.labels.alignment import SpanError, SpanLocator, joined_runs, label_error
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.loader import LoadedPage
from segmark.loading.raw import OffsetUnit, RawAnnotation
from segmark.loading.rejection import LoadError

_UNSURE = 0.5  # the score of a prediction that has none


def read_predictions(
    annotation: RawAnnotation,
    loaded: LoadedPage,
    unit: OffsetUnit,
    mapping: LabelMapping,
    model: str = "",
) -> tuple[Suggestion, ...]:
    """Return the predictions for a page as suggestions, sorted and disjoint.

    Of two overlapping predictions, the one with the higher score is kept. Touching predictions of a
    label that joins become one, with the lowest of their scores. Spans without a score get 0.5.

    Raises:
        LoadError: one of them is invalid; the message says which, and why.
        NotAPageError: the offsets count graphemes, and the library for them is not installed.
    """
    locator = SpanLocator(loaded, unit, by_quote=annotation.by_quote)
    source = loaded.page.info.source
    name = model or source.rpartition("/")[2].partition(":")[0]
    found = []
    for number, raw in enumerate(annotation.spans, start=1):
        label = mapping.own_label(raw.label)
        if label == "":
            continue
        try:
            start, end = locator.locate(raw)
            if label is None:
                raise label_error(raw)
            score = _score(raw.score) if raw.scored else _UNSURE
        except SpanError as error:
            reason = f"its predictions were not loaded: span {number} {error}"
            raise LoadError(source, reason) from None
        reason = f"predicted by {name}; {score:.0%}"
        found.append(Suggestion(Span(start, end, label), score, reason))
    return combine(locator.text, (), found, mapping)


def combine(
    text: str, first: Sequence[Suggestion], second: Sequence[Suggestion], mapping: LabelMapping
) -> tuple[Suggestion, ...]:
    """Return the predictions of two records for a page, sorted, disjoint, and joined."""
    found = _disjoint([*first, *second])
    return tuple(map(_join, joined_runs(text, found, lambda one: one.span, mapping.labels)))


def _join(run: Sequence[Suggestion]) -> Suggestion:
    whole = Span(run[0].span.start, run[-1].span.end, run[0].span.label)
    return replace(min(run, key=lambda each: each.confidence), span=whole)


def _score(score: object) -> float:
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise SpanError(f"has a score that is not a number from 0 to 1: {score!r:.20}")
    return float(score)


def _disjoint(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Return those that overlap none with a higher score, in page order."""
    kept: dict[Span, Suggestion] = {}
    spans: list[Span] = []
    for one in sorted(found, key=lambda each: (-each.confidence, each.span)):
        if not overlapping(spans, one.span.start, one.span.end):
            insort(spans, one.span)
            kept[one.span] = one
    return [kept[span] for span in spans]
