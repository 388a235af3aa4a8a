"""Read the sources of pages in a file of any kind, recognised by its content and suffix."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from posixpath import splitext
from typing import TYPE_CHECKING, BinaryIO, cast

from segmark.loading.archived_tokens import ArchivedTokens
from segmark.loading.labelled import brat, conll, gold, tagtog, uima, webanno, yedda
from segmark.loading.labelled.archived import ArchivedLabels
from segmark.loading.loader import folder_of
from segmark.loading.media import (
    HTML_SUFFIXES,
    TEXT_SUFFIXES,
    refuse_data,
    refuse_markup,
    suffix_of,
)
from segmark.loading.options import USUAL_FIELDS, RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.sources import FoundFile, open_source, reason_of, short_name
from segmark.loading.unpacking import SIZE_LIMIT, is_packed, refuse_larger, unpacked

if TYPE_CHECKING:
    from segmark.loading.containers.archives import Member

_HEAD = 4096
_NO_PAGE = "the names of another tool's labels, and no page"


class SourceKind(Enum):
    """How a file is read."""

    PAGE = auto()
    SAVED = auto()  # a page with its images in one file, as browsers save it
    RECORDS = auto()
    PARQUET = auto()
    MAIL = auto()
    MAILBOX = auto()
    WARC = auto()
    ZIP = auto()
    TAR = auto()
    TOKENS = auto()
    STANDOFF = auto()  # labels of a text in another file
    MARKED = auto()  # a text with its labels in it
    WEBANNO = auto()
    XMI = auto()
    CAS = auto()  # as JSON
    DOCBIN = auto()
    NO_PAGE = auto()  # part of another tool's work that holds no page


_SUFFIXES = {
    ".mhtml": SourceKind.SAVED, ".mht": SourceKind.SAVED,
    ".jsonl": SourceKind.RECORDS, ".ndjson": SourceKind.RECORDS, ".json": SourceKind.RECORDS,
    ".csv": SourceKind.RECORDS, ".tsv": SourceKind.RECORDS, ".parquet": SourceKind.PARQUET,
    ".eml": SourceKind.MAIL, ".mbox": SourceKind.MAILBOX, ".mbx": SourceKind.MAILBOX,
    ".warc": SourceKind.WARC, ".arc": SourceKind.WARC,
    **dict.fromkeys(conll.SUFFIXES, SourceKind.TOKENS),
    ".zip": SourceKind.ZIP, ".wacz": SourceKind.ZIP, ".tar": SourceKind.TAR, ".tgz": SourceKind.TAR,
    **dict.fromkeys(brat.SUFFIXES, SourceKind.STANDOFF), ".spacy": SourceKind.DOCBIN,
}  # fmt: skip
_STARTS = (
    (b"PK\x03\x04", SourceKind.ZIP),
    (b"PK\x05\x06", SourceKind.ZIP),  # an empty archive
    (b"PAR1", SourceKind.PARQUET),
    (b"WARC/", SourceKind.WARC),
    (b"filedesc://", SourceKind.WARC),
    (conll.START.encode(), SourceKind.TOKENS),
    (webanno.START, SourceKind.WEBANNO),
)
# Suffixes of files whose content is never tokens with tags.
_SAYS_WHAT = HTML_SUFFIXES | _SUFFIXES.keys() - {".tsv"}
_MAY_BE_LABELLED = TEXT_SUFFIXES | {".xmi", ".xml"}
_RECORD = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[^"\n]{1,100}"\s*:')
_MAILBOX = re.compile(rb"From \S+ .*\d\d:\d\d.*\r?\n[A-Za-z-]+:")
_TAR_MAGIC = slice(257, 262)
#: Archives; one inside another is not opened.
_ARCHIVES = frozenset({SourceKind.ZIP, SourceKind.TAR})
#: Files that hold one page.
_SINGLE = frozenset({SourceKind.SAVED, SourceKind.MAIL})
_LABELLED = frozenset(
    {
        SourceKind.RECORDS, SourceKind.PARQUET, SourceKind.TOKENS, SourceKind.STANDOFF,
        SourceKind.MARKED, SourceKind.WEBANNO, SourceKind.XMI, SourceKind.CAS, SourceKind.DOCBIN,
        SourceKind.ZIP, SourceKind.TAR,
    }
)  # fmt: skip


@dataclass(slots=True)
class ReadPosition:
    """How much of a file has been read, in bytes on the disk."""

    file: BinaryIO | None = None

    @property
    def bytes(self) -> int:
        """The number of bytes read from the current file."""
        return self.file.tell() if self.file and not self.file.closed else 0


def may_hold_many(name: str) -> bool:
    """Whether a file may hold many pages, judged by its suffix."""
    return _SUFFIXES.get(suffix_of(name), SourceKind.SAVED) not in _SINGLE


def may_be_labelled(found: FoundFile) -> bool:
    """Whether a file may hold labels of another tool, judged by its suffix.

    The first bytes count too if the user named the file, or if it has no suffix or that of a text.
    """
    suffix = suffix_of(found.name)
    kind = _SUFFIXES.get(suffix)
    if kind is None and (found.named or not suffix or suffix in _MAY_BE_LABELLED):
        with suppress(OSError, ValueError), open_source(found.path) as file:
            head = file.read(_HEAD)
            kind = _kind_of(head, found.name)
            kind = SourceKind.TOKENS if gold.is_gold_text(found.name, head) else kind
    return bool(found.beside) or kind in _LABELLED


def read_file(
    found: FoundFile, fields: RecordFields = USUAL_FIELDS, position: ReadPosition | None = None
) -> Iterator[RawPage | LoadError | PassedOver]:
    """Yield the sources in a file; an error takes the place of what can't be read.

    However large the file is, only one page of it is in memory, or in JSON one page and its record.
    ``position`` is updated, to show the progress.
    """
    try:
        with open_source(found.path) as file:
            if position:
                position.file = file
            origin = _Origin(found.name, not found.named, found.size)
            head = file.peek(_HEAD)[:_HEAD]
            if (parts := _parts_of_pages(file, found, fields)) is not None:
                yield from parts
                return
            if reader := _beside_page(found.name, head):
                yield from _with_gold(reader(_whole(file), found.path, found.name), found, fields)
                return
            sources = _read(file, origin, fields)
            yield from _with_labels(sources, found.beside) if found.beside else sources
    except NotAPageError as error:
        yield LoadError(found.name, str(error), error.kind)
    except Exception as error:
        yield LoadError(found.name, reason_of(error))


def read_stream(
    stream: io.BufferedReader, name: str, fields: RecordFields = USUAL_FIELDS
) -> Iterator[RawPage | LoadError | PassedOver]:
    """Yield the sources in a file that some other program opened, such as from remote storage.

    Like ``read_file`` for a file in a folder; labels in files beside it are not read.
    """
    try:
        yield from _read(stream, _Origin(name, listed=True), fields)
    except NotAPageError as error:
        yield LoadError(name, str(error), error.kind)
    except Exception as error:
        yield LoadError(name, reason_of(error))


def _with_labels(
    sources: Iterator[RawPage | LoadError | PassedOver], beside: Sequence[Path]
) -> Iterator[RawPage | LoadError | PassedOver]:
    """Yield the sources in a file with the labels in the files beside it."""
    standoffs = []
    for path in beside:
        with open_source(path) as file:
            standoffs.append(_whole(file))
    for source in sources:
        yield brat.labelled(source, standoffs) if isinstance(source, RawPage) else source


def _parts_of_pages(
    file: io.BufferedReader, found: FoundFile, fields: RecordFields
) -> Iterator[RawPage | LoadError | PassedOver] | None:
    """Return the predictions in a file of tokens by its index; None for other files."""
    if fields.model is None:
        return None
    if found.path.name.endswith(conll.INDEX):
        tokens = found.path.name.removesuffix(conll.INDEX) + conll.SUFFIXES[0]
        if not found.path.with_name(tokens).is_file():
            raise NotAPageError(f"it is an index without tokens; put {tokens} beside it")
        return iter([PassedOver(found.name, f"the index of {tokens}")])
    index = conll.index_of(found.path)
    if not index:
        return None

    def pages() -> Iterator[RawPage | LoadError]:
        from segmark.loading.containers.records import json_lines, raw_pages

        with open_source(index) as entries:
            rows = conll.rows_with_index(file, json_lines(entries))
            yield from raw_pages(rows, found.name, folder_of(found.name), fields)

    return pages()


def _beside_page(
    name: str, head: bytes
) -> Callable[[bytes, Path, str], Iterator[gold.GoldPage]] | None:
    """Return the reader of a file with the labels of pages in other files; None for others."""
    suffix = suffix_of(name)
    if suffix in (".json", ".jsonl", ".ndjson") and gold.is_listed_gold(head):
        return gold.listed_gold
    if gold.is_gold_text(name, head):
        folder = folder_of(name)
        return lambda content, path, _: iter([gold.gold_text(content, path, f"{folder}/*.txt")])
    if suffix == ".json" and tagtog.is_document(head):
        folder = folder_of(name)
        return lambda content, path, _: iter([tagtog.read(content, path, f"{folder}/*.json")])
    return None


def _with_gold(
    pages: Iterator[gold.GoldPage], found: FoundFile, fields: RecordFields
) -> Iterator[RawPage | LoadError | PassedOver]:
    """Yield the pages whose labels are in a file."""
    for page in pages:
        if page.html is None:
            place = f"{found.name}:{page.name}"
            yield LoadError(place, "it has the labels of a page whose HTML is not beside it")
            continue
        for source in read_file(FoundFile(page.html, short_name(page.html)), fields):
            if isinstance(source, RawPage):
                yield replace(source, labels=page.labels, url=source.url or page.url)
            else:
                yield source


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a stream comes from.

    Attributes:
        listed: whether the file was merely found in a folder or an archive.
        size: in bytes on the disk; 0 if it is not known.
        inside: whether the file is in an archive.
        folder: the folder that the file is in; None if it follows from the name.
        labels: those that came before the file in its archive.
        tokens: the predicted ones that came before it; None if there are no predictions.
    """

    name: str
    listed: bool
    size: int = 0
    inside: bool = False
    folder: str | None = None
    labels: ArchivedLabels | None = None
    tokens: ArchivedTokens | None = None


