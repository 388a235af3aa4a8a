"""Where words begin and end."""

import pytest
from hypothesis import given

from app.core.words import words
from tests.strategies import TEXTS


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text, 0, len(text))]


@given(TEXTS)
def test_words_are_in_order_and_hold_every_character_but_white_space(text: str) -> None:
    found = list(words(text, 0, len(text)))
    last = 0
    for start, end in found:
        assert last <= start < end
        assert text[last:start].strip() == ""
        assert not any(char.isspace() for char in text[start:end])
        last = end
    assert text[last:].strip() == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ships sail", ["Ships", "sail"]),
        ("don't  we’ll", ["don't", "we’ll"]),
        ("3,000.5 km", ["3,000.5", "km"]),
        ("20-year pact.", ["20-year", "pact", "."]),
        ("“vigilance,” he", ["“", "vigilance", ",", "”", "he"]),
        ("2023./AFP", ["2023", ".", "/", "AFP"]),
        ("wait... what?!", ["wait", "...", "what", "?", "!"]),
        ("-5 'tis", ["-", "5", "'", "tis"]),
        ("snake_case", ["snake_case"]),
        ("e\u0301te\u0301 naïve", ["e\u0301te\u0301", "naïve"]),
        ("漢字かな", ["漢", "字", "か", "な"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("می‌روم", ["می‌روم"]),
        ("a\u00a0b\u3000c", ["a", "b", "c"]),
        ("👍🏽 👩‍👧", ["👍🏽", "👩‍👧"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_words_as_people_see_them(text: str, expected: list[str]) -> None:
    assert _words(text) == expected


def test_only_words_of_the_range_are_given() -> None:
    assert list(words("one two three", 2, 9)) == [(2, 3), (4, 7), (8, 9)]
