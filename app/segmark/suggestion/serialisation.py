"""Models as bytes to store in a project; equal models give equal bytes."""

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any

#: Written first. Change it whenever the features or this format change: models of another version
#: are then rejected and trained again.
_VERSION = b"segmark model 6\n"
_SIZE = struct.Struct(">I")


class ModelError(ValueError):
    """The bytes hold no model of this version; train it again."""


def serialise(header: dict[str, Any], parts: Sequence[bytes]) -> bytes:
    """Join a header and some byte strings."""
    head = zlib.compress(json.dumps(header, sort_keys=True, separators=(",", ":")).encode(), 6)
    pieces = (head, *(zlib.compress(part, 6) for part in parts))
    return _VERSION + b"".join(_SIZE.pack(len(piece)) + piece for piece in pieces)


def deserialise(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return the header and the parts that ``serialise`` joined.

    Raises:
        ModelError: the bytes are something else, of another version, or cut short.
    """
    if not data.startswith(_VERSION):
        raise ModelError("the stored model is of another version; it has to be trained again")
    pieces, at = [], len(_VERSION)
    try:
        while at < len(data):
            (size,) = _SIZE.unpack_from(data, at)
            at += _SIZE.size + size
            pieces.append(zlib.decompress(data[at - size : at]))
        return json.loads(pieces[0]), pieces[1:]
    except (struct.error, zlib.error, ValueError, IndexError):
        raise ModelError("the stored model is damaged; it has to be trained again") from None
