"""What models learn from: a finished page with its spans."""

from dataclasses import dataclass

from segmark.core.page import Page
from segmark.core.span import Span


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """A finished page with its sorted, disjoint spans; text outside them has no label."""

    page: Page
    spans: tuple[Span, ...]
