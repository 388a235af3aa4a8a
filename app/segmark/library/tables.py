"""Records as rows, and as tables of libraries that may be installed."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from segmark.core.record import Record
from segmark.environment.extras import Untyped, library
from segmark.export.formats.jsonl import fields
from segmark.export.row import META_KEYS

_BATCH = 500  # records that are held as Python objects at a time


class MissingLibraryError(ImportError):
    """An optional library is not installed; the message says how to install it."""


def to_dict(record: Record) -> dict[str, Any]:
    """A record as an export writes it: ``id``, ``text``, ``spans`` and ``meta``.

    Each span has ``start``, ``end`` and ``label``, and its ``score`` if it was predicted.
    """
    return fields(record)


def to_pandas(records: Iterable[Record]) -> Untyped:
    """A ``pandas.DataFrame`` with a row for each record; the values of ``meta`` are columns.

    ``spans`` holds a list of dictionaries.

    Raises:
        MissingLibraryError: pandas is not installed.
    """
    pandas = _library("pandas", "pandas")
    rows = []
    for record in records:
        row = fields(record)
        rows.append({**row, **row.pop("meta")})
    columns = ["id", "text", "spans", *META_KEYS]
    return pandas.DataFrame(rows, columns=None if rows else columns)


def to_arrow(records: Iterable[Record]) -> Untyped:
    """A ``pyarrow.Table`` with the columns ``id``, ``text``, ``spans`` and ``meta``.

    Spans have a ``score``, which is null for those that a person made.

    Raises:
        MissingLibraryError: pyarrow is not installed.
    """
    arrow = _library("pyarrow", "parquet")
    schema = _schema(arrow)
    rows = iter(records)
    batches = []
    while batch := [fields(record) for record in islice(rows, _BATCH)]:
        batches.append(arrow.RecordBatch.from_pylist(batch, schema))
    return arrow.Table.from_batches(batches, schema)


def to_datasets(records: Iterable[Record]) -> Untyped:
    """A ``datasets.Dataset`` with the columns of ``to_arrow``.

    Raises:
        MissingLibraryError: datasets is not installed.
    """
    datasets = _library("datasets", "datasets")
    return datasets.Dataset(to_arrow(records))


def _schema(arrow: Untyped) -> Untyped:
    text, whole = arrow.string(), arrow.int64()
    span = {"start": whole, "end": whole, "label": text, "score": arrow.float64()}
    return arrow.schema(
        [
            ("id", text),
            ("text", text),
            ("spans", arrow.list_(arrow.struct(list(span.items())))),
            ("meta", arrow.struct([(name, text) for name in META_KEYS])),
        ]
    )


def _library(name: str, extra: str) -> Untyped:
    return library(name, extra, f"a table of {name}", MissingLibraryError)
