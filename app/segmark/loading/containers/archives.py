"""Read the files in ZIP and tar archives one by one; nothing is written to the disk."""

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from segmark.loading.containers.zip_content import BOUNDED, ZipContent, open_bounded
from segmark.loading.rejection import NotAPageError, PassedOver
from segmark.loading.saved_pages import is_saved_with, name_saved
from segmark.loading.sources import one_line
from segmark.loading.unpacking import refuse_bomb, refuse_larger

# Names that show that a ZIP archive is an office document or a program.
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
_DOCUMENTS = {
    "word/document.xml": "a Word document",
    "xl/workbook.xml": "an Excel workbook",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "content.xml": "an OpenDocument file",
}
_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError,
    ValueError, NotImplementedError, struct.error, LookupError, OverflowError, RecursionError,
)  # fmt: skip
_EXTENDED = frozenset(
    {
        tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    }
)  # fmt: skip
_LONGEST_HEADER = 1 << 20
_ENCRYPTED = 0x41
_METHODS = {
    6: "implode", 9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz", 96: "JPEG",
    97: "WavPack", 98: "PPMd", 99: "AES encryption",
}  # fmt: skip
_PIECE = 1 << 16
_DEEPEST = 50  # folders in each other whose names are looked at


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    ``open`` returns its content, which must be read before the next member is requested. Opening
    and reading raise NotAPageError if the member is damaged, encrypted or a decompression bomb.

    Attributes:
        name: the path in the archive, on one line.
    """

    name: str
    open: Callable[[], io.BufferedReader]


def in_zip(file: BinaryIO) -> Iterator[Member | PassedOver]:
    """Yield the files in a ZIP archive in their order, without hidden ones.

    Raises:
        NotAPageError: the archive is damaged, empty or an office document.
    """
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGED as error:
        raise NotAPageError(f"its ZIP archive is damaged ({error}); fetch it again") from None
    with archive:
        names = {info.filename for info in archive.infolist()}
        if names & _OFFICE:
            raise NotAPageError(f"it is {_office(archive, names)}")
        sizes = _Sizes(file.seek(0, io.SEEK_END))
        files = [info for info in archive.infolist() if not info.filename.endswith("/")]
        saved = _saved_folders(info.filename for info in files)
        if saved:
            yield PassedOver("", name_saved(sorted(one_line(each) for each in saved)))
        for info in files:
            refuse_bomb(sizes.packed, sizes.unpacked)  # one message for the whole archive is enough
            if not _is_hidden(info.filename) and saved.isdisjoint(_folders_of(info.filename)):
                yield Member(one_line(info.filename), _zip_opener(archive, info, sizes))
    if not files:
        raise NotAPageError("the archive has no file in it")


def _folders_of(name: str) -> list[str]:
    """Return the folders that a file is in, the outermost first."""
    parts = name.split("/")[:-1]
    return ["/".join(parts[: at + 1]) for at in range(len(parts))] if len(parts) <= _DEEPEST else []


def _saved_folders(names: Iterable[str]) -> set[str]:
    """Return the folders that browsers saved with pages in the same archive."""
    beside, folders = dict[str, set[str]](), set[str]()
    for name in names:
        folder, _, file = name.rpartition("/")
        beside.setdefault(folder, set()).add(file)
        folders.update(_folders_of(name))
    return {
        folder
        for folder in folders
        if is_saved_with(
            folder.rpartition("/")[2], beside.get(folder.rpartition("/")[0], ()), lambda _: b""
        )
    }


def _office(archive: zipfile.ZipFile, names: set[str]) -> str:
    for name, what in _DOCUMENTS.items():
        if name in names:
            return f"{what}, not an archive of pages; convert it to text or HTML first"
    if "mimetype" in names:
        with suppress(*_DAMAGED, RuntimeError), archive.open("mimetype") as file:
            if b"epub" in file.read(100):
                return "an e-book, not an archive of pages; convert it to text or HTML first"
    return "an office document or a program, not an archive of pages"


def in_tar(file: io.BufferedReader) -> Iterator[Member | PassedOver]:
    """Yield the files in a tar archive in their order, without hidden ones; skip links.

    Raises:
        NotAPageError: the archive is damaged, cut off or empty.
    """
    empty = True
    try:
        stream = cast("IO[bytes]", _TarStream(file))
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_TarHeader) as archive:
            for info in archive:
                empty = empty and not info.isfile()
                name = one_line(info.name.lstrip("/"))
                if _is_hidden(info.name) or info.isdir():
                    continue
                if info.isfile():
                    yield Member(name, _tar_opener(archive, info))
                else:
                    yield PassedOver(name, "a link or a device in the archive")
    except _DAMAGED as error:
        raise NotAPageError(_damaged_tar(error)) from None
    if empty:
        raise NotAPageError("the archive has no file in it")


def _damaged_tar(why: object) -> str:
    return f"its tar archive is damaged ({why}); fetch it again"


class _TarStream:
    """The stream of a tar archive; it ends only once, however much a header promises."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self._ended = False

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        if not data and self._ended:
            raise NotAPageError(_damaged_tar("it is cut off"))
        self._ended = not data
        return data


