"""Fuzzy matching: a few letters find a title, the best one first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.fuzzy import best, rank

_TITLES = ["Page: Page done, open the next", "File: Export…", "Help: Keys", "View: Light or dark"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("export", "File: Export…"),
        ("EXP", "File: Export…"),
        ("pdon", "Page: Page done, open the next"),
        ("lod", "View: Light or dark"),
        ("help k", "Help: Keys"),
    ],
)
def test_a_few_letters_find_a_title(typed: str, found: str) -> None:
    assert best(typed, _TITLES, str, 9)[0] == found


def test_what_lacks_a_letter_does_not_fit() -> None:
    assert rank("exq", "File: Export…") is None
    assert best("zzz", _TITLES, str, 9) == []


def test_a_whole_word_fits_better_than_scattered_letters() -> None:
    assert best("load", ["File: Load pages…", "Help: Label or a date"], str, 2)[0].endswith(
        "pages…"
    )


def test_nothing_typed_keeps_the_order_and_the_limit() -> None:
    assert best("", _TITLES, str, 2) == _TITLES[:2]


@given(st.text(max_size=20), st.text(max_size=40))
def test_every_text_can_be_ranked(typed: str, title: str) -> None:
    rank(typed, title)
    assert rank("", title) == len(title)
    if title.strip() and title.isascii():
        assert rank(title, title) is not None
