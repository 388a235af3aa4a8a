"""Predictions that come with a record: spans with a score, made by some other program.

The form is that of the exported record: ``"spans": [{"start", "end", "label", "score"}, …]``, code
points into the record's ``text``. Spans without a score are no predictions.
"""

from bisect import insort
from collections.abc import Mapping
from typing import Any

from app.core.label import LabelSet
from app.core.span import Span, overlapping
from app.core.suggestion import Suggestion
from app.core.text import is_blank, normalise, trim
from app.loading.loader import Loaded
from app.loading.rejection import LoadError


def predicted(loaded: Loaded, labels: LabelSet) -> tuple[Suggestion, ...]:
    """The predictions for a page, sorted and disjoint as the spans of an annotation are.

    Of two that overlap the one with the higher score counts; those of a label that joins are one
    where they touch, as sure as the less sure of them.

    Raises:
        LoadError: one of them makes no sense; the line says which, and why.
    """
    spans = loaded.rest.get("spans")
    if not isinstance(spans, list) or loaded.page.info.media != "text":
        return ()
    raw = loaded.source.decode("utf-8", "replace")
    source = loaded.page.info.source
    name = source.rpartition("/")[2].partition(":")[0]
    made = []
    for number, span in enumerate(spans, start=1):
        if isinstance(span, Mapping) and span.get("score") is not None:
            try:
                place, score = _place(span, raw, loaded.page.text, labels), _score(span["score"])
            except ValueError as error:
                reason = f"its predictions were not taken: span {number} {error}"
                raise LoadError(source, reason) from None
            made.append(Suggestion(place, score, f"predicted by {name}; {score:.0%}"))
    return _joined(loaded.page.text, _disjoint(made), labels)


def _place(span: Mapping[str, Any], raw: str, text: str, labels: LabelSet) -> Span:
    start, end, label = span.get("start"), span.get("end"), span.get("label")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(raw):
        raise ValueError(f"does not lie in the text: {start!r:.20} to {end!r:.20}")
    if not isinstance(label, str) or label not in labels.names:
        raise ValueError(f"has a label that the project lacks: {label!r:.40}")
    if raw != text:
        # Line ends became one character, and a mark at the beginning went.
        start, end = len(normalise(raw[:start])), len(normalise(raw[:end]))
    start, end = trim(text, start, end)
    if start >= end:
        raise ValueError("holds nothing but white space")
    return Span(start, end, label)


def _score(score: object) -> float:
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise ValueError(f"has a score that is no number from 0 to 1: {score!r:.20}")
    return float(score)


def _disjoint(made: list[Suggestion]) -> list[Suggestion]:
    """Those that overlap none with a higher score, in page order."""
    taken: dict[Span, Suggestion] = {}
    places: list[Span] = []
    for one in sorted(made, key=lambda each: (-each.confidence, each.span)):
        if not overlapping(places, one.span.start, one.span.end):
            insort(places, one.span)
            taken[one.span] = one
    return [taken[span] for span in places]


def _joined(text: str, made: list[Suggestion], labels: LabelSet) -> tuple[Suggestion, ...]:
    joined: list[Suggestion] = []
    for one in made:
        last, span = joined[-1] if joined else None, one.span
        if (
            last
            and last.span.label == span.label
            and labels[span.label].joins
            and is_blank(text, last.span.end, span.start)
        ):
            whole = Span(last.span.start, span.end, span.label)
            less = min(last, one, key=lambda each: each.confidence)
            joined[-1] = Suggestion(whole, less.confidence, less.reason)
        else:
            joined.append(one)
    return tuple(joined)
