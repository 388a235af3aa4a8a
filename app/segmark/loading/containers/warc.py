"""Pages as crawlers store them: WARC (ISO 28500) and its predecessor ARC.

Read by warcio: it is kept up, knows ARC as well, and is plain Python. FastWARC reads several times
faster and knows no ARC; beside making text of the HTML, either takes next to no time.
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
from segmark.loading.raw import Known, Raw
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

# What it says of odd addresses belongs in a log, and not on the terminal where there is none.
logging.getLogger("warcio").addHandler(logging.NullHandler())
_BROTLI_PIECE = 256  # becomes some 60 MB at the most


def read_warc(stream: io.BufferedReader, name: str) -> Iterator[Raw | LoadError | PassedOver]:
    """The pages in a crawl, with address, date and declared encoding.

    Pages are HTML that was asked for and came (status 2xx), by what the server said or, where it
    said nothing, by how it begins; HTML that was stored without a request; and text that was made
    of pages (WET files). What else there is is passed over.

    Raises:
        NotAPageError: it is cut off, has no page in it, or warcio is not installed.
    """
    found = passed = 0
    damage = None
    try:
        for item in _read(stream, name):
            if item is None:
                passed += 1
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
        raise NotAPageError(f"it holds {_passed(passed)}" if passed else "it has no record in it")


def _passed(records: int) -> str:
    if records == 1:
        return "1 record that is no HTML page"
    return f"{records:,} records that are no HTML pages"


def _read(stream: io.BufferedReader, name: str) -> Iterator[Raw | LoadError | None]:
    """The records one by one, None for each that is no page."""
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
            known = _known(record)
            raw = _raw(record, known, place) if known else None
            _read_to_end(record)
        except Exception as error:
            if lines.at_end or isinstance(error, _CutOffError):
                raise NotAPageError(
                    f"it is cut off in record {number:,}; what is before that is taken"
                ) from None
            lines.skip_damage()
            yield LoadError(place, f"the record is damaged ({_said(error)})")
        else:
            yield raw


def _said(error: Exception) -> str:
    """What is wrong with a record, for a person."""
    # warcio takes it for granted that a header has what belongs into it.
    if isinstance(error, AttributeError | LookupError | TypeError):
        return "its header can't be understood"
    return one_line(str(error) or type(error).__name__)[:200]


class _CutOffError(Exception):
    """The file ends within a record."""


class _Lines:
    """The stream as warcio reads it; no header fills the memory, however long it is.

    Attributes:
        at_end: whether a header was to be read on where the file ends.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._header = 0
        self._pending = b""
        self.at_end = False

    def next_start(self) -> bytes | None:
        """The first line of the next record; None at the end of the file."""
        self._header = 0
        line, self._pending = self._pending, b""
        while not line.strip():
            line = self._stream.readline(_LONGEST_LINE)
            if not line:
                return None
        return line

    def skip_damage(self) -> None:
        """Go on to what looks like the start of a WARC record."""
        while line := self._stream.readline(_LONGEST_LINE):
            if line.startswith(_WARC_START):
                self._pending = line
                return

    def read(self, size: int = -1) -> bytes:
        """Bytes of a record's content."""
        return self._stream.read(min(size, _PIECE) if size >= 0 else _PIECE)

    def readline(self, size: int | None = None) -> bytes:
        """A line of a record's header."""
        line = self._stream.readline(min(size or _LONGEST_LINE, _LONGEST_LINE))
        self._header += len(line)
        self.at_end = not line
        if self._header > _LONGEST_HEADER:
            raise NotAPageError("its header has no end")
        return line

    def tell(self) -> int:
        """Nothing depends on it."""
        return 0


def _known(record: Untyped) -> Known | None:
    """What is known of a record that is a page; None of any other."""
    about, http = record.rec_headers, record.http_headers
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
    rest = {"date": one_line(about.get_header("WARC-Date") or "")}
    if cut := about.get_header("WARC-Truncated"):
        rest["truncated"] = one_line(cut)
    return Known(
        url=one_line(about.get_header("WARC-Target-URI") or ""),
        encoding=charset[1] if charset else "",
        media="text" if kind in _TEXT else "html" if kind else "",
        rest=rest,
    )


def _raw(record: Untyped, known: Known, place: str) -> Raw | LoadError | None:
    """The page; None where nothing says what it is and it does not begin as HTML."""
    try:
        refuse_larger(record.length)
        content = _content(record)
        if not known.media and not begins_as_html(content):
            return None
        return Raw(content, place, known=replace(known, media=known.media or "html"))
    except NotAPageError as error:
        return LoadError(f"{place} ({known.url[:200]})", str(error))


def _content(record: Untyped) -> bytes:
    """The content of a page, its transfer and its content decoded."""
    http, stream = record.http_headers, record.raw_stream
    if not http:
        return _whole(stream)
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = library(
            "warcio.bufferedreaders", "warc", "reading it", NotAPageError
        ).ChunkedDataReader(stream)
    data = _whole(stream)
    match (http.get_header("Content-Encoding") or "").strip().lower():
        case "" | "identity":
            return data
        case "gzip" | "x-gzip" | "zstd":
            # Some crawlers store the content decoded and leave the header as it was.
            packed = is_packed(data)
            return unpacked(io.BytesIO(data), data[:4]).read(SIZE_LIMIT + 1) if packed else data
        case "deflate":
            return _inflated(data)
        case "br":
            return _from_brotli(data)
        case other:
            raise NotAPageError(f"its content is packed by {other[:20]!r}, which is not known here")


def _inflated(data: bytes) -> bytes:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # as it should be, and as servers did it
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
