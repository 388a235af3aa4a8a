"""Names of people: when two are one, and which colours people have."""

import unicodedata
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.people.person import COLOURS, PersonError, checked_colour, checked_name, name_key

from tests.colour_vision import contrast


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "ADA"),
        ("ada l", " Ada \t\u00a0L "),
        ("Zo\u00eb", "Zoe\u0308"),
        ("Stra\u00dfe", "STRASSE"),
        ("\u0345\u0391", "\u03b9\u03b1"),
    ],
)
def test_names_that_differ_in_case_blanks_or_unicode_form_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_other_names_differ() -> None:
    names = ("ada", "a da", "adá", "ada 2", "аda")
    assert all(name_key(one) != name_key(other) for one, other in combinations(names, 2))


@given(st.text())
def test_the_form_in_which_names_are_compared_is_their_own(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert name_key(unicodedata.normalize("NFD", name)) == key


@pytest.mark.parametrize("name", ["", " \t", "a\x1b[31m", "x" * 101])
def test_a_name_that_can_not_be_shown_is_refused(name: str) -> None:
    with pytest.raises(PersonError):
        checked_name(name)


def test_a_name_has_single_blanks() -> None:
    assert checked_name(" Ada \n Lovelace ") == "Ada Lovelace"


def test_a_colour_is_written_in_hexadecimal_digits() -> None:
    assert checked_colour("#3B7DD8") == "#3b7dd8"
    with pytest.raises(PersonError):
        checked_colour("blue")


@pytest.mark.parametrize("ground", ["#f4f2ee", "#fdfcf9", "#26282c", "#1d1e21"])
def test_the_colours_of_people_stand_out_from_light_and_dark_panels(ground: str) -> None:
    assert all(contrast(colour, ground) >= 3 for colour in COLOURS)
