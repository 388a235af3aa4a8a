"""Extract the text, anchors and metadata of an HTML page in one pass."""

import re

from lxml import etree

from segmark.core.text.normalise import REPLACEMENT
from segmark.loading.html.metadata import Metadata, MetadataReader
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
    data = _bytes_of(markup)
    if data.count(b"<") > TAG_LIMIT:
        raise NotAPageError(f"it has more than {TAG_LIMIT:,} tags")
    metadata = MetadataReader(markup)
    builder = TextBuilder(metadata)
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
    return builder.extract(), metadata.metadata()


def _bytes_of(markup: str) -> bytes:
    try:
        return markup.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(REPLACEMENT, markup).encode()
