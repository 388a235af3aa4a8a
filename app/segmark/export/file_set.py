"""Files that get their final names together or not at all."""

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
_WAITING = 4  # most buffers queued for the disk
_SYNCED = 1 << 25  # bytes between two syncs


@contextmanager
def file_set(folder: Path) -> Iterator["FileSet"]:
    """The files of one export to a folder, which is created if necessary.

    If the block ends without an error, the files get their final names. Otherwise, or if one of
    them can't, the folder is left unchanged. At any moment, even if the program is killed, each
    file with a final name is complete: either the old one or the new one.

    Raises:
        ExportError: a file can't be written.
    """
    files = FileSet(folder)
    try:
        files.prepare()
        yield files
        files.put_in_place()
    except OSError as error:
        raise ExportError(_reason(folder, error)) from error
    finally:
        files.clean_up()


def _reason(folder: Path, error: OSError) -> str:
    # The first name may be a hidden one, which means nothing to the user.
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
    """A new file, written from start to end, and its checksum.

    A thread writes it. Python releases its lock for checksums and while it waits for the disk, so
    the next records are made in the meantime. A later write or ``finish`` raises its errors.
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
        """Queue the bytes and return how many there are."""
        if len(self._waiting) >= _WAITING:
            self._waiting.popleft().result()
        copied = bytes(data)
        self._waiting.append(self._thread.submit(self._write, copied))
        return len(copied)

    def finish(self) -> Future[str]:
        """Close the file once all of it is on the disk; the result is its checksum."""
        return self._thread.submit(self._finish, tuple(self._waiting))

    def close(self) -> None:
        """Close the file without writing the rest."""
        for one in self._waiting:
            one.cancel()
        wait(self._waiting)
        self._file.close()
        super().close()

    def _finish(self, written: Iterable[Future[None]]) -> str:
        for one in written:
            one.result()  # already done, in this thread; raises its error
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
    """Files under hidden names in their final folder; use ``file_set``.

    Attributes:
        folder: where they go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: list[Path] = []
        self._token = secrets.token_hex(4)
        self._thread = ThreadPoolExecutor(1, "writing an export")
        self._streams: list[tuple[str, BinaryIO | gzip.GzipFile, BinaryIO, _Checksummed]] = []
        # With its stream, which would close the file when it is garbage collected.
        self._finishing: deque[tuple[str, BinaryIO, Future[str]]] = deque()
        # Names, not paths, to save memory: there may be a file for each page.
        self._sums: dict[str, str] = {}
        self._new: list[str] = []
        self._old: list[str] = []
        self._backed_up: set[str] = set()

    def prepare(self) -> None:
        """Create the folder, and remove hidden files that killed exports left."""
        self._make(self.folder)
        for leftover in self.folder.glob(".segmark-*.tmp"):
            with suppress(OSError):
                leftover.unlink()

    def open(self, name: str) -> BinaryIO | gzip.GzipFile:
        """Open a new file; it is compressed if the name ends in ``.gz``.

        The name may begin with a folder, as in ``train/0000.spacy``.
        """
        self._new.append(name)
        file = _Checksummed(self._hidden(name), self._thread)
        raw = cast("BinaryIO", io.BufferedWriter(file, _BUFFER))
        stream: BinaryIO | gzip.GzipFile = raw
        if name.endswith(".gz"):
            # Without name and time in the header, the same pages give the same bytes.
            stream = gzip.GzipFile("", "wb", 6, raw, mtime=0)
        self._streams.append((name, stream, raw, file))
        return stream

    def finish(self, stream: BinaryIO | gzip.GzipFile) -> None:
        """Write a file to the disk and close it, for exports of very many files.

        This happens in the background, since the disk takes a while for each file.
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
        """Write all files to the disk, close them, and return the SHA-256 of each by name."""
        for _, stream, _, _ in list(self._streams):
            self.finish(stream)
        while self._finishing:
            self._finish_first()
        return self._sums

    def discard(self, names: Iterable[str]) -> None:
        """Remove these old files, unless they are replaced, just before the last new one.

        The last new file must be the one that describes the others.
        """
        self._old += names

    def put_in_place(self) -> None:
        """Give every new file its final name, or none."""
        self.finish_all()
        for parent in {self._target(name).parent for name in self._new}:
            self._make(parent)
        new = set(self._new)
        gone = [name for name in self._old if name not in new]
        moves, done = [*self._new[:-1], *gone, *self._new[-1:]], 0
        try:
            for name in moves:
                self._back_up(name)
                done += 1
                _put(self._hidden(name) if name in new else None, self._target(name))
        except OSError:
            for name in reversed(moves[:done]):
                old = self._hidden(name, "old") if name in self._backed_up else None
                _put(old, self._target(name))
            raise
        for parent in {self._target(name).parent for name in moves} - {self.folder}:
            _sync(parent)
            with suppress(OSError):
                parent.rmdir()  # only if it is empty
        _sync(self.folder)

    def clean_up(self) -> None:
        """Remove hidden files, and new folders that stayed empty."""
        for _, stream, raw, _ in self._streams:
            with suppress(OSError):
                stream.close()
            with suppress(OSError):
                raw.close()
        self._thread.shutdown()
        for which, names in (("new", self._new), ("old", self._backed_up)):
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
        # File names have no plus sign, so two files never share a hidden name.
        return self.folder / f".segmark-{name.replace('/', '+')}-{self._token}-{which}.tmp"

    def _back_up(self, name: str) -> None:
        """Give an old file of this name a second name, to restore it from."""
        target = self._target(name)
        if not os.path.lexists(target):
            return
        hidden = self._hidden(name, "old")
        self._backed_up.add(name)
        try:
            os.link(target, hidden)
        except OSError:
            # Some file systems have no hard links.
            shutil.copyfile(target, hidden)


def _put(source: Path | None, target: Path) -> None:
    if source:
        os.replace(source, target)
    else:
        target.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make new names survive a power cut, if the system can do that for a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
