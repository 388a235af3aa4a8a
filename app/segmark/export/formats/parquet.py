"""The format ``parquet``: the record of ``jsonl`` in columns, in files of some hundred megabytes.

A label is its name in the files, as in ``jsonl``, so that whatever reads Parquet shows words; the
card lets ``datasets`` load it as a ``ClassLabel``. The features also stand in the metadata of each
file under ``huggingface``, where ``datasets`` looks when it is given the file alone.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from segmark import __version__
from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.card import dataset_card
from segmark.export.card.features import (
    META,
    STRING,
    Feature,
    ListOf,
    Struct,
    Value,
    as_json,
    sourced,
    whole_spans_of,
)
from segmark.export.exporter import PLAIN, Options, new_summary, vetted
from segmark.export.extras import Untyped, library
from segmark.export.file_set import FileSet, file_set
from segmark.export.formats import jsonl
from segmark.export.row import ExportedRow
from segmark.export.summary import Summary

name = "parquet"
units: tuple[str, ...] = ("page",)
compressible = False
sharded = True
needs_anchors = False
needs_markup = False
suggestible = False
suffixes: tuple[str, ...] = (".parquet",)

_MILLION = 1_000_000
_SHARD = 300  # millions of code points in a file
_GROUP = 4 * _MILLION  # code points that are held until they are written
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


def write(
    records: Iterable[Record], label_set: LabelSet, folder: Path, options: Options
) -> Summary:
    """Write ``pages-00000.parquet`` and so on, or the like for each part, and the card.

    Raises:
        ExportError: as ``Exporter.write`` says, or pyarrow is not installed.
    """
    schema = _schema(label_set, options)
    summary = new_summary(label_set, options)
    patterns = {part: f"{part}-*.parquet" for part in summary.parts}
    with file_set(folder) as files:
        files.discard(dataset_card.files_of_export(folder))
        limit = (options.shard or _SHARD) * _MILLION
        shards = {part: _Shards(files, part, schema, limit) for part in summary.parts}
        for part, record in vetted(records, label_set, options, summary):
            shards[part].add(record)
            summary.parts[part].rows += 1
        for each in shards.values():
            each.close()
        names = [name for each in shards.values() for name in each.names]
        shape = replace(jsonl.shape(label_set, options), loading=_LOADING, facts={"format": name})
        dataset_card.write_card(files, summary, label_set, shape, patterns, names)
    return summary


@dataclass(slots=True)
class _Shards:
    """The files of one part, one after the other."""

    files: FileSet
    part: str
    schema: Untyped
    limit: int
    names: list[str] = field(default_factory=list)
    _writer: Untyped = None
    _stream: Untyped = None
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _held: int = 0  # code points of the rows that are not written yet
    _written: int = 0  # code points in this file

    def add(self, record: Record) -> None:
        """Add a record, which begins a new file when the one before is full."""
        if self._written and self._written + self._held >= self.limit:
            self.close()
        self._rows.append(jsonl.fields(record))
        self._held += len(record.text)
        if self._held >= min(_GROUP, self.limit) or len(self._rows) >= _GROUP_ROWS:
            self._write()

    def close(self) -> None:
        """Write what is held and end the file."""
        self._write()
        if self._writer:
            self._writer.close()
            self.files.finish(self._stream)
            self._writer, self._written = None, 0

    def _write(self) -> None:
        if not self._rows:
            return
        arrow = library("pyarrow", name)
        if not self._writer:
            self.names.append(f"{self.part}-{len(self.names):05}.parquet")
            self._stream = self.files.open(self.names[-1])
            parquet = library("pyarrow.parquet", name)
            self._writer = parquet.ParquetWriter(self._stream, self.schema, compression="zstd")
        self._writer.write_batch(arrow.RecordBatch.from_pylist(self._rows, self.schema))
        self._written += self._held
        self._rows, self._held = [], 0


def _schema(label_set: LabelSet, options: Options) -> Untyped:
    spans = sourced(whole_spans_of(STRING), options.provenance)
    columns = Struct({"id": STRING, "text": STRING, "spans": spans, "meta": META})
    arrow = library("pyarrow", name)
    labels = [label.name for label in label_set]
    about = {
        "huggingface": {"info": {"features": as_json(columns)}},
        "segmark": {"version": __version__, "labels": labels},
    }
    fields = [(key, _arrow_type(feature)) for key, feature in columns.fields.items()]
    return arrow.schema(fields, {key: json.dumps(value) for key, value in about.items()})


def _arrow_type(feature: Feature) -> Untyped:
    arrow = library("pyarrow", name)
    if isinstance(feature, ListOf):
        return arrow.list_(_arrow_type(feature.item))
    if isinstance(feature, Struct):
        return arrow.struct([(key, _arrow_type(inner)) for key, inner in feature.fields.items()])
    return arrow.int64() if feature == Value("int64") else arrow.string()


def preview(record: Record, options: Options = PLAIN) -> str:
    """The record as ``jsonl`` shows it."""
    return jsonl.preview(record, options)


def read(path: Path) -> Iterator[ExportedRow]:
    """The records of a data file."""
    with library("pyarrow.parquet", name).ParquetFile(path) as file:
        number = 0
        for batch in file.iter_batches(batch_size=64):
            for fields in batch.to_pylist():
                number += 1
                where = f"{path.name}, row {number:,}"
                try:
                    yield jsonl.parse(where, fields)
                except (KeyError, TypeError) as error:
                    reason = f"{type(error).__name__} {error}"
                    yield ExportedRow(where, faults=(f"it is no row of this format: {reason}",))
