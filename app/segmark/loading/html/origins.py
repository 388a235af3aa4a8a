"""Where in the characters of an HTML page its text stands, for lxml does not tell.

A scan of the markup gives the same characters that the parser gives, white space aside; they are
held against its text nodes one by one. Where both differ, nothing is said of the node.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from html.entities import html5

from segmark.core.markup import TextRun, inked

# Tags with their attributes, comments, declarations. What is none of them is text.
_MARKUP = re.compile(
    r"""<!--.*?(?:--!?>|$)|</?[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>|<[a-zA-Z!?/][^>]*>""", re.DOTALL
)
_NAME = re.compile(r"<([a-zA-Z][^\s/>]*)")
#: Elements in which nothing is markup, and no references to characters are; none is shown.
RAW = frozenset({"script", "style", "iframe", "noembed", "noframes"})
# Nothing is markup in these either.
_PLAIN = RAW | {"textarea", "title"}
_REFERENCE = re.compile(r"&(?:#\d+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?)")

# A node that does not follow on the one before is looked for in so many characters; a shorter one
# might be found in a wrong place.
_NEAR = 20_000
_LEAST = 12


def runs_of(html: str, inks: Sequence[str]) -> tuple[list[TextRun], list[int]]:
    """Where the characters stand, and for each text node the number of its first one.

    Args:
        html: the page.
        inks: its text nodes, hidden ones too, in order, without white space; "" for those in one
            of the ``RAW`` elements.

    Returns:
        The runs in order; then for each text node a number of a character as the runs have it, -1
        where it was not found.
    """
    characters, runs, at = list[str](), list[TextRun](), 0
    for start, end, reference in _scanned(html):
        text = html[start:end]
        if ink := inked(unescape(text) if reference else text):
            characters.append(ink)
            runs.append(TextRun(at, start, end, reference))
            at += len(ink)
    scanned, at, firsts = "".join(characters), 0, list[int]()
    for ink in inks:
        first = at
        if not scanned.startswith(ink, at):
            near = at + len(ink) + _NEAR
            first = scanned.find(ink, at, near) if len(ink) >= _LEAST else -1
        firsts.append(first)
        at = first + len(ink) if first >= 0 else at
    return runs, firsts


def _scanned(html: str) -> Iterator[tuple[int, int, bool]]:
    """Where the page's text is: start and end of each piece, and whether it is a reference."""
    at = len(html) - len(html.removeprefix("\ufeff"))
    while at < len(html):
        tag = _MARKUP.search(html, at)
        yield from _decoded(html, at, tag.start() if tag else len(html))
        if not tag:
            return
        at = tag.end()
        name = found[1].lower() if (found := _NAME.match(tag[0])) else ""
        if name in _PLAIN:
            end = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
            stop = end.start() if end else len(html)
            if name not in RAW:
                yield from _decoded(html, at, stop)
            at = stop


def _decoded(html: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    at = start
    for found in _REFERENCE.finditer(html, start, end):
        if length := _length(found[0]):
            yield at, found.start(), False
            at = found.start() + length
            yield found.start(), at, True
    yield at, end, False


def _length(reference: str) -> int:
    """How much of what looks like a reference to a character is one; old names need no end."""
    if reference[1] == "#":
        return len(reference)
    lengths = range(len(reference), 2, -1)
    return next((length for length in lengths if reference[1:length] in html5), 0)
