"""The format ``parquet``: the record of ``jsonl`` in columns, in files of some hundred megabytes.

Labels are stored by name, as in ``jsonl``, so that any reader shows words; the card makes
``datasets`` load them as a ``ClassLabel``. The metadata of each file has the features too, under
``huggingface``, where ``datasets`` looks for them if it is given a single file.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from segmark import __version__
from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.environment.extras import Untyped, library
from segmark.export.error import ExportError
from segmark.export.features import (
    INTEGER,
    NUMBER,
    STRING,
    TRUTH,
    Feature,
    ListOf,
    Struct,
    as_json,
    sourced,
    whole_spans_of,
)
from segmark.export.file_set import FileSet
from segmark.export.format import Capability, CardLayout, Format
from segmark.export.formats import jsonl
from segmark.export.formats.data_files import ShardedFiles
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, row_from

_MILLION = 1_000_000
_SHARD = 300  # millions of code points in a file
_GROUP = 4 * _MILLION  # code points that are held in memory before they are written
_GROUP_ROWS = 1000

_LOADING = (
    jsonl.DATASETS
    + """

With pyarrow or pandas:

```python
import pyarrow.dataset as ds

pages = ds.dataset("path/to/this/folder", format="parquet", exclude_invalid_files=True)
print(pages.to_table(columns=["id", "text", "spans"]).to_pandas().head())
```

With DuckDB:

```python
import duckdb

pages = "path/to/this/folder/*.parquet"
print(duckdb.sql(f"SELECT id, unnest(spans, recursive := true) FROM '{pages}'"))
```"""
)


_library = partial(library, extra="parquet", needed_by="the format parquet", error=ExportError)


def _open(files: FileSet, label_set: LabelSet, options: ExportOptions) -> ShardedFiles:
    schema, limit = _schema(label_set, options), (options.shard or _SHARD) * _MILLION
    group = min(_GROUP, limit)
    return ShardedFiles(
        files, PARQUET.places(options), limit, lambda stream: _Shard(stream, schema, group)
    )


def _card(label_set: LabelSet, options: ExportOptions) -> CardLayout:
    return replace(jsonl.card(label_set, options), loading=_LOADING)


class _Shard:
    """A file, written in groups of rows."""

    def __init__(self, stream: BinaryIO, schema: Untyped, group: int) -> None:
        self._stream, self._schema, self._group = stream, schema, group
        self._writer: Untyped = None
        self._rows = list[dict[str, Any]]()
        self._held = 0  # code points of these rows

    def add(self, record: Record) -> int:
        """Add a record."""
        self._rows.append(jsonl.fields(record))
        self._held += len(record.text)
        if self._held >= self._group or len(self._rows) >= _GROUP_ROWS:
            self._write()
        return 1

    def end(self) -> None:
        """Write the last group."""
        if self._rows:
            self._write()
        self._writer.close()

    def _write(self) -> None:
        if not self._writer:
            parquet = _library("pyarrow.parquet")
            self._writer = parquet.ParquetWriter(self._stream, self._schema, compression="zstd")
        batch = _library("pyarrow").RecordBatch.from_pylist(self._rows, self._schema)
        self._writer.write_batch(batch)
        self._rows, self._held = [], 0


def _schema(label_set: LabelSet, options: ExportOptions) -> Untyped:
    spans = sourced(whole_spans_of(STRING), options.provenance)
    columns = Struct({"id": STRING, "text": STRING, "spans": spans, "meta": options.meta_columns})
    arrow = _library("pyarrow")
    labels = [label.name for label in label_set]
    about = {
        "huggingface": {"info": {"features": as_json(columns)}},
        "segmark": {"version": __version__, "labels": labels},
    }
    fields = [(key, arrow_type(feature)) for key, feature in columns.fields.items()]
    return arrow.schema(fields, {key: json.dumps(value) for key, value in about.items()})


def arrow_type(feature: Feature) -> Untyped:
    """The type of pyarrow for a column.

    Raises:
        ExportError: pyarrow is not installed.
    """
    arrow = _library("pyarrow")
    if isinstance(feature, ListOf):
        return arrow.list_(arrow_type(feature.item))
    if isinstance(feature, Struct):
        return arrow.struct([(key, arrow_type(inner)) for key, inner in feature.fields.items()])
    kinds = {INTEGER: arrow.int64, NUMBER: arrow.float64, TRUTH: arrow.bool_}
    return kinds[feature]() if feature in kinds else arrow.string()


def _read(path: Path) -> Iterator[ExportedRow]:
    """The records of a data file."""
    with _library("pyarrow.parquet").ParquetFile(path) as file:
        rows = (fields for batch in file.iter_batches(64) for fields in batch.to_pylist())
        for number, fields in enumerate(rows, 1):
            where = f"{path.name}, row {number:,}"
            yield row_from(where, "row", partial(jsonl.parse, where, fields))


PARQUET = Format(
    "parquet",
    "{part}-*.parquet",
    _open,
    _card,
    jsonl.JSONL.preview,
    _read,
    can=frozenset({Capability.SHARD, Capability.PROVENANCE}),
)
