from hypothesis import given
from hypothesis import strategies as st
from segmark.core.annotation import Annotation, State, Status
from segmark.core.edit import accept, apply, clear, paint
from segmark.core.span import Span, faults
from segmark.core.suggestion import Suggestion, Verdict, still_open, verdict

from tests.factories import LABELS, drawn

TEXT = "Menu\nShip sails\nIt did.\nIt did so."
HEADLINE = Suggestion(Span(5, 15, "headline"), 0.9, "learnt from this site")
BODY = Suggestion(Span(16, 33, "body"), 0.6, "learnt from this site")


def test_a_suggestion_is_open_until_something_is_labelled_there() -> None:
    assert verdict(HEADLINE, Annotation()) is None
    beside = Annotation((BODY.span,), State(Status.STARTED))
    assert verdict(HEADLINE, beside) is None


def test_the_very_span_accepts_it_and_any_other_changes_it() -> None:
    assert verdict(HEADLINE, Annotation((HEADLINE.span,))) is Verdict.ACCEPTED
    for other in (Span(5, 15, "ticker"), Span(5, 9, "headline"), Span(0, 33, "headline")):
        assert verdict(HEADLINE, Annotation((other,))) is Verdict.CHANGED


def test_a_refused_one_is_rejected_until_it_is_labelled_after_all() -> None:
    refused = State(Status.STARTED, rejected=(HEADLINE.span,))
    assert verdict(HEADLINE, Annotation((), refused)) is Verdict.REJECTED
    assert verdict(HEADLINE, Annotation((HEADLINE.span,), refused)) is Verdict.ACCEPTED


def test_what_is_open_when_the_page_is_finished_was_ignored() -> None:
    for status in (Status.DONE, Status.SKIPPED):
        assert verdict(HEADLINE, Annotation((), State(status))) is Verdict.IGNORED
    assert still_open([HEADLINE, BODY], Annotation((BODY.span,))) == (HEADLINE,)


def test_accepting_all_and_finishing_is_one_edit_that_one_inverse_takes_back() -> None:
    before = drawn("Menu\n[Ship|ticker] sails\nIt did.\nIt did so.").annotation
    spans = (HEADLINE.span, BODY.span)
    edit = accept(TEXT, before, LABELS, spans, "Accept all, page done", Status.DONE)
    assert edit
    after = apply(before, edit)
    assert after == Annotation(spans, State(Status.DONE))
    assert apply(after, edit.inverse()) == before


def test_accepting_what_is_labelled_so_already_changes_nothing() -> None:
    labelled = Annotation((BODY.span,), State(Status.STARTED))
    assert accept(TEXT, labelled, LABELS, [BODY.span], "Accept body") is None


def test_accepting_nothing_on_a_page_that_is_done_changes_nothing() -> None:
    done = Annotation((), State(Status.DONE))
    assert accept(TEXT, done, LABELS, [], "Accept all, page done", Status.DONE) is None


_edges = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted)
_spans = st.builds(
    lambda edges, name: Span(edges[0], edges[1], name),
    _edges,
    st.sampled_from(sorted(LABELS.names)),
).filter(lambda span: TEXT[span.start : span.end].strip() == TEXT[span.start : span.end] != "")


@given(painted=st.lists(_spans, max_size=4), accepted=st.lists(_spans, max_size=4))
def test_whatever_is_accepted_the_spans_stay_sound_and_undo_restores(
    painted: list[Span], accepted: list[Span]
) -> None:
    before = Annotation()
    for span in painted:
        if edit := paint(TEXT, before, LABELS, span.start, span.end, span.label):
            before = apply(before, edit)
    edit = accept(TEXT, before, LABELS, accepted, "Accept all", Status.DONE)
    assert edit
    after = apply(before, edit)
    assert faults(TEXT, after.spans, LABELS.names) == []
    assert after.state.status is Status.DONE
    assert apply(after, edit.inverse()) == before


@given(span=_spans)
def test_a_suggestion_is_open_again_once_its_label_is_cleared(span: Span) -> None:
    one = Suggestion(span, 0.5, "")
    edit = accept(TEXT, Annotation(), LABELS, [span], "Accept")
    assert edit
    labelled = apply(Annotation(), edit)
    assert verdict(one, labelled) is Verdict.ACCEPTED
    undone = clear(TEXT, labelled, LABELS, span.start, span.end)
    assert undone
    assert verdict(one, apply(labelled, undone)) is None
