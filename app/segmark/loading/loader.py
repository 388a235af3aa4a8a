"""Turn the source of a page into a page, or into one line that says why it is not one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

from segmark.core.page import Anchor, Page, PageInfo
from segmark.core.text.normalise import REPLACEMENT, normalise
from segmark.loading.encoding import declared_encoding, decode
from segmark.loading.html.metadata import host_of
from segmark.loading.media import (
    is_html,
    refuse_binary,
    refuse_feed,
    refuse_non_page,
    refuse_unfinished,
)
from segmark.loading.raw import RawLabels, RawPage
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import refuse_larger

_HEAD = 1000  # bytes
# What is in the head of each file of an export with ``--format html``.
_EXPORTED = (b'<meta name="segmark" content=', b"<title>Labelled pages</title>")
# What browsers and systems call the folders that files are saved in.
_NO_SITES = frozenset(
    """
    baixades descargas descărcări desktop documents dokumente download downloads hämtningar
    i̇ndirilenler indirilenler lataukset letöltések nedlastinger overførsler pobrane prenosi
    preuzimanja scaricati schreibtisch stažené temp tmp transferências téléchargements bureau
    escritorio λήψεις загрузки завантаження изтегляния преузимања הורדות التنزيلات ดาวน์โหลด
    ダウンロード 下载 下載 다운로드
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """A page and the bytes that it was made from, decompressed.

    Attributes:
        place: where it is, to be named in messages; the page's source may be that of an export.
        extra: what else came with the page, as JSON represents it.
        labels: the labels that came with the page, if any.
        seen: which text nodes of its HTML are shown, as in ``Extract``; b"" for plain text.
    """

    page: Page
    source: bytes
    place: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    labels: RawLabels | None = None
    seen: bytes = b""


def load_raw(raw: RawPage) -> LoadedPage:
    """Load a page from its source.

    Raises:
        LoadError: it can't be a page.
    """
    try:
        refuse_larger(len(raw.source))
        if raw.listed:
            refuse_non_page(raw.source, raw.name)
        return _load(raw)
    except NotAPageError as error:
        raise LoadError(raw.name, str(error), error.kind) from None


def load_bytes(source: bytes, name: str) -> LoadedPage:
    """Load a page from bytes; ``name`` is a short path, as in ``FoundFile``.

    Raises:
        LoadError: it can't be a page.
    """
    return load_raw(RawPage(source, name, folder_of(name)))


def load_text(text: str, name: str = "pasted text") -> LoadedPage:
    """Load a page from plain text, such as from the clipboard.

    Raises:
        LoadError: it can't be a page.
    """
    source = text.encode("utf-8", "surrogatepass")
    return load_raw(RawPage(source, name, media="text", characters=True))


def folder_of(name: str) -> str:
    """Return the last folder in a short name; ``""`` if it has none, or one that names no site."""
    folder = name.rpartition("/")[0].rpartition("/")[2]
    return "" if normalize("NFC", folder.casefold()) in _NO_SITES else folder


def _load(raw: RawPage) -> LoadedPage:
    if not raw.source:
        raise NotAPageError("it is empty")
    refuse_unfinished(raw.name)
    if not raw.characters:
        refuse_binary(raw.source)
        refuse_feed(raw.source, raw.name)
    if raw.media == "html" or (not raw.media and is_html(raw.source, raw.name)):
        return _from_html(raw)
    text, encoding = decode(raw.source, "utf-8" if raw.characters else raw.encoding)
    info = PageInfo(
        source=raw.first_source or raw.name,
        site=raw.site or host_of(raw.url) or raw.folder,
        url=raw.url,
        title=raw.title,
        language=raw.language,
        encoding=encoding,
    )
    return _make(raw, normalise(text), info)


def _refuse_exported(source: bytes) -> None:
    """Refuse the files of an export with ``--format html``: they show pages, and are none."""
    head = source[:_HEAD]
    if any(mark in head for mark in _EXPORTED) and b'<meta http-equiv="Content-Sec' in head:
        raise NotAPageError(
            "it shows a page of an export, as made with --format html; load an export with "
            "--format jsonl, or the page itself"
        )


def _from_html(raw: RawPage) -> LoadedPage:
    _refuse_exported(raw.source)
    # Imported here: lxml takes long to load, and a window with text pages does not need it.
    from segmark.loading.html.page import read_html

    declared = raw.encoding or declared_encoding(raw.source)
    markup, encoding = decode(raw.source, "utf-8" if raw.characters else declared)
    extract, metadata = read_html(markup)
    url = raw.url or metadata.url
    info = PageInfo(
        source=raw.first_source or raw.name,
        site=raw.site or host_of(url) or raw.folder,
        url=url,
        title=raw.title or metadata.title,
        language=raw.language or metadata.language,
        encoding=encoding,
        media="html",
    )
    return _make(raw, extract.text, info, extract.anchors, extract.seen)


def _make(
    raw: RawPage,
    text: str,
    info: PageInfo,
    anchors: dict[int, Anchor] | None = None,
    seen: bytes = b"",
) -> LoadedPage:
    if not text.replace(REPLACEMENT, "").strip():
        raise NotAPageError("it has no text" if info.media == "text" else "it shows no text")
    page_id = hashlib.sha256(raw.source).hexdigest()[:16]
    page = Page.of(page_id, text, info, anchors)
    return LoadedPage(page, raw.source, raw.name, raw.extra, raw.labels, seen)
