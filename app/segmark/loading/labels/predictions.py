"""Predictions that come with a record: spans with a score, made by some other program."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import replace

from segmark.core.span import Span, overlapping
from segmark.core.suggestion import Suggestion
from segmark.loading.labels.alignment import Ground, MarkError, no_label, runs
from segmark.loading.labels.mapping import Naming
from segmark.loading.loader import Loaded
from segmark.loading.rejection import LoadError
from segmark.loading.work import LabelWork, OffsetUnit


def predicted(
    work: LabelWork, loaded: Loaded, unit: OffsetUnit, naming: Naming
) -> tuple[Suggestion, ...]:
    """The predictions for a page, sorted and disjoint as the spans of an annotation are.

    Of two that overlap the one with the higher score counts; those of a label that joins are one
    where they touch, as sure as the less sure of them.

    Raises:
        LoadError: one of them makes no sense; the line says which, and why.
        NotAPageError: graphemes are to be counted and the library for them is not installed.
    """
    ground = Ground(loaded, unit)
    source = loaded.page.info.source
    name = source.rpartition("/")[2].partition(":")[0]
    made = []
    for number, mark in enumerate(work.marks, start=1):
        ours = naming.ours(mark.label)
        if ours == "":
            continue
        try:
            span_range = ground.range_of(mark)
            if ours is None:
                raise no_label(mark)
            score = _score(mark.score)
        except MarkError as error:
            reason = f"its predictions were not taken: span {number} {error}"
            raise LoadError(source, reason) from None
        made.append(Suggestion(Span(*span_range, ours), score, f"predicted by {name}; {score:.0%}"))
    alike = runs(ground.text, _disjoint(made), lambda one: one.span, naming.labels)
    return tuple(map(_as_one, alike))


def _as_one(run: Sequence[Suggestion]) -> Suggestion:
    whole = Span(run[0].span.start, run[-1].span.end, run[0].span.label)
    return replace(min(run, key=lambda each: each.confidence), span=whole)


def _score(score: object) -> float:
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise MarkError(f"has a score that is no number from 0 to 1: {score!r:.20}")
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
