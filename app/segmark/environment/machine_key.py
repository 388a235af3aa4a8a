"""A secret key of this user on this machine; it marks data in a project as made here.

A project may come from a stranger. Whatever is dangerous to read unless this program wrote it, such
as a trained model, is stored with a digest under this key and is ignored if the digest is wrong.
"""

import logging
import os
import secrets
import stat
import tempfile
from functools import cache
from pathlib import Path

from segmark.environment.settings import data_folder

_SIZE = 32
_log = logging.getLogger(__name__)


def machine_key() -> bytes:
    """Return the key; it is made on first use and readable by its owner alone.

    A file that is no key, or that others may read, is replaced. Where the folder is not writable,
    the key lasts until the program ends.
    """
    path = data_folder() / "machine.key"
    try:
        return _read(path) or _make(path)
    except OSError as error:
        _log.warning("the key of this machine could not be stored: %s", error.strerror or error)
        return _temporary_key()


def _read(path: Path) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        exposed = os.name == "posix" and (found.st_mode & 0o077 or found.st_uid != os.geteuid())
        if exposed or not stat.S_ISREG(found.st_mode):
            return None
        key = file.read(_SIZE + 1)
    return key if len(key) == _SIZE else None


def _make(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_SIZE))
            file.flush()
            os.fsync(descriptor)
        _put(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return _read(path) or _temporary_key()


def _put(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)
    except FileExistsError:
        if _read(path) is None:  # else another process was quicker; its key counts
            beside.replace(path)
    except OSError:  # a file system without hard links
        beside.replace(path)


@cache
def _temporary_key() -> bytes:
    return secrets.token_bytes(_SIZE)
