"""Findings: figures on how good the labels of a project are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmark.core.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Hits:
    """The number of suggestions for finished pages, and of those that match the final labels."""

    suggested: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """How good the labels are, for the card.

    Attributes:
        agreement: of each pair of annotators, by their names, without the adjudicator.
        adjudicator: the name of the project's adjudicator, as in the records; "" for nobody.
        blind: suggestions that the annotators did not see.
        shown: suggestions that the annotators saw.
    """

    agreement: Mapping[tuple[str, str], Agreement] = field(default_factory=dict)
    adjudicator: str = ""
    blind: Hits = Hits()
    shown: Hits = Hits()


#: No figures at all.
NOTHING_KNOWN = Findings()