def _read(
    stream: io.BufferedReader, origin: _Origin, fields: RecordFields
) -> Iterator[RawPage | LoadError | PassedOver]:
    head = stream.peek(_HEAD)[:_HEAD]
    packed = is_packed(head)
    if packed:
        stream = unpacked(stream, head)
        head = stream.peek(_HEAD)[:_HEAD]
    kind = _kind_of(head, origin.name)
    if origin.inside and kind in _ARCHIVES:
        raise NotAPageError("it is an archive inside an archive; unpack it and load that")
    if origin.labels and origin.labels.takes(origin.name, head):
        origin.labels.take(origin.name, _whole(stream))
        if kind is SourceKind.NO_PAGE:
            yield PassedOver(origin.name, _NO_PAGE)
        return
    folder = folder_of(origin.name) if origin.folder is None else origin.folder
    if origin.tokens and origin.tokens.takes(origin.name):
        yield from origin.tokens.take(origin.name, _whole(stream), folder, fields)
        return
    match kind:
        case SourceKind.RECORDS:
            from segmark.loading.containers.records import read_records

            yield from read_records(stream, origin.name, folder, fields)
        case SourceKind.PARQUET:
            from segmark.loading.containers.parquet import read_parquet

            yield from read_parquet(_seekable(stream), origin.name, folder, fields)
        case SourceKind.TOKENS:
            own = fields.model is None
            yield from conll.read_conll(stream, origin.name, folder, own=own)
        case SourceKind.WARC:
            from segmark.loading.containers.warc import read_warc

            yield from read_warc(stream, origin.name)
        case SourceKind.ZIP | SourceKind.TAR:
            yield from brat.paired(_members(stream, kind, origin, fields))
        case SourceKind.SAVED:
            from segmark.loading.containers.mhtml import read_mhtml

            yield read_mhtml(_whole(stream), origin.name, folder)
        case SourceKind.MAIL:
            from segmark.loading.containers.mail import read_mail

            yield read_mail(_whole(stream), origin.name, folder)
        case SourceKind.MAILBOX:
            from segmark.loading.containers.mail import read_mailbox

            yield from read_mailbox(stream, origin.name, folder)
        case SourceKind.MARKED:
            yield yedda.read(_whole(stream), origin.name, folder)
        case SourceKind.STANDOFF if origin.inside:
            yield RawPage(_whole(stream), origin.name, media=brat.STANDOFF)
        case SourceKind.STANDOFF:
            raise NotAPageError(brat.text_is_missing(origin.name))
        case SourceKind.WEBANNO:
            yield webanno.read(_whole(stream), origin.name, folder, fields.layer)
        case SourceKind.XMI:
            yield uima.read_xmi(_whole(stream), origin.name, folder, fields.layer)
        case SourceKind.CAS:
            yield uima.read_json(_whole(stream), origin.name, folder, fields.layer)
        case SourceKind.DOCBIN:
            yield from _documents(_whole(stream), origin.name, folder, fields)
        case SourceKind.NO_PAGE:
            yield PassedOver(origin.name, _NO_PAGE)
        case SourceKind.PAGE:
            refuse_data(origin.name)
            refuse_markup(head, origin.name)
            if not packed:
                refuse_larger(origin.size)
            source = _whole(stream)
            page = RawPage(source, origin.name, folder, listed=origin.listed)
            if gold.LEVEL_MARK in source:
                page = replace(page, labels=gold.levels_in(source, f"{folder}/*.html"))
            yield origin.labels.on(page) if origin.labels else page


