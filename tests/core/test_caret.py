"""What the keys mean where the caret is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.caret import (
    Selection,
    caret_span,
    extend_block,
    fill_target,
    first_caret,
    next_unlabelled,
    previous_unlabelled,
    step_block,
    target,
    whole_fold,
)
from segmark.core.fold import Fold, FoldKind
from segmark.core.page import Page
from segmark.core.text.normalise import is_seen

from tests.factories import draw, drawn, make_page
from tests.strategies import TEXTS


def _selected(marked: str, *steps: int) -> str:
    """The page after Shift+Down (+1) or Shift+Up (-1), once for each step."""
    page = drawn(marked)
    selection = page.selection
    for step in steps:
        selection = extend_block(page.page, selection, step)
    return draw(page.text, page.spans, selection)


def _range(page: Page, range_: tuple[int, int]) -> str:
    return page.text[slice(*range_)]


# Where the caret is when a page opens


@pytest.mark.parametrize(
    ("text", "caret"), [("One", 0), ("\n \n One\nTwo", 3), ("", 0), ("\n\n", 0)]
)
def test_a_page_opens_with_the_caret_in_its_first_block(text: str, caret: int) -> None:
    assert first_caret(make_page(text)) == Selection.at(caret)


# What a label goes to


@pytest.mark.parametrize(
    ("marked", "taken"),
    [
        ("One\nT«wo\nTh»ree", "wo\nTh"),
        ("One\nT»wo\nTh«ree", "wo\nTh"),
        ("One\nTw»o\nThree", "Two"),
        ("One\n»Two\nThree", "Two"),
        ("One\nTwo»\nThree", "Two"),
        ("One\n\n»\nTwo", "One"),
        ("»\n\nOne\nTwo", "One"),
        ("One\nTwo\n\n»", "Two"),
        ("\n»\n", ""),
    ],
)
def test_a_label_goes_to_the_selection_or_else_the_carets_block(marked: str, taken: str) -> None:
    page = drawn(marked)
    assert _range(page.page, target(page.page, page.selection)) == taken


@pytest.mark.parametrize(
    ("marked", "label", "taken"),
    [
        ("[One|body]\nTwo\nThr»ee\nFour", "body", "\nTwo\nThree"),
        ("[One|body]\n[Two|ticker]\nThr»ee", "body", "\nTwo\nThree"),
        ("[One|body]\n[Two|body] 2\nThr»ee\n[Four|body]", "body", " 2\nThree"),
        ("[On|body]e\nTw»o", "body", "e\nTwo"),
        ("One\n[Two|ticker]\nThr»ee", "body", "Three"),
        ("One\nTwo\n[Thr»ee|body]\n[Four|body]", "body", "Three"),
        ("[One|body]\nTwo\n[Thr»ee|body]", "body", "\nTwo\nThree"),
        ("[One\nTw»o\nThree|body]", "body", ""),
        ("[One\nTw|body]o»", "body", "o"),
        ("[One|caption]\nTwo\n»\nThree", "caption", "\nTwo"),
        ("One\nT[wo|body] th»ree", "body", "Two three"),
    ],
)
def test_filling_goes_from_the_nearest_span_above_through_the_carets_block(
    marked: str, label: str, taken: str
) -> None:
    page = drawn(marked)
    found = fill_target(page.page, page.spans, page.selection, label)
    assert _range(page.page, found) == taken


def test_filling_looks_at_the_caret_not_at_the_selection() -> None:
    page = drawn("[One|body]\n»Two\nThree«\nFour")
    found = fill_target(page.page, page.spans, page.selection, "body")
    assert _range(page.page, found) == "\nTwo"


# Up and down, block by block


@pytest.mark.parametrize(
    ("marked", "step", "after"),
    [
        ("O»ne\n\nTwo", 1, "One\n\n»Two"),
        ("One\n\nT»wo", -1, "»One\n\nTwo"),
        ("One\nTw»o", 1, "One\n»Two"),
        ("On»e\nTwo", -1, "»One\nTwo"),
        ("One\n»\nTwo", 1, "One\n\n»Two"),
        ("One\n«Two\nThree»\nFour", 1, "One\nTwo\nThree\n»Four"),
        ("One\n»Two\nThree«\nFour", -1, "»One\nTwo\nThree\nFour"),
        ("\n»\n", 1, "\n»\n"),
    ],
)
def test_a_step_goes_to_the_start_of_the_next_block(marked: str, step: int, after: str) -> None:
    page = drawn(marked)
    assert draw(page.text, page.spans, step_block(page.page, page.selection, step)) == after


# Shift with up and down


def test_shift_down_once_selects_two_blocks_and_then_one_more_each_time() -> None:
    marked = "One\nT»wo\n\nThree\nFour"
    assert _selected(marked, 1) == "One\n«Two\n\nThree»\nFour"
    assert _selected(marked, 1, 1) == "One\n«Two\n\nThree\nFour»"
    assert _selected(marked, 1, 1, 1) == "One\n«Two\n\nThree\nFour»"


def test_shift_up_once_selects_two_blocks_and_then_one_more_each_time() -> None:
    marked = "One\n\nTwo\nThr»ee\nFour"
    assert _selected(marked, -1) == "One\n\n»Two\nThree«\nFour"
    assert _selected(marked, -1, -1) == "»One\n\nTwo\nThree«\nFour"
    assert _selected(marked, -1, -1, -1) == "»One\n\nTwo\nThree«\nFour"


def test_a_selection_shrinks_back_through_the_block_it_was_begun_in() -> None:
    marked = "One\nTwo\nTh»ree\nFour\nFive"
    assert _selected(marked, 1, 1, -1) == "One\nTwo\n«Three\nFour»\nFive"
    assert _selected(marked, 1, -1) == "One\nTwo\n«Three»\nFour\nFive"
    assert _selected(marked, 1, -1, -1) == "One\n»Two\nThree«\nFour\nFive"
    assert _selected(marked, -1, 1) == "One\nTwo\n«Three»\nFour\nFive"
    assert _selected(marked, -1, -1, 1, 1, 1) == "One\nTwo\n«Three\nFour»\nFive"


def test_at_the_first_or_last_block_that_block_is_selected() -> None:
    assert _selected("O»ne\nTwo", -1) == "«One»\nTwo"
    assert _selected("One\nT»wo", 1) == "One\n«Two»"


def test_a_selection_within_a_block_grows_to_whole_blocks() -> None:
    assert _selected("O«n»e\nTwo\nThree", 1) == "«One\nTwo»\nThree"
    assert _selected("One\nT»w«o\nThree", -1) == "»One\nTwo«\nThree"


@given(TEXTS, st.data(), st.lists(st.sampled_from([1, -1]), min_size=1, max_size=12))
def test_a_selection_by_blocks_is_whole_blocks_from_the_first_to_the_carets(
    text: str, data: st.DataObject, steps: list[int]
) -> None:
    page = make_page(text)
    selection = Selection.at(data.draw(st.integers(0, len(page.text))))
    begun = here = page.block_at(selection.caret)
    for step in steps:
        selection = extend_block(page, selection, step)
        if begun is None or here is None:
            assert selection.empty
            continue
        here = min(max(here + step, 0), len(page.blocks) - 1)
        first, last = min(begun, here), max(begun, here)
        assert selection.range == (page.blocks[first].start, page.blocks[last].end)
        assert (selection.caret < selection.anchor) == (here < begun)


# Tab


@pytest.mark.parametrize(
    ("marked", "after", "wrapped"),
    [
        ("O»ne\nTwo", "One\n»Two", "One\n»Two"),
        ("O»ne\n[Two|body]\nThree", "One\n[Two|body]\n»Three", "One\n[Two|body]\n»Three"),
        ("O»ne\nT[w|body]o\nThree", "One\nT[w|body]o\n»Three", "One\nT[w|body]o\n»Three"),
        ("O»ne\n[Two\nThree|body]\nFour", "One\n[Two\nThree|body]\n»Four", None),
        ("One\n[Two|body]\nThr»ee", None, "»One\n[Two|body]\nThree"),
        ("[One|body]\nTwo\n»Three\n[Four|body]", None, "[One|body]\n»Two\nThree\n[Four|body]"),
        ("[One|body]\nTw»o", None, None),
        ("[O»ne|body]", None, None),
        ("\n»\n", None, None),
    ],
)
def test_tab_goes_to_the_next_block_without_a_label(
    marked: str, after: str | None, wrapped: str | None
) -> None:
    page = drawn(marked)
    for wrap, expected in ((False, after), (True, wrapped or after)):
        found = next_unlabelled(page.page, page.spans, page.selection.caret, wrap=wrap)
        shown = None if found is None else draw(page.text, page.spans, Selection.at(found))
        assert shown == expected


@pytest.mark.parametrize(
    ("marked", "after", "wrapped"),
    [
        ("One\nT»wo", "»One\nTwo", "»One\nTwo"),
        ("One\n[Two|body]\nThr»ee", "»One\n[Two|body]\nThree", "»One\n[Two|body]\nThree"),
        ("[On»e|body]\nTwo\nThree", None, "[One|body]\nTwo\n»Three"),
        ("On»e\n[Two|body]", None, None),
    ],
)
def test_shift_tab_goes_to_the_previous_block_without_a_label(
    marked: str, after: str | None, wrapped: str | None
) -> None:
    page = drawn(marked)
    for wrap, expected in ((False, after), (True, wrapped)):
        found = previous_unlabelled(page.page, page.spans, page.selection.caret, wrap=wrap)
        shown = None if found is None else draw(page.text, page.spans, Selection.at(found))
        assert shown == expected


# The span at the caret


@pytest.mark.parametrize(
    ("marked", "found"),
    [
        ("[On»e|body]", "One"),
        ("»[One|body]", "One"),
        ("[One|body]»", "One"),
        ("[One|body]»[Two|ticker]", "Two"),
        ("»  [One|body]", "One"),
        ("[One|body]  »\nTwo", "One"),
        ("[One|body]\n»\nTwo", "One"),
        ("[One|body]\n\n»Two", None),
        ("[One|body] t»wo [Three|body]", None),
        ("One [Two|body] »\n[Three|body]", "Two"),
        ("»  One [Two|body]", None),
        ("[One\n»\nTwo|body]", "One\n\nTwo"),
        ("One»", None),
    ],
)
def test_the_span_at_the_caret(marked: str, found: str | None) -> None:
    page = drawn(marked)
    span = caret_span(page.page, page.spans, page.selection.caret)
    assert (span and page.text[span.start : span.end]) == found


# Lines that show nothing


UNSEEN = "\u200b \u200d\ufeff"


def test_no_key_stops_at_a_line_that_shows_nothing() -> None:
    page = make_page(f"{UNSEEN}\nOne\n{UNSEEN}\n\xad\nTwo\n{UNSEEN}")
    one, two = (Selection.at(page.text.index(word)) for word in ("One", "Two"))
    assert first_caret(page) == one
    assert step_block(page, one, 1) == two
    assert step_block(page, two, -1) == one
    assert step_block(page, two, 1) == two
    assert step_block(page, one, -1) == one
    assert extend_block(page, one, 1) == Selection(one.caret, two.caret + 3)
    assert next_unlabelled(page, (), one.caret) == two.caret
    assert next_unlabelled(page, (), two.caret, wrap=True) == one.caret
    assert previous_unlabelled(page, (), two.caret) == one.caret


@pytest.mark.parametrize("char", ["\u0301", "\u2800", "\ufffd", "\ufffc", ".", "\u0640"])
def test_a_key_stops_at_a_line_with_anything_to_see(char: str) -> None:
    page = make_page(f"One\n{char}")
    assert step_block(page, Selection.at(0), 1) == Selection.at(4)


@given(st.characters())
def test_white_space_shows_nothing(char: str) -> None:
    assert not (char.isspace() and is_seen(char))


# Folds are like blocks

_FOLDS = (
    Fold(1, 3, FoldKind.UNLABELLED, "2 lines", 4, 13),
    Fold(4, 6, FoldKind.INSIDE, "2 lines", 19, 27),
)
_SEVEN = "One\nTwo\nThree\nFour\nFive\nSix\nSeven"


@pytest.mark.parametrize(
    ("at", "step", "there"),
    [
        ("One", 1, "Two"),
        ("Two", 1, "Four"),
        ("Three", 1, "Four"),
        ("Four", 1, "Five"),
        ("Five", 1, "Seven"),
        ("Seven", -1, "Five"),
        ("Six", -1, "Four"),
        ("Four", -1, "Two"),
        ("Two", -1, "One"),
    ],
)
def test_a_step_goes_over_a_fold_as_over_a_block(at: str, step: int, there: str) -> None:
    page = make_page(_SEVEN)
    moved = step_block(page, Selection.at(_SEVEN.index(at)), step, _FOLDS)
    assert moved == Selection.at(_SEVEN.index(there))


def test_a_step_stays_on_a_fold_at_the_end_of_the_page() -> None:
    page = make_page("One\nTwo\nThree")
    folds = (Fold(1, 3, FoldKind.UNLABELLED, "2 lines", 4, 13),)
    assert step_block(page, Selection.at(4), 1, folds) == Selection.at(4)


def _extended(anchor: str, *steps: int) -> str:
    page = make_page(_SEVEN)
    selection = Selection.at(_SEVEN.index(anchor))
    for step in steps:
        selection = extend_block(page, selection, step, _FOLDS)
    return " ".join(_range(page, selection.range).split())


@pytest.mark.parametrize(
    ("anchor", "steps", "selected"),
    [
        ("One", (1,), "One Two Three"),
        ("One", (1, 1), "One Two Three Four"),
        ("One", (1, 1, 1), "One Two Three Four Five Six"),
        ("One", (1, 1, -1), "One Two Three"),
        ("Two", (1,), "Two Three Four"),
        ("Two", (1, -1), "Two Three"),
        ("Two", (-1,), "One Two Three"),
        ("Seven", (-1,), "Five Six Seven"),
        ("Seven", (-1, -1, 1), "Five Six Seven"),
    ],
)
def test_a_selection_holds_all_lines_of_the_folds_in_it(
    anchor: str, steps: tuple[int, ...], selected: str
) -> None:
    assert _extended(anchor, *steps) == selected


def test_the_caret_alone_on_a_fold_means_all_of_its_lines() -> None:
    page = make_page(_SEVEN)
    assert _range(page, whole_fold(page, Selection.at(4), _FOLDS).range) == "Two\nThree"
    assert whole_fold(page, Selection.at(0), _FOLDS) == Selection.at(0)
    assert whole_fold(page, Selection(4, 6), _FOLDS) == Selection(4, 6)
