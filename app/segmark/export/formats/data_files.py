"""Writers of data files: one or several files a part, or a series of files a part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from segmark.core.record import Record
from segmark.export.file_set import FileSet

#: The rows of a record: each row's bytes for every file of its part.
RowsOf = Callable[[Record], Iterable[tuple[bytes, ...]]]


class LineFiles:
    """Writes each row to the files of its part; further files have a fixed text."""

    def __init__(
        self,
        files: FileSet,
        parts: Iterable[str],
        suffixes: Sequence[str],
        rows: RowsOf,
        beside: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        names = {part: [part + suffix for suffix in suffixes] for part in parts}
        self._streams = {part: [files.open(name) for name in names[part]] for part in names}
        self._names = [name for part in names.values() for name in part]
        self._files, self._rows, self._beside = files, rows, beside

    def add(self, part: str, record: Record) -> int:
        """Write the rows of a record and return how many there are."""
        count = 0
        for row in self._rows(record) if record.made is None else record.made:
            for stream, data in zip(self._streams[part], row, strict=True):
                stream.write(data)
            count += 1
        return count

    def finish(self) -> list[str]:
        """Write the further files, and return the names of all files."""
        for name, text in self._beside.items():
            self._files.open(name).write(text.encode())
        return [*self._names, *self._beside]


class Shard(Protocol):
    """One file of a series."""

    def add(self, record: Record) -> int:
        """Write a record and return how many rows it made."""

    def end(self) -> None:
        """Write what is still held in memory."""


class ShardedFiles:
    """Writes a series of files for each part; a new one begins when the last one is full."""

    def __init__(
        self, files: FileSet, places: Mapping[str, str], limit: int, begin: Callable[[Any], Shard]
    ) -> None:
        """Begin without a file.

        Args:
            files: of the export.
            places: the pattern of the files of each part; a number takes the place of ``*``.
            limit: code points of text in a full file.
            begin: begins a file with its stream.
        """
        self._files, self._places, self._limit, self._begin = files, places, limit, begin
        self._names: dict[str, list[str]] = {part: [] for part in places}
        self._open: dict[str, tuple[Shard, Any]] = {}
        self._held = dict.fromkeys(places, 0)
        self.rows = dict.fromkeys(places, 0)

    def add(self, part: str, record: Record) -> int:
        """Write a record to the last file of its part, or to a new one."""
        if self._held[part] >= self._limit:
            self._end(part)
        if part not in self._open:
            names = self._names[part]
            names.append(self._places[part].replace("*", f"{len(names):05}"))
            stream = self._files.open(names[-1])
            self._open[part] = self._begin(stream), stream
        count = self._open[part][0].add(record)
        self._held[part] += len(record.text)
        self.rows[part] += count
        return count

    def finish(self) -> list[str]:
        """End the last file of each part and return the names of all files."""
        for part in list(self._open):
            self._end(part)
        return [name for names in self._names.values() for name in names]

    def _end(self, part: str) -> None:
        shard, stream = self._open.pop(part)
        shard.end()
        self._files.finish(stream)
        self._held[part] = 0