def _documents(
    source: bytes, name: str, folder: str, fields: RecordFields
) -> Iterator[RawPage | LoadError]:
    """Yield the pages of a DocBin, those in the project by what Segmark's export says of them."""
    from segmark.loading.containers.records import raw_pages
    from segmark.loading.labelled.docbin import predicted_rows, read_docbin

    rows = None if fields.model is None else predicted_rows(source)
    if rows is None:
        yield from read_docbin(source, name, folder)
    else:
        yield from raw_pages(rows, name, folder, fields)


def _members(
    stream: io.BufferedReader, kind: SourceKind, origin: _Origin, fields: RecordFields
) -> Iterator[RawPage | LoadError | PassedOver]:
    from segmark.loading.containers.archives import in_tar, in_zip

    if kind is SourceKind.ZIP:
        from segmark.loading.containers.wacz import is_wacz

        archive = _seekable(stream)
        if is_wacz(archive):
            yield from _crawl(archive, origin, fields)
            return
        members: Iterator[Member | PassedOver] = in_zip(archive)
    else:
        members = in_tar(stream)
    bare = splitext(origin.name.rpartition("/")[2].removesuffix(".gz").removesuffix(".zst"))[0]
    labels, tokens = ArchivedLabels(), None if fields.model is None else ArchivedTokens()
    for member in members:
        if isinstance(member, PassedOver):
            place = f"{origin.name}/{member.source}" if member.source else origin.name
            yield PassedOver(place, member.what)
            continue
        name = f"{origin.name}/{member.name}"
        folder = folder_of(f"{bare}/{member.name}")
        inner = _Origin(name, True, inside=True, folder=folder, labels=labels, tokens=tokens)
        yield from _member(member, inner, fields)
    yield from labels.left()
    if tokens:
        yield from tokens.left()


