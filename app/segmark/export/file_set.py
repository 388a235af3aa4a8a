"""Files that come into place together or not at all."""

import gzip
import hashlib
import io
import os
import secrets
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from segmark.export.error import ExportError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_BUFFER = 1 << 18
_WAITING = 4  # buffers that are on their way to the disk at most
_SYNCED = 1 << 25  # bytes after which what was written is sent to the disk


@contextmanager
def file_set(folder: Path) -> Iterator["FileSet"]:
    """The files of one export to a folder, which is made where it does not exist.

    When the block ends well, the files come into place. When it does not, or they can't all come
    into place, the folder is as it was before. At any moment, even if the program is killed, each
    file that bears its proper name is whole, the old one or the new one.

    Raises:
        ExportError: a file can't be written.
    """
    files = FileSet(folder)
    try:
        files.prepare()
        yield files
        files.settle()
    except OSError as error:
        raise ExportError(_reason(folder, error)) from error
    finally:
        files.clear()


def _reason(folder: Path, error: OSError) -> str:
    # The first name may be a hidden one that says nothing to anybody.
    place = error.filename2 or folder
    if isinstance(error, FileNotFoundError) and error.filename2:
        return (
            f"{place}: the new files were gone before they were in place; "
            "wait until no other export writes to this folder, then export again"
        )
    return (
        f"{place}: {error.strerror or error}; nothing there was changed: "
        "make room or give permission, or choose another folder"
    )


class _Checksummed(io.RawIOBase):
    """A new file that is written from its beginning to its end, and its checksum.

    A thread writes it: Python lets go of its lock while it takes checksums and waits for the disk,
    so that the records go on being made meanwhile. What goes wrong there is told at a later write,
    or when the file is finished.
    """

    def __init__(self, path: Path, thread: ThreadPoolExecutor) -> None:
        super().__init__()
        self._file = path.open("xb", buffering=0)
        self._thread = thread
        self._waiting: deque[Future[None]] = deque()
        self._unsynced = 0
        self._sha256 = hashlib.sha256()

    def writable(self) -> bool:
        """Whether it can be written: always."""
        return True

    def write(self, data: "ReadableBuffer") -> int:
        """Have the bytes written; how many there are."""
        if len(self._waiting) >= _WAITING:
            self._waiting.popleft().result()
        copied = bytes(data)
        self._waiting.append(self._thread.submit(self._write, copied))
        return len(copied)

    def finish(self) -> Future[str]:
        """Have the file closed as soon as all of it is on the disk; its checksum is given then."""
        return self._thread.submit(self._finish, tuple(self._waiting))

    def close(self) -> None:
        """Close the file, whatever is still to be written."""
        for one in self._waiting:
            one.cancel()
        wait(self._waiting)
        self._file.close()
        super().close()

    def _finish(self, written: Iterable[Future[None]]) -> str:
        for one in written:
            one.result()  # ended before, in this thread; what went wrong is raised here
        os.fsync(self._file.fileno())
        self._file.close()
        return self._sha256.hexdigest()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._sha256.update(data)
        self._unsynced += len(data)
        if self._unsynced >= _SYNCED:
            os.fsync(self._file.fileno())
            self._unsynced = 0


