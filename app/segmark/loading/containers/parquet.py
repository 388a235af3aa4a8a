"""Parquet files, one page per row. https://parquet.apache.org/docs/file-format/."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from segmark.environment.extras import Untyped, library
from segmark.loading.containers.parquet_footer import read_sizes
from segmark.loading.containers.parquet_values import RowValues
from segmark.loading.containers.records import NumberedRecord, raw_pages
from segmark.loading.options import RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import refuse_bomb

_ROWS = 2048  # read at a time at most
_BATCH_BYTES = 64 * 1024 * 1024  # what the values of a batch may take that are stored once
_NUMBER = 8  # bytes of a number or a list's item in memory
_ROW = 64  # bytes of a row without any value


def read_parquet(
    file: BinaryIO, name: str, folder: str, fields: RecordFields
) -> Iterator[RawPage | LoadError]:
    """Yield the pages of a Parquet file; rows are counted from 1.

    Raises:
        NotAPageError: the file is damaged or a decompression bomb, no column is known to hold a
            page, or pyarrow is not installed.
    """
    yield from raw_pages(_rows(file), name, folder, fields)


def _rows(file: BinaryIO) -> Iterator[NumberedRecord]:
    parquet = library("pyarrow.parquet", "parquet", "reading it", NotAPageError)
    errors = library("pyarrow", "parquet", "reading it", NotAPageError).lib.ArrowException
    types = library("pyarrow.types", "parquet", "reading it", NotAPageError)
    number = 0
    try:
        average = _refuse_bombs(file)
        with parquet.ParquetFile(file) as table:
            words = _words(table.metadata)
        # A value that many rows share is in memory once.
        with parquet.ParquetFile(file, read_dictionary=words) as table:
            names = _class_names(table.schema_arrow.metadata)
            for batch in table.iter_batches(_batch_rows(table.schema_arrow, average)):
                known = [_values(column, types, errors) for column in batch.columns]
                for index in range(batch.num_rows):
                    number += 1
                    yield number, _named(_row(batch, index, known, errors), names)
    except (errors, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise NotAPageError(f"its Parquet data is damaged ({reason}); fetch it again") from None


def _class_names(metadata: Mapping[bytes, bytes] | None) -> dict[str, Sequence[str]]:
    """Return the names that numbers in lists have, by column, as ``datasets`` writes them.

    https://huggingface.co/docs/datasets/package_reference/main_classes#datasets.ClassLabel
    """
    features: Any = None
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        features = json.loads((metadata or {})[b"huggingface"])["info"]["features"]
    found = dict[str, Sequence[str]]()
    for column, feature in features.items() if isinstance(features, dict) else ():
        inner = feature.get("feature") if isinstance(feature, dict) else None
        names = inner.get("names") if isinstance(inner, dict) else None
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            found[column] = names
    return found


def _named(
    row: dict[str, Any] | NotAPageError, names: Mapping[str, Sequence[str]]
) -> dict[str, Any] | NotAPageError:
    """Return a row with the names of the numbers in its lists."""
    if isinstance(row, NotAPageError) or not names:
        return row
    lists = {column: row[column] for column in names if isinstance(row.get(column), list)}
    return row | {
        column: [
            names[column][each] if type(each) is int and 0 <= each < len(names[column]) else each
            for each in listed
        ]
        for column, listed in lists.items()
    }


def _refuse_bombs(file: BinaryIO) -> int:
    """Refuse a file that says that it unpacks to far more than it is.

    Returns:
        The average size of a row.

    Raises:
        NotAPageError: it does.
        ValueError: it does not say.
    """
    rows, columns = read_sizes(file)
    packed = file.seek(0, io.SEEK_END)
    file.seek(0)
    # Of a list, a few bytes can stand for any number of items.
    items = sum(each.values for each in columns if each.values > each.rows)
    size = sum(each.bytes for each in columns)
    refuse_bomb(packed, max(rows * _ROW, size, items * _NUMBER))
    return max(size, items * _NUMBER) // max(1, rows)


def _words(metadata: Untyped) -> list[str]:
    """Return the paths of the columns with values of any length."""
    columns = map(metadata.schema.column, range(len(metadata.schema)))
    return [each.path for each in columns if each.physical_type == "BYTE_ARRAY"]


def _batch_rows(schema: Untyped, average: int) -> int:
    """Return how many rows to read at a time, given the average size of a row.

    Values of a fixed length count with their length, since many rows may share one in the file.
    """
    width = average
    for kind in (field.type for field in schema):
        try:
            width += kind.bit_width // 8
        except ValueError:  # of any length
            width += _NUMBER
    return max(1, min(_ROWS, _BATCH_BYTES // max(1, width)))


def _values(column: Untyped, types: Untyped, errors: type[Exception]) -> list[Any] | None:
    """Return the values of a column if they are simple and can't be large, which is fast."""
    kind = column.type
    simple = not (types.is_nested(kind) or types.is_temporal(kind))
    if not simple or column.get_total_buffer_size() * len(column) > _BATCH_BYTES:
        return None
    try:
        return list(column.to_pylist())
    except (errors, ValueError, OverflowError):
        return None  # each row has its own error


def _row(
    batch: Untyped, index: int, known: list[list[Any] | None], errors: type[Exception]
) -> dict[str, Any] | NotAPageError:
    """Return a row, or why it can't be read."""
    rest = RowValues()
    try:
        columns = zip(batch.schema.names, batch.columns, known, strict=True)
        return {
            name: rest.read(column[index]) if values is None else values[index]
            for name, column, values in columns
        }
    except (errors, ValueError, OverflowError, RecursionError) as error:
        return NotAPageError(f"the row can't be read ({' '.join(str(error).split())[:200]})")
    except NotAPageError as error:
        return error