def _member(
    member: "Member", place: _Origin, fields: RecordFields
) -> Iterator[RawPage | LoadError | PassedOver]:
    try:
        with member.open() as content:
            yield from _read(content, place, fields)
    except NotAPageError as error:
        yield LoadError(place.name, str(error), error.kind)
    except Exception as error:
        yield LoadError(place.name, reason_of(error))


def _crawl(
    archive: BinaryIO, origin: _Origin, fields: RecordFields
) -> Iterator[RawPage | LoadError | PassedOver]:
    from segmark.loading.containers.wacz import crawls_in, titles_in

    titles = titles_in(archive)
    for member in crawls_in(archive):
        place = _Origin(f"{origin.name}/{member.name}", True, inside=True)
        for item in _member(member, place, fields):
            if isinstance(item, RawPage) and not item.title and item.url in titles:
                yield replace(item, title=titles[item.url])
            else:
                yield item


def _kind_of(head: bytes, name: str) -> SourceKind:
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[_TAR_MAGIC] == b"ustar":
        return SourceKind.TAR
    if name.endswith(tagtog.LEGEND):
        return SourceKind.NO_PAGE
    suffix = suffix_of(name)
    kind = _SUFFIXES.get(suffix, SourceKind.PAGE)
    if kind is SourceKind.STANDOFF and yedda.is_marked(head):
        return SourceKind.MARKED
    if webanno.is_second(head):
        return SourceKind.WEBANNO
    if kind is SourceKind.RECORDS and any(mark in head for mark in uima.JSON_MARKS):
        return SourceKind.CAS
    markup = head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")
    for mark, found in ((uima.XMI_MARK, SourceKind.XMI), (uima.TYPES_MARK, SourceKind.NO_PAGE)):
        if markup and mark in head:
            return found
    if not suffix and _RECORD.match(head):
        return SourceKind.RECORDS
    if not suffix and _MAILBOX.match(head):
        return SourceKind.MAILBOX
    if suffix not in _SAYS_WHAT and conll.is_tagged(head):
        return SourceKind.TOKENS
    # A file that is named like an archive and is none is read as a page, and judged there.
    return SourceKind.PAGE if kind in (SourceKind.ZIP, SourceKind.PARQUET) else kind


def _whole(stream: io.BufferedReader) -> bytes:
    data = stream.read(SIZE_LIMIT + 1) or b""  # None if the system has nothing to read now
    refuse_larger(len(data))
    return data


def _seekable(stream: io.BufferedReader) -> BinaryIO:
    """Return the stream if it is seekable, else its content in memory."""
    return cast("BinaryIO", stream) if stream.seekable() else io.BytesIO(_whole(stream))
