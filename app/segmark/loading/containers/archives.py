"""Read the files in ZIP and tar archives one by one; nothing is written to the disk."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO

from segmark.loading.rejection import NotAPageError, PassedOver
from segmark.loading.sources import one_line
from segmark.loading.unpacking import refuse_bomb

# Names that show that a ZIP archive is an office document or a program.
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError,
    NotImplementedError,
)  # fmt: skip


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


def in_zip(file: BinaryIO) -> Iterator[Member]:
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
            raise NotAPageError("it is an office document or a program, not an archive of pages")
        sizes = _Sizes(file.seek(0, io.SEEK_END))
        files = [info for info in archive.infolist() if not info.is_dir()]
        for info in files:
            refuse_bomb(sizes.packed, sizes.unpacked)  # one message for the whole archive is enough
            if not _is_hidden(info.filename):
                yield Member(one_line(info.filename), _zip_opener(archive, info, sizes))
    if not files:
        raise NotAPageError("the archive has no file in it")


def in_tar(file: io.BufferedReader) -> Iterator[Member | PassedOver]:
    """Yield the files in a tar archive in their order, without hidden ones; skip links.

    Raises:
        NotAPageError: the archive is damaged, cut off or empty.
    """
    empty = True
    try:
        with tarfile.open(fileobj=file, mode="r|") as archive:
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
        raise NotAPageError(f"its tar archive is damaged ({error}); fetch it again") from None
    if empty:
        raise NotAPageError("the archive has no file in it")


@dataclass(slots=True)
class _Sizes:
    """The size of an archive, and the total size of the members unpacked so far, in bytes."""

    packed: int
    unpacked: int = 0


class _Content(io.RawIOBase):
    """The content of a member; errors while reading it are reasons to reject it."""

    def __init__(self, content: IO[bytes], sizes: _Sizes | None) -> None:
        self._content = content
        self._sizes = sizes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        try:
            data = self._content.read(len(buffer))
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
        try:
            content = archive.open(info)
        except RuntimeError:
            raise NotAPageError("it is protected by a password; unpack it yourself") from None
        except _DAMAGED as error:
            raise NotAPageError(f"it is damaged in the archive ({error})") from None
        return io.BufferedReader(_Content(content, sizes))

    return opened


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], io.BufferedReader]:
    def opened() -> io.BufferedReader:
        content = archive.extractfile(info)
        if content is None:
            raise NotAPageError("it is not a file")
        return io.BufferedReader(_Content(content, None))

    return opened


def _is_hidden(name: str) -> bool:
    # macOS adds files with metadata to the archive.
    parts = (part for part in name.split("/") if part not in (".", ".."))
    return any(part.startswith((".", "__MACOSX")) for part in parts)
