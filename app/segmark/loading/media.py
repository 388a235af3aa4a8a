"""Recognise HTML, text and other media by the first bytes and the suffix of a file."""

import re
from functools import lru_cache
from posixpath import splitext

from segmark.loading.encoding import unmarked_utf16
from segmark.loading.rejection import NotAPageError

#: Suffixes of pages in folders; each may be followed by the suffix of a compression.
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
TEXT_SUFFIXES = frozenset({".txt", ".text"})
_PACKED_SUFFIXES = (".gz", ".zst")

_HEAD = 4096
# WHATWG MIME Sniffing, section 7.1, "identifying a resource with an unknown MIME type".
_HTML_START = re.compile(
    rb"\s*+(?:<\?xml[^>]*>\s*+)?(?:<!--(?>.*?-->)\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|title|meta|link|style|div|span|font|table"
    rb"|article|section|main|header|nav|center|h[1-6]|ul|ol|p|a|b|br|img)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_HTML_EARLY = re.compile(rb"<!doctype\s+html[\s>]|<html[\s>]", re.IGNORECASE)

_SIGNATURES = {
    b"%PDF-": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an office document",
    b"\x1f\x8b": "gzip data inside gzip data",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x89PNG\r\n\x1a\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF87a": "a GIF image",
    b"GIF89a": "a GIF image",
    b"SQLite format 3\x00": "an SQLite database",
    b"\x00\x01\x00\x00Standard": "an Access database",
    b"RIFF": "an image, a sound or a film",
    b"OggS": "a sound or a film",
    b"ID3": "a sound",
    b"wOFF": "a font",
    b"wOF2": "a font",
}
_CONVERTED = frozenset(
    {"a PDF document", "an RTF document", "an office document", "an e-book", "a database"}
)
# What files in folders are that are neither pages nor what Segmark reads.
_KINDS = {
    **dict.fromkeys((".css", ".scss", ".less"), "a style sheet"),
    **dict.fromkeys((".js", ".mjs", ".map", ".py", ".sh"), "a script"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".avif", ".bmp",
                     ".tif", ".tiff", ".heic"), "an image"),
    **dict.fromkeys((".woff", ".woff2", ".ttf", ".otf", ".eot"), "a font"),
    **dict.fromkeys((".mp3", ".mp4", ".m4a", ".webm", ".ogg", ".wav", ".mov", ".avi"),
                    "a sound or a film"),
    **dict.fromkeys((".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".pages"),
                    "an office document"),
    ".pdf": "a PDF document", ".rtf": "an RTF document", ".epub": "an e-book",
    **dict.fromkeys((".db", ".sqlite", ".sqlite3", ".mdb", ".accdb", ".duckdb"), "a database"),
    **dict.fromkeys((".rss", ".atom"), "a feed"),
}  # fmt: skip
_DATA = {
    **dict.fromkeys((".arrow", ".feather"), "data of Arrow; write it with its library"),
    **dict.fromkeys((".pkl", ".pickle"), "a pickle, which can run any code; write its data"),
    **dict.fromkeys((".h5", ".hdf5"), "data of HDF5; write it with its library"),
    **dict.fromkeys((".npy", ".npz"), "data of NumPy; write it"),
}
_FEED = re.compile(
    rb"\s*+(?:<\?xml[^>]*>\s*+)?(?:<!--(?>.*?-->)\s*+)*+<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL
)
_FEED_ADVICE = "it is a feed, not a page; load the pages that it links to"
_ROOT = re.compile(
    rb"\s*+(<\?xml[^>]*>\s*+)?(?:<\?[^>]*>\s*+)*+(?:<!--(?>.*?-->)\s*+)*+(?:<!DOCTYPE[^>\[]*>\s*+)?"
    rb"<([A-Za-z_][\w.:-]*)",
    re.DOTALL,
)
_XML_SUFFIXES = frozenset({".xml", ".xmi", ".tei"})
_PAGE_ROOTS = frozenset({"html", "HTML", "body", "head", "svg", "rss", "feed", "rdf:RDF"})
_UNFINISHED = re.compile(r"\.(?:crdownload|partial|opdownload)$|\.\w+\.(?:part|download)$", re.I)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# Without Escape, which ISO-2022-JP needs.
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\f\r\x1b"))


@lru_cache(maxsize=64)  # called again and again while one file is read
def suffix_of(name: str) -> str:
    """Return the suffix of a file in lower case, that of a compression aside."""
    name = name.lower()
    for packed in _PACKED_SUFFIXES:
        name = name.removesuffix(packed)
    return splitext(name)[1]


def is_html(data: bytes, name: str) -> bool:
    """Whether a source is HTML, by its suffix or else by its first bytes."""
    suffix = suffix_of(name)
    return suffix in HTML_SUFFIXES or (suffix not in TEXT_SUFFIXES and begins_as_html(data))


def begins_as_html(data: bytes) -> bool:
    """Whether a source begins like an HTML page, in any encoding that is a superset of ASCII."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(_WIDE_MARKS):
        head = head.lstrip(b"\xff\xfe\x00").replace(b"\x00", b"")
    elif b"\0" in head[:2]:
        head = head.replace(b"\0", b"")
    return bool(_HTML_START.match(head) or _HTML_EARLY.search(head, 0, 1024))


def refuse_non_page(data: bytes, name: str) -> None:
    """Refuse a file in a folder of pages if neither its suffix nor its content is that of a page.

    Raises:
        NotAPageError: the suffix is not one of a page, and the file does not begin like HTML.
    """
    suffix = suffix_of(name)
    if not suffix or suffix in HTML_SUFFIXES | TEXT_SUFFIXES or begins_as_html(data):
        return
    refuse_unfinished(name)
    if what := _signed(data) or _KINDS.get(suffix):
        raise NotAPageError(_refusal(what), suffix)
    if _is_binary(data):
        raise NotAPageError("it is binary data, not text", suffix)
    raise NotAPageError(
        f"{suffix} is not a page's suffix; to load it, name the file itself", suffix
    )


def refuse_unfinished(name: str) -> None:
    """Refuse a file that a browser has not finished.

    Raises:
        NotAPageError: the name says so.
    """
    if _UNFINISHED.search(name):
        raise NotAPageError("it is an unfinished download; fetch the page again")


def refuse_data(name: str) -> None:
    """Refuse data in a format that other libraries read, by its suffix.

    Raises:
        NotAPageError: it is such data; the reason names the nearest format that Segmark reads.
    """
    suffix = suffix_of(name)
    if suffix in _DATA:
        raise NotAPageError(f"it is {_DATA[suffix]}, as Parquet or JSON Lines, and load that")


def refuse_markup(head: bytes, name: str) -> None:
    """Refuse XML that is neither a page nor in a format that Segmark reads.

    Raises:
        NotAPageError: it is XML of another kind; the reason names it.
    """
    if suffix_of(name) in HTML_SUFFIXES | TEXT_SUFFIXES or begins_as_html(head):
        return
    found = _ROOT.match(head.removeprefix(b"\xef\xbb\xbf"))
    root = found[2].decode("ascii", "replace") if found else ""
    if not found or root in _PAGE_ROOTS:
        return
    if not found[1] and suffix_of(name) not in _XML_SUFFIXES:
        return
    if root == "GateDocument":
        raise NotAPageError("it is GATE's own XML; export the document from GATE as JSON")
    raise NotAPageError(
        f"it is XML that Segmark does not know (<{root}>), not a page; the nearest format that it "
        "reads is UIMA CAS XMI: export that, or text or HTML"
    )


def refuse_feed(data: bytes, name: str) -> None:
    """Refuse a list of news in RSS or Atom, unless its suffix is that of text or HTML.

    Raises:
        NotAPageError: it is one.
    """
    named = suffix_of(name) in HTML_SUFFIXES | TEXT_SUFFIXES
    if not named and _is_feed(data):
        raise NotAPageError(_FEED_ADVICE)


def _is_feed(data: bytes) -> bool:
    return bool(_FEED.match(data[:_HEAD].removeprefix(b"\xef\xbb\xbf")))


def _refusal(what: str) -> str:
    if what == "a feed":
        return _FEED_ADVICE
    advice = "; convert it to text or HTML first" if what in _CONVERTED else ""
    return f"it is {what}, not a page{advice}"


def _signed(data: bytes) -> str:
    """Return what data is by its first bytes; ``""`` if they say nothing."""
    return "a feed" if _is_feed(data) else _signature(data)


def _signature(data: bytes) -> str:
    return next((kind for start, kind in _SIGNATURES.items() if data.startswith(start)), "")


def refuse_binary(data: bytes) -> None:
    """Refuse what is not text.

    A few control bytes do not make a text binary; they become U+FFFD.

    Raises:
        NotAPageError: it begins like a known kind of binary file, or has many control bytes.
    """
    if kind := _signature(data):
        raise NotAPageError(f"it is {kind}, not a page; convert it to text or HTML first")
    if _is_binary(data):
        raise NotAPageError("it is binary data, not text")


def _is_binary(data: bytes) -> bool:
    if data.startswith(_WIDE_MARKS):
        return False
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > 2 + len(data) // 20 and not unmarked_utf16(data)
