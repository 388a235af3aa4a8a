"""The history of a page: replaying the log to any moment gives what was there."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from segmark.core.annotation import Annotation, State, Status
from segmark.core.caret import Selection
from segmark.core.edit import apply, go_back, paint
from segmark.core.page_change import PageChange, PageField, flag_pages, remove_pages, skip_pages
from segmark.core.span import Span
from segmark.session.session import Session
from segmark.store.errors import ConflictError
from segmark.store.store import Store

from tests.factories import LABELS, alter_log, label, make_project

TEXT = "Menu\nFerry sails\nIt did.\nIt went on.\nComments are closed."
_names = st.sampled_from(["ada", "bob"])
_offsets = st.integers(0, len(TEXT))
_changes = st.sampled_from(
    [
        skip_pages(2), flag_pages(2, flagged=True), flag_pages(2, flagged=False),
        remove_pages(2, removed=True), remove_pages(2, removed=False),
        PageChange("Reopen", PageField.STATUS, Status.STARTED),
        PageChange("Site", PageField.SITE, "varn"),
    ]
)  # fmt: skip


class Moments(RuleBasedStateMachine):
    """Any acts of two people on two pages; after each one, what was there is written down."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        project = Path(self.folder.name) / "p.segmark"
        self.store = make_project(project, TEXT, "Another page")
        self.sessions = {name: Session(self.store, name) for name in ("ada", "bob")}
        for session in self.sessions.values():
            session.open(1)
        self.moments: list[tuple[str, Annotation]] = []

    @rule(name=_names, label=st.sampled_from(sorted(LABELS.names)), begin=_offsets, end=_offsets)
    def label(self, name: str, label: str, begin: int, end: int) -> None:
        self._session(name).label(label, Selection(begin, end))

    @rule(name=_names, begin=_offsets, end=_offsets)
    def clear(self, name: str, begin: int, end: int) -> None:
        self._session(name).clear(Selection(begin, end))

    @rule(name=_names, note=st.sampled_from(["", "look"]))
    def note(self, name: str, note: str) -> None:
        self._session(name).write_note(note)

    @rule(name=_names)
    def finish(self, name: str) -> None:
        self._session(name).finish()

    @rule(name=_names)
    def absent(self, name: str) -> None:
        self._session(name).say_absent(["caption"])

    @rule(name=_names, change=_changes)
    def change_pages(self, name: str, change: PageChange) -> None:
        self.sessions[name].change_pages([1, 2], change)

    @rule(name=_names, label=st.sampled_from(sorted(LABELS.names)), end=_offsets)
    def label_many(self, name: str, label: str, end: int) -> None:
        """Label the beginning of both pages in one act."""
        session, annotations = self._session(name), self.store.annotations(name)
        edits = {}
        for page in (1, 2):
            text = self.store.pages.get(page).text
            edit = paint(text, annotations.get(page), LABELS, 0, min(end, len(text)), label)
            if edit and not self.store.pages.is_removed(page):
                edits[page] = edit
        session.change_spans(edits, "Label many")

    @rule(name=_names)
    def undo(self, name: str) -> None:
        if not self.store.pages.is_removed(1) or self._undoes_many(name):
            # An act on many pages leaves out those that somebody else has removed since.
            with suppress(ConflictError):
                self.sessions[name].undo()

    @rule(name=_names)
    def redo(self, name: str) -> None:
        numbers = self.sessions[name].history.redo
        annotations = self.store.annotations(name)
        if not self.store.pages.is_removed(1) or (numbers and annotations.change_of(numbers[-1])):
            with suppress(ConflictError):
                self.sessions[name].redo()

    @rule(name=_names, data=st.data())
    def go_back(self, name: str, data: st.DataObject) -> None:
        """Going back to a moment makes the page so, and undo makes it what it was."""
        acts = self.store.page_history(1).acts
        mine = [at for at, act in enumerate(acts) if act.annotator == name]
        if not mine or self.store.pages.is_removed(1):
            return
        session, at = self._session(name), data.draw(st.sampled_from(mine))
        then = self.store.page_history(1).after(at)
        assert then
        assert session.open_page
        now = session.open_page.annotation
        session.do(edit := go_back(now, then, "Go back"))
        self.write_down()
        kept = replace(then.state, flagged=now.state.flagged, note=now.state.note)
        assert (session.spans, session.state) == (then.spans, kept)
        if edit:
            session.undo()
            assert session.open_page.annotation == now

    def write_down(self) -> None:
        """Note what the page is now, after the act that was just done."""
        acts = self.store.page_history(1).acts
        assert len(acts) <= len(self.moments) + 1
        for act in acts[len(self.moments) :]:
            self.moments.append((act.annotator, self.store.annotations(act.annotator).get(1)))

    @invariant()
    def every_moment_is_what_was_there(self) -> None:
        self.write_down()
        history = self.store.page_history(1)
        found = [(act.annotator, history.after(at)) for at, act in enumerate(history.acts)]
        assert found == self.moments

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def _undoes_many(self, name: str) -> bool:
        number = self.sessions[name].history.undo
        return number is not None and self.store.annotations(name).change_of(number) is not None

    def _session(self, name: str) -> Session:
        session = self.sessions[name]
        if self.store.pages.is_removed(1):
            self.sessions["ada"].change_pages([1], remove_pages(1, removed=False))
            self.write_down()
        session.open(1)
        return session


TestMoments = Moments.TestCase
# Each example makes a project, and each step replays its whole log.
TestMoments.settings = settings(max_examples=20, stateful_step_count=20)


def test_a_long_history_is_right_at_each_moment(project: Path) -> None:
    with make_project(project, TEXT) as store:
        was = []
        for number in range(700):
            name = ("headline", "caption")[number % 2]
            label(store, "ada", 1, name, 5, 10 + number % 7)
            was.append(store.annotations("ada").get(1))
        history = store.page_history(1)
        assert [history.after(at) for at in range(700)] == was


def test_a_log_that_contradicts_itself_shows_what_was_before(project: Path) -> None:
    with make_project(project, TEXT) as store:
        label(store, "ada", 1, "headline", 5, 16)
        label(store, "ada", 1, "body", 17, 24)
        label(store, "ada", 1, "body", 25, 36)
        label(store, "bob", 1, "body", 25, 36)
    alter_log(project, """removed = '[[0, 4, "body"]]' WHERE number = 2""")
    with Store.open_for_reading(project) as store:
        history = store.page_history(1)
        known = [history.after(at) is not None for at in range(4)]
        assert known == [True, False, False, True]


def test_going_back_keeps_flag_and_note() -> None:
    headline, body = Span(0, 5, "headline"), Span(6, 9, "body")
    then = Annotation((headline,), State(Status.STARTED, note="old", absent=("caption",)))
    now = Annotation((body,), State(Status.DONE, flagged=True, note="new", rejected=(headline,)))
    edit = go_back(now, then, "Go back")
    assert edit
    after = State(Status.STARTED, flagged=True, note="new", absent=("caption",))
    assert apply(now, edit) == Annotation((headline,), after)
    assert apply(apply(now, edit), edit.inverse()) == now
    assert go_back(now, now, "Go back") is None
