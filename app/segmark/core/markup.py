"""Markup: the HTML that a page was made from, and where in it the page's text stood."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# White space comes and goes between the HTML and the text; some controls that Python counts among
# it do not: in the text a mark stands for each of them.
_BLANKS = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_MARKED = re.compile(r"[\x1c-\x1f]")


def ink_places(text: str, start: int = 0) -> list[int]:
    """The offsets of the characters that are as many in the HTML as in the page's text.

    ``start`` is the offset of the first character of ``text``.
    """
    return [at for at, char in enumerate(text, start) if char not in _BLANKS]


def inked(text: str) -> str:
    """These characters alone: the text without its white space."""
    if _MARKED.search(text):
        return "".join(char for char in text if char not in _BLANKS)
    return "".join(text.split())  # several times as fast


@dataclass(frozen=True, slots=True)
class Shown:
    """A text node of the HTML that the page shows.

    Attributes:
        node: its place among all text nodes of the HTML, from 0.
        start: offset of its first character in the page's text, white space left out.
        end: offset after the last of them.
        origin: number of its first character, white space left out, as ``Markup.origin`` takes it;
            -1 where it was not found.
    """

    node: int
    start: int
    end: int
    origin: int = -1


# A page has thousands of them: a named tuple is made in a quarter of a data class's time.
class TextRun(NamedTuple):
    """Characters that stand side by side in the HTML, or the reference that stands for them.

    Attributes:
        number: of the first of them, white space left out.
        start: offset in the HTML of what holds them.
        end: and the one after it.
        reference: whether that is a reference, such as ``&amp;``.
    """

    number: int
    start: int
    end: int
    reference: bool


@dataclass(frozen=True, slots=True)
class Markup:
    """The HTML of a page, decoded.

    Attributes:
        html: the characters.
        encoding: that they were decoded with, as Python calls it.
        shown: the text nodes that make the page's text, in its order.
        runs: where in ``html`` the characters are, in order; none where the bytes of the source are
            not those of ``html`` in the encoding.
    """

    html: str = field(repr=False)
    encoding: str
    shown: Sequence[Shown] = field(repr=False)
    runs: Sequence[TextRun] = field(default=(), repr=False)

    def touching(self, start: int, end: int) -> Iterator[Shown]:
        """The text nodes that hold something of a range of the page's text."""
        first = bisect_right(self.shown, start, key=lambda one: one.end)
        last = bisect_left(self.shown, end, key=lambda one: one.start)
        return iter(self.shown[first:last])

    def origin(self, number: int) -> tuple[int, int]:
        """Where in the HTML a character begins and ends, by its number; see ``Shown.origin``."""
        run = self.runs[bisect_right(self.runs, number, key=lambda run: run.number) - 1]
        if run.reference:
            return run.start, run.end
        start = ink_places(self.html[run.start : run.end], run.start)[number - run.number]
        return start, start + 1
