"""Intervals by the bootstrap, and the calibration of scores."""

import random
from collections.abc import Sequence
from statistics import NormalDist

import pytest
from segmark.core.record import Record
from segmark.jobs.scoring.calibration import Calibration, Certainty
from segmark.jobs.scoring.intervals import MEASURES, difference, intervals

from tests.jobs.scoring.made_scores import BODY, HEADLINE, model, page, scored


def pages(count: int, sites: int) -> list[Record]:
    return [page(f"p{n:03}", HEADLINE, BODY, site=f"s{n % sites}.example") for n in range(count)]


def test_the_interval_is_that_of_a_share_where_pages_do_not_resemble_each_other() -> None:
    chosen, gold = random.Random(5), pages(400, 400)
    found = {one.id: [BODY] if chosen.random() < 0.8 else [] for one in gold}
    exact = intervals(scored(gold, model("m", found)).models[0]).labels["body"]["exact"]
    recall = exact["recall"]
    assert recall.value is not None
    assert recall.low is not None
    assert recall.high is not None
    reach = NormalDist().inv_cdf(0.975) * (recall.value * (1 - recall.value) / 400) ** 0.5
    assert recall.low == pytest.approx(recall.value - reach, abs=0.01)
    assert recall.high == pytest.approx(recall.value + reach, abs=0.01)


def test_pages_of_a_site_that_are_alike_make_the_interval_wider() -> None:
    gold = pages(400, 20)
    found = {one.id: [BODY] if hash_of(one.site) % 5 else [] for one in gold}
    by_site = intervals(scored(gold, model("m", found)).models[0])
    alone = [page(one.id, *one.spans) for one in gold]
    by_page = intervals(scored(alone, model("m", found)).models[0])
    assert (by_site.unit, by_site.units, by_page.units) == ("site", 20, 400)
    one, other = (each.labels["body"]["exact"]["recall"] for each in (by_site, by_page))
    assert (one.high or 0) - (one.low or 0) > 2 * ((other.high or 0) - (other.low or 0))


def hash_of(site: str) -> int:
    return int(site.removeprefix("s").removesuffix(".example"))


def test_a_single_site_is_drawn_by_page_and_a_single_page_has_no_interval() -> None:
    one = model("m", {"p000": [BODY]})
    alone = intervals(scored(pages(9, 1), one).models[0])
    assert (alone.unit, alone.units) == ("page", 9)
    assert alone.total["exact"]["f1"].low is not None
    single = intervals(scored(pages(1, 1), one).models[0])
    assert (single.units, single.total["exact"]["f1"].low) == (1, None)


def test_the_same_seed_gives_the_same_figures_and_another_one_others() -> None:
    one = scored(pages(50, 10), model("m", {f"p{n:03}": [BODY] for n in range(0, 50, 3)}))
    (made,) = one.models
    assert intervals(made, "a") == intervals(made, "a")
    assert intervals(made, "a") != intervals(made, "b")


def test_the_body_words_have_an_interval_around_their_mean() -> None:
    found = model("m", {f"p{n:03}": [BODY] for n in range(0, 60, 2)})
    (made,) = scored(pages(60, 60), found).models
    body = intervals(made).body
    assert body.value == 0.5
    assert 0.3 < (body.low or 0) < 0.5 < (body.high or 0) < 0.7


def test_models_are_compared_on_the_same_draws() -> None:
    """Two models that find the same differ by nothing, however wide their intervals are."""
    found = {f"p{n:03}": [BODY] for n in range(0, 60, 2)}
    one, other = scored(pages(60, 12), model("one", found), model("other", found)).models
    for measure in MEASURES:
        gap = difference(intervals(one), intervals(other), measure)
        assert (gap.value, gap.low, gap.high) == (0.0, 0.0, 0.0)


def calibration(certainty: Sequence[tuple[float, bool]]) -> Calibration | None:
    found = Certainty()
    for score, right in certainty:
        found.add(score, right=right)
    return found.calibration()


def test_calibration_compares_scores_with_the_share_that_is_right() -> None:
    found = calibration([*[(0.95, True)] * 9, (0.95, False), *[(0.25, False)] * 10])
    assert found
    assert [(one.low, one.spans, one.right) for one in found.bins] == [(0.2, 10, 0), (0.9, 10, 9)]
    assert found.error == pytest.approx((0.25 + 0.05) / 2)


def test_a_score_of_one_is_in_the_last_bin() -> None:
    found = calibration([(1.0, True), (0.0, False)])
    assert found
    assert [one.low for one in found.bins] == [0.0, 0.9]


def test_spans_without_scores_have_no_calibration() -> None:
    assert calibration([]) is None
    assert calibration([(0.5, True), (0.5, False)]) is None
