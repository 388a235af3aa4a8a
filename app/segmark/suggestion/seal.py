"""Seal models with a keyed digest, so that only models made on this machine are read.

The C parser of CRFsuite trusts its input: altered bytes crash it or keep it busy for ever. A
project may come from a stranger, so its models are only read if their seal is right.
"""

import hashlib
import hmac

from segmark.suggestion.serialisation import ModelError

_MAGIC = b"segmark sealed model 1\n"
_DIGEST = hashlib.sha256


def seal(key: bytes, name: str, version: str, data: bytes) -> bytes:
    """Return the bytes of a model with a seal that holds for this name and version only."""
    return _MAGIC + _digest(key, name, version, data) + data


def unseal(key: bytes, name: str, version: str, sealed: object) -> bytes:
    """Return the bytes of a model that ``seal`` sealed.

    Raises:
        ModelError: there is no seal, or it is of another machine, model or version.
    """
    start = len(_MAGIC) + _DIGEST().digest_size
    if isinstance(sealed, bytes) and sealed.startswith(_MAGIC) and len(sealed) >= start:
        data = sealed[start:]
        if hmac.compare_digest(sealed[len(_MAGIC) : start], _digest(key, name, version, data)):
            return data
    raise ModelError("the stored model was not made on this machine; it has to be trained again")


def _digest(key: bytes, name: str, version: str, data: bytes) -> bytes:
    digest = hmac.new(key, digestmod=_DIGEST)
    for part in (name.encode("utf-8", "surrogatepass"), version.encode()):
        digest.update(len(part).to_bytes(8, "big") + part)
    digest.update(data)
    return digest.digest()
