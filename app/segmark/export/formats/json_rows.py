"""Formats with a JSON object on each line."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.file_set import FileSet
from segmark.export.format import Capability, CardLayout, Format, Maker
from segmark.export.formats.data_files import LineFiles
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, row_from

_PREVIEW_TEXT = 240
_PREVIEW_LIST = 5

_PANDAS = """\
With pandas, whose two options keep it from turning words into numbers and dates:

```python
import pandas as pd

rows = pd.read_json("path/to/this/folder/FILE", lines=True, dtype=False, convert_dates=False)
print(SHOWN_BY_PANDAS)
```

With Python alone:

```python
IMPORTS

with OPENED as lines:
    for row in map(json.loads, lines):
        SHOWN_BY_PYTHON
```"""


def loading(options: ExportOptions, datasets: str, shown: tuple[str, str]) -> str:
    """How to load the rows with ``datasets``, with pandas and with Python alone, as Markdown.

    Args:
        options: whether the files are compressed.
        datasets: the section about ``datasets``.
        shown: what to print of pandas' ``rows``, and what to do with a ``row`` in Python.
    """
    path = '"path/to/this/folder/FILE"'
    opened = f'open({path}, encoding="utf-8")'
    imports = "import json"
    if options.gzip:
        opened, imports = f'gzip.open({path}, "rt", encoding="utf-8")', "import gzip\nimport json"
    words = {"SHOWN_BY_PANDAS": shown[0], "SHOWN_BY_PYTHON": shown[1]}
    words |= {"IMPORTS": imports, "OPENED": opened}
    text = _PANDAS
    for mark, word in words.items():
        text = text.replace(mark, word)
    return f"{datasets}\n\n{text}"


def json_format(
    name: str,
    rows: Callable[[Record, ExportOptions], Iterable[Mapping[str, Any]]],
    parse: Callable[[str, dict[str, Any]], ExportedRow],
    card: Callable[[LabelSet, ExportOptions], CardLayout],
    *,
    units: tuple[str, ...] = ("page",),
    can: Iterable[Capability] = (),
    beside: Callable[[LabelSet], Mapping[str, str]] = lambda _: {},
    slow: bool = False,
) -> Format:
    """A format of JSON lines.

    Args:
        name: of the format.
        rows: the rows of a record.
        parse: makes a row that was read from its place and its JSON object.
        card: what the card says about an export.
        units: what can make a row.
        can: what the format can use.
        beside: the texts of further files, by name.
        slow: whether its lines are made beforehand, as ``Format.maker`` says.
    """

    def open_files(files: FileSet, label_set: LabelSet, options: ExportOptions) -> LineFiles:
        suffix = ".jsonl.gz" if options.gzip else ".jsonl"
        return LineFiles(
            files,
            options.parts,
            (suffix,),
            lambda record: lines(record, options),
            beside(label_set),
        )

    def lines(record: Record, options: ExportOptions) -> Iterator[tuple[bytes]]:
        return ((line(row),) for row in rows(record, options))

    def maker(_label_set: LabelSet, options: ExportOptions) -> Maker:
        return lambda record: [*lines(record, options)]

    def preview(record: Record, options: ExportOptions) -> str:
        first = next(iter(rows(record, options)), None)
        return shown(first) if first else f"The page has no {options.unit}."

    def read(path: Path) -> Iterator[ExportedRow]:
        with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as lines:
            for number, data in enumerate(lines, 1):
                where = f"{path.name}, line {number:,}"
                yield row_from(where, "row", partial(_parsed, parse, where, data))

    return Format(
        name, "{part}.jsonl", open_files, card, preview, read, units, frozenset(can),
        maker=maker if slow else None,
    )  # fmt: skip


def _parsed(
    parse: Callable[[str, dict[str, Any]], ExportedRow], where: str, data: bytes
) -> ExportedRow:
    return parse(where, orjson.loads(data))


def line(row: Mapping[str, Any]) -> bytes:
    """The row as a line of UTF-8 with its line end."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def shown(row: Mapping[str, Any]) -> str:
    """The row as indented JSON, with long texts and lists cut short."""
    cut = {key: _short(key, value) for key, value in row.items()}
    return orjson.dumps(cut, option=orjson.OPT_INDENT_2).decode()


def _short(key: str, value: object) -> object:
    if isinstance(value, str) and (more := len(value) - _PREVIEW_TEXT) > 0:
        return f"{value[:_PREVIEW_TEXT]}… ({more:,} more characters)"
    if isinstance(value, list) and (more := len(value) - _PREVIEW_LIST) > 0:
        return [*value[:_PREVIEW_LIST], f"… ({more:,} more {key})"]
    return value
