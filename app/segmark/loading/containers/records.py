"""Files of records, one page per record: JSON, JSON Lines, CSV, TSV.

JSON: RFC 8259. JSON Lines: https://jsonlines.org. CSV: RFC 4180.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from segmark.core.text.normalise import normalise, sha256_of
from segmark.loading.containers.columns import Columns, raw_page
from segmark.loading.containers.json_stream import parsed, read_items
from segmark.loading.encoding import decode
from segmark.loading.labels.doccano import is_label
from segmark.loading.labels.page_parts import whole_pages, word_in
from segmark.loading.labels.rarer_records import expanded
from segmark.loading.labels.span_lists import model_of
from segmark.loading.labels.token_rows import token_row
from segmark.loading.labels.tool_records import recognise
from segmark.loading.media import suffix_of
from segmark.loading.options import RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, NotAPageError
from segmark.loading.unpacking import SIZE_LIMIT

#: A record with its number in the file, counted from 1, or the number of its line. An error takes
#: the place of a record that can't be read.
NumberedRecord = tuple[int, dict[str, Any] | NotAPageError]

_COUNTED = "text"  # the column that offsets refer to
_TEXTS = frozenset({"text", "html", "raw_html", "content"})
_LOOKED_AT = 10  # records that determine the columns of a file
_SNIFFED = 1 << 20  # bytes that determine the encoding of a table
_HEAD = 4096
# JSON Lines that begin like this are an array, or objects on several lines.
_ITEMS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[|\{\s*\n)")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t|"
_CHECKSUM = re.compile(r"[0-9a-f]{64}")

# Python's limit, which holds for the whole process, is smaller than some pages.
csv.field_size_limit(SIZE_LIMIT)


def read_records(
    stream: io.BufferedReader, name: str, folder: str, fields: RecordFields
) -> Iterator[RawPage | LoadError]:
    """Yield the pages of a file of records; its suffix determines the format.

    Raises:
        NotAPageError: the file is damaged, or no column is known to hold a page.
    """
    match suffix_of(name):
        case ".csv":
            rows = _table(stream, "")
        case ".tsv":
            rows = _table(stream, "\t")
        case ".json":
            rows = read_items(stream)
        case _:
            rows = read_items(stream) if _ITEMS.match(stream.peek(_HEAD)) else json_lines(stream)
    yield from raw_pages(rows, name, folder, fields)


def raw_pages(
    rows: Iterable[NumberedRecord], name: str, folder: str, fields: RecordFields
) -> Iterator[RawPage | LoadError]:
    """Yield the pages of records.

    Raises:
        NotAPageError: there is no record, or no column is known to hold a page.
    """
    whole = whole_pages(_expanded(rows), fields, fields.text or _COUNTED)
    rows = (_with_stored_text(_of_stored_text(row, fields), fields) for row in whole)
    first = list[NumberedRecord]()
    damage = None
    try:
        for row in islice(rows, _LOOKED_AT):
            first.append(row)  # one by one: what comes before damaged data is not lost
    except NotAPageError as error:
        damage = error
    if not first:
        raise damage or NotAPageError("it has no record in it")
    counted = fields.text or _COUNTED
    read = [
        recognise(record, name, counted, fields.tags).record
        for _, record in first
        if not isinstance(record, NotAPageError)
    ]
    if read and all(map(is_label, read)):
        raise NotAPageError("it has the label types of a doccano project, and no page")
    columns = Columns.among(read, fields) if read else None
    for number, record in chain(first, rows):
        place = f"{name}:{number}"
        try:
            if isinstance(record, NotAPageError):
                raise record
            seen = recognise(record, name, counted, fields.tags)
            columns = columns or Columns.among([seen.record], fields)
            yield replace(raw_page(seen.record, columns, place, folder), labels=seen.labels)
        except NotAPageError as error:
            yield LoadError(place, str(error))
    if damage:
        raise damage


def _expanded(rows: Iterable[NumberedRecord]) -> Iterator[NumberedRecord]:
    """Yield the records, those of a whole project in one object one by one."""
    for number, record in rows:
        inner = [] if isinstance(record, NotAPageError) else expanded(record)
        if not inner:
            yield number, record
        for place, each in enumerate(inner, start=number):
            good = isinstance(each, dict)
            yield place, each if good else NotAPageError("it is not an object with columns")


def _with_stored_text(row: NumberedRecord, fields: RecordFields) -> NumberedRecord:
    """Add the text of a page in the project to a record that has spans or tokens and no text.

    The record refers to the page by ``id`` or ``sha256``, also inside ``meta``, or by both, which
    must agree. If there is no such page, a text is made from tokens.
    """
    number, record = row
    if fields.stored is None or isinstance(record, NotAPageError) or _has_text(record, fields):
        return row
    name, checksum = word_in(record, "id"), word_in(record, "sha256")
    tokens = token_row(record)
    if not (tokens or isinstance(record.get("spans"), list)) or not (name or checksum):
        return row
    try:
        return number, {**record, fields.text or _COUNTED: fields.stored(name, checksum)}
    except NotAPageError as error:
        return row if tokens else (number, error)


def _of_stored_text(row: NumberedRecord, fields: RecordFields) -> NumberedRecord:
    """Refuse predictions for a page of the project whose text is another one there.

    They would become predictions of a second page otherwise, beside the one that they are for.
    """
    number, record = row
    if fields.stored is None or isinstance(record, NotAPageError):
        return row
    name, text = word_in(record, "id"), record.get(fields.text or _COUNTED)
    if not isinstance(text, str) or not (fields.model is not None or _is_predicted(record)):
        return row
    said, text = word_in(record, "sha256"), normalise(text)
    if _CHECKSUM.fullmatch(said) and said != sha256_of(text):
        return number, NotAPageError("its sha256 is not that of its text; the text was changed")
    try:
        stored = fields.stored(name, "") if name else text
    except NotAPageError:  # it is not in the project, and may become a page of it
        return row
    if stored != text:
        return number, NotAPageError(
            f"its text is not that of page {name}: it was made from another text"
        )
    return row


def _is_predicted(record: Mapping[str, Any]) -> bool:
    spans = record.get("spans")
    scored = isinstance(spans, list) and any(
        isinstance(span, Mapping) and "score" in span for span in spans
    )
    return scored or bool(model_of(record))


def _has_text(record: Mapping[str, Any], fields: RecordFields) -> bool:
    return any(name.lower() in _TEXTS or name in (fields.text, fields.html) for name in record)


def _table(stream: io.BufferedReader, separator: str) -> Iterator[NumberedRecord]:
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
            f"from line {rows.line_num} on it is not a valid table ({error}); "
            "check the quotation marks there"
        ) from None
    finally:
        with suppress(ValueError):  # the stream may be closed already
            text.detach()  # the caller closes the stream


class _TableLines:
    """The lines of a table; a line that is too long is skipped and raises an error."""

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


def json_lines(stream: io.BufferedReader) -> Iterator[NumberedRecord]:
    """Yield the records of JSON Lines, by the numbers of their lines.

    Raises:
        NotAPageError: the file is UTF-16.
    """
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
