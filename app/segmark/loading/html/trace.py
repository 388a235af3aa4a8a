"""Find the text of a loaded page in its HTML: extract it again from the source, and compare.

What was seen when the page was loaded saves the extraction: then only the comparison is left.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import compress

from segmark.core.markup import Markup, Origins, Shown, ink_places, inked
from segmark.core.text.normalise import normalise
from segmark.html_tree import Tree, walk
from segmark.loading.encoding import decode
from segmark.loading.html.mending import open_self_closed
from segmark.loading.html.origins import origins_of
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


def trace(source: bytes, encoding: str, text: str, seen: bytes = b"") -> Markup | None:
    """Return the HTML that a page was made from, with the text nodes that hold its text.

    None if they can't be found: the page is too deep for an lxml tree, or the source would give
    another text today.

    Args:
        source: the bytes of the page.
        encoding: the encoding that they were decoded with.
        text: the text of the page.
        seen: which text nodes are shown, as in ``Extract``; b"" if that is not known.
    """
    try:
        html, _ = decode(source, encoding)
    except NotAPageError:
        return None
    exact = _is_exact(html, encoding, source)
    # Earlier versions of Segmark read pages in other ways; only one way gives the text.
    for markup in dict.fromkeys((open_self_closed(html), html)):
        tree = Tree.of(markup)
        if tree is None:
            continue
        if seen and (found := _placed(tree, _seen(tree, seen), text)):
            return _markup(markup, encoding, found, tree, exact=exact)
        for sheet in sheets_to_try(markup):
            if found := _placed(tree, _shown(tree, sheet), text):
                return _markup(markup, encoding, found, tree, exact=exact)
    return None


def _markup(html: str, encoding: str, shown: Sequence[Shown], tree: Tree, *, exact: bool) -> Markup:
    return Markup(html, encoding, shown, partial(origins_of if exact else _nowhere, html), [tree])


def _nowhere(html: str, _tree: Tree) -> Origins:
    return Origins(html, (), lambda _node: -1)


def _is_exact(html: str, encoding: str, source: bytes) -> bool:
    """Whether encoding the characters gives exactly the bytes of the source."""
    if encoding in _WITH_STATE:
        return False
    try:
        return html.encode(encoding) == source
    except (UnicodeEncodeError, LookupError):
        return False


def _seen(tree: Tree, seen: bytes) -> list[int]:
    """Return the indexes of the text nodes that were shown when the page was loaded."""
    written = (number for number, node in enumerate(tree.nodes) if not node.text.isspace())
    return [*compress(written, seen)]


def _shown(tree: Tree, sheet: StyleSheet) -> list[int]:
    """Return the indexes of the text nodes that are shown; none if that takes too long."""
    builder = TextBuilder(_Ignore(), sheet)
    shown, tags, count = list[int](), list[str](), 0
    try:
        for event, element, node in walk(tree.root):
            if node:
                if builder.shows():
                    shown.append(count)
                count += 1
            elif event == "start":
                tag = str(element.tag)
                tags.append(tag)
                builder.start(tag, dict(element.attrib))  # type: ignore[arg-type]  # of strings
            else:
                builder.end(tags.pop())
    except TooManyStepsError:
        return []
    return shown


def _placed(tree: Tree, numbers: Sequence[int], text: str) -> list[Shown]:
    """Return these text nodes with what they hold of the page's text; none if it is another text.

    Nodes without any of it are left out.
    """
    inks = [inked(tree.nodes[number].text) for number in numbers]
    places, all_ink, ink = ink_places(text), "".join(inks), inked(text)
    # Byte order marks before the text are not part of it.
    marks = len(all_ink) - len(all_ink.lstrip("\ufeff")) - (len(ink) - len(ink.lstrip("\ufeff")))
    at = -max(marks, 0)
    # lxml's trees lack stray characters after the end of a page.
    if not ink.startswith(normalise(f"x{all_ink[-at:]}")[1:]):
        return []
    found = list[Shown]()
    for number, node in zip(numbers, inks, strict=True):
        first, at = max(at, 0), at + len(node)
        if at > first:
            found.append(Shown(number, places[first], places[at - 1] + 1))
    return found
