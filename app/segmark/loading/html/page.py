"""Extract the text, anchors and metadata of an HTML page in one pass."""

import re
from collections.abc import Iterator

from lxml import etree

from segmark.core.text.normalise import REPLACEMENT
from segmark.loading.html.mending import mark_ends, open_self_closed
from segmark.loading.html.metadata import Metadata, MetadataReader
from segmark.loading.html.selectors import TooManyStepsError
from segmark.loading.html.style_sheet import StyleSheet, style_sheets
from segmark.loading.html.text import Extract, TextBuilder
from segmark.loading.rejection import NotAPageError

#: More tags than any real page has, and few enough for the memory of any machine.
TAG_LIMIT = 1_000_000

_SURROGATE = re.compile("[\ud800-\udfff]")


def read_html(markup: str) -> tuple[Extract, Metadata]:
    """Return the visible text of a page with its anchors, and the page's metadata.

    Raises:
        NotAPageError: the page has too many tags, or no text.
    """
    if len(markup) > TAG_LIMIT and markup.count("<") > TAG_LIMIT:
        raise NotAPageError(f"it has more than {TAG_LIMIT:,} tags")
    markup = open_self_closed(markup)
    data = mark_ends(_bytes_of(markup))
    for sheet in sheets_to_try(markup):
        metadata = MetadataReader(markup)
        builder = TextBuilder(metadata, sheet)
        try:
            _parse(data, builder)
        except TooManyStepsError:
            continue
        if not builder.hides_most():
            return builder.extract(), metadata.metadata()
    raise AssertionError("the last sheet hides nothing and takes no step")


def sheets_to_try(markup: str) -> Iterator[StyleSheet]:
    """Yield the style sheet of a page, then those for when it takes too long or hides too much.

    Some pages hide most of themselves until a script has run.
    """
    sheets = style_sheets(markup)
    if sheet := StyleSheet(sheets):
        yield sheet
        yield StyleSheet(sheets, hides=False)
    yield StyleSheet()


def _parse(data: bytes, builder: TextBuilder) -> None:
    # No tree is built: lxml limits the depth of a tree to 2,048 elements, but not that of events.
    parser = etree.HTMLParser(
        target=builder,  # type: ignore[arg-type]  # it never gets comments or bytes
        encoding="utf-8",
        huge_tree=True,
    )
    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise NotAPageError("it shows no text") from None


def _bytes_of(markup: str) -> bytes:
    try:
        return markup.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(REPLACEMENT, markup).encode()
