"""Annotation: one annotator's spans on one page, with its state."""

from dataclasses import dataclass
from enum import StrEnum

from segmark.core.span import Span


class Status(StrEnum):
    """The status of an annotation."""

    NEW = "new"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"

    @property
    def finished(self) -> bool:
        """Whether the annotator is done with the page."""
        return self in (Status.DONE, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class State:
    """The part of an annotation other than its spans.

    ``rejected`` are the rejected suggestions, sorted; ``absent`` the labels that the page really
    does not have, although they are expected, in alphabetical order.
    """

    status: Status = Status.NEW
    flagged: bool = False
    note: str = ""
    rejected: tuple[Span, ...] = ()
    absent: tuple[str, ...] = ()


#: The state of a page that nobody has worked on.
UNTOUCHED = State()


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's spans on one page, sorted and disjoint, with its state."""

    spans: tuple[Span, ...] = ()
    state: State = UNTOUCHED
