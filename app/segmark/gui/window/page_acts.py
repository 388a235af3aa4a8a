"""The commands on the open page: they run the session's acts at the view's caret."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint

from segmark.core import caret
from segmark.core.annotation import Annotation
from segmark.core.caret import Selection
from segmark.core.edit import Edit, changed_blocks
from segmark.core.finish_check import FinishCheck
from segmark.core.fold import hiding
from segmark.core.label import LabelSet
from segmark.core.span import Span, overlapping
from segmark.gui.page.find_bar import FindBar
from segmark.gui.page.view import PageView
from segmark.gui.window.spoken import block_words, label_words
from segmark.jobs.page_folds import PageFolds
from segmark.jobs.suggesting.page_suggestions import PageSuggestions
from segmark.session.events import Edited, OpenPage, SessionEvent
from segmark.session.session import Session

_MAX_SOUGHT = 200  # a longer selection is not copied to the find bar


@dataclass(frozen=True, slots=True)
class _Question:
    """What the annotator was asked by a command when it was to finish a page."""

    page: int  # its number
    command: str
    annotation: Annotation
    found: FinishCheck

    def fits(self, opened: OpenPage | None) -> bool:
        """Whether the page is still open and as it was."""
        if opened is None or not self.found.missing:
            return False
        return (self.page, self.annotation) == (opened.number, opened.annotation)


class PageActs:
    """The commands on the open page, for one session and one view.

    ``show_message`` shows a short message; ``key`` returns the key of a command, or else its title.
    An act that can't be stored raises ``StoreError``.
    """

    def __init__(
        self,
        session: Session,
        suggesting: PageSuggestions,
        folds: PageFolds,
        view: PageView,
        find_bar: FindBar,
        show_message: Callable[[str], None],
        key: Callable[[str], str],
    ) -> None:
        self._session = session
        self._suggesting = suggesting
        self._folds = folds
        self._view = view
        self._find_bar = find_bar
        self._show_message = show_message
        self._edits = list[Edit]()  # those of an undo
        session.subscribe(self._note)
        self._key = key
        self._asked: _Question | None = None

    @property
    def selection(self) -> Selection:
        """The selection in the view."""
        return Selection(*self._view.selection)

    @property
    def label_at_caret(self) -> str | None:
        """The label at the caret, or else the suggested one; None without one."""
        span, one = self.span_at_caret, self._suggesting.at(self.selection)
        return span.label if span else one.span.label if one else None

    @property
    def _labels(self) -> LabelSet:
        return self._session.store.label_set

    @property
    def span_at_caret(self) -> Span | None:
        """The span at the caret."""
        opened = self._session.open_page
        if opened is None:
            return None
        return caret.caret_span(opened.page, self._session.spans, self.selection.caret)

    def undo_if_last(self, act: int) -> None:
        """Undo an act without a message, if it is still the last one."""
        if self._session.last_act == act:
            self._session.undo()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        session = self._session
        labels: dict[str, Callable[[], object]] = {}
        for label in session.store.label_set:
            labels[f"label.as.{label.id}"] = partial(self.label, label.id)
            labels[f"label.fill.{label.id}"] = partial(self.fill, label.id)
        return labels | {
            "label.clear": self.clear,
            "label.clear_span": self.clear_span,
            "label.start_back": lambda: self._act(lambda at: session.move_start(at, -1)),
            "label.start_forward": lambda: self._act(lambda at: session.move_start(at, 1)),
            "label.end_back": lambda: self._act(lambda at: session.move_end(at, -1)),
            "label.end_forward": lambda: self._act(lambda at: session.move_end(at, 1)),
            "suggest.accept": lambda: self._judge(self._suggesting.accept),
            "suggest.reject": lambda: self._judge(self._suggesting.reject),
            "suggest.accept_all": self.accept_all,
            "page.done_all": self.finish_with_all,
            "view.fold": self.fold,
            "view.fold_here": self.fold_here,
            "go.next_block": lambda: self._move(caret.step_block, 1),
            "go.previous_block": lambda: self._move(caret.step_block, -1),
            "go.extend_next": lambda: self._move(caret.extend_block, 1),
            "go.extend_previous": lambda: self._move(caret.extend_block, -1),
            "go.next_unlabelled": lambda: self._go_unlabelled(1),
            "go.previous_unlabelled": lambda: self._go_unlabelled(-1),
            "go.next_likely": lambda: self._go_likely(1),
            "go.previous_likely": lambda: self._go_likely(-1),
            "page.done": self.finish,
            "page.absent": self.say_absent,
            "page.next": lambda: self._step(1),
            "page.previous": lambda: self._step(-1),
            "page.next_unfinished": lambda: self._step_unfinished(1),
            "page.previous_unfinished": lambda: self._step_unfinished(-1),
            "page.skip": self.skip,
            "page.reopen": self.reopen,
            "page.flag": session.flag,
            "edit.undo": self.undo,
            "edit.redo": self.redo,
            "edit.find": self.find,
            "edit.select_all": self.select_all,
            "file.saved": self.say_saved,
        }

    def label(self, label: str) -> None:
        """Label the selection or the caret's block, and go to the next block without a label."""
        if opened := self._session.open_page:
            self._say_folded(*caret.target(opened.page, self._whole(self.selection)))
        self._act(lambda at: self._session.label(label, self._whole(at)))

    def fill(self, label: str) -> None:
        """Label from the nearest such span above through the caret's block, and go on."""
        above = any(span.label == label for span in self._session.spans)
        if opened := self._session.open_page:
            at, spans = self._whole(self.selection), self._session.spans
            self._say_folded(*caret.fill_target(opened.page, spans, at, label))
        self._act(lambda at: self._session.fill(label, self._whole(at)))
        if not above:
            self._show_message(
                f"There was no {self._labels.name_of(label)} above: only this block was labelled."
            )

    def clear(self) -> None:
        """Clear the label of the selection, or else of the caret's block."""
        if opened := self._session.open_page:
            cleared = caret.target(opened.page, self._whole(self.selection))
            self._clear(lambda at: self._session.clear(self._whole(at)), cleared)

    def clear_span(self) -> None:
        """Clear the whole span at the caret, or all spans in the selection."""
        if opened := self._session.open_page:
            cleared = caret.span_target(opened.page, self._session.spans, self.selection)
            self._clear(self._session.clear_span, cleared)

    def paint_range(self, label: str, start: int, end: int) -> int | None:
        """Label a range, and return the number of the act, if any; the view does not scroll."""
        if start == end:
            return None
        before = self._session.last_act
        at = self.selection.caret
        self._session.label(label, Selection(start, end))
        self._view.place(at, at)
        act = self._session.last_act
        return act if act != before else None

    @property
    def _last(self) -> str:
        if self._session.navigation.filtered:
            return "All pages of the list are done or skipped; clear its filter for the others."
        return "That was the last page: all pages are done or skipped."

    def finish(self) -> None:
        """Mark the page done and open the next unfinished one, after a check of its labels."""
        if self._may_finish("page.done", ()) and not self._session.finish():
            self._show_message(self._last)

    def finish_with_all(self) -> None:
        """Accept all suggestions, mark the page done and open the next, after a check."""
        suggested = self._suggested
        if self._may_finish("page.done_all", suggested) and not self._suggesting.finish():
            self._show_message(self._last)

    @property
    def _suggested(self) -> tuple[Span, ...]:
        return tuple(one.span for one in self._suggesting.open)

    def _may_finish(self, command: str, suggested: Sequence[Span]) -> bool:
        """Whether the page has what is expected, or the annotator was asked about it already."""
        opened, found = self._session.open_page, self._session.check(suggested)
        question = _Question(opened.number, command, opened.annotation, found) if opened else None
        if not found or (question and question == self._asked):
            self._asked = None
            return True
        self._asked = question
        self._show_message(f"{found.words} {', '.join(self._ways_on(command, found))}.")
        return False

    def _ways_on(self, command: str, found: FinishCheck) -> list[str]:
        """What an annotator can do about a page that lacks something."""
        again = f"{self._key(command)} again finishes it"
        if command == "page.done" and self._suggesting.open:
            return [f"{self._key('page.done_all')} takes its suggestions", again]
        none = f"{self._key('page.absent')} records that there is really none"
        return [again, none] if found.missing else [again]

    def say_absent(self) -> None:
        """Record that the page really lacks what is missing, and finish it if that was asked."""
        asked = self._asked
        if asked and asked.command == "page.done" and self._suggesting.open:
            asked = None  # what is suggested is not absent
        if asked and asked.fits(self._session.open_page):
            self._session.say_absent(asked.found.missing)
            (self.finish if asked.command == "page.done" else self.finish_with_all)()
            return
        missing = self._session.check(self._suggested).missing
        self._session.say_absent(missing)
        self._show_message(
            f"Recorded: really no {', '.join(self._labels.names_of(missing))}."
            if missing
            else "This page lacks no label that is expected."
        )

    def accept_all(self) -> None:
        """Accept all suggestions of the page."""
        labels = label_words(self._labels.name_of(one.span.label) for one in self._suggesting.open)
        count = self._suggesting.accept_all()
        self._show_message(
            f"Accepted: {count} ({labels})." if count else "There is no suggestion on this page."
        )

    def skip(self) -> None:
        """Mark the page skipped and open the next unfinished one."""
        if not self._session.skip():
            self._show_message(self._last)

    def reopen(self) -> None:
        """Take a finished page back to started."""
        reopened = self._session.reopen()
        self._show_message("Page reopened." if reopened else "This page is not finished.")

    def undo(self) -> None:
        """Undo the last act, on its own page."""
        title, act = self._session.undo_title, self._session.history.undo
        beyond = self._out_of_reach(act or 0)
        at, changed = self._replayed(self._session.undo)
        words = f"Undone: {title}{changed}" if title else "There is nothing to undo."
        self._show_message(f"{words.rstrip('.')}.{beyond}" if beyond else words)
        if at:
            self._select(at)

    def _out_of_reach(self, act: int) -> str:
        """A sentence on those whose later acts undo passes over, as they were joined since."""
        names = self._session.store.people.joined_since(self._session.annotator, act)
        if not names:
            return ""
        whose = " and ".join(names)
        return f" What {whose} did before the join stays: Page › History… goes back to it."

    def redo(self) -> None:
        """Redo the act that was undone last."""
        title = self._session.redo_title
        at, changed = self._replayed(self._session.redo)
        self._show_message(
            f"Done again: {title}{changed}" if title else "There is nothing to redo."
        )
        if at:
            self._select(at)

    def find(self) -> None:
        """Open the find bar, with the selected words if they are few."""
        opened = self._session.open_page
        if opened:
            start, end = self.selection.range
            selected = opened.page.text[start : min(end, start + _MAX_SOUGHT)]
            few = "\n" not in selected and end - start < _MAX_SOUGHT
            self._find_bar.open(selected if few else "")

    def say_saved(self) -> None:
        """Reassure the annotator that every act is saved already."""
        name = self._session.store.path.name
        self._show_message(f"All saved in {name}: every act is on disk as you make it.")

    def fold(self) -> None:
        """Open all folds of the page, or fold it if there are none."""
        if not self._folds.toggle_all():
            self._show_message("There is nothing to fold on this page.")

    def fold_here(self) -> None:
        """Open the fold at the caret, or fold again what was opened there."""
        if not self._folds.toggle_at(self.selection.caret):
            self._show_message("There is nothing to fold at the caret.")

    def open_fold_under(self, point: QPoint) -> None:
        """Open the fold at a point of the view, if there is one."""
        if fold := self._view.fold_under(point):
            self._folds.open(fold.start, fold.stop)

    def show_range(self, start: int, end: int) -> None:
        """Open the folds that hide a part of a range."""
        self._folds.open(start, end)

    def show_place(self, page: int, start: int, end: int) -> None:
        """Open a page, unless it is open, and select a range of it, as far as the text goes."""
        opened = self._session.open_page
        if opened is None or opened.number != page:
            self._session.open(page)
        if opened := self._session.open_page:
            last = len(opened.page.text)
            self.show_range(start, end)
            self._view.select(min(start, last), min(end, last))

    def select_all(self) -> None:
        """Select the whole page."""
        opened = self._session.open_page
        if opened:
            self._select(Selection(0, len(opened.page.text)))

    def go_to(self, offset: int) -> None:
        """Put the caret at an offset of the page."""
        self._select(Selection.at(offset))

    def _whole(self, selection: Selection) -> Selection:
        """The selection of all lines of the fold at the caret; else the same selection."""
        opened = self._session.open_page
        return caret.whole_fold(opened.page, selection, self._folds.folds) if opened else selection

    def _replayed(self, replay: Callable[[], Selection | None]) -> tuple[Selection | None, str]:
        """Undo or redo; return the selection, and how many blocks changed, such as " (1 block)"."""
        self._edits.clear()
        at, opened = replay(), self._session.open_page
        changed = [edit for edit in self._edits if edit.added or edit.removed]
        if opened is None or not changed:
            return at, ""
        return at, f" ({block_words(changed_blocks(opened.page, changed[-1]))})"

    def _note(self, event: SessionEvent) -> None:
        if isinstance(event, Edited):
            self._edits = [event.edit]

    def _say_folded(self, start: int, end: int) -> None:
        """Show how many folded lines a range has, before they get a label."""
        folded = hiding(self._folds.folds, start, end)
        if lines := sum(len(one.blocks) for one in folded):
            self._show_message(f"Folded lines are labelled too: {lines:,}.")

    def _act(self, act: Callable[[Selection], Selection]) -> None:
        with self._view.painted_once():
            self._select(act(self.selection))

    def _clear(self, act: Callable[[Selection], Selection], cleared: tuple[int, int]) -> None:
        """Clear a range by an act, and show how many blocks lost a label."""
        opened = self._session.open_page
        if opened is None:
            return
        spans = self._session.spans
        count = caret.labelled_blocks(opened.page, spans, *cleared)
        held = dict.fromkeys(span.label for span in overlapping(spans, *cleared))
        labels = ", ".join(self._labels.names_of(held))
        self._act(act)
        self._show_message(
            f"Label cleared: {block_words(count)} ({labels})."
            if count
            else "There is no label here to clear."
        )

    def _judge(self, act: Callable[[Selection], Selection]) -> None:
        if not self._suggesting.open:
            self._show_message("There is no suggestion on this page.")
        self._act(act)

    def _move(self, step: Callable[..., Selection], direction: int) -> None:
        opened = self._session.open_page
        if opened:
            self._select(step(opened.page, self.selection, direction, self._folds.folds))

    def _go_unlabelled(self, direction: int) -> None:
        offset = self._suggesting.next_unsettled(self._leaving(direction), direction)
        if offset is None:
            self._show_message("Every other block that reads like text has a label.")
        else:
            self._select(Selection.at(offset))

    def _leaving(self, direction: int) -> Selection:
        """The selection; with the caret alone on a fold, the end of the fold in a direction."""
        here = self._whole(self.selection)
        return here if here == self.selection else Selection.at(here.range[direction > 0])

    def _go_likely(self, direction: int) -> None:
        offset = self._suggesting.next_likely(self._leaving(direction), direction)
        if offset is None:
            where = "below" if direction > 0 else "above"
            self._show_message(f"There is no paragraph or caption {where}.")
        else:
            self._select(Selection.at(offset))

    def _step(self, direction: int) -> None:
        if not self._session.step_page(direction):
            where = " of the list" if self._session.navigation.filtered else ""
            end = "last" if direction > 0 else "first"
            self._show_message(f"This is the {end} page{where}.")

    def _step_unfinished(self, direction: int) -> None:
        if not self._session.step_unfinished(direction):
            self._show_message("No other page is unfinished.")

    def _select(self, selection: Selection) -> None:
        self._view.select(selection.anchor, selection.caret)
