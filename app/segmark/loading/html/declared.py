"""What the source of an HTML page declares about its story: meta elements, JSON-LD, microdata.

https://ogp.me, https://schema.org/NewsArticle, https://html.spec.whatwg.org/multipage/microdata.html
"""

import json
import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from segmark.core.page import Declared
from segmark.html_tree import parse
from segmark.loading.encoding import decode
from segmark.loading.rejection import NotAPageError

_META = {
    "og:title": "title",
    "twitter:title": "title",
    "og:description": "summary",
    "twitter:description": "summary",
    "description": "summary",
}
#: Properties of https://schema.org.
_PROPERTIES = {
    "headline": "title",
    "description": "summary",
    "articleBody": "body",
    "caption": "caption",
}
_TAG = re.compile(r"<[^<>]{1,500}>")
#: More values than any page has of its own story; lists of other stories have more.
_MOST = 40
#: Longer data is not that of a story.
_MOST_JSON = 1_000_000

_Found = Iterator[tuple[str, str]]


def declared(source: bytes, encoding: str) -> Declared:
    """Return what a page's source declares; nothing where it can't be read.

    Args:
        source: the bytes of the page.
        encoding: the encoding that they were decoded with.
    """
    try:
        html, _ = decode(source, encoding)
    except NotAPageError:
        return Declared()
    root = parse(html)
    values: dict[str, dict[str, None]] = {
        name: {} for name in ("title", "summary", "body", "caption")
    }
    for kind, value in _values(root) if root is not None else ():
        text = " ".join(_TAG.sub(" ", unescape(value)).split())
        if text and len(values[kind]) < _MOST:
            values[kind][text] = None
    return Declared(*map(tuple, values.values()))


def _values(root: etree._Element) -> _Found:
    for element in root.iter("meta", "script"):
        if element.tag == "meta":
            name = element.get("property") or element.get("name") or ""
            if kind := _META.get(name.strip().lower()):
                yield kind, element.get("content") or ""
        elif element.get("type", "").strip().lower() == "application/ld+json":
            yield from _linked_data(element.text or "")
    for element in root.iterfind(".//*[@itemprop]"):
        if kind := _PROPERTIES.get(element.get("itemprop", "").strip()):
            yield kind, element.get("content") or "".join(map(str, element.itertext()))


def _linked_data(data: str) -> _Found:
    if len(data) > _MOST_JSON:
        return
    try:
        waiting = [json.loads(data, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            for key, value in one.items():
                if isinstance(value, str) and key in _PROPERTIES:
                    yield _PROPERTIES[key], value
                elif isinstance(value, list | dict):
                    waiting.append(value)
