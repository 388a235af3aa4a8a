"""Find the offsets of text nodes in the markup of an HTML page, which lxml does not provide.

A scan of the markup gives the same characters as the parser, white space aside; they are compared
with the text nodes one by one. A node that differs has no offsets.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import unescape
from html.entities import html5

from segmark.core.markup import Origins, TextRun, inked
from segmark.html_tree import Tree

# Tags with their attributes, comments and declarations. Everything else is text.
# The names of tags that are opened are in the two groups.
_MARKUP = re.compile(
    r"""<!--.*?(?:--!?>|$)"""
    r"""|<(?:/|(?=([a-zA-Z][^\s/>]*)))[a-zA-Z][^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+)*+>"""
    r"""|<(?=([a-zA-Z][^\s/>]*)|[!?/])[^>]*>""",
    re.DOTALL,
)
# Hidden elements that contain neither markup nor character references.
_RAW = frozenset({"script", "style", "iframe", "noembed", "noframes"})
# These contain no markup either.
_PLAIN = _RAW | {"textarea", "title"}
_REFERENCE = re.compile(r"&(?:#\d+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?)")

# A node that does not follow the one before is searched within ``_NEAR`` characters, unless it is
# shorter than ``_LEAST`` and might be found in the wrong place.
_NEAR = 20_000
_LEAST = 12


def origins_of(html: str, tree: Tree) -> Origins:
    """Find the characters of the text nodes of a page's tree in its HTML."""
    characters, runs, at = list[str](), list[TextRun](), 0
    make: Callable[[tuple[int, int, int, bool]], TextRun] = partial(tuple.__new__, TextRun)
    for start, end, reference in _scanned(html):
        text = html[start:end]
        if ink := inked(unescape(text) if reference else text):
            characters.append(ink)
            runs.append(make((at, start, end, reference)))
            at += len(ink)
    texts = ["" if node.element.tag in _RAW else node.text for node in tree.nodes]
    scanned = "".join(characters)
    if scanned.startswith(inked("".join(texts))):  # as mostly
        return Origins(html, runs, _Counter(texts).before)
    return Origins(html, runs, _firsts(scanned, [inked(text) for text in texts]).__getitem__)


class _Counter:
    """Counts the characters before a text, white space left out; fast for one after the other."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._last = (0, 0)

    def before(self, number: int) -> int:
        """Return how many there are before the text with this number."""
        last, count = self._last if self._last[0] <= number else (0, 0)
        count += len(inked("".join(self._texts[last:number])))
        self._last = number, count
        return count


def _firsts(scanned: str, inks: Sequence[str]) -> list[int]:
    """Return the number of the first character of each text node among those that were scanned.

    -1 stands for a node that is not found.
    """
    at, firsts = 0, list[int]()
    for ink in inks:
        first = at
        if not scanned.startswith(ink, at):
            near = at + len(ink) + _NEAR
            first = scanned.find(ink, at, near) if len(ink) >= _LEAST else -1
        firsts.append(first)
        at = first + len(ink) if first >= 0 else at
    return firsts


#: A piece of the page's text: start, end, and whether it is a character reference.
_Piece = tuple[int, int, bool]


def _scanned(html: str) -> list[_Piece]:
    at = len(html) - len(html.removeprefix("\ufeff"))
    pieces, end, search, find = list[_Piece](), len(html), _MARKUP.search, html.find
    while at < end:
        tag = search(html, at)
        stop = tag.start() if tag else end
        if stop > at:
            if find("&", at, stop) < 0:
                pieces.append((at, stop, False))
            else:
                pieces += _decoded(html, at, stop)
        if not tag:
            break
        at = tag.end()
        name = tag[1] or tag[2]
        if name and (name := name.lower()) in _PLAIN:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
            stop = closing.start() if closing else end
            if name not in _RAW:
                pieces += _decoded(html, at, stop)
            at = stop
    return pieces


def _decoded(html: str, start: int, end: int) -> Iterator[_Piece]:
    at = start
    for found in _REFERENCE.finditer(html, start, end):
        if length := _length(found[0]):
            yield at, found.start(), False
            at = found.start() + length
            yield found.start(), at, True
    yield at, end, False


def _length(reference: str) -> int:
    """Return the length of a character reference, 0 if it is none; old names need no semicolon."""
    if reference[1] == "#":
        return len(reference)
    lengths = range(len(reference), 2, -1)
    return next((length for length in lengths if reference[1:length] in html5), 0)
