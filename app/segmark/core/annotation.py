"""Annotation: one annotator's spans on one page, with its state."""

from dataclasses import dataclass
from enum import StrEnum

from segmark.core.span import Span


class Status(StrEnum):
    """How far an annotation is."""

    NEW = "new"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do on the page."""
        return self in (Status.DONE, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class State:
    """What an annotation says beside its spans.

    ``rejected`` are the suggestions that the annotator refused, sorted.
    """

    status: Status = Status.NEW
    flagged: bool = False
    note: str = ""
    rejected: tuple[Span, ...] = ()


#: The state of a page that nobody has worked on.
UNTOUCHED = State()


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's spans on one page, sorted and disjoint, with its state."""

    spans: tuple[Span, ...] = ()
    state: State = UNTOUCHED
