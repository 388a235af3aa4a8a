"""Session: one annotator's work on a project.

A session connects the core with the store: a function of the core computes each edit, the session
stores it and then notifies its listeners. Positions are code points.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from segmark.core import caret
from segmark.core.annotation import State, Status
from segmark.core.caret import Selection
from segmark.core.edit import Edit, EditConflictError, apply, change_state, clear, paint, resize
from segmark.core.finish_check import FinishCheck, finish_check
from segmark.core.history import ActKind, History
from segmark.core.label_acts.change import LabelSetChange, changed_elsewhere
from segmark.core.label_acts.fitting import brought_up_to_date
from segmark.core.likely_headline import likely_headline
from segmark.core.page import Page
from segmark.core.page_change import PageChange, PageField
from segmark.core.span import Span
from segmark.session.events import (
    Edited,
    GuidelineChanged,
    LabelsChanged,
    OpenPage,
    PageOpened,
    PagesChanged,
    SessionEvent,
)
from segmark.session.navigation import Navigation
from segmark.session.pace import Pace
from segmark.session.time_at_work import TimeAtWork
from segmark.store.annotations import ManyAct
from segmark.store.errors import ConflictError, LabelsChangedError, StoreError
from segmark.store.file.project_file import beginning
from segmark.store.store import Store

InTransaction = Callable[[OpenPage, Edit], object]
RunBulk = Callable[[int, ManyAct, bool], int]


class Session:
    """One annotator working on the pages of a project.

    Acts take the selection and return the selection to set afterwards. An act that can't be stored
    raises ``StoreError`` and changes nothing.

    Args:
        clock: returns seconds and never runs backwards.
        in_transaction: called with the page as it will be and the edit, in the transaction that
            stores the edit; what it stores is kept with the edit, or not at all.
        run_bulk: runs an act on many pages, given their number and whether it changes labels.
        queue_ready: returns once the navigation's queue is complete.
        caret: returns the offset of the caret on the open page; None if that is unknown.

    Attributes:
        navigation: which page comes next.
        opens_at_work: whether a page opens at its likely headline instead of in its first block.
        unfolded: the blocks that the annotator unfolded, by page; the pages where that was not
            left to the program.
    """

    def __init__(
        self,
        store: Store,
        annotator: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        in_transaction: InTransaction = lambda _page, _edit: None,
        run_bulk: RunBulk | None = None,
        queue_ready: Callable[[], object] = lambda: None,
        caret: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.store = store
        self.annotator = annotator
        self.open_page: OpenPage | None = None
        self.opens_at_work = True
        self.navigation = Navigation(store, annotator, queue_ready)
        self._annotations = store.annotations(annotator)
        self._in_transaction = in_transaction
        self._caret = caret
        self._carets = store.left_carets(annotator)
        self.unfolded = store.left_unfolded(annotator)
        self._run_bulk = run_bulk or (lambda _pages, act, _labels: act(self._annotations, None))
        self._listeners: list[Callable[[SessionEvent], None]] = []
        self._times = TimeAtWork(self._annotations, clock)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans of the open page."""
        return self.open_page.annotation.spans if self.open_page else ()

    @property
    def state(self) -> State:
        """Status, flag and note of the open page."""
        return self.open_page.annotation.state if self.open_page else State()

    def subscribe(self, listener: Callable[[SessionEvent], None]) -> None:
        """Call the listener with every event, after it is stored."""
        self._listeners.append(listener)

    # Pages

    def open(self, number: int) -> None:
        """Open a page.

        Raises:
            StoreError: the page is missing or damaged; the open page stays open.
        """
        page = self.store.pages.get(number)
        self._flush_time()
        self._keep_caret()
        self.open_page = OpenPage(number, page, self._annotations.get(number))
        self._notify(PageOpened(number))

    def open_first(self) -> bool:
        """Open the page that this annotator left, or the next unfinished one; False without one."""
        pages = self.store.pages
        last = self.store.left_at(self.annotator) or self._annotations.last_page
        if last and pages.is_open(self.annotator, last):
            return self._open_if(last)
        unfinished, first = self.navigation.unfinished(last or 0, 1), pages.neighbour(0, 1)
        return self._open_if(unfinished or (last if last and not pages.is_removed(last) else first))

    def step_page(self, step: int) -> bool:
        """Open the next (+1) or previous (-1) page; False at the end."""
        return self._open_if(self.navigation.neighbour(self._number(), step))

    def step_unfinished(self, step: int) -> bool:
        """Open the nearest unfinished page, wrapping around; False without one."""
        return self._open_if(self.navigation.unfinished(self._number(), step))

    @property
    def pace(self) -> Pace:
        """The annotator's pace today, and what is left of the list."""
        today, median = self.store.pace(self.annotator, beginning(datetime.now().date()))
        queue, counts = self.navigation.queue, self.store.progress(self.annotator)
        left = queue.left if queue is not None else counts.pages - counts.finished
        return Pace(today, median, left)

    def reload(self) -> None:
        """Read the open page from the store again."""
        if self.open_page:
            self.open(self.open_page.number)

    @property
    def left_caret(self) -> Selection | None:
        """The caret where the annotator left the open page; None if it was not open before."""
        opened = self.open_page
        left = self._carets.get(opened.number) if opened else None
        if opened is None or left is None:
            return None
        return Selection.at(min(max(0, left), len(opened.page.text)))

    @property
    def opening_caret(self) -> Selection:
        """The caret when the page opens without suggestions.

        It is where it was left, else at the likely headline, else in the first block.
        """
        opened = self.open_page
        if opened is None:
            return Selection.at(0)
        if left := self.left_caret:
            return left
        headline = likely_headline(opened.page) if self.opens_at_work else None
        if headline is None:
            return caret.first_caret(opened.page)
        return Selection.at(opened.page.blocks[headline].start)

    def _keep_caret(self) -> None:
        if self.open_page and (offset := self._caret()) is not None:
            self._carets.pop(self.open_page.number, None)  # the page left last is the last one
            self._carets[self.open_page.number] = offset

    def leave(self) -> None:
        """End the session: store the active time and where it ends, and drop all listeners."""
        self._listeners.clear()
        self._flush_time()
        self._keep_caret()
        if self.open_page and not self.store.read_only:
            with suppress(StoreError):
                self.store.leave_at(
                    self.annotator, self.open_page.number, self._carets, self.unfolded
                )

    def input(self) -> None:
        """Count the time until now as active: the annotator pressed a key or used the mouse."""
        self._times.input()

    # Acts on spans

    def label(self, label: str, selection: Selection) -> Selection:
        """Label the selection, or else the caret's block; go to the next block without a label."""
        return self._paint(label, selection, lambda page: caret.target(page, selection))

    def fill(self, label: str, selection: Selection) -> Selection:
        """Label from the end of the nearest such span above through the caret's block."""
        return self._paint(
            label, selection, lambda page: caret.fill_target(page, self.spans, selection, label)
        )

    def clear(self, selection: Selection) -> Selection:
        """Clear the labels of the selection, or else of the caret's block."""
        return self._clear(selection, lambda page: caret.target(page, selection))

    def clear_span(self, selection: Selection) -> Selection:
        """Clear the whole span at the caret, or all spans in the selection."""
        return self._clear(selection, lambda page: caret.span_target(page, self.spans, selection))

    def move_start(self, selection: Selection, step: int) -> Selection:
        """Move the start of the span at the caret by a word or block, back (-1) or forward (+1)."""
        return self._resize(selection, partial(caret.moved_start, step=step), None)

    def move_end(self, selection: Selection, step: int) -> Selection:
        """Move the end of the span at the caret by a word or block, back (-1) or forward (+1)."""
        return self._resize(selection, None, partial(caret.moved_end, step=step))

    # Acts on the page as a whole

    def check(self, more: Sequence[Span] = ()) -> FinishCheck:
        """Check the page for labels that are expected, as if it had more spans."""
        return finish_check((*self.spans, *more), self.store.label_set, self.state.absent)

    def finish(self) -> bool:
        """Mark the page done and open the next unfinished one; False if there is none."""
        return self._finish(Status.DONE, "Page done")

    def say_absent(self, labels: Sequence[str]) -> None:
        """Record that the page really does not have these labels, which are expected."""
        if labels:
            absent = tuple(sorted({*self.state.absent, *labels}))
            started = Status.STARTED if self.state.status is Status.NEW else self.state.status
            state = replace(self.state, absent=absent, status=started)
            names = self.store.label_set.names_of(labels)
            self._change_state(f"Really no {', '.join(names)}", state)

    def skip(self) -> bool:
        """Mark the page skipped and open the next unfinished one; False if there is none."""
        return self._finish(Status.SKIPPED, "Skip page")

    def reopen(self) -> bool:
        """Take a finished page back to started; False if it is not finished."""
        if not self.state.status.finished:
            return False
        self._change_state("Reopen page", replace(self.state, status=Status.STARTED))
        return True

    def flag(self) -> None:
        """Flag the page, or remove its flag."""
        flagged = not self.state.flagged
        title = "Flag page" if flagged else "Take off flag"
        self._change_state(title, replace(self.state, flagged=flagged))

    def write_note(self, note: str) -> None:
        """Set the note of the page."""
        self._change_state("Write note", replace(self.state, note=note))

    # Acts on many pages

    def change_pages(self, pages: Sequence[int], change: PageChange) -> int:
        """Change many pages in one act; return how many of them changed."""
        return self._change_many(
            len(pages), lambda those, tell: those.change_pages(pages, change, tell)
        )

    def change_people(self, change: PageChange, pages: int = 1) -> int:
        """Change people in one act; ``pages`` is about how many pages that changes.

        Raises:
            StoreError: people can't be changed so; it says why.
        """
        return self._change_many(pages, lambda those, tell: those.change_people(change, tell))

    def _change_many(self, pages: int, act: ManyAct, *, labels: bool = False) -> int:
        if not (changed := self._run_bulk(pages, act, labels)):
            return 0
        if opened := self.open_page:
            if self.store.pages.is_removed(opened.number):
                self._flush_time()
                self.open_page = None
                self._open_if(self.navigation.unfinished(opened.number, 1))
            elif (opened.annotation, opened.page.info) != (
                self._annotations.get(opened.number),
                self.store.pages.get(opened.number).info,
            ):
                self.reload()
        self._notify(PagesChanged())
        return changed

    def change_spans(self, edits: Mapping[int, Edit], title: str) -> int:
        """Make an edit on each of many pages in one act; return how many pages changed."""
        return self._change_many(
            len(edits), lambda those, tell: those.change_spans(edits, title, tell)
        )

    def change_guideline(self, page: int, change: PageChange) -> bool:
        """Change an example of the guideline or a question; False if it is so already."""
        if changed := bool(self._annotations.change_pages([page], change)):
            self._notify(GuidelineChanged())
        return changed

    def change_labels(
        self, change: LabelSetChange, reopen: Sequence[int] = (), pages: int = 0
    ) -> int:
        """Change the label set, and reopen finished pages, in one act that touches ``pages``."""
        try:
            return self._run_bulk(
                pages, lambda a, tell: a.change_labels(change, reopen, tell), True
            )
        finally:
            self.refresh_labels()

    def refresh_labels(self) -> bool:
        """Go on with the label set as it is in the project by now; return whether it changed."""
        if changed := self.store.reload_labels():
            self.reload()
            self._notify(LabelsChanged())
        return changed

    # Undo and redo, across pages and restarts

    @property
    def history(self) -> History:
        """The acts that undo and redo would undo and redo, across windows."""
        return self._annotations.history()

    @property
    def last_act(self) -> int | None:
        """The number of the act that undo would undo; None without one."""
        return self.history.undo

    @property
    def undo_title(self) -> str | None:
        """The title of the act that undo would undo; None without one."""
        number = self.history.undo
        return self._annotations.title(number) if number else None

    @property
    def redo_title(self) -> str | None:
        """The title of the act that redo would redo; None without one."""
        numbers = self.history.redo
        return self._annotations.title(numbers[-1]) if numbers else None

    def undo(self) -> Selection | None:
        """Undo the last act, on the page where it was made, and return the selection there.

        The result is None if there is nothing to undo, or if the act changed many pages.
        """
        return self._replay(self.history.undo, ActKind.UNDO)

    def redo(self) -> Selection | None:
        """Redo the act that was undone last; the result is like that of ``undo``."""
        numbers = self.history.redo
        return self._replay(numbers[-1] if numbers else None, ActKind.REDO)

    def _replay(self, number: int | None, kind: ActKind) -> Selection | None:
        if number is None:
            return None
        change = self._annotations.change_of(number)
        if change and change.field.of_guideline:
            self._annotations.replay_pages(number, kind)
            self._notify(GuidelineChanged())
            return None
        if change:
            pages = self._change_many(
                self._annotations.size_of(number),
                lambda those, tell: those.replay_pages(number, kind, tell),
                labels=change.field is PageField.LABELS,
            )
            self.refresh_labels()
            if not pages and change.field.of_people:
                raise StoreError(f"“{change.title}”: these people were changed since; it stays so")
            return None
        act = self._annotations.entry(number)
        if (page := self.store.pages.number_of(act.page)) is None:
            return None
        if self.open_page is None or self.open_page.number != page:
            self.open(page)
        edit = act.edit.inverse() if kind is ActKind.UNDO else act.edit
        if self.store.labels_changed_since(number):
            edit = brought_up_to_date(self._annotations.get(page), edit, self.store.label_set)
        self._store(edit, kind, number)
        if changed := edit.added or edit.removed:
            return Selection.at(changed[0].start)
        here = self._caret()
        return self.opening_caret if here is None else Selection.at(here)

    def _paint(
        self, label: str, selection: Selection, ranged: Callable[[Page], tuple[int, int]]
    ) -> Selection:
        if self.open_page is None:
            return selection
        page, labels = self.open_page.page, self.store.label_set
        start, end = ranged(page)
        if label not in labels.ids:
            raise LabelsChangedError("this label is gone")
        self.do(paint(page.text, self.open_page.annotation, labels, start, end, label))
        after = caret.next_unlabelled(page, self.spans, max(start, end - 1))
        return Selection.at(selection.caret if after is None else after)

    def _clear(self, selection: Selection, ranged: Callable[[Page], tuple[int, int]]) -> Selection:
        if self.open_page is None:
            return selection
        page, labels = self.open_page.page, self.store.label_set
        self.do(clear(page.text, self.open_page.annotation, labels, *ranged(page)))
        return Selection.at(selection.caret)

    def _resize(
        self, selection: Selection, start: Callable[..., int] | None, end: Callable[..., int] | None
    ) -> Selection:
        if self.open_page is None:
            return selection
        page = self.open_page.page
        span = caret.caret_span(page, self.spans, selection.caret)
        if span is None:
            return selection
        before, labels = self.open_page.annotation, self.store.label_set
        inside = labels[span.label].inside
        first = start(page, span, inside=inside) if start else span.start
        last = end(page, span, inside=inside) if end else span.end
        self.do(resize(page.text, before, labels, span, first, last))
        # The caret stays in the span, so that the annotator can press the same key again.
        return Selection.at(min(max(selection.caret, first), last))

    def _finish(self, status: Status, title: str) -> bool:
        if self.open_page is None:
            return False
        self._change_state(title, replace(self.state, status=status))
        return self.step_unfinished(1)

    def _change_state(self, title: str, state: State) -> None:
        if self.open_page:
            self.do(change_state(self.open_page.annotation, title, state))

    def do(self, edit: Edit | None, also: Callable[[], object] | None = None) -> None:
        """Store an edit of the open page as one act; None does nothing.

        ``also`` is called in the same transaction, to store what belongs to the edit.
        """
        if edit:
            self._store(edit, ActKind.ACT, also=also)

    def _store(
        self,
        edit: Edit,
        kind: ActKind,
        act: int | None = None,
        also: Callable[[], object] | None = None,
    ) -> None:
        opened = self.open_page
        if opened is None:
            return

        def together() -> None:
            self._in_transaction(after, edit)
            if also:
                also()

        seconds = self._times.take(opened.number)
        try:
            after = replace(opened, annotation=apply(opened.annotation, edit))
            self._annotations.save(
                opened.number, edit, kind=kind, act=act, active_seconds=seconds, also=together
            )
        except (StoreError, EditConflictError) as error:
            self._times.give_back(opened.number, seconds)
            if not isinstance(error, ConflictError | EditConflictError):
                raise
            labels = self.store.label_set
            if not self.refresh_labels():
                self.reload()
                raise ConflictError from error
            raise LabelsChangedError(changed_elsewhere(labels, self.store.label_set)) from error
        self.open_page = after
        if edit.before.status is not edit.after.status:
            self.navigation.mark(opened.number, finished=edit.after.status.finished)
        self._notify(Edited(edit, kind))

    def _open_if(self, number: int | None) -> bool:
        if number is None:
            return False
        self.open(number)
        return True

    def _number(self) -> int:
        return self.open_page.number if self.open_page else 0

    def _flush_time(self) -> None:
        opened = self.open_page if not self.store.read_only else None
        self._times.store(opened.number if opened else None)

    def _notify(self, event: SessionEvent) -> None:
        for listener in self._listeners:
            listener(event)
