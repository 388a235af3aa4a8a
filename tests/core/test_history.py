"""Undo and redo as a fold over the log, held against two naive stacks over two pages."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from segmark.core.annotation import Annotation, Status
from segmark.core.edit import Edit, apply, change_state, clear, paint, resize
from segmark.core.history import ActKind, History, LogEntry
from segmark.core.span import faults

from tests.core.model import Model
from tests.factories import LABELS, touching
from tests.strategies import TEXTS, ranges

_pages = st.sampled_from(["one", "two"])
_labels = st.sampled_from(sorted(LABELS.names))


def _entry(number: int, below: int | None = None) -> LogEntry:
    return LogEntry(number, "one", ActKind.ACT, number, below, Edit(f"act {number}"))


def test_an_empty_log_leaves_nothing_to_undo_or_redo() -> None:
    assert History.of([]) == History(None, ())


def test_undo_reaches_back_act_by_act_and_redo_forward() -> None:
    history = History.of([_entry(1), _entry(2, 1), _entry(3, 2)])
    assert history == History(3, ())
    history = history.after(replace(_entry(4), kind=ActKind.UNDO, act=3, below=2))
    assert history == History(2, (3,))
    history = history.after(replace(_entry(5), kind=ActKind.UNDO, act=2, below=1))
    assert history == History(1, (3, 2))
    history = history.after(replace(_entry(6), kind=ActKind.REDO, act=2, below=1))
    assert history == History(2, (3,))


def test_a_new_act_clears_redo() -> None:
    undone = [_entry(1), _entry(2, 1), replace(_entry(3), kind=ActKind.UNDO, act=2, below=1)]
    assert History.of([*undone, _entry(4, 1)]) == History(4, ())


class Labelling(RuleBasedStateMachine):
    """Any sequence of acts on two pages, with undo and redo among them.

    Beside the log stand the model of every page and two stacks of all that was before and after
    each act, which is how undo works when nobody saves memory.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log: list[LogEntry] = []
        self.history = History()
        self.annotations: dict[str, Annotation] = {}
        self.models: dict[str, Model] = {}
        self.done: list[tuple[str, Annotation, Model, Annotation, Model]] = []
        self.undone: list[tuple[str, Annotation, Model, Annotation, Model]] = []

    @initialize(one=TEXTS, two=TEXTS)
    def load(self, one: str, two: str) -> None:
        self.models = {"one": Model.of(one), "two": Model.of(two)}
        self.annotations = {"one": Annotation(), "two": Annotation()}

    @rule(page=_pages, label=_labels, data=st.data())
    def label(self, page: str, label: str, data: st.DataObject) -> None:
        model = self.models[page]
        start, end = data.draw(ranges(model.text))
        edit = paint(model.text, self.annotations[page], LABELS, start, end, label)
        self._do(page, edit, model.painted(start, end, label))

    @rule(page=_pages, data=st.data())
    def clear(self, page: str, data: st.DataObject) -> None:
        model = self.models[page]
        start, end = data.draw(ranges(model.text))
        edit = clear(model.text, self.annotations[page], LABELS, start, end)
        self._do(page, edit, model.cleared(start, end))

    @rule(page=_pages, data=st.data())
    def move_edge(self, page: str, data: st.DataObject) -> None:
        model, annotation = self.models[page], self.annotations[page]
        if not annotation.spans:
            return
        span = data.draw(st.sampled_from(annotation.spans))
        end = data.draw(st.integers(span.start + 1, len(model.text)))
        edit = resize(model.text, annotation, LABELS, span, span.start, end)
        cleared = model.cleared(span.start, span.end)
        self._do(page, edit, cleared.painted(span.start, end, span.label))

    @rule(page=_pages, status=st.sampled_from(Status), flagged=st.booleans())
    def change_state(self, page: str, status: Status, flagged: bool) -> None:
        annotation = self.annotations[page]
        state = replace(annotation.state, status=status, flagged=flagged)
        self._do(page, change_state(annotation, "Change", state), self.models[page])

    @rule()
    def undo(self) -> None:
        assert (self.history.undo is None) == (not self.done)
        if self.history.undo is None:
            return
        act = self.log[self.history.undo - 1]
        self._write(act.page, act.edit.inverse(), ActKind.UNDO, act.act, act.below)
        step = self.done.pop()
        self.undone.append(step)
        page, before, self.models[page], _, _ = step
        assert (act.page, self.annotations[page]) == (page, before)

    @rule()
    def redo(self) -> None:
        assert bool(self.history.redo) == bool(self.undone)
        if not self.history.redo:
            return
        act = self.log[self.history.redo[-1] - 1]
        self._write(act.page, act.edit, ActKind.REDO, act.act, act.below)
        step = self.undone.pop()
        self.done.append(step)
        page, _, _, after, self.models[page] = step
        assert (act.page, self.annotations[page]) == (page, after)

    @invariant()
    def the_spans_are_sound_and_as_the_model_has_them(self) -> None:
        for page, model in self.models.items():
            spans = self.annotations[page].spans
            assert faults(model.text, spans, LABELS.names) == []
            assert list(touching(model.text, spans)) == []
            assert spans == model.spans()

    @invariant()
    def the_log_leads_to_the_current_spans(self) -> None:
        replayed = dict.fromkeys(self.annotations, Annotation())
        for entry in self.log:
            replayed[entry.page] = apply(replayed[entry.page], entry.edit)
        assert replayed == self.annotations

    @invariant()
    def the_log_alone_tells_what_undo_and_redo_do(self) -> None:
        assert History.of(self.log) == self.history
        acts = [entry.number for entry in self.log if entry.kind is ActKind.ACT]
        if acts:
            assert History.of(self.log[acts[-1] - 1 :]) == self.history

    def _do(self, page: str, edit: Edit | None, after: Model) -> None:
        if edit is None:
            assert after.spans() == self.annotations[page].spans
            return
        before = (page, self.annotations[page], self.models[page])
        self._write(page, edit, ActKind.ACT, len(self.log) + 1, self.history.undo)
        self.models[page] = after
        self.done.append((*before, self.annotations[page], after))
        self.undone.clear()

    def _write(self, page: str, edit: Edit, kind: ActKind, act: int, below: int | None) -> None:
        entry = LogEntry(len(self.log) + 1, page, kind, act, below, edit)
        self.annotations[page] = apply(self.annotations[page], edit)
        self.log.append(entry)
        self.history = self.history.after(entry)


TestAnySequenceOfActs = Labelling.TestCase
TestAnySequenceOfActs.settings = settings(max_examples=150, stateful_step_count=25)
