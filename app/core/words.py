"""Where words begin and end, for snapping a selection and moving an edge."""

import unicodedata
from collections.abc import Iterator

#: Marks that hold a word together when a letter or digit stands on either side: don't, 3,000.5.
_INSIDE_WORDS = frozenset("'’‑-.,·")
_ZERO_WIDTH_JOINER = "\u200d"


def _writes_without_spaces(char: str) -> bool:
    return (
        "\u3040" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def _is_letter(char: str) -> bool:
    return (char.isalnum() or char == "_") and not _writes_without_spaces(char)


def _clings(char: str) -> bool:
    """Whether the character belongs to the one before it: a mark, a joiner, a skin tone."""
    return (
        char in "\u200c\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or unicodedata.category(char)[0] == "M"
    )


def _goes_on(text: str, at: int, end: int) -> bool:
    """Whether the character at the offset belongs to the same word as the one before."""
    before, char = text[at - 1], text[at]
    if char.isspace():
        return False
    if _clings(char) or before == _ZERO_WIDTH_JOINER:
        return True
    if _is_letter(char):
        return _is_letter(before) or _clings(before) or before in _INSIDE_WORDS
    if char in _INSIDE_WORDS and at + 1 < end and _is_letter(text[at + 1]):
        return _is_letter(before) or _clings(before)
    return char == before and not _writes_without_spaces(char)


def words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The words of the range, each a half-open range of code points; they never hold white space.

    A word is a run of letters and digits with the apostrophes, hyphens and points inside it, one
    ideograph or kana, or a run of one punctuation mark; combining marks stay with what they follow.
    """
    at = start
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        first, at = at, at + 1
        while at < end and _goes_on(text, at, end):
            # A mark that only opens a word ("-5", "'tis") is a word of its own.
            if at == first + 1 and text[first] in _INSIDE_WORDS and _is_letter(text[at]):
                break
            at += 1
        yield first, at
