"""What labelling, clearing and moving edges do, and that every edit can be taken back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.annotation import Annotation, State, Status
from segmark.core.edit import Edit, EditConflictError, apply, change_state, clear, paint, resize
from segmark.core.span import Span, faults

from tests.core.model import Model
from tests.factories import LABELS, WHOLE_BLOCKS, Drawn, draw, drawn, make_page, touching
from tests.strategies import TEXTS, ranges

_ONLY_BODY_WHOLE = replace(
    LABELS, labels=tuple(replace(each, inside=each.name != "body") for each in LABELS)
)
_labels = st.sampled_from(sorted(LABELS.names))


def _after(page: Drawn, edit: Edit | None) -> str:
    """The page after the edit; as it was when there is none."""
    return draw(page.text, (apply(page.annotation, edit) if edit else page.annotation).spans)


def _paint(marked: str, label: str) -> str:
    """Label what is drawn as selected."""
    page = drawn(marked)
    return _after(page, paint(page.text, page.annotation, LABELS, *page.selection.range, label))


def _clear(marked: str) -> str:
    page = drawn(marked)
    return _after(page, clear(page.text, page.annotation, LABELS, *page.selection.range))


def _resize(marked: str, index: int = 0) -> str:
    """Give the span with the index the edges that are drawn as the selection."""
    page = drawn(marked)
    span, (start, end) = page.spans[index], page.selection.range
    return _after(page, resize(page.text, page.annotation, LABELS, span, start, end))


# Painting


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("«Ship sails»\nIt did", "headline", "[Ship sails|headline]\nIt did"),
        ("«\u00a0 Ship sails \n\t»It did", "headline", "\u00a0 [Ship sails|headline] \n\tIt did"),
        ("[one «two» three|body]", "caption", "[one|body] [two|caption] [three|body]"),
        ("[one «two|body] thr»ee", "caption", "[one|body] [two thr|caption]ee"),
        ("o«ne [tw»o|body]", "caption", "o[ne tw|caption][o|body]"),
        ("«one [two|body] [three|caption]»", "ticker", "[one two three|ticker]"),
        ("[one|headline]«two»[three|headline]", "body", "[one|headline][two|body][three|headline]"),
    ],
)
def test_what_was_labelled_in_the_range_gives_way(marked: str, label: str, after: str) -> None:
    assert _paint(marked, label) == after


@pytest.mark.parametrize("label", ["body", "ticker", "comment"])
@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("[one|?]\n\n«two»", "[one\n\ntwo|?]"),
        ("«one»\n\u00a0\n[two|?]", "[one\n\u00a0\ntwo|?]"),
        ("[one|?] «two» [three|?]", "[one two three|?]"),
        ("[one|?]«two»", "[onetwo|?]"),
        ("[o«ne|?] two [th»ree|?]", "[one two three|?]"),
        ("[one|?] [«two»|caption] [three|?]", "[one two three|?]"),
        ("[one|?] x «two»", "[one|?] x [two|?]"),
        ("[one|?] [x|caption] «two»", "[one|?] [x|caption] [two|?]"),
    ],
)
def test_touching_spans_of_a_joining_label_become_one(label: str, marked: str, after: str) -> None:
    assert _paint(marked.replace("?", label), label) == after.replace("?", label)


@pytest.mark.parametrize("label", ["headline", "caption"])
def test_two_headlines_or_captions_in_a_row_stay_two(label: str) -> None:
    assert _paint(f"[one|{label}]\n«two»", label) == f"[one|{label}]\n[two|{label}]"
    assert _paint(f"«one»[two|{label}]", label) == f"[one|{label}][two|{label}]"


def test_labelling_a_part_of_a_caption_as_a_caption_makes_it_one_of_its_own() -> None:
    assert _paint("[one\n«two»|caption]", "caption") == "[one|caption]\n[two|caption]"


@pytest.mark.parametrize(
    "marked",
    ["one«\n \u00a0»two", "o»ne", "[one « »two|caption]", "[«one»|headline]", "[o«n»e|body]"],
)
@pytest.mark.parametrize("label", ["headline", "body"])
def test_labelling_a_blank_or_equally_labelled_range_changes_nothing(
    marked: str, label: str
) -> None:
    page = drawn(marked)
    edit = paint(page.text, page.annotation, LABELS, *page.selection.range, label)
    same = page.spans and page.spans[0].label == label
    blank = not page.text[slice(*page.selection.range)].strip()
    assert (edit is None) == bool(same or blank)


def test_an_edit_holds_only_what_changes() -> None:
    page = drawn("[one|headline] [two|body] «three» [four|body] [five|caption]")
    edit = paint(page.text, page.annotation, LABELS, *page.selection.range, "body")
    assert edit is not None
    assert edit.removed == page.spans[1:3]
    assert edit.added == (Span(4, 18, "body"),)


# Clearing


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("[«one»|body] [two|caption]", "one [two|caption]"),
        ("[one «two» three|body]", "[one|body] two [three|body]"),
        ("[one «two|body] [three|caption] [fo»ur|ticker]", "[one|body] two three fo[ur|ticker]"),
        ("[one« »two|body]", "[one two|body]"),
        ("[one«\n»two|caption]", "[one\ntwo|caption]"),
        ("[one« two »three|body]", "[one|body] two [three|body]"),
        ("[on»e|body]", "[one|body]"),
        ("«one» [two|body]", "one [two|body]"),
    ],
)
def test_clearing_leaves_what_is_outside_the_range(marked: str, after: str) -> None:
    assert _clear(marked) == after


# Moving edges


@pytest.mark.parametrize(
    ("marked", "after"),
    [
        ("«[one two|caption] three»", "[one two three|caption]"),
        ("[«one» two|caption] three", "[one|caption] two three"),
        ("[one «two|caption] »three", "one [two|caption] three"),
        ("«[one|caption] [two thr»ee|body]", "[one two thr|caption][ee|body]"),
        ("«[one|caption] [two»|body]", "[one two|caption]"),
        ("«[one|body] two» [three|body]", "[one two three|body]"),
        ("«[one|body] [two|body]»", "[one two|body]"),
        ("[one« »two|caption]", "[one two|caption]"),
        ("[one» two|caption]", "[one two|caption]"),
        (
            "[«one» two|body] [three|caption] [four|body]",
            "[one|body] two [three|caption] [four|body]",
        ),
    ],
)
def test_a_span_grows_over_what_it_meets_and_leaves_what_it_lets_go(
    marked: str, after: str
) -> None:
    assert _resize(marked) == after


# Status


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.NEW, Status.STARTED),
        (Status.SKIPPED, Status.STARTED),
        (Status.STARTED, Status.STARTED),
        (Status.DONE, Status.DONE),
    ],
)
def test_work_on_the_spans_starts_a_page_that_is_new_or_skipped(
    before: Status, after: Status
) -> None:
    page = drawn("«one» [two|body]", State(before, flagged=True, note="look"))
    label = paint(page.text, page.annotation, LABELS, 0, 3, "ticker")
    cleared = clear(page.text, page.annotation, LABELS, 4, 7)
    moved = resize(page.text, page.annotation, LABELS, page.spans[0], 0, 7)
    for edit in (label, cleared, moved):
        assert edit is not None
        assert apply(page.annotation, edit).state == State(after, flagged=True, note="look")


def test_a_state_that_is_so_already_is_no_edit() -> None:
    page = drawn("one", State(Status.DONE))
    assert change_state(page.annotation, "Page done", State(Status.DONE)) is None


def test_changing_the_state_leaves_the_spans() -> None:
    page = drawn("[one|body]")
    edit = change_state(page.annotation, "Flag page", State(flagged=True))
    assert edit is not None
    assert apply(page.annotation, edit) == Annotation(page.spans, State(flagged=True))


# Applying


@pytest.mark.parametrize(
    "edit",
    [
        Edit("x", removed=(Span(0, 3, "caption"),)),
        Edit("x", removed=(Span(0, 2, "body"),)),
        Edit("x", added=(Span(2, 5, "body"),)),
        Edit("x", removed=(Span(4, 7, "body"),), added=(Span(0, 1, "body"),)),
        Edit("x", added=(Span(8, 10, "body"), Span(9, 11, "body"))),
        Edit("x", before=State(Status.DONE)),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(edit: Edit) -> None:
    page = drawn("[one|body] [two|body] three")
    with pytest.raises(EditConflictError):
        apply(page.annotation, edit)


@st.composite
def _pages(draw_: st.DrawFn) -> tuple[Model, Annotation]:
    """A page that was worked on."""
    model = Model.of(draw_(TEXTS))
    for _ in range(draw_(st.integers(0, 6))):
        model = model.painted(*draw_(ranges(model.text)), draw_(_labels))
    return model, Annotation(model.spans(), State(Status.STARTED))


def _sound(model: Model, annotation: Annotation) -> None:
    assert faults(model.text, annotation.spans, LABELS.names) == []
    assert list(touching(model.text, annotation.spans)) == []


@given(_pages(), _labels, st.data())
def test_painting_is_what_the_model_says_and_can_be_taken_back(
    page: tuple[Model, Annotation], label: str, data: st.DataObject
) -> None:
    model, before = page
    start, end = data.draw(ranges(model.text))
    edit = paint(model.text, before, LABELS, start, end, label)
    after = apply(before, edit) if edit else before
    _sound(model, after)
    assert after.spans == model.painted(start, end, label).spans()
    assert paint(model.text, after, LABELS, start, end, label) is None
    if edit:
        assert apply(after, edit.inverse()) == before
        assert not set(edit.removed) & set(edit.added)


@given(_pages(), _labels, st.data())
def test_a_label_that_may_not_lie_inside_a_block_takes_the_blocks_it_touches(
    page: tuple[Model, Annotation], label: str, data: st.DataObject
) -> None:
    model, before = page
    start, end = data.draw(ranges(model.text))
    blocks = make_page(model.text).blocks
    touched = [
        one for one in blocks if model.text[max(one.start, start) : min(one.end, end)].strip()
    ]
    edit = paint(model.text, before, WHOLE_BLOCKS, start, end, label)
    after = apply(before, edit) if edit else before
    whole = (
        paint(model.text, before, LABELS, touched[0].start, touched[-1].end, label)
        if touched
        else None
    )
    assert after == (apply(before, whole) if whole else before)
    _sound(model, after)


def test_a_label_of_whole_blocks_leaves_no_rest_in_a_block() -> None:
    page = drawn("[One line\nTwo «more» lines\nThree|body]")
    (start, end), body_whole = page.selection.range, _ONLY_BODY_WHOLE
    for edit in (
        clear(page.text, page.annotation, body_whole, start, end),
        paint(page.text, page.annotation, body_whole, start, end, "caption"),
    ):
        assert edit
        after = apply(page.annotation, edit).spans
        kept = [page.text[span.start : span.end] for span in after if span.label == "body"]
        assert kept == ["One line", "Three"]


@given(_pages(), st.data())
def test_clearing_is_what_the_model_says_and_can_be_taken_back(
    page: tuple[Model, Annotation], data: st.DataObject
) -> None:
    model, before = page
    start, end = data.draw(ranges(model.text))
    edit = clear(model.text, before, LABELS, start, end)
    after = apply(before, edit) if edit else before
    _sound(model, after)
    assert after.spans == model.cleared(start, end).spans()
    assert clear(model.text, after, LABELS, start, end) is None
    if edit:
        assert apply(after, edit.inverse()) == before


@given(_pages().filter(lambda page: bool(page[1].spans)), st.data())
def test_moving_an_edge_is_what_the_model_says_and_can_be_taken_back(
    page: tuple[Model, Annotation], data: st.DataObject
) -> None:
    model, before = page
    span = data.draw(st.sampled_from(before.spans))
    # An edge is moved: the other one stays where it is.
    moved = data.draw(st.integers(0, len(model.text)))
    start, end = data.draw(st.sampled_from([(moved, span.end), (span.start, moved)]))
    edit = resize(model.text, before, LABELS, span, start, end)
    after = apply(before, edit) if edit else before
    _sound(model, after)
    if model.text[start:end].strip():
        expected = model.cleared(span.start, span.end).painted(start, end, span.label)
        assert after.spans == expected.spans()
    else:
        assert after == before
    if edit:
        assert apply(after, edit.inverse()) == before


@given(_pages(), _labels, st.data())
def test_what_is_outside_the_range_keeps_its_label(
    page: tuple[Model, Annotation], label: str, data: st.DataObject
) -> None:
    model, before = page
    start, end = data.draw(ranges(model.text))
    edit = paint(model.text, before, LABELS, start, end, label)
    after = apply(before, edit) if edit else before

    def label_at(annotation: Annotation, at: int) -> str | None:
        return next((s.label for s in annotation.spans if s.start <= at < s.end), None)

    for at, char in enumerate(model.text):
        if not char.isspace():
            expected = label if start <= at < end else label_at(before, at)
            assert label_at(after, at) == expected


@given(_pages(), st.booleans(), st.text(max_size=5), st.sampled_from(Status))
def test_a_change_of_state_can_be_taken_back(
    page: tuple[Model, Annotation], flagged: bool, note: str, status: Status
) -> None:
    _, before = page
    state = replace(before.state, status=status, flagged=flagged, note=note)
    edit = change_state(before, "Change", state)
    if edit:
        assert apply(before, edit) == Annotation(before.spans, state)
        assert apply(apply(before, edit), edit.inverse()) == before
    else:
        assert state == before.state
