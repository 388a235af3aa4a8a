"""What is learnt as bytes, for a project to keep; the same learning gives the same bytes."""

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any

#: Written first; a change of the features or of this form changes it, and old bytes are refused.
_MARK = b"segmark model 6\n"
_SIZE = struct.Struct(">I")


class ModelError(ValueError):
    """Bytes that hold no model of this version; train it again."""


def packed(header: dict[str, Any], parts: Sequence[bytes]) -> bytes:
    """A header and some byte strings as one."""
    head = zlib.compress(json.dumps(header, sort_keys=True, separators=(",", ":")).encode(), 6)
    pieces = (head, *(zlib.compress(part, 6) for part in parts))
    return _MARK + b"".join(_SIZE.pack(len(piece)) + piece for piece in pieces)


def unpacked(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What ``packed`` made one of.

    Raises:
        ModelError: the bytes are something else, of another version, or cut short.
    """
    if not data.startswith(_MARK):
        raise ModelError("the stored model is of another version; it is to be trained again")
    pieces, at = [], len(_MARK)
    try:
        while at < len(data):
            (size,) = _SIZE.unpack_from(data, at)
            at += _SIZE.size + size
            pieces.append(zlib.decompress(data[at - size : at]))
        return json.loads(pieces[0]), pieces[1:]
    except (struct.error, zlib.error, ValueError, IndexError):
        raise ModelError("the stored model is damaged; it is to be trained again") from None
