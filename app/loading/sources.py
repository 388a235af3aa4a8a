"""Files under the paths that a user names, and the bytes in them."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from app.core.text import REPLACEMENT, normalise
from app.loading.rejection import LoadError, NotAPageError

#: The largest source that is taken, in bytes, also after decompression: 50 MB.
SIZE_LIMIT = 50 * 1024 * 1024

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be a page.

    Attributes:
        path: where to read it.
        name: short name to show and store, ``folder/file``; it never names a machine.
        named: whether the user named this very file, not a folder that holds it.
    """

    path: Path
    name: str
    named: bool = True


def find(paths: Iterable[Path]) -> Iterator[Found | LoadError]:
    """The files that the paths name, folders searched recursively in sorted order.

    In folders, entries whose names begin with a dot are left out, and a folder reached a second
    time through a link is not entered again. What can't be searched, and a folder without any
    file, comes as an error in its place.
    """
    for path in paths:
        try:
            mode = path.stat().st_mode
            name = _short_name(path)
        except (OSError, ValueError) as error:
            yield LoadError(_one_line("/".join(path.parts[-2:])), _reason_of(error))
            continue
        if stat.S_ISDIR(mode):
            yield from _in_folder(path)
        elif stat.S_ISREG(mode):
            yield Found(path, name)
        else:
            yield LoadError(name, "it is neither a file nor a folder")


def _in_folder(folder: Path) -> Iterator[Found | LoadError]:
    top = _one_line(folder.resolve().name)
    entered: set[tuple[int, int]] = set()
    waiting = [(folder, top)]
    empty = True
    while waiting:
        path, name = waiting.pop()
        try:
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                if (status.st_dev, status.st_ino) not in entered:
                    entered.add((status.st_dev, status.st_ino))
                    waiting += _entries(path, name)
                continue
        except OSError as error:
            yield LoadError(name, _reason_of(error))
        else:
            if stat.S_ISREG(status.st_mode):
                yield Found(path, name, named=False)
            else:
                yield LoadError(name, "it is neither a file nor a folder")
        empty = False
    if empty:
        yield LoadError(top or "/", "the folder has no file in it")


def _entries(folder: Path, name: str) -> list[tuple[Path, str]]:
    """The visible entries of a folder with their names, last first."""
    names = sorted((e for e in os.listdir(folder) if not e.startswith(".")), reverse=True)
    return [(folder / entry, f"{name}/{_one_line(entry)}") for entry in names]


def _short_name(path: Path) -> str:
    parent = path.parent.resolve().name
    return _one_line(f"{parent}/{path.name}" if parent else path.name)


def _one_line(name: str) -> str:
    """The name as it can be shown and stored, on one line."""
    return normalise(name).replace("\n", REPLACEMENT).replace("\t", REPLACEMENT)


def _reason_of(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "reading it is not permitted; give yourself the right to read it"
    if isinstance(error, OSError) and error.strerror:
        return f"it can't be read: {error.strerror}"
    return f"it can't be read: {error}"


def read(path: Path) -> bytes:
    """The bytes of a file, decompressed where its content is gzip, whatever its name.

    Of compressed data no more is made than shows that it is too large.

    Raises:
        NotAPageError: it can't be read, is over the size limit, or its gzip data is damaged.
    """
    try:
        with path.open("rb") as file:
            refuse_larger(os.fstat(file.fileno()).st_size)
            data = file.read()
    except (OSError, ValueError) as error:
        raise NotAPageError(_reason_of(error)) from None
    if data.startswith(_GZIP_MAGIC):
        data = _gunzipped(data)
    refuse_larger(len(data))
    return data


def refuse_larger(size: int) -> None:
    """Refuse a source of more bytes than are taken.

    Raises:
        NotAPageError: it is over the size limit.
    """
    if size > SIZE_LIMIT:
        raise NotAPageError(f"it is larger than {SIZE_LIMIT // 1024**2} MB")


def _gunzipped(data: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(data)) as file:
            return file.read(SIZE_LIMIT + 1)
    except EOFError:
        raise NotAPageError("its gzip data is cut off; fetch it again") from None
    except (OSError, zlib.error) as error:
        raise NotAPageError(f"its gzip data is damaged ({error}); fetch it again") from None