class FileSet:
    """Files under hidden names beside their places; use ``file_set``.

    Attributes:
        folder: where their places are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: list[Path] = []
        self._token = secrets.token_hex(4)
        self._thread = ThreadPoolExecutor(1, "writing an export")
        self._streams: list[tuple[str, BinaryIO | gzip.GzipFile, BinaryIO, _Checksummed]] = []
        # With the stream of each, which would close its file when it is gone.
        self._finishing: deque[tuple[str, BinaryIO, Future[str]]] = deque()
        # Names and no paths: there can be a file for each page.
        self._sums: dict[str, str] = {}
        self._new: list[str] = []
        self._old: list[str] = []
        self._kept: set[str] = set()

    def prepare(self) -> None:
        """Make the folder, and remove what killed exports left under hidden names."""
        self._make(self.folder)
        for leftover in self.folder.glob(".segmark-*.tmp"):
            with suppress(OSError):
                leftover.unlink()

    def open(self, name: str) -> BinaryIO | gzip.GzipFile:
        """A stream to a new file of the folder; gzip when the name ends in ``.gz``.

        The name may have a folder of its own in front, as in ``train/0000.spacy``.
        """
        self._new.append(name)
        file = _Checksummed(self._hidden(name), self._thread)
        raw = cast("BinaryIO", io.BufferedWriter(file, _BUFFER))
        stream: BinaryIO | gzip.GzipFile = raw
        if name.endswith(".gz"):
            # No file name and no time in the header: the same pages give the same bytes.
            stream = gzip.GzipFile("", "wb", 6, raw, mtime=0)
        self._streams.append((name, stream, raw, file))
        return stream

    def finish(self, stream: BinaryIO | gzip.GzipFile) -> None:
        """Have a file written to the disk and closed, where one export has very many.

        Nobody waits for that: the disk takes its time for each of them.
        """
        found = next(one for one in self._streams if one[1] is stream)
        name, _, raw, file = found
        if stream is not raw:
            stream.close()
        raw.flush()
        self._streams.remove(found)
        self._finishing.append((name, raw, file.finish()))
        if len(self._finishing) > _WAITING:
            self._finish_first()

    def _finish_first(self) -> None:
        name, _, finished = self._finishing.popleft()
        self._sums[name] = finished.result()

    def finish_all(self) -> dict[str, str]:
        """Write all files to the disk and close them; the SHA-256 of each by its name."""
        for _, stream, _, _ in list(self._streams):
            self.finish(stream)
        while self._finishing:
            self._finish_first()
        return self._sums

    def discard(self, names: Iterable[str]) -> None:
        """Have these files gone, unless they are written anew, just before the last new one comes.

        The last new file is to be the one that describes the others.
        """
        self._old += names

    def settle(self) -> None:
        """Put every new file into place, or none."""
        self.finish_all()
        for parent in {self._target(name).parent for name in self._new}:
            self._make(parent)
        new = set(self._new)
        gone = [name for name in self._old if name not in new]
        moves, done = [*self._new[:-1], *gone, *self._new[-1:]], 0
        try:
            for name in moves:
                self._keep(name)
                done += 1
                _put(self._hidden(name) if name in new else None, self._target(name))
        except OSError:
            for name in reversed(moves[:done]):
                old = self._hidden(name, "old") if name in self._kept else None
                _put(old, self._target(name))
            raise
        for parent in {self._target(name).parent for name in moves} - {self.folder}:
            _sync(parent)
            with suppress(OSError):
                parent.rmdir()  # only where nothing is left in it
        _sync(self.folder)

    def clear(self) -> None:
        """Remove what is still under a hidden name, and folders made in vain."""
        for _, stream, raw, _ in self._streams:
            with suppress(OSError):
                stream.close()
            with suppress(OSError):
                raw.close()
        self._thread.shutdown()
        for which, names in (("new", self._new), ("old", self._kept)):
            for name in names:
                with suppress(OSError):
                    self._hidden(name, which).unlink(missing_ok=True)
        for folder in reversed(self._made):
            with suppress(OSError):
                folder.rmdir()

    def _make(self, folder: Path) -> None:
        if not folder.exists():
            self._made.append(folder)
        folder.mkdir(parents=True, exist_ok=True)

    def _target(self, name: str) -> Path:
        return self.folder / name

    def _hidden(self, name: str, which: str = "new") -> Path:
        # No name of a file has a plus sign, so no two of them are hidden under the same name.
        return self.folder / f".segmark-{name.replace('/', '+')}-{self._token}-{which}.tmp"

    def _keep(self, name: str) -> None:
        """Give what stands in the file's place a second name, to put it back from."""
        target = self._target(name)
        if not os.path.lexists(target):
            return
        hidden = self._hidden(name, "old")
        self._kept.add(name)
        try:
            os.link(target, hidden)
        except OSError:
            # Some file systems have no links.
            shutil.copyfile(target, hidden)


def _put(source: Path | None, target: Path) -> None:
    if source:
        os.replace(source, target)
    else:
        target.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make the new names last through a power cut, where the system can do that for a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
