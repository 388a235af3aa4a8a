"""History: what undo and redo will do next, as a fold over the log.

The log is append-only: an undo is an entry of its own, with the inverse edit of the act. Each act
holds the number of the act below it on the stack, so that undo reaches back to the first act
without reading the whole log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from segmark.core.edit import Edit


class ActKind(StrEnum):
    """The kind of an entry of the log."""

    ACT = "act"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A line of the log.

    Attributes:
        number: ascending number of the line.
        page: id of the page that the edit changed.
        act: number of the act that this entry is, undoes or redoes.
        below: number of the act below it on the undo stack; None for the first act.
    """

    number: int
    page: str
    kind: ActKind
    act: int
    below: int | None
    edit: Edit


@dataclass(frozen=True, slots=True)
class History:
    """The undo and redo stacks of an annotator.

    Attributes:
        undo: number of the act that undo will undo next; None if there is none.
        redo: numbers of the acts that redo will redo, the next one last.
    """

    undo: int | None = None
    redo: tuple[int, ...] = ()

    def after(self, entry: LogEntry) -> "History":
        """The history after the entry."""
        match entry.kind:
            case ActKind.ACT:
                return History(entry.number)
            case ActKind.UNDO:
                return History(entry.below, (*self.redo, entry.act))
            case ActKind.REDO:
                return History(entry.act, self.redo[:-1])

    @classmethod
    def of(cls, entries: Iterable[LogEntry]) -> "History":
        """The history after these entries, which begin with an act or at the start of the log."""
        history = cls()
        for entry in entries:
            history = history.after(entry)
        return history
