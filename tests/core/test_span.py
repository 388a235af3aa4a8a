"""Spans: which overlap a range, which is at the caret, what is wrong with them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.span import Span, faults, overlapping, span_at

from tests.factories import LABELS, drawn

_edges = st.lists(st.integers(0, 40), unique=True, max_size=12).map(sorted)


@st.composite
def _spans(draw: st.DrawFn) -> list[Span]:
    """Sorted and disjoint, some touching."""
    edges = draw(_edges)
    pairs = pairwise(edges)
    return [Span(start, end, "body") for start, end in pairs if draw(st.booleans())]


@given(_spans(), st.integers(0, 41), st.integers(0, 41))
def test_overlapping_spans_are_those_that_share_a_character(
    spans: list[Span], start: int, end: int
) -> None:
    shared = [span for span in spans if max(span.start, start) < min(span.end, end)]
    if start < end:
        assert list(overlapping(spans, start, end)) == shared


@given(_spans(), st.integers(0, 41))
def test_the_span_at_the_caret_begins_at_it_or_is_around_it_or_else_ends_at_it(
    spans: list[Span], offset: int
) -> None:
    holding = [span for span in spans if span.start <= offset < span.end]
    ending = [span for span in spans if span.end == offset]
    assert span_at(spans, offset) == next(iter(holding + ending), None)


def test_spans_in_order_without_white_space_at_their_edges_have_no_faults() -> None:
    page = drawn("[Ship sails|headline]\n[It|body][did|caption] [not|caption]")
    assert faults(page.text, page.spans, LABELS.names) == []


@pytest.mark.parametrize(
    ("spans", "fault"),
    [
        ([Span(-1, 4, "body")], "does not lie in the text of 11 characters"),
        ([Span(0, 12, "body")], "does not lie in the text of 11 characters"),
        ([Span(3, 3, "body")], "does not lie in the text"),
        ([Span(5, 4, "body")], "does not lie in the text"),
        ([Span(0, 5, "body")], "begins or ends with white space"),
        ([Span(4, 8, "body")], "begins or ends with white space"),
        ([Span(0, 4, "body"), Span(3, 9, "body")], "overlaps the span before it"),
        ([Span(5, 9, "body"), Span(0, 4, "body")], "out of order"),
        ([Span(0, 4, "body"), Span(0, 4, "body")], "overlaps the span before it"),
        ([Span(0, 4, "sports")], "a label that the label set lacks"),
    ],
)
def test_each_fault_is_named(spans: list[Span], fault: str) -> None:
    found = faults("Ship\u00a0sails.", spans, LABELS.names)
    assert fault in found[0]
