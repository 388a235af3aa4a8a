"""The door that everything has that proposes spans, and what it may learn from."""

from dataclasses import dataclass
from typing import Protocol

from segmark.core.page import Page
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Example:
    """A finished page with its spans, sorted and disjoint; what none covers is no label's."""

    page: Page
    spans: tuple[Span, ...]


class Suggester(Protocol):
    """What proposes spans for pages."""

    def suggest(self, page: Page) -> tuple[Suggestion, ...]:
        """The suggestions for a page, sorted and disjoint as the spans of an annotation are."""
        ...
