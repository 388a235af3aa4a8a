"""The way from files to pages: find them, load each, get a page or one line that says why not."""

import hashlib
from dataclasses import dataclass

from app.core.page import Anchor, Page, PageInfo
from app.core.text import REPLACEMENT, normalise
from app.loading.encoding import declared_encoding, decode
from app.loading.media import is_html, refuse_binary, refuse_what_is_no_page
from app.loading.rejection import LoadError, NotAPageError
from app.loading.sources import Found, find, read, refuse_larger

__all__ = ["Found", "LoadError", "Loaded", "find", "load", "load_bytes", "load_text"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page and the bytes that it was made from, decompressed."""

    page: Page
    source: bytes


def load(found: Found) -> Loaded:
    """The page of a file.

    Raises:
        LoadError: the file can't be read, or can't be a page.
    """
    try:
        source = read(found.path)
        if not found.named:
            refuse_what_is_no_page(source, found.name)
        return _loaded(source, found.name)
    except NotAPageError as error:
        raise LoadError(found.name, str(error)) from None


def load_bytes(source: bytes, name: str) -> Loaded:
    """The page of a source that is at hand; ``name`` is a short path, as ``Found`` has it.

    Raises:
        LoadError: it can't be a page.
    """
    try:
        refuse_larger(len(source))
        return _loaded(source, name)
    except NotAPageError as error:
        raise LoadError(name, str(error)) from None


def load_text(text: str, name: str = "pasted text") -> Loaded:
    """The page of a plain text, such as one from the clipboard.

    Raises:
        LoadError: it can't be a page.
    """
    source = text.encode("utf-8", "surrogatepass")
    try:
        refuse_larger(len(source))
        return _made(source, normalise(text), PageInfo(name))
    except NotAPageError as error:
        raise LoadError(name, str(error)) from None


def _loaded(source: bytes, name: str) -> Loaded:
    if not source:
        raise NotAPageError("it is empty")
    refuse_binary(source)
    site = name.rpartition("/")[0].rpartition("/")[2]
    if is_html(source, name):
        return _from_html(source, name, site)
    text, encoding = decode(source)
    return _made(source, normalise(text), PageInfo(name, site, encoding=encoding))


def _from_html(source: bytes, name: str, folder: str) -> Loaded:
    # Imported here: lxml takes long to load, and a window with text pages does not need it.
    from app.loading.html_metadata import host_of
    from app.loading.html_page import read_html

    markup, encoding = decode(source, declared_encoding(source))
    extract, said = read_html(markup)
    info = PageInfo(
        source=name,
        site=host_of(said.url) or folder,
        url=said.url,
        title=said.title,
        language=said.language,
        encoding=encoding,
        media="html",
    )
    return _made(source, extract.text, info, extract.anchors)


def _made(
    source: bytes, text: str, info: PageInfo, anchors: dict[int, Anchor] | None = None
) -> Loaded:
    if not text.replace(REPLACEMENT, "").strip():
        raise NotAPageError("it has no text" if info.media == "text" else "it shows no text")
    page_id = hashlib.sha256(source).hexdigest()[:16]
    return Loaded(Page.of(page_id, text, info, anchors), source)
