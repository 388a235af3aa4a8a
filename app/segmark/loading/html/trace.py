"""Find the text of a loaded page in its HTML: extract it again from the source, and compare."""

from collections.abc import Mapping, Sequence

from segmark.core.markup import Markup, Shown, ink_places, inked
from segmark.core.text.normalise import normalise
from segmark.html_tree import parse, walk
from segmark.loading.encoding import decode
from segmark.loading.html.mending import open_self_closed
from segmark.loading.html.origins import RAW, runs_of
from segmark.loading.html.page import sheets_to_try
from segmark.loading.html.selectors import TooManyStepsError
from segmark.loading.html.style_sheet import StyleSheet
from segmark.loading.html.text import TextBuilder
from segmark.loading.rejection import NotAPageError

# The bytes of a character depend on the characters before it.
_WITH_STATE = frozenset({"iso2022_jp"})


class _Ignore:
    """Ignores hidden content."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Ignore an element."""

    def data(self, text: str) -> None:
        """Ignore its text."""


def trace(source: bytes, encoding: str, text: str) -> Markup | None:
    """Return the HTML that a page was made from, with the text nodes that hold its text.

    None if they can't be found: the page is too deep for an lxml tree, or the source would give
    another text today.

    Args:
        source: the bytes of the page.
        encoding: the encoding that they were decoded with.
        text: the text of the page.
    """
    try:
        html, _ = decode(source, encoding)
    except NotAPageError:
        return None
    # Earlier versions of Segmark read pages in other ways; only one way gives the text.
    opened, exact = open_self_closed(html), _is_exact(html, encoding, source)
    for markup in dict.fromkeys((opened, html)):
        for sheet in sheets_to_try(markup):
            if found := _traced(markup, sheet, encoding, text, exact=exact):
                return found
    return None


def _traced(
    html: str, sheet: StyleSheet, encoding: str, text: str, *, exact: bool
) -> Markup | None:
    try:
        inks, shown = _read(html, sheet)
    except TooManyStepsError:
        return None
    ranges = _ranges([inks[node] for node in shown], text)
    if not any(ranges):
        return None
    runs, firsts = runs_of(html, inks) if exact else ([], [-1] * len(inks))
    nodes = (
        Shown(node, *span, firsts[node]) for node, span in zip(shown, ranges, strict=True) if span
    )
    return Markup(html, encoding, tuple(nodes), runs)


def _is_exact(html: str, encoding: str, source: bytes) -> bool:
    """Whether encoding the characters gives exactly the bytes of the source."""
    if encoding in _WITH_STATE:
        return False
    try:
        return html.encode(encoding) == source
    except (UnicodeEncodeError, LookupError):
        return False


def _read(html: str, sheet: StyleSheet) -> tuple[list[str], list[int]]:
    """Return the text nodes without white space, and the indexes of those that are shown."""
    builder, root = TextBuilder(_Ignore(), sheet), parse(html)
    inks, shown, tags = list[str](), list[int](), list[str]()
    for event, element, node in walk(root) if root is not None else ():
        if node:
            if builder.shows():
                shown.append(len(inks))
            inks.append("" if tags[-1] in RAW else inked(node.text))
        elif event == "start":
            tag = str(element.tag)
            tags.append(tag)
            builder.start(tag, dict(element.attrib))  # type: ignore[arg-type]  # they are strings
        else:
            builder.end(tags.pop())
    return inks, shown


def _ranges(inks: Sequence[str], text: str) -> list[tuple[int, int] | None]:
    """Return the range of each text node in the page's text; None for nodes without any of it."""
    places, all_ink, ink = ink_places(text), "".join(inks), inked(text)
    # Byte order marks before the text are not part of it.
    marks = len(all_ink) - len(all_ink.lstrip("\ufeff")) - (len(ink) - len(ink.lstrip("\ufeff")))
    at = -max(marks, 0)
    # lxml's trees lack stray characters after the end of a page.
    if not ink.startswith(normalise(f"x{all_ink[-at:]}")[1:]):
        return [None] * len(inks)
    found = list[tuple[int, int] | None]()
    for node in inks:
        first, at = max(at, 0), at + len(node)
        found.append((places[first], places[at - 1] + 1) if at > first else None)
    return found
