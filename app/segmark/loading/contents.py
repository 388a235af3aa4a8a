"""The sources of pages in a file, whatever kind of file it is: told by its content and suffix."""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from posixpath import splitext
from typing import BinaryIO, cast

from segmark.loading.labels import conll
from segmark.loading.loader import folder_of
from segmark.loading.media import suffix_of
from segmark.loading.raw import USUAL, Fields, Raw
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.sources import Found, reason_of
from segmark.loading.unpacking import SIZE_LIMIT, is_packed, refuse_larger, unpacked

_HEAD = 4096


class SourceKind(Enum):
    """What a file is, as far as reading it goes."""

    PAGE = auto()
    SAVED = auto()  # a page with its pictures in one file, as browsers save it
    RECORDS = auto()
    PARQUET = auto()
    WARC = auto()
    ZIP = auto()
    TAR = auto()
    TOKENS = auto()


_SUFFIXES = {
    ".mhtml": SourceKind.SAVED, ".mht": SourceKind.SAVED,
    ".jsonl": SourceKind.RECORDS, ".ndjson": SourceKind.RECORDS, ".json": SourceKind.RECORDS,
    ".csv": SourceKind.RECORDS, ".tsv": SourceKind.RECORDS, ".parquet": SourceKind.PARQUET,
    ".warc": SourceKind.WARC, ".arc": SourceKind.WARC,
    **dict.fromkeys(conll.SUFFIXES, SourceKind.TOKENS),
    ".zip": SourceKind.ZIP, ".tar": SourceKind.TAR, ".tgz": SourceKind.TAR,
}  # fmt: skip
_STARTS = (
    (b"PK\x03\x04", SourceKind.ZIP),
    (b"PK\x05\x06", SourceKind.ZIP),  # an empty one
    (b"PAR1", SourceKind.PARQUET),
    (b"WARC/", SourceKind.WARC),
    (b"filedesc://", SourceKind.WARC),
    (conll.START.encode(), SourceKind.TOKENS),
)
_RECORD = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[^"\n]{1,100}"\s*:')
_TAR_MAGIC = slice(257, 262)
#: What holds many files; one inside another is not opened.
_ARCHIVES = frozenset({SourceKind.ZIP, SourceKind.TAR, SourceKind.WARC})


_LABELLED = frozenset(
    {SourceKind.RECORDS, SourceKind.PARQUET, SourceKind.TOKENS, SourceKind.ZIP, SourceKind.TAR}
)


@dataclass(slots=True)
class Place:
    """How far the reading of a file is, in bytes as they lie there."""

    file: BinaryIO | None = None

    @property
    def bytes(self) -> int:
        """Bytes read of the file that is being read."""
        return self.file.tell() if self.file and not self.file.closed else 0


def may_hold_many(name: str) -> bool:
    """Whether a file is more than one page, as its suffix says."""
    return _SUFFIXES.get(suffix_of(name), SourceKind.SAVED) is not SourceKind.SAVED


def may_be_labelled(found: Found) -> bool:
    """Whether a file may hold the work of another tool, as its suffix says.

    Of a file that somebody named, or that has no suffix, how it begins counts too.
    """
    suffix = suffix_of(found.name)
    kind = _SUFFIXES.get(suffix)
    if kind is None and (found.named or not suffix):
        with suppress(OSError, ValueError), found.path.open("rb") as file:
            kind = _kind_of(file.read(_HEAD), found.name)
    return kind in _LABELLED


def read_raws(
    found: Found, fields: Fields = USUAL, place: Place | None = None
) -> Iterator[Raw | LoadError | PassedOver]:
    """The sources in a file, one after the other; an error stands in the place of each that isn't.

    However large the file is, no more of it is in memory than one page takes; of JSON, one page
    and its record. ``place`` is kept up to date for showing how far it is.
    """
    try:
        with found.path.open("rb") as file:
            if place:
                place.file = file
            yield from _raws(file, _Origin(found.name, not found.named, found.size), fields)
    except NotAPageError as error:
        yield LoadError(found.name, str(error))
    except (OSError, ValueError) as error:
        yield LoadError(found.name, reason_of(error))


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a stream comes from.

    Attributes:
        listed: whether it merely lay there, and nobody named it.
        size: in bytes as it lies there, 0 where that is not known.
        inside: whether it is in an archive.
        folder: the one that it is in; None when its name tells.
    """

    name: str
    listed: bool
    size: int = 0
    inside: bool = False
    folder: str | None = None


def _raws(
    stream: io.BufferedReader, origin: _Origin, fields: Fields
) -> Iterator[Raw | LoadError | PassedOver]:
    head = stream.peek(_HEAD)[:_HEAD]
    packed = is_packed(head)
    if packed:
        stream = unpacked(stream, head)
        head = stream.peek(_HEAD)[:_HEAD]
    kind = _kind_of(head, origin.name)
    if origin.inside and kind in _ARCHIVES:
        raise NotAPageError("it is an archive inside an archive; unpack it and load that")
    folder = folder_of(origin.name) if origin.folder is None else origin.folder
    match kind:
        case SourceKind.RECORDS:
            from segmark.loading.containers.records import read_records

            yield from read_records(stream, origin.name, folder, fields)
        case SourceKind.PARQUET:
            from segmark.loading.containers.parquet import read_parquet

            yield from read_parquet(_seekable(stream), origin.name, folder, fields)
        case SourceKind.TOKENS:
            yield from conll.read_conll(stream, origin.name, folder)
        case SourceKind.WARC:
            from segmark.loading.containers.warc import read_warc

            yield from read_warc(stream, origin.name)
        case SourceKind.ZIP | SourceKind.TAR:
            yield from _members(stream, kind, origin, fields)
        case SourceKind.SAVED:
            from segmark.loading.containers.mhtml import read_mhtml

            yield read_mhtml(_whole(stream), origin.name, folder)
        case SourceKind.PAGE:
            if not packed:
                refuse_larger(origin.size)
            yield Raw(_whole(stream), origin.name, folder, listed=origin.listed)


def _members(
    stream: io.BufferedReader, kind: SourceKind, origin: _Origin, fields: Fields
) -> Iterator[Raw | LoadError | PassedOver]:
    from segmark.loading.containers.archives import in_tar, in_zip

    bare = splitext(origin.name.rpartition("/")[2].removesuffix(".gz").removesuffix(".zst"))[0]
    for member in in_zip(_seekable(stream)) if kind is SourceKind.ZIP else in_tar(stream):
        if isinstance(member, PassedOver):
            yield PassedOver(f"{origin.name}/{member.source}", member.what)
            continue
        name = f"{origin.name}/{member.name}"
        folder = folder_of(f"{bare}/{member.name}")
        try:
            with member.open() as content:
                yield from _raws(content, _Origin(name, True, inside=True, folder=folder), fields)
        except NotAPageError as error:
            yield LoadError(name, str(error))


def _kind_of(head: bytes, name: str) -> SourceKind:
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[_TAR_MAGIC] == b"ustar":
        return SourceKind.TAR
    suffix = suffix_of(name)
    kind = _SUFFIXES.get(suffix, SourceKind.PAGE)
    if not suffix and _RECORD.match(head):
        return SourceKind.RECORDS
    # What is called an archive and is none is for the reader of pages to judge.
    return SourceKind.PAGE if kind in (SourceKind.ZIP, SourceKind.PARQUET) else kind


def _whole(stream: io.BufferedReader) -> bytes:
    data = stream.read(SIZE_LIMIT + 1)
    refuse_larger(len(data))
    return data


def _seekable(stream: io.BufferedReader) -> BinaryIO:
    """The stream, or if it can only be read on from where it is, its content in memory."""
    return cast("BinaryIO", stream) if stream.seekable() else io.BytesIO(_whole(stream))
