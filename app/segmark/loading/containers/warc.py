"""Pages as crawlers store them: WARC (ISO 28500) and its predecessor ARC.

They are read by warcio, which is maintained, supports ARC and is pure Python. FastWARC is several
times as fast and does not support ARC; compared with extracting text from HTML, neither takes long.
"""

import contextlib
import io
import logging
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from segmark.environment.extras import Untyped, library
from segmark.loading.media import begins_as_html
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.sources import one_line
from segmark.loading.unpacking import SIZE_LIMIT, is_packed, refuse_larger, unpacked

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TEXT = frozenset({"text/plain"})
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_WARC_START = b"WARC/"
_LONGEST_LINE = 1 << 20
_LONGEST_HEADER = 1 << 22
_PIECE = 1 << 16

# Its warnings about odd addresses must not appear on the terminal if there is no log.
logging.getLogger("warcio").addHandler(logging.NullHandler())
_BROTLI_PIECE = 256  # decompresses to some 60 MB at most


#: Stands for a record that refers to an earlier one with the same content.
_REVISIT = RawPage(b"", "")


def read_warc(stream: io.BufferedReader, name: str) -> Iterator[RawPage | LoadError | PassedOver]:
    """Yield the pages in a crawl, with address, date and declared encoding.

    Pages are HTML responses with status 2xx, recognised by their media type or, if they have none,
    by their first bytes; HTML that was stored without a request; and text that was extracted from
    pages (WET files). Other records are passed over.

    Raises:
        NotAPageError: the file is cut off or has no page in it, or warcio is not installed.
    """
    found = passed = revisits = 0
    damage = None
    try:
        for item in _read(stream, name):
            if item is None or item is _REVISIT:
                passed += 1
                revisits += item is _REVISIT
            else:
                found += 1
                yield item
    except NotAPageError as error:
        damage = error
    if passed and (found or damage):
        yield PassedOver(name, _passed(passed))
    if damage:
        raise damage
    if not found:
        if revisits:
            raise NotAPageError(
                f"it holds no page, only {_passed(passed)}; {revisits:,} say that a page was as in "
                "an earlier crawl: load that"
            )
        raise NotAPageError(f"it holds {_passed(passed)}" if passed else "it has no record in it")


def _passed(records: int) -> str:
    if records == 1:
        return "1 record that is no HTML page"
    return f"{records:,} records that are no HTML pages"


def _read(stream: io.BufferedReader, name: str) -> Iterator[RawPage | LoadError | None]:
    """Yield the pages of the records, None for each record that is not a page."""
    lines = _Lines(stream)
    recordloader = library("warcio.recordloader", "warc", "reading it", NotAPageError)
    loader = recordloader.ArcWarcRecordLoader(verify_http=False, arc2warc=True)
    number = 0
    while (start := lines.next_start()) is not None:
        number += 1
        place = f"{name}:{number}"
        try:
            record = loader.parse_record_stream(lines, start)
            if record.length is None:
                raise NotAPageError("it does not say how long it is")
            page = _metadata(record, place)
            raw = _with_content(page, record) if page else None
            if record.rec_type == "revisit":
                raw = _REVISIT
            _read_to_end(record)
        except Exception as error:
            if lines.at_end or isinstance(error, _CutOffError):
                raise NotAPageError(
                    f"it is cut off in record {number:,}; what comes before it is loaded"
                ) from None
            lines.skip_damage()
            yield LoadError(place, f"the record is damaged ({_reason(error)})")
        else:
            yield raw


def _reason(error: Exception) -> str:
    """Return what is wrong with a record, as a message for the user."""
    # warcio relies on complete headers.
    if isinstance(error, AttributeError | LookupError | TypeError):
        return "its header can't be understood"
    return one_line(str(error) or type(error).__name__)[:200]


class _CutOffError(Exception):
    """The file ends within a record."""


