"""Rows as JSON, one a line: what the formats ``jsonl``, ``tokens`` and ``lines`` share."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.card import dataset_card
from segmark.export.card.dataset_card import CardLayout
from segmark.export.exporter import Options, new_summary, vetted
from segmark.export.file_set import file_set
from segmark.export.row import ExportedRow
from segmark.export.summary import Summary

#: What the names of such files end in.
SUFFIXES = (".jsonl", ".jsonl.gz")

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


def loading(options: Options, datasets: str, shown: tuple[str, str]) -> str:
    """How to load rows, as Markdown: with ``datasets``, with pandas, and with Python alone.

    Args:
        options: whether the files are compressed.
        datasets: the part about ``datasets``.
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


def write_rows(
    rows: Callable[[Record], Iterable[Mapping[str, Any]]],
    records: Iterable[Record],
    label_set: LabelSet,
    folder: Path,
    options: Options,
    shape: CardLayout,
    beside: Mapping[str, str] = MappingProxyType({}),
) -> Summary:
    """Write each record's rows to the file of its part, and the card beside them.

    ``beside`` are further files by their names.

    Raises:
        ExportError: as ``Exporter.write`` says.
    """
    summary = new_summary(label_set, options)
    suffix = SUFFIXES[options.gzip]
    names = {part: part + suffix for part in summary.parts}
    with file_set(folder) as files:
        files.discard(dataset_card.files_of_export(folder))
        streams = {part: files.open(file) for part, file in names.items()}
        for part, record in vetted(records, label_set, options, summary):
            for row in rows(record):
                streams[part].write(line(row))
                summary.parts[part].rows += 1
        for file, text in beside.items():
            files.open(file).write(text.encode())
        all_names = (*names.values(), *beside)
        dataset_card.write_card(files, summary, label_set, shape, names, all_names)
    return summary


def line(row: Mapping[str, Any]) -> bytes:
    """The row as a line of UTF-8 with its line end."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def meta(record: Record) -> dict[str, str]:
    """What is known of a record's page beside its text, as every format writes it."""
    return {
        "source": record.source,
        "url": record.url,
        "site": record.site,
        "annotator": record.annotator,
        "status": record.status,
        "sha256": record.sha256,
    }


def shown(row: Mapping[str, Any]) -> str:
    """The row as indented JSON, long texts and lists cut short with a word on what is missing."""
    cut = {key: _short(key, value) for key, value in row.items()}
    return orjson.dumps(cut, option=orjson.OPT_INDENT_2).decode()


def _short(key: str, value: object) -> object:
    if isinstance(value, str) and (more := len(value) - _PREVIEW_TEXT) > 0:
        return f"{value[:_PREVIEW_TEXT]}… ({more:,} more characters)"
    if isinstance(value, list) and (more := len(value) - _PREVIEW_LIST) > 0:
        return [*value[:_PREVIEW_LIST], f"… ({more:,} more {key})"]
    return value


def read_rows(
    path: Path, parse: Callable[[str, dict[str, Any]], ExportedRow]
) -> Iterator[ExportedRow]:
    """The rows of a file, each made from its JSON object by ``parse(where, fields)``.

    A line that is no row comes as a row with that fault.
    """
    with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as lines:
        for number, data in enumerate(lines, 1):
            where = f"{path.name}, line {number:,}"
            try:
                yield parse(where, orjson.loads(data))
            except orjson.JSONDecodeError as error:
                yield ExportedRow(where, faults=(f"it is not JSON: {error}",))
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                reason = f"{type(error).__name__} {error}"
                yield ExportedRow(where, faults=(f"it is no row of this format: {reason}",))
