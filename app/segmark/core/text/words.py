"""Word boundaries, for snapping a selection to words and moving the edge of a span."""

import unicodedata
from collections import deque
from collections.abc import Iterator
from itertools import takewhile

#: Punctuation inside a word when letters or digits are on both sides: don't, 3,000.5.
_INSIDE_WORDS = frozenset("'’‑-.,·")
_ZERO_WIDTH_JOINER = "\u200d"
#: How far to search for a word in a text without spaces, in code points. A longer word is handled
#: in pieces: a line can be 50 MB long, and a key press must not wait for all of it.
REACH = 1_000
_WIDER = 8


def _writes_without_spaces(char: str) -> bool:
    return (
        "\u3040" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def _is_letter(char: str) -> bool:
    return (char.isalnum() or char == "_") and not _writes_without_spaces(char)


def _extends_character(char: str) -> bool:
    """Whether the character extends the previous one: a mark, a joiner, a skin tone."""
    return (
        char in "\u200c\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or unicodedata.category(char)[0] == "M"
    )


def _continues_word(text: str, at: int, end: int) -> bool:
    """Whether the character at the offset belongs to the same word as the previous one."""
    before, char = text[at - 1], text[at]
    if char.isspace():
        return False
    if _extends_character(char) or before == _ZERO_WIDTH_JOINER:
        return True
    if _is_letter(char):
        return _is_letter(before) or _extends_character(before) or before in _INSIDE_WORDS
    if char in _INSIDE_WORDS and at + 1 < end and _is_letter(text[at + 1]):
        return _is_letter(before) or _extends_character(before)
    return char == before and not _writes_without_spaces(char)


def words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The words of the range, each a half-open range of code points without white space.

    A word is a sequence of letters and digits including inner apostrophes, hyphens and points; one
    ideograph or kana; or a repeated punctuation mark. Combining marks belong to the character
    before them.
    """
    at = start
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        first, at = at, at + 1
        while at < end and _continues_word(text, at, end):
            # A mark that opens a word ("-5", "'tis") is a separate word.
            if at == first + 1 and text[first] in _INSIDE_WORDS and _is_letter(text[at]):
                break
            at += 1
        yield first, at


def word_before(text: str, start: int, end: int, offset: int) -> tuple[int, int] | None:
    """The last word of the range that begins before the offset; None if there is none."""
    reach = REACH
    while True:
        near = words(text, _beginning(text, start, offset, reach), min(end, offset + REACH))
        if last := deque(takewhile(lambda word: word[0] < offset, near), maxlen=1):
            return last[0]
        if offset - reach <= start:
            return None
        reach *= _WIDER


def word_after(text: str, start: int, end: int, offset: int) -> tuple[int, int] | None:
    """The first word of the range that ends after the offset; None if there is none."""
    begin, reach = _beginning(text, start, offset, REACH), REACH
    while True:
        limit = min(end, offset + reach)
        near = words(text, begin, limit)
        found = next((word for word in near if word[1] > offset), None)
        # A word that touches the limit may continue after it.
        whole = found is not None and (found[1] < limit - 1 or limit - found[0] > REACH)
        if whole or limit == end:
            return found
        reach *= _WIDER


def _beginning(text: str, start: int, offset: int, reach: int) -> int:
    """Where to start so that the words up to the offset are the same as from the range's start."""
    near = max(start, offset - reach)
    if near == start:
        return start
    # No word contains white space; without any, the text is handled in pieces.
    return next((at for at in range(near, offset) if text[at].isspace()), near)
