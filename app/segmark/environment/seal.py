"""Seal data with a keyed digest, so that only what was made on this machine is believed.

A project may come from a stranger. The C parser of CRFsuite trusts its input, and altered bytes
crash it or keep it busy for ever; what was seen of a page when it was loaded is not found out
again. So such data are only read from a project if their seal is right.
"""

import hashlib
import hmac

_MAGIC = b"segmark sealed model 1\n"
_DIGEST = hashlib.sha256


def seal(key: bytes, name: str, version: str, data: bytes) -> bytes:
    """Return the data with a seal that holds for this name and version only."""
    return _MAGIC + _digest(key, name, version, data) + data


def unseal(key: bytes, name: str, version: str, sealed: object) -> bytes | None:
    """Return the data that ``seal`` sealed.

    None if there is no seal, or it is of another machine, name or version.
    """
    start = len(_MAGIC) + _DIGEST().digest_size
    if isinstance(sealed, bytes) and sealed.startswith(_MAGIC) and len(sealed) >= start:
        data = sealed[start:]
        if hmac.compare_digest(sealed[len(_MAGIC) : start], _digest(key, name, version, data)):
            return data
    return None


def _digest(key: bytes, name: str, version: str, data: bytes) -> bytes:
    digest = hmac.new(key, digestmod=_DIGEST)
    for part in (name.encode("utf-8", "surrogatepass"), version.encode()):
        digest.update(len(part).to_bytes(8, "big") + part)
    digest.update(data)
    return digest.digest()
