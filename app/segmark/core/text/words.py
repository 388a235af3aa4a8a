"""Where words begin and end, for snapping a selection and moving an edge."""

import unicodedata
from collections import deque
from collections.abc import Iterator
from itertools import takewhile

#: Marks that hold a word together when a letter or digit stands on either side: don't, 3,000.5.
_INSIDE_WORDS = frozenset("'’‑-.,·")
_ZERO_WIDTH_JOINER = "\u200d"
#: How far a word is looked for in a text without spaces, in code points. A longer word is taken in
#: pieces: a line can be 50 MB long, and a key must not wait for all of it.
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


def word_before(text: str, start: int, end: int, offset: int) -> tuple[int, int] | None:
    """The last word of the range that begins before the offset; None without one."""
    reach = REACH
    while True:
        near = words(text, _beginning(text, start, offset, reach), min(end, offset + REACH))
        if last := deque(takewhile(lambda word: word[0] < offset, near), maxlen=1):
            return last[0]
        if offset - reach <= start:
            return None
        reach *= _WIDER


def word_after(text: str, start: int, end: int, offset: int) -> tuple[int, int] | None:
    """The first word of the range that ends after the offset; None without one."""
    begin, reach = _beginning(text, start, offset, REACH), REACH
    while True:
        limit = min(end, offset + reach)
        near = words(text, begin, limit)
        found = next((word for word in near if word[1] > offset), None)
        # What touches the limit may go on behind it.
        whole = found is not None and (found[1] < limit - 1 or limit - found[0] > REACH)
        if whole or limit == end:
            return found
        reach *= _WIDER


def _beginning(text: str, start: int, offset: int, reach: int) -> int:
    """Where to begin so that words up to the offset are found as from the start of the range."""
    near = max(start, offset - reach)
    if near == start:
        return start
    # No word goes on over white space; without any, the stretch is one that is taken in pieces.
    return next((at for at in range(near, offset) if text[at].isspace()), near)
