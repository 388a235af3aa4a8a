"""SessionDisplay: shows the session's page and events in the parts of the window."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from segmark.core.annotation import Annotation
from segmark.core.caret import Selection
from segmark.core.history import ActKind
from segmark.core.label_acts.change import changed_elsewhere
from segmark.core.suggestion import Suggestion
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.keys.actions import Actions
from segmark.gui.page.view import PageView
from segmark.gui.window.availability import enable, enable_undo
from segmark.gui.window.finder import Finder
from segmark.gui.window.open_session import OpenSession
from segmark.gui.window.side_panels import SidePanels
from segmark.gui.window.spoken import CaretSpeech, act_words
from segmark.gui.window.status_line import StatusLine
from segmark.session.events import Edited, LabelsChanged, PageOpened, PagesChanged, SessionEvent
from segmark.session.session import Session
from segmark.store.figures.statistics import StatusCounts


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of the project, brought up to date by each edit since.

    Attributes:
        position: of the open page in load order, from 1.
    """

    progress: StatusCounts
    position: int


class SessionDisplay(QObject):
    """Keeps view, panels, status line and title up to date with a session.

    Signals:
        page_shown: a page was opened.
        pages_changed: one act changed many pages.
        labels_changed: the label set changed.
        titled: the new title of the window.
    """

    page_shown = Signal()
    pages_changed = Signal()
    labels_changed = Signal()
    titled = Signal(str)

    def __init__(
        self,
        view: PageView,
        finder: Finder,
        panels: SidePanels,
        status: StatusLine,
        actions: Actions,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._finder = finder
        self._panels = panels
        self._status = status
        self._actions = actions
        self._open: OpenSession | None = None
        self._speech = CaretSpeech(view.announce)
        self._counts: Counter[str] = Counter()
        self._shown: int | None = None  # the page in the view
        self._edited = dict[int, Annotation]()  # pages whose rows in the list are out of date
        self._known: _Known | None = None
        self._written_elsewhere = 0
        self._suggested: tuple[Suggestion, ...] = ()
        self._shows_pace = self._pace_due = False
        self._landed: tuple[Selection, int] | None = None  # where a page opened, and was scrolled
        # An act repaints the page first, and the rest of the window when that is done.
        self._refreshing = QTimer(self, singleShot=True, interval=0)
        self._refreshing.timeout.connect(self._refresh)
        view.selection_changed.connect(self._show_caret)
        panels.pages.queue_changed.connect(self.refresh_soon)
        panels.note.unsaved_changed.connect(self._show_saved)
        panels.note.asked.connect(actions["page.question"].trigger)

    def show_session(self, opened: OpenSession | None) -> None:
        """Show this session from now on; None for no project."""
        self._open = opened
        session = opened.session if opened else None
        if opened:
            opened.suggestions.changed.connect(self._show_suggestions)
            opened.suggestions.message.connect(self._status.show_message)
        self._panels.set_session(session)
        self._panels.set_enabled(session is not None)
        if session and session.store.read_only:
            self._panels.labels.setEnabled(False)
            self._panels.note.setEnabled(False)
        self._status.show_annotator(session.annotator if session else "")
        if session:
            session.subscribe(partial(self._on_event, session))

    def set_shows_pace(self, shows: bool) -> None:
        """Set whether the status line shows the annotator's pace."""
        self._shows_pace, self._pace_due = shows, True
        self._refreshing.start()

    def refresh_soon(self) -> None:
        """Refresh panels, title and status line when the event loop is idle."""
        self._known = None
        self._refreshing.start()

    def refresh(self) -> None:
        """Refresh panels, title and status line."""
        self._known = None
        self._refreshing.stop()
        self._refresh()

    def _refresh(self) -> None:
        """Refresh everything; read only what an edit does not tell."""
        session = self._open.session if self._open else None
        enable_undo(self._actions, session)
        self._show_saved()
        if session is None:
            self._status.clear_all()
            return
        known = self._known = self._read(session)
        while self._edited:
            self._panels.pages.show_annotation(*self._edited.popitem())
        self._panels.pages.show_progress(known.progress)
        opened = session.open_page
        if opened is None:
            self._status.show_page(0, known.progress.pages)
            return
        self._panels.show_page(session, self._counts, self._suggested)
        if self._pace_due:
            self._pace_due = False
            self._status.show_pace(session.pace.words if self._shows_pace else "")
        self._actions["page.flag"].setChecked(session.state.flagged)
        in_queue = session.navigation.place(opened.number)
        self._status.show_page(*in_queue or (known.position, known.progress.pages))
        self._show_caret()

    def _read(self, session: Session) -> _Known:
        """Read progress and position, unless they are known and nobody else wrote since."""
        elsewhere = session.store.writes_elsewhere
        if elsewhere != self._written_elsewhere:
            self._written_elsewhere = elsewhere
            self._panels.pages.forget()
            labels = session.store.label_set
            if session.refresh_labels():
                told = changed_elsewhere(labels, session.store.label_set)
                self._status.show_message(f"{told[0].upper()}{told[1:]}.")
        elif self._known:
            return self._known
        opened = session.open_page
        return _Known(
            session.store.progress(session.annotator),
            session.store.pages.position(opened.number) if opened else 0,
        )

    def _show_saved(self) -> None:
        """Show in the status line and the title whether everything is saved."""
        session = self._open.session if self._open else None
        if session is None:
            self.titled.emit("Segmark")
            return
        if session.store.read_only:
            saved, sign = "reading only", ""
        elif self._panels.note.unsaved:
            saved, sign = "note not saved yet", "… "
        else:
            saved, sign = "all saved", "✓ "
        self._status.show_saved(sign + saved.capitalize())
        parts = [session.store.path.name, "Segmark"]
        if opened := session.open_page:
            info = opened.page.info
            parts = [in_stored_order(info.title or info.source), parts[0], saved, parts[1]]
        self.titled.emit(" – ".join(parts))

    def show_counts(self) -> None:
        """Show the number of spans of each label on the label buttons."""
        self._panels.labels.show_counts(self._counts)

    def _on_event(self, session: Session, event: SessionEvent) -> None:
        match event:
            case PageOpened():
                self._known = None
                self._pace_due = self._shows_pace
                self._show_page(session)
            case Edited(edit, kind):
                self._counts.subtract(span.label for span in edit.removed)
                self._counts.update(span.label for span in edit.added)
                self._view.set_spans(session.spans)
                self._landed = None
                if opened := session.open_page:
                    self._edited[opened.number] = opened.annotation
                if known := self._known:
                    moved = known.progress.moved(edit.before.status, edit.after.status)
                    self._known = replace(known, progress=moved)
                words = act_words(session.open_page.page, edit) if session.open_page else ""
                if kind is ActKind.ACT and words:
                    self._view.announce(words)
            case LabelsChanged():
                self.labels_changed.emit()
            case PagesChanged():
                self._known = None
                self.pages_changed.emit()
        self._refreshing.start()

    def _show_page(self, session: Session) -> None:
        if session.open_page is None:
            return
        page = session.open_page.page
        self._counts = Counter(span.label for span in session.spans)
        self.page_shown.emit()
        self._view.show_page(page, self._open.folds.folds if self._open else ())
        self._view.set_spans(session.spans)
        self._shown, self._suggested = session.open_page.number, ()
        self._show_suggestions()
        if left := session.left_caret:
            self._landed = None
            self._view.select(left.anchor, left.caret)
        else:
            self._land()
        self._finder.set_text(page.text)
        enable(self._actions, session)
        self._view.setFocus()

    def _land(self) -> None:
        """Put the caret where the work on the open page begins."""
        if self._open:
            self._view.land(self._open.suggestions.suggesting.opening_caret.caret)
            self._landed = self._place

    @property
    def _place(self) -> tuple[Selection, int]:
        """The caret, and the position of the scroll bar."""
        return Selection(*self._view.selection), self._view.verticalScrollBar().value()

    def show_folds(self) -> None:
        """Show the folds of the open page, if its text is shown already."""
        opened = self._open.session.open_page if self._open else None
        if self._open and opened and self._shown == opened.number:
            self._view.set_folds(self._open.folds.folds)

    def _show_suggestions(self) -> None:
        if self._open is None:
            return
        untouched = self._landed == self._place
        self._open.folds.update()
        waiting, opened = self._open.suggestions.suggesting.open, self._open.session.open_page
        # The suggestions of a page come before its text, and most acts change none of them.
        if waiting == self._suggested or opened is None or self._shown != opened.number:
            return
        first = bool(waiting) and not self._suggested
        if first:
            count = "1 suggestion" if len(waiting) == 1 else f"{len(waiting)} suggestions"
            self._status.show_message(f"{count}{self._ways_to_settle()}.")
        self._suggested = waiting
        self._view.set_suggestions(waiting)
        self._refreshing.start()
        # Suggestions can come after the page is painted; who has begun to work is not moved.
        if first and untouched:
            self._land()

    def _ways_to_settle(self) -> str:
        """The keys for suggestions, as far as there are any."""
        acts = (
            ("suggest.accept", "accepts"),
            ("suggest.reject", "rejects"),
            ("page.done_all", "takes all and goes on"),
        )
        keys = [(self._actions.keys_text(name), does) for name, does in acts]
        ways = [f"{found[0]} {does}" for found, does in keys if found]
        return f": {', '.join(ways)}" if ways else ""

    def _show_caret(self) -> None:
        if self._open is None or self._refreshing.isActive():
            return
        acts, opened = self._open.acts, self._open.session.open_page
        if opened is None:
            return
        page, selection = opened.page, acts.selection
        start, end = selection.range
        block = page.block_at(selection.caret)
        self._status.show_caret((block or 0) + 1, len(page.blocks), end - start)
        span, suggesting = acts.span_at_caret, self._open.suggestions.suggesting
        suggested = None if span else suggesting.at(selection)
        self._panels.spans.show_current(span)
        name_of = self._open.session.store.label_set.name_of
        words = name_of(span.label) if span else ""
        if suggested:
            words = f"suggested {name_of(suggested.span.label)}"
        if block is not None and (fold := self._open.folds.at(block)):
            words = f"fold, {fold.size}"
        self._speech.enter(opened.number, block or 0, words)
        if self._panels.guideline.isVisible():
            self._panels.guideline.show_label(acts.label_at_caret)
