"""Fuzzy matching of a few typed letters with titles."""

from collections.abc import Callable, Iterable
from typing import TypeVar

_Item = TypeVar("_Item")


def rank(typed: str, title: str) -> int | None:
    """How well a title fits what was typed; the lower, the better; None if it does not fit.

    The letters must occur in the title in their order, in any case. Letters at the start of words,
    and letters that follow one another, fit better; so do short titles.
    """
    text, at, cost, last = title.casefold(), 0, 0, -1
    for word in typed.casefold().split():
        whole = _word_start(text, word, at)
        if whole is not None:
            at = last = whole + len(word)
            continue
        for letter in word:
            found = text.find(letter, at)
            if found < 0:
                return None
            starts = found == 0 or not text[found - 1].isalnum()
            cost += 0 if found == last else 2 if starts else 6
            at = last = found + 1
    return cost * 100 + len(title)


def _word_start(text: str, word: str, at: int) -> int | None:
    """Where a word of the text begins with this word; None if none does from there on."""
    found = text.find(word, at)
    while found > 0 and text[found - 1].isalnum():
        found = text.find(word, found + 1)
    return found if found >= 0 else None


def best(
    typed: str, items: Iterable[_Item], title: Callable[[_Item], str], most: int
) -> list[_Item]:
    """The items that fit what was typed, the best first; all in their order for nothing typed."""
    ranked = [
        (fit, at, item)
        for at, item in enumerate(items)
        if (fit := rank(typed, title(item))) is not None
    ]
    if typed.strip():
        ranked.sort(key=lambda one: one[:2])
    return [item for *_, item in ranked[:most]]