class _TarHeader(tarfile.TarInfo):
    """A header that must be sound; tarfile would take a damaged one for the end of the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_TarHeader":
        try:
            header = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if any(buf):  # else it is the end of the archive
                raise NotAPageError(_damaged_tar(error)) from None
            raise
        if header.type in _EXTENDED and header.size > _LONGEST_HEADER:
            raise NotAPageError(_damaged_tar("a header is too long"))
        return header


@dataclass(slots=True)
class _Sizes:
    """The size of an archive, and the total size of the members unpacked so far, in bytes."""

    packed: int
    unpacked: int = 0


class _Content(io.RawIOBase):
    """The content of a member; errors while reading it are reasons to reject it."""

    def __init__(self, content: IO[bytes] | ZipContent, sizes: _Sizes | None) -> None:
        self._content = content
        self._sizes = sizes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        try:
            data = self._content.read(min(len(buffer), _PIECE))
        except _DAMAGED as error:
            raise NotAPageError(f"it is damaged in the archive ({error})") from None
        if self._sizes:
            self._sizes.unpacked += len(data)
            refuse_bomb(self._sizes.packed, self._sizes.unpacked)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._content.close()
        super().close()


def _zip_opener(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, sizes: _Sizes
) -> Callable[[], io.BufferedReader]:
    def opened() -> io.BufferedReader:
        if info.flag_bits & _ENCRYPTED:
            raise NotAPageError("it is protected by a password; unpack it yourself")
        try:
            bounded = info.compress_type in BOUNDED
            content = open_bounded(archive, info) if bounded else archive.open(info)
        except (NotImplementedError, RuntimeError):  # the latter if Python was built without it
            raise NotAPageError(
                f"it is packed with {_method(info)}, which Segmark can't read; unpack it yourself"
            ) from None
        except _DAMAGED as error:
            raise NotAPageError(f"it is damaged in the archive ({error})") from None
        return io.BufferedReader(_Content(content, sizes))

    return opened


def _method(info: zipfile.ZipInfo) -> str:
    return _METHODS.get(info.compress_type, f"method {info.compress_type}")


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], io.BufferedReader]:
    def opened() -> io.BufferedReader:
        if info.issparse():
            refuse_larger(info.size)
        content = archive.extractfile(info)
        if content is None:
            raise NotAPageError("it is not a file")
        return io.BufferedReader(_Content(content, None))

    return opened


def _is_hidden(name: str) -> bool:
    # macOS adds files with metadata to the archive.
    parts = (part for part in name.split("/") if part not in (".", ".."))
    return any(part.startswith((".", "__MACOSX")) for part in parts)
