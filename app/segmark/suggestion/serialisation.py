"""Models as bytes to store in a project; equal models give equal bytes.

The bytes of a project may be anybody's: ``seal`` decides whether they are read at all.
"""

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any

#: Written first. Change it whenever the features or this format change: models of another version
#: are then rejected and trained again.
VERSION = b"segmark model 7\n"
_SIZE = struct.Struct(">I")
#: The most bytes of all parts, decompressed; a hundred times what the largest models have.
_MOST_BYTES = 512 * 1024 * 1024


class ModelError(ValueError):
    """The bytes hold no model of this version; train it again."""


def serialise(header: dict[str, Any], parts: Sequence[bytes]) -> bytes:
    """Join a header and some byte strings."""
    head = zlib.compress(json.dumps(header, sort_keys=True, separators=(",", ":")).encode(), 6)
    pieces = (head, *(zlib.compress(part, 6) for part in parts))
    return VERSION + b"".join(_SIZE.pack(len(piece)) + piece for piece in pieces)


def deserialise(data: bytes, parts: int = 0) -> tuple[dict[str, Any], list[bytes]]:
    """Return the header and the parts that ``serialise`` joined, which must be this many.

    Raises:
        ModelError: the bytes are something else, of another version, or cut short.
    """
    if not data.startswith(VERSION):
        raise ModelError("the stored model is of another version; it has to be trained again")
    pieces, at, room = list[bytes](), len(VERSION), _MOST_BYTES
    try:
        while at < len(data):
            (size,) = _SIZE.unpack_from(data, at)
            at += _SIZE.size + size
            pieces.append(_decompress(data[at - size : at], room))
            room -= len(pieces[-1])
        header = json.loads(pieces[0])
        if not isinstance(header, dict) or len(pieces) != 1 + parts:
            raise ValueError
    except (struct.error, zlib.error, ValueError, IndexError, RecursionError):
        raise ModelError("the stored model is damaged; it has to be trained again") from None
    return header, pieces[1:]


def _decompress(piece: bytes, most: int) -> bytes:
    decompressor = zlib.decompressobj()
    data = decompressor.decompress(piece, most + 1)
    if len(data) > most or not decompressor.eof:
        raise ValueError
    return data
