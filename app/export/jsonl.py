"""The format ``jsonl``: one record a line, with a dataset card beside it.

A line has the keys of Prodigy's span format; exports/README.md describes them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from app.core.label import LabelSet
from app.core.record import Record
from app.export import dataset_card
from app.export.exporter import Options, new_summary, vetted
from app.export.file_set import file_set
from app.export.summary import Summary

name = "jsonl"

_PREVIEW_TEXT = 240
_PREVIEW_SPANS = 5


def write(
    records: Iterable[Record], label_set: LabelSet, folder: Path, options: Options
) -> Summary:
    """Write ``pages.jsonl``, or ``train``, ``dev`` and ``test.jsonl``, and the card README.md."""
    summary = new_summary(label_set, options)
    suffix = ".jsonl.gz" if options.gzip else ".jsonl"
    names = {part: part + suffix for part in summary.parts}
    with file_set(folder) as files:
        files.discard(dataset_card.files_of_export(folder))
        streams = {part: files.open(file) for part, file in names.items()}
        for part, record in vetted(records, label_set, options, summary):
            streams[part].write(line(record))
        card = dataset_card.render(summary, label_set, names)
        files.open(dataset_card.NAME).write(card.encode())
    summary.files = tuple(folder / file for file in (*names.values(), dataset_card.NAME))
    return summary


def line(record: Record) -> bytes:
    """The record as a line of UTF-8 with its line end."""
    return orjson.dumps(_fields(record), option=orjson.OPT_APPEND_NEWLINE)


def preview(record: Record) -> str:
    """The record as indented JSON, its text and spans cut short with a word on what is missing."""
    fields = _fields(record)
    if (more := len(record.text) - _PREVIEW_TEXT) > 0:
        fields["text"] = f"{record.text[:_PREVIEW_TEXT]}… ({more:,} more characters)"
    if (more := len(record.spans) - _PREVIEW_SPANS) > 0:
        fields["spans"] = [*fields["spans"][:_PREVIEW_SPANS], f"… ({more:,} more spans)"]
    return orjson.dumps(fields, option=orjson.OPT_INDENT_2).decode()


def _fields(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "text": record.text,
        "spans": [
            {"start": span.start, "end": span.end, "label": span.label} for span in record.spans
        ],
        "meta": {
            "source": record.source,
            "url": record.url,
            "site": record.site,
            "annotator": record.annotator,
            "status": record.status,
            "sha256": record.sha256,
        },
    }
