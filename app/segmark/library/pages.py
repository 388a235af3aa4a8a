"""HTML to a page, without a project."""

from dataclasses import replace

from segmark.core.page import Page
from segmark.loading.html.declared import declared
from segmark.loading.loader import load_raw
from segmark.loading.raw import RawPage


def read_html(html: bytes | str, url: str = "", *, site: str = "", name: str = "page") -> Page:
    """Read the visible text of HTML, with its anchors, as ``segmark load`` reads a file.

    Args:
        html: the bytes as they were received, or decoded characters.
        url: of the page; by default the one that the page itself names.
        site: of the page; by default the host of the URL without ``www.``.
        name: what messages and ``page.info.source`` call it.

    Returns:
        The page: ``text``, ``blocks`` with the ``anchor`` of each, ``info``. Offsets count code
        points.

    Raises:
        LoadError: it can't be a page, such as an image or an empty file.
    """
    characters = isinstance(html, str)
    source = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
    raw = RawPage(source, name, url=url, site=site, media="html", characters=characters)
    page = load_raw(raw).page
    return replace(page, declared=declared(source, page.info.encoding))
