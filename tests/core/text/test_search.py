"""Searching in the text of a page."""

import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from segmark.core.text.search import find_all

# Few characters, so that there are many matches: letters that become longer when folded, white
# space, quotes and dashes of several kinds, a combining mark, an emoji, special characters.
_ALPHABET = "aAsSfiI ßİﬁŉ'’‘ʼ\"“”-–—\t\n\u00a0\u3000\u0307ıſK\u212aé🙂.*["
_texts = st.text(_ALPHABET, max_size=30)
_needles = st.text(_ALPHABET, min_size=1, max_size=4)


def _key(text: str, match_case: bool) -> str:
    """Two strings match if their keys are equal: a slow reference implementation."""
    for alike in ("'‘’‚‛ʼ′", '"“”„‟″', "-‐‑‒–—−"):
        text = "".join(alike[0] if char in alike else char for char in text)
    text = text if match_case else text.casefold()
    return re.sub(r"\s+", " ", text).translate(str.maketrans("ʼ", "'"))


def _slowly(text: str, needle: str, match_case: bool) -> list[tuple[int, int]]:
    """All matches, each searched after the previous one, character by character."""
    wanted = _key(needle, match_case)
    found: list[tuple[int, int]] = []
    left = 0
    while True:
        keys: list[tuple[str, int, int]] = []  # a character of the key and its range in the text
        for at in range(left, len(text)):
            for char in _key(text[at], match_case):
                if char == " " and keys and keys[-1][0] == " ":
                    keys[-1] = (" ", keys[-1][1], at)
                else:
                    keys.append((char, at, at))
        at = "".join(char for char, _, _ in keys).find(wanted)
        if at < 0:
            return found
        first, last = keys[at], keys[at + len(wanted) - 1]
        start = first[1] if wanted == " " else first[2]
        left = last[1] + 1
        found.append((start, left))


def test_a_word_is_found_wherever_it_stands_and_in_any_case() -> None:
    text = "Ships in port. SHIPS at sea; ships."
    assert find_all(text, "ships") == [(0, 5), (15, 20), (29, 34)]


def test_case_counts_when_asked_for() -> None:
    assert find_all("Iran iran IRAN", "iran", match_case=True) == [(5, 9)]


@pytest.mark.parametrize(
    ("text", "needle", "hit"),
    [
        ("die Straße dort", "STRASSE", "Straße"),
        ("DIE STRASSE DORT", "straße", "STRASSE"),
        ("nach İstanbul zurück", "istanbul", None),
        ("the oﬃcer said", "officer", "oﬃcer"),
        ("the oﬃcer said", "off", "oﬃ"),
        ("10\u00a0January", "10 january", "10\u00a0January"),
        ("one \t\n  two", "one two", "one \t\n  two"),
        ("she said “don’t”", '"don\'t"', "“don’t”"),
        ("it's late", "it’s", "it's"),
        ("a 3–2 win", "3-2", "3–2"),
        ("🙂🙂 Ünïted 🙂", "ünïted", "Ünïted"),
        ("what? (really)", "? (", "? ("),
    ],
)
def test_what_a_keyboard_can_write_finds_what_pages_hold(
    text: str, needle: str, hit: str | None
) -> None:
    found = [text[start:end] for start, end in find_all(text, needle)]
    assert found == ([hit] if hit else [])


def test_a_dotted_capital_i_is_found_with_its_dot() -> None:
    text = "nach İstanbul"
    assert find_all(text, "i\u0307stanbul") == [(5, 13)]
    assert find_all(text, "i") == [(5, 6)]


def test_offsets_after_letters_that_grow_when_folded_are_those_of_the_page() -> None:
    text = "ßßß ﬁn İ — needle and ß needle"
    assert [text[start:end] for start, end in find_all(text, "NEEDLE")] == ["needle"] * 2


def test_white_space_at_the_edge_of_the_needle_takes_one_character() -> None:
    assert find_all("to   be", "o ") == [(1, 3)]
    assert find_all("to   be", "  b") == [(4, 6)]
    assert find_all("a \n b", " ") == [(1, 2), (2, 3), (3, 4)]


def test_an_empty_needle_finds_nothing() -> None:
    assert find_all("anything", "") == []


def test_a_limit_keeps_the_first_hits() -> None:
    assert find_all("aaaa", "a", limit=2) == [(0, 1), (1, 2)]
    assert find_all("aaaa", "a", limit=0) == []


def test_a_page_of_white_space_is_searched_in_one_pass() -> None:
    assert find_all(" " * 300_000, "x y") == []
    assert find_all("x" + " " * 300_000, " x") == []
    assert find_all("x" + " " * 300_000 + "y", "x y") == [(0, 300_002)]


def test_no_character_outside_the_known_ranges_grows_when_folded() -> None:
    grown = {at for at in range(sys.maxunicode + 1) if len(chr(at).casefold()) > 1}
    assert grown <= {*range(0x80, 0x2000), *range(0xFB00, 0xFB18)}


@given(_texts, _needles, st.booleans())
@example("ßs", "ss", False)
@example("sßs", "ss", False)
@example("ŉ", "'n", False)
def test_hits_are_exactly_those_of_the_slow_rule(text: str, needle: str, match_case: bool) -> None:
    assert find_all(text, needle, match_case=match_case) == _slowly(text, needle, match_case)


@given(st.text(max_size=60), st.text(max_size=60), st.text(min_size=1, max_size=12), st.booleans())
def test_any_text_finds_itself_and_hits_never_touch(
    before: str, after: str, needle: str, match_case: bool
) -> None:
    text = before + needle + after
    hits = find_all(text, needle, match_case=match_case)
    assert hits
    flat = [offset for hit in hits for offset in hit]
    assert flat == sorted(flat)
    for start, end in hits:
        assert 0 <= start < end <= len(text)
        assert _key(needle, match_case) in _key(text[start:end], match_case)


@given(_texts, _needles, st.integers(0, 5))
def test_a_limit_never_changes_which_hits_come_first(text: str, needle: str, limit: int) -> None:
    assert find_all(text, needle, limit=limit) == find_all(text, needle)[:limit]
