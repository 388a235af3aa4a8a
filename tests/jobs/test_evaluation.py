"""Comparing predictions with labels: exact, overlapping, by characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.jobs.evaluation import EvaluationError, Matches, evaluate

TEXT = "x" * 40


def record(*spans: Span, page: str = "a", text: str = TEXT) -> Record:
    return Record(page, text, spans, "", "", "", "", "done", "")


def test_a_span_is_exact_only_with_both_edges_and_the_label() -> None:
    gold = record(Span(0, 10, "body"), Span(20, 30, "caption"))
    found = record(Span(0, 9, "body"), Span(20, 30, "caption"))
    result = evaluate([found], [gold])
    assert result.labels["body"].exact == Matches(1, 0, 1, 0)
    assert result.labels["caption"].exact == Matches(1, 1, 1, 1)
    assert result.total.exact.f1 == 0.5


def test_overlap_and_characters_count_what_is_partly_right() -> None:
    gold = record(Span(0, 10, "body"), Span(12, 20, "body"))
    found = record(Span(5, 15, "body"), Span(30, 40, "body"))
    scores = evaluate([found], [gold]).labels["body"]
    assert scores.overlap == Matches(2, 1, 2, 2)
    assert scores.characters == Matches(20, 8, 18, 8)
    assert (scores.overlap.precision, scores.overlap.recall) == (0.5, 1.0)


def test_the_right_text_with_another_label_is_wrong_for_both_labels() -> None:
    result = evaluate([record(Span(0, 10, "body"))], [record(Span(0, 10, "caption"))])
    assert result.labels["body"].characters == Matches(10, 0, 0, 0)
    assert result.labels["caption"].characters == Matches(0, 0, 10, 0)
    assert result.labels["body"].exact.recall is None
    assert result.labels["body"].exact.f1 == 0.0


def test_a_page_without_a_prediction_counts_as_not_found() -> None:
    result = evaluate([], [record(Span(0, 10, "body"))])
    assert (result.pages, result.missing) == (1, 1)
    assert result.labels["body"].exact == Matches(0, 0, 1, 0)
    assert evaluate([], []).total.exact.f1 is None


def test_records_that_can_not_be_compared_are_refused() -> None:
    one = record(Span(0, 10, "body"))
    with pytest.raises(EvaluationError, match="page b has predictions and no labels"):
        evaluate([record(page="b")], [one])
    with pytest.raises(EvaluationError, match="page a has another text"):
        evaluate([record(text="y")], [one])
    with pytest.raises(EvaluationError, match="page a is twice among the labels"):
        evaluate([], [one, one])


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    edges = draw(st.lists(st.integers(0, 40), max_size=12, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    labels = st.sampled_from(["body", "caption"])
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [Span(start, end, draw(labels)) for start, end in pairs]


@given(spans(), spans())
def test_the_sides_change_places_with_precision_and_recall(
    one: list[Span], other: list[Span]
) -> None:
    there, back = (
        evaluate([record(*one)], [record(*other)]),
        evaluate([record(*other)], [record(*one)]),
    )
    for forth, mirrored in ((there.total, back.total),):
        assert forth.exact.precision == mirrored.exact.recall
        assert forth.overlap.precision == mirrored.overlap.recall
        assert forth.characters.f1 == mirrored.characters.f1
    for name, scores in there.labels.items():
        letters = {n for s in one if s.label == name for n in range(s.start, s.end)}
        wanted = {n for s in other if s.label == name for n in range(s.start, s.end)}
        assert scores.characters.right == len(letters & wanted)


@given(spans())
def test_what_is_equal_is_all_right(one: list[Span]) -> None:
    total = evaluate([record(*one)], [record(*one)]).total
    for matches in (total.exact, total.overlap, total.characters):
        assert matches.f1 == (1.0 if one else None)
