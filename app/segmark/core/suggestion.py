"""Suggestion: a span that a program proposes for a page, and its verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from segmark.core.annotation import Annotation
from segmark.core.span import Span, named, overlapping


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A span proposed for a page; it is only a label once somebody accepts it.

    Attributes:
        span: the proposed span.
        confidence: the probability that the span is right, edge to edge, 0 to 1.
        reason: why it is proposed, in a few words for the user.
    """

    span: Span
    confidence: float
    reason: str


def with_names(suggestions: Sequence[Suggestion], names: Mapping[str, str]) -> list[Suggestion]:
    """The suggestions with other words for their labels, such as names for ids."""
    spans = named([one.span for one in suggestions], names)
    return [replace(one, span=span) for one, span in zip(suggestions, spans, strict=True)]


class Verdict(StrEnum):
    """The verdict on a suggestion."""

    ACCEPTED = "accepted"  # the same span has the same label
    CHANGED = "changed"  # the text has another span
    REJECTED = "rejected"  # refused
    IGNORED = "ignored"  # without a verdict when the page was finished


def verdict(suggestion: Suggestion, annotation: Annotation) -> Verdict | None:
    """The verdict on a suggestion; None while it is open.

    It follows from the annotation alone, so that undo reopens suggestions.
    """
    span = suggestion.span
    touching = overlapping(annotation.spans, span.start, span.end)
    if span in touching:
        return Verdict.ACCEPTED
    if touching:
        return Verdict.CHANGED
    if span in annotation.state.rejected:
        return Verdict.REJECTED
    return Verdict.IGNORED if annotation.state.status.finished else None


def still_open(suggestions: Iterable[Suggestion], annotation: Annotation) -> tuple[Suggestion, ...]:
    """The suggestions without a verdict."""
    return tuple(one for one in suggestions if verdict(one, annotation) is None)