class _Lines:
    """The stream as warcio reads it; limits how much memory a header can take.

    Attributes:
        at_end: whether the file ends within a header.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._header = 0
        self._pending = b""
        self.at_end = False

    def next_start(self) -> bytes | None:
        """Return the first line of the next record; None at the end of the file."""
        self._header = 0
        line, self._pending = self._pending, b""
        while not line.strip():
            line = self._stream.readline(_LONGEST_LINE)
            if not line:
                return None
        return line

    def skip_damage(self) -> None:
        """Skip to what looks like the start of a WARC record."""
        while line := self._stream.readline(_LONGEST_LINE):
            if line.startswith(_WARC_START):
                self._pending = line
                return

    def read(self, size: int = -1) -> bytes:
        """Read bytes of a record's content."""
        return self._stream.read(min(size, _PIECE) if size >= 0 else _PIECE)

    def readline(self, size: int | None = None) -> bytes:
        """Read a line of a record's header."""
        line = self._stream.readline(min(size or _LONGEST_LINE, _LONGEST_LINE))
        self._header += len(line)
        self.at_end = not line
        if self._header > _LONGEST_HEADER:
            raise NotAPageError("its header has no end")
        return line

    def tell(self) -> int:
        """Return 0; warcio calls this, and nothing depends on the result."""
        return 0


def _metadata(record: Untyped, place: str) -> RawPage | None:
    """Return the page of a record, still without content; None if the record is not a page."""
    headers, http = record.rec_headers, record.http_headers
    media = (http.get_header("Content-Type") if http else record.content_type) or ""
    kind = media.partition(";")[0].strip().lower()
    match record.rec_type:
        case "response":
            good = http and (http.get_statuscode() or "").startswith("2")
            is_page = good and (not kind or kind in _HTML)
        case "resource":
            is_page = kind in _HTML
        case "conversion":
            is_page = kind in _TEXT
        case _:
            is_page = False
    if not is_page:
        return None
    charset = _CHARSET.search(media)
    extra = {"date": one_line(headers.get_header("WARC-Date") or "")}
    if cut := headers.get_header("WARC-Truncated"):
        extra["truncated"] = one_line(cut)
    return RawPage(
        b"",
        place,
        url=one_line(headers.get_header("WARC-Target-URI") or ""),
        encoding=charset[1] if charset else "",
        media="text" if kind in _TEXT else "html" if kind else "",
        extra=extra,
    )


def _with_content(page: RawPage, record: Untyped) -> RawPage | LoadError | None:
    """Return the page with its content; None if it has no media type and is not HTML."""
    try:
        refuse_larger(record.length)
        content = _content(record)
        if not page.media and not begins_as_html(content):
            return None
        return replace(page, source=content, media=page.media or "html")
    except NotAPageError as error:
        return LoadError(f"{page.name} ({page.url[:200]})", str(error))


def _content(record: Untyped) -> bytes:
    """Return the content of a page, with transfer and content encodings decoded."""
    http, stream = record.http_headers, record.raw_stream
    if not http:
        return _whole(stream)
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = library(
            "warcio.bufferedreaders", "warc", "reading it", NotAPageError
        ).ChunkedDataReader(stream)
    data = _whole(stream)
    # They are listed in the order in which they were applied.
    for coding in reversed((http.get_header("Content-Encoding") or "").split(",")):
        data = _decoded(data, coding.strip().lower())
    return data


def _decoded(data: bytes, coding: str) -> bytes:
    match coding:
        case "" | "identity":
            return data
        case "gzip" | "x-gzip" | "zstd":
            # Some crawlers store decoded content and keep the header.
            packed = is_packed(data)
            return unpacked(io.BytesIO(data), data[:4]).read(SIZE_LIMIT + 1) if packed else data
        case "deflate":
            return _inflated(data)
        case "br":
            return _from_brotli(data)
        case other:
            raise NotAPageError(f"its content encoding {other[:20]!r} is not supported")


def _inflated(data: bytes) -> bytes:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # as specified, and as some servers do it
        with contextlib.suppress(zlib.error):
            return zlib.decompressobj(window).decompress(data, SIZE_LIMIT + 1)
    return data


def _from_brotli(data: bytes) -> bytes:
    brotli = library("brotli", "warc", "reading it", NotAPageError)
    unpacker, made, size = brotli.Decompressor(), list[bytes](), 0
    try:
        for start in range(0, len(data), _BROTLI_PIECE):
            made.append(unpacker.process(data[start : start + _BROTLI_PIECE]))
            size += len(made[-1])
            refuse_larger(size)
    except brotli.error:
        if made:
            raise NotAPageError("its Brotli data is damaged") from None
        return data
    return b"".join(made)


def _whole(stream: Untyped) -> bytes:
    pieces, size = list[bytes](), 0
    while size <= SIZE_LIMIT and (piece := stream.read(_PIECE)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _read_to_end(record: Untyped) -> None:
    stream = record.raw_stream
    while stream.read(_PIECE):
        pass
    if stream.limit > 0:
        raise _CutOffError
