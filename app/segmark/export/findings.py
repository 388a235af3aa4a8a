"""Findings: what is known of the labels of a project beside the records."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmark.core.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Hits:
    """Suggestions made for finished pages, and how many of them are labelled so in the end."""

    suggested: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """What the card says of how good the labels are.

    Attributes:
        agreement: of two annotators each, by their names.
        blind: suggestions on pages that were labelled without showing them.
        shown: suggestions that the annotators saw.
    """

    agreement: Mapping[tuple[str, str], Agreement] = field(default_factory=dict)
    blind: Hits = Hits()
    shown: Hits = Hits()


#: The findings where nobody has looked.
NOTHING_KNOWN = Findings()
