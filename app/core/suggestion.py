"""Suggestion: a span that a program proposes for a page."""

from dataclasses import dataclass

from app.core.span import Span


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
