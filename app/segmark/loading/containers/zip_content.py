"""Members of ZIP archives packed with bzip2 or LZMA, decompressed in bounded pieces.

``zipfile`` decompresses all that it has read of such a member at once, and 50 bytes of bzip2 can
become 45 MB.
"""

import bz2
import lzma
import struct
import zipfile
import zlib
from typing import IO

_PIECE = 1 << 12
_LARGEST_DICTIONARY = 1 << 27
#: The methods that this module decompresses.
BOUNDED = frozenset({zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})


def open_bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> "ZipContent":
    """Open a member packed with one of the methods ``BOUNDED``.

    Raises:
        zipfile.BadZipFile: it is damaged.
    """
    packed = archive.open(_as_stored(info))
    if info.compress_type == zipfile.ZIP_BZIP2:
        return ZipContent(packed, bz2.BZ2Decompressor(), info)
    return ZipContent(packed, _lzma_decompressor(packed), info)


class ZipContent:
    """The content of a member; reading it raises what ``zipfile`` raises for damaged data."""

    def __init__(
        self,
        packed: IO[bytes],
        decompressor: bz2.BZ2Decompressor | lzma.LZMADecompressor,
        info: zipfile.ZipInfo,
    ) -> None:
        self._packed = packed
        self._decompressor = decompressor
        self._left = info.file_size
        self._expected = info.CRC
        self._crc = 0

    def read(self, size: int) -> bytes:
        """Return at most so many of the next bytes; none at the end."""
        while self._left > 0:
            data = self._packed.read(_PIECE) if self._decompressor.needs_input else b""
            if self._decompressor.eof or (self._decompressor.needs_input and not data):
                raise EOFError("it is cut off")
            if piece := self._decompressor.decompress(data, min(size, self._left)):
                self._left -= len(piece)
                self._crc = zlib.crc32(piece, self._crc)
                return piece
        if self._crc != self._expected:
            raise zipfile.BadZipFile("its checksum is wrong")
        return b""

    def close(self) -> None:
        """Close the member."""
        self._packed.close()


def _as_stored(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return the entry as if its packed bytes were its content, without their checksum."""
    stored = zipfile.ZipInfo(info.filename)
    stored.orig_filename = info.orig_filename
    stored.header_offset, stored.flag_bits = info.header_offset, info.flag_bits
    stored.compress_size = stored.file_size = info.compress_size
    return stored


def _lzma_decompressor(packed: IO[bytes]) -> lzma.LZMADecompressor:
    """Read the header of LZMA data in a ZIP archive; APPNOTE.TXT, 5.8.8."""
    head = packed.read(4)
    size = struct.unpack("<2xH", head)[0] if len(head) == 4 else 0
    properties = packed.read(size)
    if size != 5 or len(properties) != size:
        raise zipfile.BadZipFile("its LZMA header is not valid")
    byte, dictionary = struct.unpack("<BI", properties)
    if dictionary > _LARGEST_DICTIONARY:
        raise zipfile.BadZipFile("its LZMA dictionary is too large")
    filters = [
        {"id": lzma.FILTER_LZMA1, "lc": byte % 9, "lp": byte // 9 % 5, "pb": byte // 45,
         "dict_size": max(dictionary, 4096)}
    ]  # fmt: skip
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
