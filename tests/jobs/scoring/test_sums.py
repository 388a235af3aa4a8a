"""Sums over pages: what they keep does not grow with the number of pages."""

import random

from hypothesis import given
from hypothesis import strategies as st
from segmark.jobs.scoring.intervals import intervals
from segmark.jobs.scoring.sums import MOST_GROUPS, Least

from tests.jobs.scoring.made_scores import BODY, model, page, scored


@given(st.lists(st.integers()), st.integers(0, 5))
def test_the_least_items_are_kept_in_order(items: list[int], most: int) -> None:
    least = Least[int](most, lambda item: item)
    for item in items:
        least.offer(item)
    assert least.items == sorted(items)[:most]


def test_very_many_sites_are_drawn_in_groups_and_all_of_them_count() -> None:
    count = MOST_GROUPS + 500
    gold = [page(f"p{n}", BODY, site=f"s{n}.example") for n in range(count)]
    found = model("m", {one.id: [BODY] for one in gold[::2]})
    (one,) = scored(gold, found).models
    assert (one.units.count, len(one.sites)) == (count, count)
    assert 1000 < len(one.units.groups) <= MOST_GROUPS
    assert sum(group.pages for group in one.units.groups) == count
    recall = intervals(one).total["exact"]["recall"]
    assert (recall.low or 0) < 0.5 < (recall.high or 0)


def test_groups_do_not_depend_on_the_order_of_the_pages() -> None:
    gold = [page(f"p{n}", BODY) for n in range(MOST_GROUPS + 300)]
    found = model("m", {one.id: [BODY] for one in gold[::3]})
    mixed = random.Random(1).sample(gold, len(gold))
    one, other = (scored(pages, found).models[0] for pages in (gold, mixed))
    assert one.units.groups == other.units.groups
    assert intervals(one) == intervals(other)


def test_pages_of_one_site_are_drawn_in_groups_until_a_second_site_comes() -> None:
    gold = [page(f"p{n}", BODY, site="one.example") for n in range(MOST_GROUPS + 300)]
    (one,) = scored(gold, model("m", {})).models
    assert (one.units.name, one.units.count) == ("page", len(gold))
    (both,) = scored([*gold, page("q", BODY, site="two.example")], model("m", {})).models
    assert (both.units.name, both.units.count, len(both.units.groups)) == ("site", 2, 2)
