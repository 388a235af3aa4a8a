"""Decompress files piece by piece; decompression bombs are refused.

gzip: RFC 1952. Zstandard: RFC 8878.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Protocol

from segmark.environment.extras import Untyped, library
from segmark.loading.rejection import NotAPageError

#: The size limit of a source in bytes, before and after decompression: 50 MB.
SIZE_LIMIT = 50 * 1024 * 1024
#: Data that decompresses to more than ``SIZE_LIMIT`` may grow by this factor. Text grows at most
#: about twentyfold; only data that is meant to do harm exceeds this.
RATIO_LIMIT = 250

_GZIP = b"\x1f\x8b"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
# A frame that holds the dictionary of those after it, as in WARC files:
# https://iipc.github.io/warc-specifications/specifications/warc-zstd/
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_LARGEST_DICTIONARY = 1 << 24
_PIECE = 65536
# A kilobyte of Zstandard can become 32 MB at once.
_ZSTANDARD_PIECE = 1024
# The most memory that a frame may ask for; larger windows are for special uses only.
_ZSTANDARD_WINDOW = 1 << 27


def refuse_larger(size: int) -> None:
    """Refuse a source that is too large.

    Raises:
        NotAPageError: it is over the size limit.
    """
    if size > SIZE_LIMIT:
        raise NotAPageError(f"it is larger than {SIZE_LIMIT // 1024**2} MB")


def refuse_bomb(packed: int, unpacked: int) -> None:
    """Refuse data that has grown too much.

    Args:
        packed: number of compressed bytes.
        unpacked: number of decompressed bytes.

    Raises:
        NotAPageError: it is a decompression bomb.
    """
    if unpacked > SIZE_LIMIT and unpacked > packed * RATIO_LIMIT:
        raise NotAPageError(
            f"it unpacks to more than {RATIO_LIMIT} times its size; if that is intended, unpack "
            "it yourself"
        )


def is_packed(head: bytes) -> bool:
    """Whether data that begins like this is compressed with gzip or Zstandard."""
    return head.startswith((_GZIP, _ZSTANDARD, _DICTIONARY))


class Readable(Protocol):
    """Anything that bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many of the next bytes; none at the end."""


def unpacked(file: Readable, head: bytes) -> io.BufferedReader:
    """Return the decompressed content of a file; ``head`` are the first bytes of the file.

    Reading from it raises:
        NotAPageError: the data is damaged, cut off or a decompression bomb, or the library for
            it is not installed.
    """
    counted = _Counted(file)
    if head.startswith(_GZIP):
        pieces = _gunzipped(counted)
    else:
        pieces = _unzstandarded(counted, has_dictionary=head.startswith(_DICTIONARY))
    return io.BufferedReader(_Unpacked(counted, pieces), _PIECE)


class _Counted:
    """A file that counts the bytes that are read from it."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.bytes = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.bytes += len(data)
        return data


class _Unpacked(io.RawIOBase):
    """Decompressed pieces as a file."""

    def __init__(self, packed: _Counted, pieces: Iterator[bytes]) -> None:
        self._packed = packed
        self._pieces = pieces
        self._piece = memoryview(b"")
        self._made = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._made += len(piece)
            refuse_bomb(self._packed.bytes, self._made)
            self._piece = memoryview(piece)
        size = min(len(buffer), len(self._piece))
        buffer[:size] = self._piece[:size]
        self._piece = self._piece[size:]
        return size


def _gunzipped(packed: _Counted) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=packed) as file:  # type: ignore[call-overload]
            # What comes before damaged data is not lost.
            while piece := file.read1(_PIECE):
                yield piece
    except EOFError:
        raise NotAPageError("its gzip data is cut off; fetch it again") from None
    except (OSError, zlib.error) as error:
        raise NotAPageError(f"its gzip data is damaged ({error}); fetch it again") from None


def _dictionary(zstandard: Untyped, packed: _Counted) -> Untyped:
    """Read the dictionary at the beginning of a file; it may be compressed itself."""
    size = int.from_bytes(packed.read(8)[4:], "little")
    data = packed.read(size) if size <= _LARGEST_DICTIONARY else b""
    if len(data) < size or not size:
        raise NotAPageError("its Zstandard dictionary is damaged; fetch it again")
    if data.startswith(_ZSTANDARD):
        plain = zstandard.ZstdDecompressor(max_window_size=_ZSTANDARD_WINDOW)
        data = plain.stream_reader(data).read(_LARGEST_DICTIONARY)
    return zstandard.ZstdCompressionDict(data)


def _unzstandarded(packed: _Counted, *, has_dictionary: bool) -> Iterator[bytes]:
    zstandard = library("zstandard", "zstd", "reading it", NotAPageError)
    frame = None
    try:
        dictionary = _dictionary(zstandard, packed) if has_dictionary else None
        frames = zstandard.ZstdDecompressor(dictionary, max_window_size=_ZSTANDARD_WINDOW)
        while data := packed.read(_ZSTANDARD_PIECE):
            while data:
                frame = frame or frames.decompressobj()
                yield frame.decompress(data)
                data = frame.unused_data
                if frame.eof:
                    frame = None
    except zstandard.ZstdError as error:
        raise NotAPageError(f"its Zstandard data is damaged ({error}); fetch it again") from None
    if frame:
        raise NotAPageError("its Zstandard data is cut off; fetch it again")
