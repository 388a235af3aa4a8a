"""The person of ``make bench-effort`` labels a page as the gold says, by few keys."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.store.suggestions import Offer

from tests.benchmarks.effort_plan import Repair, cells, repairs, shortest, walk_on
from tests.benchmarks.effort_window import Desk, Effort
from tests.benchmarks.made_projects import new_store
from tests.factories import make_page
from tests.suggestion.pages import LABELS, news

_STORY = news(3)


def _label(folder: Path, offered: list[Suggestion], *, mouse: bool = False) -> Effort:
    with new_store(folder / "effort.segmark") as store:
        with store.write():
            store.pages.add(_STORY.page, b"-")
        desk = Desk(folder, store)
        desk.sit_down(folded=True)
        effort = desk.label(1, Offer(tuple(offered)), _STORY.spans, mouse=mouse)
        desk.close()
    return effort


def _sure(spans: tuple[Span, ...]) -> list[Suggestion]:
    return [Suggestion(span, 0.9, "") for span in spans]


def test_a_page_whose_suggestions_are_right_takes_a_look_and_one_key(tmp_path: Path) -> None:
    effort = _label(tmp_path, _sure(_STORY.spans))
    assert 1 < effort.screens < 2
    assert effort.acts == 2  # PgDn, Ctrl+Enter


def test_a_page_without_suggestions_is_labelled_by_hand_as_its_gold_is(tmp_path: Path) -> None:
    assert len(_STORY.spans) < _label(tmp_path, []).acts < 20


def test_a_wrong_suggestion_costs_a_few_keys(tmp_path: Path) -> None:
    wrong = _sure(_STORY.spans)
    wrong[1] = Suggestion(wrong[1].span._replace(label="caption"), 0.9, "")
    assert 1 < _label(tmp_path, wrong).acts < 8


def test_the_mouse_needs_more_acts_than_the_keys(tmp_path: Path) -> None:
    by_keys, by_mouse = tmp_path / "keys", tmp_path / "mouse"
    by_keys.mkdir()
    by_mouse.mkdir()
    assert _label(by_mouse, [], mouse=True).acts > _label(by_keys, []).acts


def test_a_caption_of_two_lines_is_changed_whole_and_two_captions_one_by_one() -> None:
    page = make_page("One\nTwo\nThree")
    one = cells(page, [Span(0, 7, "caption")], LABELS)
    two = cells(page, [Span(0, 3, "caption"), Span(4, 7, "caption")], LABELS)
    bare = cells(page, [], LABELS)
    assert repairs(bare, one) == [Repair("caption", 0, 1)]
    assert repairs(bare, two) == [Repair("caption", 0, 0), Repair("caption", 1, 1)]
    assert repairs(two, bare) == [Repair(None, 0, 1)]


@given(st.integers(0, 2**32))
def test_after_all_repairs_nothing_is_left(seed: int) -> None:
    rng = random.Random(seed)
    page = make_page("\n".join("abcdefgh"))
    names = [rng.choice(["", "body", "caption"]) for _ in page.blocks]
    spans = [
        Span(block.start, block.end, name)
        for block, name in zip(page.blocks, names, strict=True)
        if name
    ]
    right, now = cells(page, spans, LABELS), cells(page, [], LABELS)
    for repair in repairs(now, right):
        now[repair.first : repair.last + 1] = right[repair.first : repair.last + 1]
    assert repairs(now, right) == []


def test_the_shortest_way_jumps_over_menus() -> None:
    page = make_page("\n".join("abcdefgh"))
    walk = walk_on(page, (), likely={5}, unsettled={0, 6})
    assert shortest(walk, 0, {5}) == ["P"]
    assert shortest(walk, 0, {4}) == ["P", "Up"]
    assert shortest(walk, 0, {7}) == ["Tab", "Down"]
    assert shortest(walk, 3, {3}) == []
    assert shortest(walk_on(page, (), (), ()), 0, {99}) is None
