"""What blind pages tell about suggestions that nobody checked."""

from collections import Counter

import pytest
from segmark.jobs.scoring.binomial import ClusterShare
from segmark.jobs.scoring.expectation import (
    BANDS,
    THRESHOLDS,
    Expectation,
    ExpectationError,
    band_of,
    expectation,
    expectation_lines,
)
from segmark.store.figures.accuracy import BlindPage


def blind(name: str, site: str, *suggested: tuple[float, bool], labelled: int = 4) -> BlindPage:
    return BlindPage(name, site, "ada", suggested, labelled)


def pages(count: int, sure: int = 4, *, wrong: float = 0.6) -> list[BlindPage]:
    """So many pages of as many sites; what is unsure is wrong."""
    return [
        blind(f"p{n}", f"s{n}.example", *[(0.97, True)] * sure, (wrong, False))
        for n in range(count)
    ]


def test_each_band_has_the_suggestions_of_its_confidence() -> None:
    found = expectation([blind("a", "", (0.97, True), (0.96, False), (0.2, False), (1.0, True))])
    counted = [(share.right, share.total) for share in found.bands]
    assert counted == [(0, 1), (0, 0), (0, 0), (0, 0), (0, 0), (2, 3)]
    assert [band_of(low) for low in BANDS] == [0, 1, 2, 3, 4, 5]
    assert band_of(1.0) == 5


def test_sites_are_the_sample_and_pages_where_there_is_one_site() -> None:
    several = expectation([blind("a", "x", (0.9, True)), blind("b", "x"), blind("c", "y")])
    assert (several.unit, several.units) == ("site", 2)
    one = expectation([blind("a", "x", (0.9, True)), blind("b", "x", (0.9, True))])
    assert (one.unit, one.units, one.thresholds[0].clusters) == ("page", 2, 2)


def test_the_lowest_threshold_that_the_pages_support_is_chosen() -> None:
    found = expectation(pages(200))
    assert found.threshold_for(0.95) == 0.7
    assert found.threshold_for(0.5) == 0.0


def test_the_limit_of_the_chosen_threshold_holds_whichever_of_them_is_chosen() -> None:
    """The error is divided among the thresholds: 59 sites would be enough for a single one."""
    with pytest.raises(ExpectationError, match="as much as 104 spans drawn one by one"):
        expectation(pages(60)).threshold_for(0.95)
    assert expectation(pages(104)).threshold_for(0.95) == 0.7


@pytest.mark.parametrize(
    ("given", "wanted", "why"),
    [
        ([], 0.9, "no finished page is blind, so nothing tells how many are right"),
        (pages(5), 0.95, "these are worth 5"),
        (pages(400, 1, wrong=0.999), 0.9, "ask for less, or finish more pages"),
    ],
)
def test_a_threshold_is_refused_with_the_reason(
    given: list[BlindPage], wanted: float, why: str
) -> None:
    with pytest.raises(ExpectationError, match=why):
        expectation(given).threshold_for(wanted)


def test_many_suggestions_of_few_sites_are_not_enough() -> None:
    """A thousand right ones, but all of three sites: they are worth three."""
    few = [blind(f"p{n}", f"s{n % 3}", *[(0.99, True)] * 10) for n in range(100)]
    with pytest.raises(ExpectationError, match="are worth 3"):
        expectation(few).threshold_for(0.95)


def test_the_lines_say_how_many_of_those_written_are_right() -> None:
    lines = list(expectation_lines(expectation(pages(100)), Counter({5: 1000, 1: 10})))
    assert lines[0].startswith("expected, by 100 blind pages of 100 sites")
    assert lines[-2].split()[:2] == ["0.95–1.00", "1,000"]
    assert "400 of 400, 100.0% (96.4% to 100.0%)" in lines[-2]
    assert lines[-2].endswith("1,000 (964 to 1,000)")
    assert lines[-3].endswith("0 (0 to 0)")
    assert lines[-1] == "not suggested on the blind pages: 0 of 400 labelled spans (0.0%)"
    (unknown,) = expectation_lines(expectation([]), Counter())
    assert unknown.startswith("expected: unknown")


def test_the_counts_go_to_a_file_and_back() -> None:
    found = expectation(pages(30, 3))
    assert Expectation.from_json(found.to_json()) == found
    assert len(found.thresholds) == len(THRESHOLDS)


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": "span"},
        {"pages": -1},
        {"labelled": 1.5},
        {"bands": []},
        {"bands": [[2, 1, 1, 1]] * len(BANDS)},
        {"bands": [[1, 1, 1, 2]] * len(BANDS)},
        {"bands": [[1, 1, 1, "1"]] * len(BANDS)},
    ],
)
def test_what_is_no_count_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        Expectation.from_json({**expectation(pages(3)).to_json(), **changed})


def test_a_share_knows_its_interval_by_what_it_is_worth() -> None:
    assert list(ClusterShare(20, 20, 20, 20).interval()) == pytest.approx([0.8316, 1], abs=1e-4)
