"""Building a file beside its place: nobody ever finds half of it under its name.

The part is named ``.news.segmark.HOST-PROCESS.part``, in the folder of the file. It gets the name
of the file when it is complete and on the disk. A part of a process that has ended is removed by
``sweep``.
"""

import os
import platform
import re
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from segmark.store.file.modes import make_file, mode_for
from segmark.store.file.processes import process_runs

_DAY = 86_400  # seconds
_ENDINGS = ("", "-wal", "-shm", "-pair", "-journal")
_PART = r"\.(?P<host>[0-9a-f]{8})-(?P<process>\d{1,10})\.part(?:-\w+)?"


def part_of(path: Path) -> Path:
    """The absolute name that a file has while this process builds it.

    SQLite can take a relative name that begins with ``file:`` for an address.
    """
    return path.absolute().with_name(f".{path.name}.{_host()}-{os.getpid()}.part")


@contextmanager
def built_beside(path: Path, *, replaces: bool = False, mode: int | None = None) -> Iterator[Path]:
    """Yield the file to build, empty, and give it its name at the end of the block.

    Its mode is ``mode``, or the one that ``mode_for`` returns.

    Whatever fails, the part is removed. With ``replaces``, a file of that name is replaced.

    Raises:
        FileExistsError: there is a file of that name, and it is not to be replaced.
        OSError: the part can't be flushed or renamed.
    """
    part = part_of(path)
    _remove(part)
    sweep(path.parent)
    try:
        make_file(part, mode_for(path) if mode is None else mode)
        yield part
        with part.open("rb+") as built:
            os.fsync(built.fileno())
        if replaces:
            part.replace(path)
        else:
            _name(part, path)
        flush_folder(path.parent)
    finally:
        _remove(part)


def sweep(folder: Path) -> None:
    """Remove the parts in a folder that no process builds any more.

    Nobody can look at the processes of another computer; no part takes a day.
    """
    with suppress(OSError):
        for path in [*folder.glob(".*.part*"), *folder.glob("*.part*")]:
            with suppress(OSError):
                if _is_left(path):
                    path.unlink()


def _is_left(path: Path) -> bool:
    named = re.search(_PART, path.name)
    if named and named["host"] == _host():
        return not process_runs(int(named["process"]))
    is_ours = named is not None or ".backups" in path.parent.suffix
    return is_ours and time.time() - path.stat().st_mtime > _DAY


def _name(part: Path, path: Path) -> None:
    """Give the part its name, unless the name is taken."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(17, "File exists", str(path)) from None
        part.rename(path)


def flush_folder(folder: Path) -> None:
    """Make the new name last; Windows can't, and needs not."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(part: Path) -> None:
    for ending in _ENDINGS:
        with suppress(OSError):
            Path(f"{part}{ending}").unlink(missing_ok=True)


def _host() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"
