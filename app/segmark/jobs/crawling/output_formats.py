"""The files that a labelled crawl is written to: JSON lines, and Parquet."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Protocol

from segmark.core.record import Record
from segmark.environment.extras import Untyped, library
from segmark.export.error import ExportError
from segmark.export.features import META, NUMBER, STRING, Feature, ListOf, Struct, whole_spans_of
from segmark.export.formats.json_rows import line
from segmark.export.formats.jsonl import fields
from segmark.export.formats.parquet import arrow_type

_GROUP_ROWS, _GROUP_BYTES = 1000, 8 << 20  # of rows that are written together


class RowsWriter(Protocol):
    """Writes the rows of one output."""

    def write(self, rows: Any) -> None:  # noqa: ANN401 - as the format makes them
        """Write the rows of a batch."""

    def end(self) -> None:
        """Write what is held, and the end of the file; the stream stays open."""


class OutputFormat(Protocol):
    """A format: its rows are made in worker processes, and written in this one."""

    @property
    def suffix(self) -> str:
        """Of the name of an output."""

    def rows(self, records: Sequence[Record]) -> object:
        """The rows of some records, as a value that can be pickled."""

    def joined(self, parts: Sequence[Any]) -> object:
        """Several results of ``rows`` as one."""

    def writer(self, stream: BinaryIO) -> RowsWriter:
        """What writes rows to a stream."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A record a line, as in an export; each batch may be a member of a gzip file."""

    compressed: bool = False

    @property
    def suffix(self) -> str:
        """Of the name of an output."""
        return ".jsonl.gz" if self.compressed else ".jsonl"

    def rows(self, records: Sequence[Record]) -> bytes:
        """The lines."""
        lines = b"".join(line(fields(record)) for record in records)
        return gzip.compress(lines, 6, mtime=0) if self.compressed else lines

    def joined(self, parts: Sequence[bytes]) -> bytes:
        """The lines of all parts."""
        return b"".join(parts)

    def writer(self, stream: BinaryIO) -> RowsWriter:
        """Write the lines as they are."""
        return _LinesWriter(stream)


@dataclass(frozen=True, slots=True)
class _LinesWriter:
    stream: BinaryIO

    def write(self, rows: bytes) -> None:
        self.stream.write(rows)

    def end(self) -> None:
        pass


_library = partial(library, extra="parquet", needed_by="the format parquet", error=ExportError)


@dataclass(frozen=True, slots=True)
class ParquetRows:
    """The same records in columns."""

    suffix = ".parquet"

    def rows(self, records: Sequence[Record]) -> Untyped:
        """A record batch of pyarrow."""
        found = [fields(record) for record in records]
        return _library("pyarrow").RecordBatch.from_pylist(found, arrow_schema())

    def joined(self, parts: Sequence[Untyped]) -> Untyped:
        """All of them in one batch."""
        return _library("pyarrow").concat_batches(parts)

    def writer(self, stream: BinaryIO) -> RowsWriter:
        """Write groups of rows."""
        return _ParquetWriter(stream)


class _ParquetWriter:
    def __init__(self, stream: BinaryIO) -> None:
        schema = arrow_schema()
        self._writer = _library("pyarrow.parquet").ParquetWriter(stream, schema, compression="zstd")
        self._held, self._rows, self._bytes = list[Untyped](), 0, 0

    def write(self, rows: Untyped) -> None:
        self._held.append(rows)
        self._rows += rows.num_rows
        self._bytes += rows.nbytes
        if self._rows >= _GROUP_ROWS or self._bytes >= _GROUP_BYTES:
            self._write_held()

    def _write_held(self) -> None:
        self._writer.write_batch(_library("pyarrow").concat_batches(self._held))
        self._held, self._rows, self._bytes = [], 0, 0

    def end(self) -> None:
        if self._held:
            self._write_held()
        self._writer.close()


def arrow_schema() -> Untyped:
    """The columns of an output in Parquet.

    Raises:
        ExportError: pyarrow is not installed.
    """
    span = whole_spans_of(STRING).item
    assert isinstance(span, Struct)
    columns: dict[str, Feature] = {
        "id": STRING,
        "text": STRING,
        "spans": ListOf(Struct({**span.fields, "score": NUMBER})),
        "meta": Struct({**META.fields, "labeller": STRING}),
    }
    return _library("pyarrow").schema([(name, arrow_type(one)) for name, one in columns.items()])
