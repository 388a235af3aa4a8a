"""Annotation: one annotator's spans on one page, with its state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from segmark.core.span import Span, named


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

    def with_names(self, names: Mapping[str, str]) -> "State":
        """The state with other words for its labels, such as names for ids."""
        return replace(
            self,
            rejected=tuple(named(self.rejected, names)),
            absent=tuple(names.get(label, label) for label in self.absent),
        )


#: The state of a page that nobody has worked on.
UNTOUCHED = State()


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's spans on one page, sorted and disjoint, with its state."""

    spans: tuple[Span, ...] = ()
    state: State = UNTOUCHED
