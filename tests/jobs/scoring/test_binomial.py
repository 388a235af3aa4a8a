"""Exact limits of shares, against published values, and the worth of clusters."""

import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.jobs.scoring.binomial import (
    beta_quantile,
    clopper_pearson,
    cluster_share,
    lower_limit,
    t_quantile,
)


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I.
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
        (29, 29, 0.8806, 1.0000),
    ],
)
def test_the_limits_are_the_published_ones(right: int, total: int, low: float, high: float) -> None:
    assert list(clopper_pearson(right, total)) == pytest.approx([low, high], abs=5e-5)


@pytest.mark.parametrize(
    ("freedom", "distance"), [(1, 12.706), (2, 4.303), (9, 2.262), (30, 2.042), (1000, 1.962)]
)
def test_students_t_is_that_of_the_tables(freedom: int, distance: float) -> None:
    assert t_quantile(0.95, freedom) == pytest.approx(distance, abs=5e-4)


@given(st.integers(1, 60), st.data(), st.sampled_from([0.001, 0.025, 0.05, 0.3]))
def test_the_lower_limit_makes_what_was_seen_just_unlikely_enough(
    total: int, data: st.DataObject, error: float
) -> None:
    """The definition of Clopper and Pearson, by the sum of the binomial distribution."""
    right = data.draw(st.integers(1, total))
    low = lower_limit(right, total, error)
    tail = sum(comb(total, n) * low**n * (1 - low) ** (total - n) for n in range(right, total + 1))
    assert tail == pytest.approx(error, rel=1e-6)


@given(st.floats(0.01, 0.99), st.floats(0.5, 5000), st.floats(0.5, 5000))
def test_a_beta_distribution_is_the_mirror_of_its_mirror(share: float, a: float, b: float) -> None:
    there, back = beta_quantile(share, a, b), 1 - beta_quantile(1 - share, b, a)
    assert there == pytest.approx(back, abs=1e-9)


def test_nothing_seen_says_nothing() -> None:
    assert clopper_pearson(0, 0) == (0.0, 1.0)
    assert cluster_share([]).share is None
    assert cluster_share([(0, 0)]).interval() == (0.0, 1.0)


def test_items_that_are_alike_within_their_cluster_are_worth_less() -> None:
    alike = cluster_share([(10, 10)] * 8 + [(0, 10)] * 2)
    mixed = cluster_share([(8, 10)] * 80 + [(7, 10), (9, 10)] * 10)
    assert (alike.right, alike.total, alike.share) == (80, 100, 0.8)
    assert alike.worth < 10
    assert mixed.worth == 1000
    assert alike.interval()[0] < 0.5 < mixed.interval()[0]


def test_a_large_cluster_counts_for_no_more_than_a_small_one() -> None:
    """A page of 96 spans beside four pages of one: as much as 1.08 pages of the same size."""
    assert cluster_share([(96, 96), *[(1, 1)] * 4]).worth == pytest.approx(100**2 / (96**2 + 4))


def _drawn(chosen: random.Random, share: float, alike: float) -> tuple[int, int]:
    items = chosen.choice([1, 3, 4, 5, 6, 8, 12])
    own = chosen.betavariate(share * (1 - alike) / alike, (1 - share) * (1 - alike) / alike)
    return sum(chosen.random() < own for _ in range(items)), items


@pytest.mark.parametrize(("share", "alike"), [(0.9, 0.1), (0.95, 0.4), (0.95, 0.8)])
def test_the_limit_holds_as_often_as_it_says_however_alike_items_are(
    share: float, alike: float
) -> None:
    chosen, held, times = random.Random(17), 0, 200
    for _ in range(times):
        found = cluster_share([_drawn(chosen, share, alike) for _ in range(60)])
        held += found.at_least() <= share
    assert held >= 0.93 * times  # 0.95, but for chance


@pytest.mark.parametrize("right", [0, 5])
def test_clusters_that_show_no_difference_count_once_each(right: int) -> None:
    found = cluster_share([(right, 5)] * 12)
    assert (found.total, found.clusters, found.worth) == (60, 12, 12)


def test_a_single_cluster_is_worth_one_item() -> None:
    assert cluster_share([(7, 9)]).worth == 1
