"""The way from files to pages: find them, load each, get a page or one line that says why not."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from segmark.core.page import Anchor, Page, PageInfo
from segmark.core.text.normalise import REPLACEMENT, normalise
from segmark.loading.encoding import declared_encoding, decode
from segmark.loading.html.metadata import host_of
from segmark.loading.media import is_html, refuse_binary, refuse_what_is_no_page
from segmark.loading.raw import Known, Raw
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.sources import Found, find, read
from segmark.loading.unpacking import refuse_larger
from segmark.loading.work import LabelledPage

__all__ = [
    "Found", "LoadError", "Loaded", "find", "load", "load_bytes", "load_raw", "load_text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page and the bytes that it was made from, decompressed.

    Attributes:
        rest: what else came with it, as JSON has it.
        labelled: the work of another tool that came with it.
    """

    page: Page
    source: bytes
    rest: Mapping[str, object] = field(default_factory=dict)
    labelled: LabelledPage | None = None


def load(found: Found) -> Loaded:
    """The page of a file that is one.

    Raises:
        LoadError: the file can't be read, or can't be a page.
    """
    try:
        source = read(found.path)
    except NotAPageError as error:
        raise LoadError(found.name, str(error)) from None
    return load_raw(Raw(source, found.name, folder_of(found.name), listed=not found.named))


def load_raw(raw: Raw) -> Loaded:
    """The page of a source that was found in some file.

    Raises:
        LoadError: it can't be a page.
    """
    try:
        refuse_larger(len(raw.source))
        if raw.listed:
            refuse_what_is_no_page(raw.source, raw.name)
        return _loaded(raw)
    except NotAPageError as error:
        raise LoadError(raw.name, str(error)) from None


def load_bytes(source: bytes, name: str) -> Loaded:
    """The page of a source that is at hand; ``name`` is a short path, as ``Found`` has it.

    Raises:
        LoadError: it can't be a page.
    """
    return load_raw(Raw(source, name, folder_of(name)))


def load_text(text: str, name: str = "pasted text") -> Loaded:
    """The page of a plain text, such as one from the clipboard.

    Raises:
        LoadError: it can't be a page.
    """
    source = text.encode("utf-8", "surrogatepass")
    return load_raw(Raw(source, name, known=Known(media="text"), characters=True))


def folder_of(name: str) -> str:
    """The last folder in a short name; ``""`` where it has none."""
    return name.rpartition("/")[0].rpartition("/")[2]


def _loaded(raw: Raw) -> Loaded:
    source, known = raw.source, raw.known
    if not source:
        raise NotAPageError("it is empty")
    if not raw.characters:
        refuse_binary(source)
    if known.media == "html" or (not known.media and is_html(source, raw.name)):
        return _from_html(raw)
    text, encoding = decode(source, "utf-8" if raw.characters else known.encoding)
    info = PageInfo(
        source=raw.name,
        site=known.site or host_of(known.url) or raw.folder,
        url=known.url,
        title=known.title,
        language=known.language,
        encoding=encoding,
    )
    return _made(raw, normalise(text), info)


def _from_html(raw: Raw) -> Loaded:
    # Imported here: lxml takes long to load, and a window with text pages does not need it.
    from segmark.loading.html.page import read_html

    known = raw.known
    declared = known.encoding or declared_encoding(raw.source)
    markup, encoding = decode(raw.source, "utf-8" if raw.characters else declared)
    extract, said = read_html(markup)
    url = known.url or said.url
    info = PageInfo(
        source=raw.name,
        site=known.site or host_of(url) or raw.folder,
        url=url,
        title=known.title or said.title,
        language=known.language or said.language,
        encoding=encoding,
        media="html",
    )
    return _made(raw, extract.text, info, extract.anchors)


def _made(raw: Raw, text: str, info: PageInfo, anchors: dict[int, Anchor] | None = None) -> Loaded:
    if not text.replace(REPLACEMENT, "").strip():
        raise NotAPageError("it has no text" if info.media == "text" else "it shows no text")
    page_id = hashlib.sha256(raw.source).hexdigest()[:16]
    page = Page.of(page_id, text, info, anchors)
    return Loaded(page, raw.source, raw.known.rest, raw.labelled)
