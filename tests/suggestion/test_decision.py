from collections.abc import Sequence
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.suggestion.decision import fewest_expected_edits

NAMES = ("-", "body", "ticker")
Likely = dict[str, float]


def likely(*parts: float) -> Likely:
    return {name: part / sum(parts) for name, part in zip(NAMES, parts, strict=True)}


def acts(chosen: Sequence[str], units: Sequence[Likely]) -> float:
    """The acts to expect: a wrong unit is set right with the one before if that was wrong too."""
    expected = sum(units[0][name] for name in NAMES if name != chosen[0])
    for (before, here), (last, label) in zip(pairwise(units), pairwise(chosen), strict=True):
        for name in NAMES:
            if name != label:
                with_it = 0.0 if last == name else min(before[name], here[name])
                expected += here[name] - with_it
    return expected


@given(
    st.lists(
        st.builds(likely, *[st.floats(0.001, 1)] * len(NAMES)),
        min_size=1,
        max_size=5,
    )
)
def test_no_other_labels_leave_fewer_acts_to_expect(units: list[Likely]) -> None:
    least = min(acts(chosen, units) for chosen in product(NAMES, repeat=len(units)))
    assert acts(fewest_expected_edits(units, set()), units) == pytest.approx(least)


@given(st.lists(st.builds(likely, *[st.floats(0.001, 1)] * len(NAMES)), min_size=1, max_size=9))
def test_it_is_never_worse_to_expect_than_proposing_nothing(units: list[Likely]) -> None:
    nothing = ["-"] * len(units)
    assert acts(fewest_expected_edits(units, set()), units) <= acts(nothing, units) + 1e-9


def test_one_doubtful_line_inside_a_sure_run_stays_in_it() -> None:
    sure, doubtful = likely(0.05, 0.9, 0.05), likely(0.49, 0.46, 0.05)
    assert fewest_expected_edits([sure, doubtful, sure], set()) == ["body"] * 3


def test_a_run_that_is_less_likely_than_not_is_not_proposed() -> None:
    assert fewest_expected_edits([likely(0.6, 0.4, 0)] * 8, set()) == ["-"] * 8


def test_a_barred_label_is_never_proposed() -> None:
    assert "ticker" not in fewest_expected_edits([likely(0.1, 0.1, 0.8)] * 3, {"ticker"})
