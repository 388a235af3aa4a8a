"""Normalising a decoded string to the text of a page, and trimming."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from segmark.core.text.normalise import REPLACEMENT, is_blank, normalise, sha256_of, trim

from tests.strategies import AWKWARD, RAW, TEXTS

_LINE_ENDS = ("\r\n", "\r", "\n", "\x85", "\u2028", "\u2029")


def _fits(char: str) -> bool:
    """A slow reference implementation."""
    if unicodedata.category(char) in ("Cc", "Cs"):
        return char in "\t\n"
    return char not in "\ufdd0\ufdd1\ufffe"


def _slowly(raw: str) -> str:
    if raw[:1] == "\ufeff":
        raw = raw[1:]
    for line_end in _LINE_ENDS:
        raw = raw.replace(line_end, "\n")
    return "".join(char if _fits(char) else REPLACEMENT for char in raw)


@given(RAW)
def test_normalising_is_the_rule_written_the_slow_way(raw: str) -> None:
    assert normalise(raw) == _slowly(raw)


@given(RAW)
def test_a_text_stays_as_it_is_when_it_is_normalised_again(raw: str) -> None:
    once = normalise(raw)
    assert once.startswith("\ufeff") or normalise(once) == once


@given(RAW)
def test_a_text_can_be_written_as_utf_8_and_read_back(raw: str) -> None:
    text = normalise(raw)
    assert text.encode().decode() == text


@pytest.mark.parametrize("line_end", _LINE_ENDS)
def test_every_line_end_becomes_a_line_feed(line_end: str) -> None:
    assert normalise(f"One{line_end}Two{line_end}") == "One\nTwo\n"


def test_a_carriage_return_before_crlf_is_a_line_end_of_its_own() -> None:
    assert normalise("One\r\r\nTwo\n\r") == "One\n\nTwo\n\n"


def test_only_a_byte_order_mark_at_the_very_start_is_dropped() -> None:
    assert normalise("\ufeffOne\ufeff\nTwo") == "One\ufeff\nTwo"
    assert normalise("\ufeff\ufeffOne") == "\ufeffOne"


def test_what_a_text_cannot_hold_is_replaced_one_for_one() -> None:
    unfit = "\x00\x07\x0b\x0c\x1b\x1f\x7f\x80\x9f\ud83d\udfff\ufdd0\ufdd1\ufffe"
    assert normalise(f"a{unfit}b") == "a" + REPLACEMENT * len(unfit) + "b"


def test_every_character_there_is_is_kept_replaced_or_a_line_end() -> None:
    every = [chr(code) for code in range(0x110000) if code != ord("\u2603")]
    expected = {char: char if _fits(char) else REPLACEMENT for char in every}
    expected |= dict.fromkeys(_LINE_ENDS, "\n")
    found = normalise("\u2603".join(["", *every]))[1:].split("\u2603")
    wrong = [
        f"U+{ord(char):04X} became {became!a}"
        for char, became in zip(every, found, strict=True)
        if became != expected[char]
    ]
    assert wrong == []


def test_spaces_joiners_marks_and_tabs_are_not_touched() -> None:
    text = "a\tb\u00a0c\u200bd\u200de\u202ef\u0301\u3000\ufdd2\uffffg  h"
    assert normalise(text) == text


@given(TEXTS)
def test_a_trimmed_range_is_what_strip_leaves(text: str) -> None:
    start, end = trim(text, 0, len(text))
    assert text[start:end] == text.strip()


def test_trimming_stays_within_the_range() -> None:
    assert trim("a  b  c", 1, 6) == (3, 4)
    assert trim("a  b  c", 3, 4) == (3, 4)
    start, end = trim("a    b", 2, 4)
    assert start == end


def test_zero_width_characters_are_no_white_space() -> None:
    assert trim("\u200b\ufeffa\u200d", 0, 4) == (0, 4)
    assert not is_blank("\u200b", 0, 1)


def test_a_range_is_blank_when_it_is_empty_or_all_white_space() -> None:
    text = "a \u00a0\u3000\t\nb"
    assert is_blank(text, 1, 6)
    assert is_blank(text, 3, 3)
    assert not is_blank(text, 1, 7)


def test_the_checksum_is_of_the_text_in_utf_8() -> None:
    assert sha256_of("Rémi 🙂") == hashlib.sha256("Rémi 🙂".encode()).hexdigest()


def test_the_awkward_characters_reach_every_branch() -> None:
    assert {normalise(char) for char in AWKWARD} >= {"", "\n", REPLACEMENT, "\u200b", "\u00a0"}
