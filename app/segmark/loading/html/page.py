"""From the markup of an HTML page to its text, anchors and metadata, in one pass."""

import re

from lxml import etree

from segmark.core.text.normalise import REPLACEMENT
from segmark.loading.html.metadata import Metadata, MetadataReader
from segmark.loading.html.text import Extract, TextBuilder
from segmark.loading.rejection import NotAPageError

#: More tags than any page has, and few enough to fit in the memory of any machine.
TAG_LIMIT = 1_000_000

_SURROGATE = re.compile("[\ud800-\udfff]")


def read_html(markup: str) -> tuple[Extract, Metadata]:
    """The visible text of a page with its anchors, and what the page says of itself.

    Raises:
        NotAPageError: it has more tags than are taken, or none and no text.
    """
    data = _bytes_of(markup)
    if data.count(b"<") > TAG_LIMIT:
        raise NotAPageError(f"it has more than {TAG_LIMIT:,} tags")
    metadata = MetadataReader(markup)
    builder = TextBuilder(metadata)
    # No tree is built: lxml's ends at a depth of 2,048 elements, and its events do not.
    parser = etree.HTMLParser(
        target=builder,  # type: ignore[arg-type]  # comments and bytes never come
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
