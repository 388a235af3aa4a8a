"""HTML to a page, without a project."""

from segmark.core.page import Page
from segmark.jobs.labelling.labelled_page import page_of


def read_html(html: bytes | str, url: str = "", *, site: str = "", source: str = "page") -> Page:
    """Read the visible text of HTML, with its anchors, as ``segmark load`` reads a file.

    Args:
        html: the bytes as they were received, or decoded characters.
        url: of the page; by default the one that the page itself names.
        site: of the page; by default the host of the URL without ``www.``.
        source: what messages and ``page.info.source`` call it.

    Returns:
        The page: ``text``, ``blocks`` with the ``anchor`` of each, ``info``. Offsets count code
        points.

    Raises:
        LoadError: it can't be a page, such as an image or an empty file.
    """
    return page_of(html, url, site=site, source=source)
