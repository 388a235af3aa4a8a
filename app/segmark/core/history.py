"""History: what undo and redo will do next, and what a page was, as folds over the log.

The log is append-only: an undo is an entry of its own, with the inverse edit of the act. Each act
holds the number of the act below it on the stack, so that undo reaches back to the first act
without reading the whole log.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from operator import itemgetter

from segmark.core.annotation import UNTOUCHED, Annotation, State
from segmark.core.edit import Edit, EditConflictError, apply_to
from segmark.core.page_change import PageChange, PageField, changed_state
from segmark.core.span import Span

#: Spans and acts between two annotations that a page's history keeps: going through so many takes
#: a few milliseconds.
_STRIDE = 256


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


@dataclass(frozen=True, slots=True)
class LoggedAct:
    """A line of the log in full: when it was written, by whom, on which page.

    Attributes:
        number: ascending number of the line.
        made_at: the time in UTC.
        annotator: the name of whoever did it.
        owner: the name of whose labels changed.
        whose: the number of these labels in the tables: of one person after a join, they may be
            several.
        page: id of the page; of one of the pages if the act changed many.
        pages: how many pages it changed.
        act: number of the act that this line is, undoes or redoes.
        edit: what changed; empty for an act on many pages.
        change: the act on many pages; None for an edit of one page.
        before: what the page in question was before an act on many pages.
        undone: whether the line is an act that is undone at present.
    """

    number: int
    made_at: datetime
    annotator: str
    owner: str
    whose: int
    page: str
    pages: int
    kind: ActKind
    act: int
    edit: Edit
    change: PageChange | None = None
    before: str = ""
    undone: bool = False


@dataclass(slots=True)
class _Strand:
    """One annotator's part of a page's history.

    Attributes:
        spans, state: after the last act.
        places: the indexes of the acts.
        kept: annotations on the way, with the index of the act that each follows.
        fits_until: the first index from which on the log contradicts itself.
    """

    spans: list[Span] = field(default_factory=list)
    state: State = UNTOUCHED
    places: list[int] = field(default_factory=list)
    kept: list[tuple[int, Annotation]] = field(default_factory=lambda: [(-1, Annotation())])
    fits_until: int | None = None
    cost: int = 0

    def add(self, index: int, edit: Edit) -> None:
        self.places.append(index)
        if self.fits_until is not None:
            return
        try:
            apply_to(self.spans, self.state, edit)
        except EditConflictError:
            self.fits_until = index
            return
        self.state = edit.after
        self.cost += 1 + len(edit.removed) + len(edit.added)
        if self.cost >= _STRIDE:
            self.kept.append((index, Annotation(tuple(self.spans), self.state)))
            self.cost = 0


class PageHistory:
    """Every act on a page, in order, and what the page was after each of them.

    Attributes:
        acts: the acts of all annotators; one on many pages has the edit that it was here.
    """

    def __init__(self, acts: Iterable[LoggedAct]) -> None:
        self.acts: list[LoggedAct] = []
        self._strands: dict[int, _Strand] = {}
        removed = False
        for index, act in enumerate(acts):
            strand = self._strands.setdefault(act.whose, _Strand())
            if act.change and not act.change.field.edits_pages:
                old, new = act.before, act.change.value
                if act.kind is ActKind.UNDO:
                    old, new = new, old
                if act.change.field is PageField.REMOVED:
                    removed = new == "1"
                after = strand.state
                if act.change.field.own and not removed:
                    after = changed_state(after, act.change.field, old, new)
                act = replace(act, edit=Edit(act.edit.title, before=strand.state, after=after))
            self.acts.append(act)
            strand.add(index, act.edit)

    def after(self, index: int) -> Annotation | None:
        """What the page was after an act, for the annotator who did it.

        None if the log contradicts itself up to there, which a check of the project reports.
        """
        strand = self._strands[self.acts[index].whose]
        if strand.fits_until is not None and index >= strand.fits_until:
            return None
        begin, annotation = strand.kept[bisect_right(strand.kept, index, key=itemgetter(0)) - 1]
        spans, state = list(annotation.spans), annotation.state
        first, last = bisect_right(strand.places, begin), bisect_right(strand.places, index)
        for place in strand.places[first:last]:
            edit = self.acts[place].edit
            apply_to(spans, state, edit)
            state = edit.after
        return Annotation(tuple(spans), state)
