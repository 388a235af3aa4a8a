"""Word boundaries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.words import REACH, word_after, word_before, words

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


_parts = st.sampled_from(["ship", "3,000.5", "’tis", "e\u0301", "漢字", "...", " ", " " * REACH])
_part = _parts | TEXTS.map(lambda text: text.replace("\n", " "))


def _repeated(parts: list[str]) -> str:
    line = " ".join(parts) + " "
    return line * (3 * REACH // len(line) + 1)


_long = st.lists(_part, min_size=1, max_size=8).map(_repeated)


@given(_long, st.data())
def test_the_words_around_an_offset_are_those_of_the_whole_line(
    text: str, data: st.DataObject
) -> None:
    start, offset, end = sorted(data.draw(st.integers(0, len(text))) for _ in range(3))
    found = list(words(text, start, end))
    before = [word for word in found if word[0] < offset]
    assert word_before(text, start, end, offset) == (before[-1] if before else None)
    after = [word for word in found if word[1] > offset]
    assert word_after(text, start, end, offset) == (after[0] if after else None)


_WIDEST = 8 * REACH


class _Watched(str):
    """A string that counts the characters that are read."""

    __slots__ = ("looks",)

    def __getitem__(self, at: object) -> str:
        self.looks = getattr(self, "looks", 0) + 1
        return super().__getitem__(at)  # type: ignore[index]


@pytest.mark.parametrize("made_of", ["x", "漢", "ship ", "x.", "🙂"])
def test_however_long_a_line_is_only_a_little_of_it_is_looked_at(made_of: str) -> None:
    text = _Watched(made_of * 200_000)
    middle = len(text) // 2
    before = word_before(text, 0, len(text), middle)
    after = word_after(text, 0, len(text), middle)
    assert before
    assert after
    assert middle - 1 - REACH <= before[0] < middle < after[1] <= middle + 2 * _WIDEST
    assert text.looks < 20 * _WIDEST
