"""Which blocks of a page are folded, and what their line says."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.fold import LEAST, Fold, Folding, FoldKind, fold, fold_at, refold
from segmark.core.page import Page, PageInfo
from segmark.core.span import Span, overlapping
from segmark.core.text.normalise import trim

from tests.factories import drawn
from tests.strategies import foldings


def _page(text: str) -> Page:
    return Page.of("p", text, PageInfo("p.txt"))


def _lines(count: int, word: str = "Line") -> str:
    return "\n".join(f"{word} {number}" for number in range(1, count + 1))


def _hidden(folds: Sequence[Fold]) -> list[int]:
    return [index for one in folds for index in one.blocks]


@st.composite
def _edited(draw: st.DrawFn) -> tuple[Folding, Folding, range]:
    """The same before and after other spans in some successive blocks, and these blocks."""
    folding = draw(foldings())
    blocks = folding.page.blocks
    if not blocks:
        return folding, folding, range(0)
    first = draw(st.integers(0, len(blocks) - 1))
    last = draw(st.integers(first, len(blocks) - 1))
    start, end = trim(folding.page.text, blocks[first].start, blocks[last].end)
    gone = {*overlapping(folding.spans, start, end), *overlapping(folding.suggested, start, end)}
    new = {Span(start, end, "ticker")} if draw(st.booleans()) and start < end else set[Span]()
    if not gone | new:
        return folding, folding, range(0)
    after = replace(
        folding,
        spans=sorted({*folding.spans} - gone | new),
        suggested=sorted({*folding.suggested} - gone),
    )
    edges = [edge for span in gone | new for edge in (span.start, span.end)]
    return folding, after, folding.page.blocks_in(min(edges), max(edges))


def _check_edges(folding: Folding, folds: Sequence[Fold]) -> None:
    """Every edge is shown, and so are the two lines around it, at least where they are next to it.

    A long line next to an edge can be hidden in part, but not the half that is next to it.
    """
    page = folding.page
    gone = {offset for one in folds for offset in range(one.start, one.stop)}
    hidden = set(_hidden(folds))
    for span in (*folding.spans, *folding.suggested):
        blocks = page.blocks_in(span.start, span.end)
        first, last = page.blocks[blocks[0]], page.blocks[blocks[-1]]
        assert gone.isdisjoint(range(span.start, min(span.start + 40, span.end, first.end)))
        assert gone.isdisjoint(range(max(span.end - 40, span.start, last.start), span.end))
        assert hidden.isdisjoint({blocks[0] - 1, blocks[0], blocks[-1], blocks[-1] + 1})
        assert first.start - 2 not in gone
        assert last.end + 1 not in gone


@given(foldings())
def test_every_edge_is_shown_with_the_line_before_and_after_it(folding: Folding) -> None:
    _check_edges(folding, fold(folding))


@given(foldings())
def test_folds_are_sorted_disjoint_and_of_blocks_of_the_page(folding: Folding) -> None:
    folds = fold(folding)
    hidden = _hidden(folds)
    assert hidden == sorted(set(hidden))
    assert all(0 <= index < len(folding.page.blocks) for index in hidden)
    edges = [edge for one in folds for edge in (one.start, one.stop)]
    assert edges == sorted(edges)
    for one in folds:
        inside = folding.page.blocks_in(one.start, one.stop)
        assert inside.start >= one.first - 1
        assert inside.stop <= one.end + 1
        assert set(one.blocks) <= set(inside)


@given(foldings())
def test_a_fold_has_no_label_or_lies_inside_one_span(folding: Folding) -> None:
    spans = sorted([*folding.spans, *folding.suggested])
    for one in fold(folding):
        around = overlapping(spans, one.start, one.stop)
        if one.kind is FoldKind.UNLABELLED:
            assert not around
            assert len(one.blocks) >= LEAST
        else:
            [span] = around
            assert span.start < one.start
            assert one.stop < span.end
            assert one.caption.endswith(f" of {span.label}")


@given(foldings())
def test_what_is_shown_for_a_reason_is_in_no_fold(folding: Folding) -> None:
    for one in fold(folding):
        assert folding.shown.isdisjoint(folding.page.blocks_in(one.start, one.stop))
        if one.kind is FoldKind.UNLABELLED:
            assert folding.likely.isdisjoint(one.blocks)


@given(foldings())
def test_all_runs_of_lines_without_a_label_are_folded_but_for_short_ones(folding: Folding) -> None:
    kept = folding.shown | folding.likely | set(_hidden(fold(folding)))
    for span in (*folding.spans, *folding.suggested):
        blocks = folding.page.blocks_in(span.start, span.end)
        kept |= set(range(blocks[0] - 1, blocks[-1] + 2))
    alone = set(range(len(folding.page.blocks))) - kept
    assert not any(alone.issuperset(range(index, index + LEAST)) for index in alone)


@given(_edited())
def test_an_edit_opens_folds_and_closes_none(edited: tuple[Folding, Folding, range]) -> None:
    before, after, changed = edited
    folds = fold(before)
    changed_folds = refold(folds, after, changed)
    _check_edges(after, changed_folds)
    gone = {offset for one in folds for offset in range(one.start, one.stop)}
    assert all(gone.issuperset(range(one.start, one.stop)) for one in changed_folds)
    # What is still folded is folded for the same reasons as when the page opens.
    shown = frozenset(range(len(after.page.blocks))) - set(_hidden(folds))
    again = fold(Folding(after.page, after.spans, after.suggested, after.likely, shown))
    assert {index for one in again for index in one.blocks} >= set(_hidden(changed_folds))


@given(foldings())
def test_a_block_finds_its_fold(folding: Folding) -> None:
    folds = fold(folding)
    for index in range(len(folding.page.blocks)):
        at = fold_at(folds, index)
        holding = [place for place, one in enumerate(folds) if index in one.blocks]
        assert holding == ([] if at is None else [at])


def test_a_run_of_lines_without_a_label_says_how_many_and_which() -> None:
    page = drawn("Home\nNews\nSport\nShip sinks\n[Ship sinks|headline]\nBy Ann").page
    [one] = fold(Folding(page))
    assert (one.first, one.end, one.kind) == (0, 6, FoldKind.UNLABELLED)
    assert one.caption == "6 lines · Home, News, Sport, Ship sinks, By Ann"


def test_a_caption_stops_after_a_few_words() -> None:
    lines = ["The quick brown fox jumps over the lazy dog", *["Menu"] * 20, *["Page", "Line"] * 490]
    page = _page("\n".join(lines))
    [one] = fold(Folding(page))
    assert one.caption == "1,001 lines · The quick brown fox…, Menu, Page, Line …"


def test_a_very_long_word_in_a_caption_is_cut() -> None:
    [one] = fold(Folding(_page("\n".join(letter * 9_000 for letter in "xyz"))))
    assert len(one.caption) < 90


def test_the_inside_of_a_long_span_folds_to_its_first_and_last_two_lines() -> None:
    text = _lines(22)
    [one] = fold(Folding(_page(text), [Span(0, len(text), "body")]))
    assert (one.first, one.end, one.kind) == (2, 20, FoldKind.INSIDE)
    assert one.caption == "18 lines of body"


def test_the_inside_of_a_long_suggestion_folds_too() -> None:
    text = _lines(9)
    [one] = fold(Folding(_page(text), (), [Span(0, len(text), "body")]))
    assert one.caption == "5 lines of body"


def test_a_span_of_a_few_lines_is_not_folded() -> None:
    text = _lines(5)
    assert fold(Folding(_page(text), [Span(0, len(text), "body")])) == ()


def test_the_lines_around_a_span_are_shown() -> None:
    made = drawn("Home\nNews\nMoney\nSport\n[Ship sinks|headline]\nAnn\nShare\nPrint\nSend")
    assert [one.blocks for one in fold(Folding(made.page, made.spans))] == [
        range(3),
        range(6, 9),
    ]


def test_likely_text_inside_a_span_is_folded_like_the_rest_of_it() -> None:
    text = _lines(9)
    [one] = fold(Folding(_page(text), [Span(0, len(text), "body")], likely=frozenset(range(9))))
    assert one.blocks == range(2, 7)


def test_what_is_never_folded_divides_a_fold() -> None:
    folds = fold(Folding(_page(_lines(9)), shown=frozenset({4})))
    assert [one.blocks for one in folds] == [range(4), range(5, 9)]


def test_a_label_inside_of_a_fold_shows_its_edges() -> None:
    page = _page(_lines(20))
    folds = fold(Folding(page))
    block = page.blocks[9]
    after = refold(folds, Folding(page, [Span(block.start, block.end, "body")]), range(9, 10))
    assert [one.blocks for one in after] == [range(8), range(11, 20)]


def test_a_label_beside_a_fold_shows_one_more_line() -> None:
    page = _page(_lines(20))
    folds = fold(Folding(page, shown=frozenset(range(5))))
    block = page.blocks[4]
    after = refold(folds, Folding(page, [Span(block.start, block.end, "body")]), range(4, 5))
    assert [one.blocks for one in after] == [range(6, 20)]


def test_an_empty_page_has_no_folds() -> None:
    assert fold(Folding(_page(""))) == ()
    assert refold((), Folding(_page("")), range(0)) == ()


def test_the_size_of_a_fold_leaves_its_words_out() -> None:
    text = _lines(22)
    [one] = fold(Folding(_page(text)))
    assert one.size == "22 lines"
    [one] = fold(Folding(_page(text), [Span(0, len(text), "body")]))
    assert one.size == "18 lines of body"


def test_the_inside_of_a_long_paragraph_is_folded_too() -> None:
    text = "Some words and more. " * 60
    [one] = fold(Folding(_page(text.strip()), [Span(0, len(text) - 1, "body")]))
    assert not one.blocks
    assert 70 < one.start < 140
    assert 70 < len(text) - one.stop <= 142
    assert text[one.start] == " "
    assert text[one.stop - 1] == " "
