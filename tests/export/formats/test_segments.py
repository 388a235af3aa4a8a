"""Tokens, tags and windows: what must hold on any text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.text.words import words
from segmark.export.formats.segments import (
    Segment,
    TokenRange,
    block_ranges,
    pieces,
    tag_names,
    tags_of,
    tokens_of,
)

from tests.export.labelled import labelled_pages
from tests.export.made import record
from tests.strategies import TEXTS

TEXT = "Ferry sails. Don't wait"


def spans_said(tokens: list[TokenRange], tags: list[str]) -> list[Span]:
    """The spans that tags in strict IOB2 say; a tag that may not stand where it stands fails."""
    found: list[Span] = []
    for (start, end), tag, before in zip(tokens, tags, ["O", *tags], strict=False):
        place, _, label = tag.partition("-")
        if place == "B":
            found.append(Span(start, end, label))
        elif place == "I":
            assert before[2:] == label
            found[-1] = Span(found[-1].start, end, label)
    return found


def of_one_kind(tokens: list[TokenRange], page: Record) -> list[str]:
    return [page.text[start:end] for start, end in tokens]


@given(TEXTS)
def test_tokens_are_the_words_of_the_text(text: str) -> None:
    assert tokens_of(text, ()) == list(words(text, 0, len(text)))


@given(labelled_pages())
def test_tokens_hold_every_character_but_white_space_once(page: Record) -> None:
    tokens = tokens_of(page.text, page.spans)
    assert "".join(of_one_kind(tokens, page)) == "".join(page.text.split())
    assert all(before[1] <= after[0] for before, after in pairwise(tokens))


@given(labelled_pages())
def test_tags_say_exactly_the_spans_to_the_character(page: Record) -> None:
    tokens = tokens_of(page.text, page.spans)
    assert spans_said(tokens, tags_of(tokens, page.spans)) == list(page.spans)


def test_a_token_is_cut_where_a_span_begins_or_ends() -> None:
    spans = (Span(1, 3, "body"), Span(4, 5, "body"))
    assert tokens_of("abcdef gh", spans) == [(0, 1), (1, 3), (3, 4), (4, 5), (5, 6), (7, 9)]


def test_a_long_stretch_without_white_space_has_the_tokens_of_its_words() -> None:
    text = "a.b" * 5_000 + " end"
    assert tokens_of(text, ()) == list(words(text, 0, len(text)))


def test_every_tag_has_its_fixed_place() -> None:
    names = ("O", "B-headline", "I-headline", "B-body", "I-body")
    assert tag_names(("headline", "body")) == names


@given(labelled_pages())
def test_blocks_hold_all_tokens_and_each_knows_the_spans_that_touch_it(page: Record) -> None:
    found = list(pieces(page, "block"))
    assert [(piece.start, piece.end) for piece in found] == list(block_ranges(page.text))
    assert [t for piece in found for t in piece.tokens] == tokens_of(page.text, page.spans)
    assert {span for piece in found for span in piece.spans} == set(page.spans)
    for piece in found:
        tags = tags_of(piece.tokens, piece.spans)
        said = spans_said(list(piece.tokens), tags)
        text = page.text[piece.start : piece.end]
        inside = [piece.inside(text, span) for span in piece.spans]
        shifted = [Span(s.start + piece.start, s.end + piece.start, s.label) for s in inside]
        assert said == shifted


@given(labelled_pages(), st.integers(1, 12), st.data())
def test_no_token_and_no_span_is_lost_between_windows(
    page: Record, window: int, data: st.DataObject
) -> None:
    stride = data.draw(st.integers(1, window))
    found = list(pieces(page, "window", window, stride))
    tokens = tokens_of(page.text, page.spans)
    assert sorted({t for piece in found for t in piece.tokens}) == tokens
    assert {span for piece in found for span in piece.spans} == set(page.spans)
    assert all(len(piece.tokens) <= window for piece in found)
    for span in page.spans:
        length = sum(span.start <= start and end <= span.end for start, end in tokens)
        if length <= window:
            assert any(span in piece.spans and not piece.cuts(span) for piece in found)


@given(labelled_pages(), st.integers(1, 12), st.data())
def test_without_the_extra_ones_windows_stand_on_the_stride_whatever_is_labelled(
    page: Record, window: int, data: st.DataObject
) -> None:
    stride = data.draw(st.integers(1, window))
    tokens = tokens_of(page.text, page.spans)
    plain = [p for p in pieces(page, "window", window, stride) if not p.extra]
    firsts = [tokens.index(piece.tokens[0]) for piece in plain]
    assert firsts == [stride * number for number in range(len(plain))]
    assert all(len(piece.tokens) == window for piece in plain[:-1])


def test_an_extra_window_stands_around_the_span_that_no_other_holds() -> None:
    page = record(text="a b c d e f g h i j", spans=(Span(6, 10, "body"),))
    found = [(p.start, p.end, p.extra) for p in pieces(page, "window", 4, 4)]
    assert found == [(0, 7, False), (4, 11, True), (8, 15, False), (16, 19, False)]


def test_a_span_that_is_longer_than_a_window_is_marked_as_cut_in_each() -> None:
    span = Span(0, 9, "body")
    found = list(pieces(record(text="a b c d e", spans=(span,)), "window", 2, 2))
    assert [piece.spans for piece in found] == [(span,)] * 3
    assert all(piece.cuts(span) for piece in found)
    assert [tags_of(p.tokens, p.spans) for p in found] == [["B-body", "I-body"]] * 2 + [["B-body"]]


@pytest.mark.parametrize(("start", "end"), [(0, 5), (3, 8)])
def test_a_span_that_ends_where_the_piece_ends_is_whole(start: int, end: int) -> None:
    assert not Segment(0, 8, (), ()).cuts(Span(start, end, "body"))
