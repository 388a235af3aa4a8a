"""Suggestion: a span that a program proposes for a page, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from segmark.core.annotation import Annotation
from segmark.core.span import Span, overlapping


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A span proposed for a page; no label until somebody accepts it.

    Attributes:
        span: what is proposed.
        confidence: how likely the span is right from edge to edge, 0 to 1.
        reason: why it is proposed, in a few words for people.
    """

    span: Span
    confidence: float
    reason: str


class Verdict(StrEnum):
    """What became of a suggestion."""

    ACCEPTED = "accepted"  # the very span is labelled so
    CHANGED = "changed"  # something else is labelled there
    REJECTED = "rejected"  # refused
    IGNORED = "ignored"  # still open when the page was finished


def verdict(suggestion: Suggestion, annotation: Annotation) -> Verdict | None:
    """What has become of a suggestion; None while it is open.

    It follows from the annotation alone, so that undo opens again what it takes back.
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
    """Those of the suggestions that wait for a verdict."""
    return tuple(one for one in suggestions if verdict(one, annotation) is None)
