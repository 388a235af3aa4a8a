"""Parquet files, one page per row. https://parquet.apache.org/docs/file-format/."""

from collections.abc import Iterator
from typing import BinaryIO

from segmark.environment.extras import library
from segmark.loading.containers.records import NumberedRecord, raw_pages
from segmark.loading.options import RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, NotAPageError

_ROWS = 64  # read at a time


def read_parquet(
    file: BinaryIO, name: str, folder: str, fields: RecordFields
) -> Iterator[RawPage | LoadError]:
    """Yield the pages of a Parquet file; rows are counted from 1.

    Raises:
        NotAPageError: the file is damaged, no column is known to hold a page, or pyarrow is not
            installed.
    """
    yield from raw_pages(_rows(file), name, folder, fields)


def _rows(file: BinaryIO) -> Iterator[NumberedRecord]:
    parquet = library("pyarrow.parquet", "parquet", "reading it", NotAPageError)
    errors = library("pyarrow", "parquet", "reading it", NotAPageError).lib.ArrowException
    number = 0
    try:
        with parquet.ParquetFile(file) as table:
            for batch in table.iter_batches(batch_size=_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (errors, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise NotAPageError(f"its Parquet data is damaged ({reason}); fetch it again") from None
