"""Find the offsets of text nodes in the markup of an HTML page, which lxml does not provide.

A scan of the markup gives the same characters as the parser, white space aside; they are compared
with the text nodes one by one. A node that differs has no offsets.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from html.entities import html5

from segmark.core.markup import TextRun, inked

# Tags with their attributes, comments and declarations. Everything else is text.
# The names of tags that are opened are in the two groups.
_MARKUP = re.compile(
    r"""<!--.*?(?:--!?>|$)|<(?:/|(?=([a-zA-Z][^\s/>]*)))[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>"""
    r"""|<(?=([a-zA-Z][^\s/>]*)|[!?/])[^>]*>""",
    re.DOTALL,
)
#: Hidden elements that contain neither markup nor character references.
RAW = frozenset({"script", "style", "iframe", "noembed", "noframes"})
# These contain no markup either.
_PLAIN = RAW | {"textarea", "title"}
_REFERENCE = re.compile(r"&(?:#\d+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?)")

# A node that does not follow the one before is searched within ``_NEAR`` characters, unless it is
# shorter than ``_LEAST`` and might be found in the wrong place.
_NEAR = 20_000
_LEAST = 12


def runs_of(html: str, inks: Sequence[str]) -> tuple[list[TextRun], list[int]]:
    """Return the offsets of the characters, and the number of the first one of each text node.

    Args:
        html: the page.
        inks: all its text nodes in order, without white space; ``""`` for those in one of the
            ``RAW`` elements.

    Returns:
        The runs in order; then, for each text node, the number of its first character among those
        of all runs, or -1 if the node was not found.
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
    """Yield the pieces of the page's text: start, end, and whether it is a character reference."""
    at = len(html) - len(html.removeprefix("\ufeff"))
    while at < len(html):
        tag = _MARKUP.search(html, at)
        stop = tag.start() if tag else len(html)
        if stop > at:
            yield from _decoded(html, at, stop)
        if not tag:
            return
        at = tag.end()
        name = (tag[1] or tag[2] or "").lower()
        if name in _PLAIN:
            end = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
            stop = end.start() if end else len(html)
            if name not in RAW:
                yield from _decoded(html, at, stop)
            at = stop


def _decoded(html: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    if html.find("&", start, end) < 0:
        yield start, end, False
        return
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
