"""Markup: the HTML of a page, and the places of the page's text in it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# White space differs between the HTML and the text, except for some control characters that Python
# counts as white space: the text has a replacement character for each of them.
_BLANKS = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_MARK = re.compile("[\x1c-\x1f]")


def ink_places(text: str, start: int = 0) -> list[int]:
    """The offsets of the characters that HTML and page text have in common.

    ``start`` is the offset of the first character of ``text``.
    """
    return [at for at, char in enumerate(text, start) if char not in _BLANKS]


def inked(text: str) -> str:
    """These characters: the text without white space."""
    if not text.isprintable() and _MARK.search(text):
        return "".join(char for char in text if char not in _BLANKS)
    return "".join(text.split())  # several times as fast


# A page has hundreds of these and thousands of the next: creating a named tuple takes a quarter of
# the time of a data class.
class Shown(NamedTuple):
    """A text node of the HTML that is part of the page's text.

    Attributes:
        node: its index among all text nodes of the HTML.
        start: offset of its first character in the page's text, white space left out.
        end: offset after the last of them.
    """

    node: int
    start: int
    end: int


class TextRun(NamedTuple):
    """Adjacent characters in the HTML, or the character reference that encodes them.

    Attributes:
        number: the index of the first one, without white space.
        start: the start offset in the HTML.
        end: the end offset in the HTML.
        reference: whether it is a reference, such as ``&amp;``.
    """

    number: int
    start: int
    end: int
    reference: bool


@dataclass(frozen=True, slots=True)
class Origins:
    """Where in the HTML the characters of its text nodes are, white space left out.

    Attributes:
        html: the characters.
        runs: in order; none where the bytes of the source are not those of ``html``.
        first: returns the number of the first character of a text node among those of all runs; -1
            if it was not found.
    """

    html: str = field(repr=False)
    runs: Sequence[TextRun] = field(repr=False)
    first: Callable[[int], int] = field(repr=False)

    def of(self, node: int, character: int) -> tuple[int, int] | None:
        """The offsets in the HTML of a character of a text node, by its number in the node."""
        first = self.first(node)
        if first < 0:
            return None
        number = first + character
        run = self.runs[bisect_right(self.runs, number, key=lambda run: run.number) - 1]
        if run.reference:
            return run.start, run.end
        start = ink_places(self.html[run.start : run.end], run.start)[number - run.number]
        return start, start + 1


@dataclass(frozen=True, slots=True)
class Markup:
    """The HTML of a page, decoded.

    Attributes:
        html: the characters.
        encoding: the encoding of the source, as named by Python.
        shown: the text nodes that make the page's text, in its order.
        find_origins: finds where the characters are, from a tree of the HTML that is unchanged.
        spare: a tree that is left over from tracing, for the first who needs one.
    """

    html: str = field(repr=False)
    encoding: str
    shown: Sequence[Shown] = field(repr=False)
    find_origins: Callable[[Any], Origins] = field(repr=False, compare=False)
    spare: list[Any] = field(default_factory=list, repr=False, compare=False)

    def touching(self, start: int, end: int) -> Iterator[Shown]:
        """The text nodes that hold part of a range of the page's text."""
        first = bisect_right(self.shown, start, key=lambda one: one.end)
        last = bisect_left(self.shown, end, key=lambda one: one.start)
        return iter(self.shown[first:last])
