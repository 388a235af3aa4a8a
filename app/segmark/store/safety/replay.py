"""Replaying the log from its first line."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from segmark.core.annotation import Annotation, Status
from segmark.core.edit import Edit, EditConflictError, apply
from segmark.core.history import ActKind, History, LogEntry
from segmark.core.page_change import PageField
from segmark.store.annotation_rows import edit_of

#: Returns the pages of an act on many pages, by its number, with what each was before.
PagesOf = Callable[[int], Iterable[tuple[int, str]]]
#: A page and an annotator.
At = tuple[int, int]


_NO_EDIT = Edit("")


def out_of_turn(
    rows: Iterable[tuple[int, int, str, int | None, int | None]],
) -> Iterator[tuple[int, int]]:
    """The lines where undo and redo would fail, as the numbers of line and annotator.

    ``rows`` are number, annotator, kind, act and below of each line of the log, in order.
    """
    stood, below = defaultdict[int, History](History), dict[int, int | None]()
    for number, who, kind, of_act, under in rows:
        act, before = of_act or number, stood[who]
        if kind == ActKind.ACT:
            below[act], right = under, under == before.undo
        elif kind == ActKind.UNDO:
            right = (act, under) == (before.undo, below.get(act))
        else:
            right = (kind, (act,), under) == (ActKind.REDO, before.redo[-1:], below.get(act))
        if not right:
            yield number, who
        if kind in set(ActKind):
            stood[who] = before.after(LogEntry(number, "", ActKind(kind), act, under, _NO_EDIT))


@dataclass(slots=True)
class Replay:
    """The state that the log leads to.

    Attributes:
        annotations: of each page and annotator; None if the log contradicts itself.
        removed: the removed pages.
    """

    annotations: dict[At, Annotation | None] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], pages_of: PagesOf) -> "Replay":
        """Replay the lines of the log, in the order of their numbers."""
        made = cls()
        for row in rows:
            if row.get("field") is None:  # a project of version 0.1 lacks the column
                made._edit(row)
            else:
                made._change(row, pages_of(row["act"] or row["number"]))
        return made

    def _edit(self, row: Mapping[str, Any]) -> None:
        at = row["page"], row["annotator"]
        before = self.annotations.get(at, Annotation())
        try:
            self.annotations[at] = apply(before, edit_of(row)) if before is not None else None
        except (EditConflictError, ValueError, TypeError, AttributeError):
            self.annotations[at] = None

    def _change(self, row: Mapping[str, Any], pages: Iterable[tuple[int, str]]) -> None:
        undone = row["kind"] == ActKind.UNDO
        for page, before in pages:
            old, new = (row["value"], before) if undone else (before, row["value"])
            if row["field"] == PageField.REMOVED:
                (self.removed.add if new == "1" else self.removed.discard)(page)
            elif row["field"] in (PageField.STATUS, PageField.FLAGGED) and page not in self.removed:
                self._set((page, row["annotator"]), row["field"], old, new)

    def _set(self, at: At, name: str, old: str, new: str) -> None:
        annotation = self.annotations.get(at, Annotation())
        if annotation is None:
            return
        state = annotation.state
        if name == PageField.STATUS and state.status == old:
            state = replace(state, status=Status(new))
        elif name == PageField.FLAGGED and str(int(state.flagged)) == old:
            state = replace(state, flagged=new == "1")
        self.annotations[at] = replace(annotation, state=state)
