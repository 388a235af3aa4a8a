"""Files of records, one page a record: JSON, JSON lines, CSV, TSV.

JSON: RFC 8259. JSON lines: https://jsonlines.org. CSV: RFC 4180.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from segmark.loading.containers.columns import Columns, raw_of
from segmark.loading.containers.json_stream import parsed, read_items
from segmark.loading.containers.page_ids import with_stored_text
from segmark.loading.encoding import decode
from segmark.loading.labels.doccano import is_label
from segmark.loading.labels.tool_records import recognised
from segmark.loading.media import suffix_of
from segmark.loading.raw import Fields, Raw
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT

#: A record with its number in the file, counted from 1: of the line, where lines make records.
#: An error stands in the place of one that can't be read.
Numbered = tuple[int, dict[str, Any] | NotAPageError]

_COUNTED = "text"  # the column that offsets count
_LOOKED_AT = 10  # records that tell which columns a file has
_SNIFFED = 1 << 20  # bytes that tell the encoding of a table
_HEAD = 4096
# What is called JSON lines and begins like this is an array, or objects over several lines.
_ITEMS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[|\{\s*\n)")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t|"

# Python's own limit, for the whole process, is less than many a page.
csv.field_size_limit(SIZE_LIMIT)


def read_records(
    stream: io.BufferedReader, name: str, folder: str, fields: Fields
) -> Iterator[Raw | LoadError]:
    """The pages of a file of records; what its suffix is tells how they are written.

    Raises:
        NotAPageError: it is damaged, or which column holds the page can't be told.
    """
    match suffix_of(name):
        case ".csv":
            rows = _table(stream, "")
        case ".tsv":
            rows = _table(stream, "\t")
        case ".json":
            rows = read_items(stream)
        case _:
            rows = read_items(stream) if _ITEMS.match(stream.peek(_HEAD)) else _lines(stream)
    yield from raws_of(rows, name, folder, fields)


def raws_of(
    rows: Iterable[Numbered], name: str, folder: str, fields: Fields
) -> Iterator[Raw | LoadError]:
    """The pages of records.

    Raises:
        NotAPageError: there is no record, or which column holds the page can't be told.
    """
    rows = (with_stored_text(row, fields) for row in rows)
    first = list[Numbered]()
    damage = None
    try:
        for row in islice(rows, _LOOKED_AT):
            first.append(row)  # one by one, so that what comes before some damage is not lost
    except NotAPageError as error:
        damage = error
    if not first:
        raise damage or NotAPageError("it has no record in it")
    counted = fields.text or _COUNTED
    read = [
        recognised(record, name, counted).record
        for _, record in first
        if not isinstance(record, NotAPageError)
    ]
    if read and all(map(is_label, read)):
        raise NotAPageError("it holds the labels of a project of doccano, and no page")
    columns = Columns.among(read, fields) if read else None
    for number, record in chain(first, rows):
        place = f"{name}:{number}"
        try:
            if isinstance(record, NotAPageError):
                raise record
            seen = recognised(record, name, counted)
            columns = columns or Columns.among([seen.record], fields)
            yield replace(raw_of(seen.record, columns, place, folder), labelled=seen.labelled)
        except NotAPageError as error:
            yield LoadError(place, str(error))
    if damage:
        raise damage


def _table(stream: io.BufferedReader, separator: str) -> Iterator[Numbered]:
    head = stream.peek(_SNIFFED)
    encoding = _encoding_of(head)
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    separator = separator or _separator_of(head.decode(encoding, "replace"))
    rows = csv.reader(_TableLines(text), delimiter=separator, strict=True)
    number = 0
    try:
        header = next(rows, [])
        _refuse_twice(header)
        while True:
            number += 1
            try:
                row = next(rows)
            except NotAPageError as error:
                yield number, error
                continue
            if row:
                yield number, _row(header, row)
    except StopIteration:
        return
    except csv.Error as error:
        raise NotAPageError(
            f"from line {rows.line_num} on it is no table that can be read ({error}); "
            "check the quotation marks there"
        ) from None
    finally:
        with suppress(ValueError):  # the stream is closed where nobody reads on
            text.detach()  # closing it is not this one's business


class _TableLines:
    """The lines of a table; one that is too long is passed, and an error comes in its place."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def __iter__(self) -> "_TableLines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(SIZE_LIMIT)
        if not line:
            raise StopIteration
        if len(line) == SIZE_LIMIT and not line.endswith("\n"):
            while line and not line.endswith("\n"):
                line = self._text.readline(SIZE_LIMIT)
            raise _too_long()
        return line


def _too_long() -> NotAPageError:
    return NotAPageError(f"the line is larger than {SIZE_LIMIT // 1024**2} MB")


def _row(header: Sequence[str], row: Sequence[str]) -> dict[str, Any] | NotAPageError:
    if len(row) != len(header):
        cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
        return NotAPageError(f"the row has {cells}, and there are {len(header)} columns")
    return dict(zip(header, row, strict=True))


def _refuse_twice(header: Sequence[str]) -> None:
    seen = set[str]()
    for column in header:
        if column in seen:
            raise NotAPageError(
                f"two of its columns are called {column[:40]!r}; give them names of their own"
            )
        seen.add(column)


def _encoding_of(head: bytes) -> str:
    # The head may end within a character.
    encoding = decode(head[: head.rfind(b"\n") + 1] or head)[1]
    return "utf-8-sig" if encoding == "utf-8" else encoding.removesuffix("-le").removesuffix("-be")


def _separator_of(head: str) -> str:
    first = head.partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _lines(stream: io.BufferedReader) -> Iterator[Numbered]:
    if stream.peek(_HEAD).startswith(_WIDE_MARKS):
        raise NotAPageError("it is UTF-16; save the file as UTF-8")
    number = 0
    while line := stream.readline(SIZE_LIMIT + 1):
        number += 1
        if len(line) > SIZE_LIMIT:
            while line and not line.endswith(b"\n"):
                line = stream.readline(SIZE_LIMIT)
            yield number, _too_long()
        elif line.strip(b" \t\r\n\x00\xef\xbb\xbf"):
            yield number, parsed(line)
