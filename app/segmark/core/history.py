"""History: what undo and redo would do next, as a fold over the log.

The log is append-only: an undo is an entry of its own, whose edit is the inverse of the act that it
takes back. Acts form a stack by the number of the act below, so that undo reaches back to the
first act without reading the whole log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from segmark.core.edit import Edit


class ActKind(StrEnum):
    """What an entry of the log is."""

    ACT = "act"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A line of the log.

    Attributes:
        number: place in the log, rising.
        page: id of the page that the edit changed.
        act: number of the act that this entry is, takes back or does again.
        below: number of the act that undo would take back if this one were not; None at the first.
    """

    number: int
    page: str
    kind: ActKind
    act: int
    below: int | None
    edit: Edit


@dataclass(frozen=True, slots=True)
class History:
    """Where one annotator stands in the log.

    Attributes:
        undo: number of the act that undo takes back next; None when there is none.
        redo: numbers of the acts that redo does again, the next one last.
    """

    undo: int | None = None
    redo: tuple[int, ...] = ()

    def after(self, entry: LogEntry) -> "History":
        """The history once the entry is written."""
        match entry.kind:
            case ActKind.ACT:
                return History(entry.number)
            case ActKind.UNDO:
                return History(entry.below, (*self.redo, entry.act))
            case ActKind.REDO:
                return History(entry.act, self.redo[:-1])

    @classmethod
    def of(cls, entries: Iterable[LogEntry]) -> "History":
        """The history that a run of the log leaves; the run begins at its start or with an act."""
        history = cls()
        for entry in entries:
            history = history.after(entry)
        return history
