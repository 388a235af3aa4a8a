"""Replaying the log from its first line."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from segmark.core.annotation import UNTOUCHED, Annotation, State
from segmark.core.edit import apply_to
from segmark.core.history import ActKind
from segmark.core.page_change import PageField, changed_state
from segmark.core.span import Span
from segmark.store.annotation_rows import edit_of
from segmark.store.guideline import NO_STATE, ItemKey, items_and_states

#: Returns the pages of an act on many pages, by its number, with what each was before.
PagesOf = Callable[[int], Iterable[tuple[int, str]]]
#: A page and an annotator.
At = tuple[int, int]
#: Returns the rows of ``act_edit`` of a line of the log, by its number.
EditsOf = Callable[[int], Iterable[Mapping[str, Any]]]


#: What a line of the log raises that this program did not write, or that does not fit.
DOES_NOT_FIT = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
_EDITING_PAGES = frozenset(field for field in PageField if field.edits_pages)


def out_of_turn(
    rows: Iterable[tuple[int, int, str, int | None, int | None]],
) -> Iterator[tuple[int, int]]:
    """The lines where undo and redo would fail, as the numbers of line and annotator.

    ``rows`` are number, annotator, kind, act and below of each line of the log, in order.
    """
    stood, below = defaultdict[int, _Stacks](_Stacks), dict[int, int | None]()
    for number, who, kind, of_act, under in rows:
        act, before = of_act or number, stood[who]
        if kind == ActKind.ACT:
            below[act], right = under, under == before.undo
        elif kind == ActKind.UNDO:
            right = (act, under) == (before.undo, below.get(act))
        else:
            right = (kind, [act], under) == (ActKind.REDO, before.redo[-1:], below.get(act))
        if not right:
            yield number, who
        before.follow(kind, act, under)


def undo_tops(rows: Iterable[Mapping[str, Any]]) -> dict[int, int | None]:
    """The act that undo would undo, by annotator, after these lines of the log."""
    stood = defaultdict[int, _Stacks](_Stacks)
    for row in rows:
        stood[row["annotator"]].follow(row["kind"], row["act"] or row["number"], row["below"])
    return {who: stacks.undo for who, stacks in stood.items()}


@dataclass(slots=True)
class _Stacks:
    """The stacks of ``History`` in lists: a streak of undo steps takes linear time."""

    undo: int | None = None
    redo: list[int] = field(default_factory=list)

    def follow(self, kind: str, act: int, below: int | None) -> None:
        if kind == ActKind.ACT:
            self.undo, self.redo = act, []
        elif kind == ActKind.UNDO:
            self.undo = below
            self.redo.append(act)
        elif kind == ActKind.REDO:
            self.undo = act
            del self.redo[-1:]


@dataclass(slots=True)
class _Work:
    """An annotation while it is replayed."""

    spans: list[Span] = field(default_factory=list)
    state: State = UNTOUCHED


@dataclass(slots=True)
class Replay:
    """The state that the log leads to.

    Attributes:
        annotations: of each page and annotator; None if the log contradicts itself.
        removed: the removed pages.
        guideline: the state of each example and question, as JSON.
        moved: where a join left nothing behind at some time.
    """

    annotations: dict[At, Annotation | None] = field(default_factory=dict)
    _works: dict[At, _Work | None] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    guideline: dict[ItemKey, str] = field(default_factory=dict)
    moved: set[At] = field(default_factory=set)

    @classmethod
    def of(
        cls, rows: Iterable[Mapping[str, Any]], pages_of: PagesOf, edits_of: EditsOf
    ) -> "Replay":
        """Replay the lines of the log, in the order of their numbers."""
        made = cls()
        for row in rows:
            if row.get("field") is None:  # a project of version 0.1 lacks the column
                made._edit(row)
            elif row["field"] in _EDITING_PAGES:
                for each in edits_of(row["number"]):
                    made._edit({"title": row["title"], **each})
                    if row["field"] == PageField.JOIN:
                        made._forget_untouched((each["page"], each["annotator"]))
            else:
                made._change(row, pages_of(row["act"] or row["number"]))
        made.annotations = {
            at: Annotation(tuple(work.spans), work.state) if work else None
            for at, work in made._works.items()
        }
        return made

    def _edit(self, row: Mapping[str, Any]) -> None:
        at = row["page"], row["annotator"]
        work = self._works.setdefault(at, _Work())
        if work is None:
            return
        try:
            edit = edit_of(row)
            apply_to(work.spans, work.state, edit)
            work.state = edit.after
        except DOES_NOT_FIT:
            self._works[at] = None

    def _forget_untouched(self, at: At) -> None:
        """A join leaves no annotation behind where it took everything."""
        work = self._works[at]
        if work and not work.spans and work.state == UNTOUCHED:
            self.moved.add(at)
            del self._works[at]

    def _change(self, row: Mapping[str, Any], pages: Iterable[tuple[int, str]]) -> None:
        undone = row["kind"] == ActKind.UNDO
        for page, before in pages:
            old, new = (row["value"], before) if undone else (before, row["value"])
            if row["field"] == PageField.REMOVED:
                (self.removed.add if new == "1" else self.removed.discard)(page)
            elif row["field"] in (PageField.EXAMPLE, PageField.QUESTION):
                self._set_item(row, page, before)
            elif row["field"] in (PageField.STATUS, PageField.FLAGGED) and page not in self.removed:
                self._set((page, row["annotator"]), row["field"], old, new)

    def _set_item(self, row: Mapping[str, Any], page: int, before: str) -> None:
        try:
            items = items_and_states(row["field"], row["value"], page)
        except DOES_NOT_FIT:
            return  # the state that the project holds is then reported as not being in the log
        for key, after in items:
            old, new = (after, before) if row["kind"] == ActKind.UNDO else (before, after)
            if self.guideline.get(key, NO_STATE) == old:
                self.guideline[key] = new

    def _set(self, at: At, name: str, old: str, new: str) -> None:
        work = self._works.setdefault(at, _Work())
        if work is None:
            return
        work.state = changed_state(work.state, PageField(name), old, new)
