"""The format ``doccano``: sequence labelling for doccano, one example a line, and its labels.

doccano counts offsets as the browser does, in UTF-16 code units, unless a project was told to count
grapheme clusters (https://github.com/doccano/doccano/issues/2290).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.text.utf16 import Utf16Offsets
from segmark.export.card.dataset_card import CardLayout
from segmark.export.exporter import Options
from segmark.export.formats import json_rows
from segmark.export.formats.label_look import hotkeys, ink_on
from segmark.export.row import ExportedRow, Quote, meta_of
from segmark.export.summary import Summary

name = "doccano"
units: tuple[str, ...] = ("page",)
compressible = False
sharded = False
needs_anchors = False
needs_markup = False
suggestible = True
suffixes: tuple[str, ...] = (".jsonl",)

_LABELS = "label_config.json"

_LOADING = f"""\
Make a project for *Sequence Labeling*. Leave *Count grapheme clusters as one character* off, for
the offsets would be others. Under *Labels*, import `{_LABELS}`; then, under *Dataset*, import
`FILE` as *JSONL*, with the columns `text` and `label`."""

_FIELDS = """\
- `id`: stable name of the page; doccano keeps it, and all that follows the labels, as metadata.
- `text`: the page's text.
- `label`: the spans, as start, end and label. **Offsets count UTF-16 code units**, as doccano does:
  a character beyond U+FFFF, such as an emoji, counts as two. `end` is exclusive.
- `source` (the file the page was loaded from), `url`, `site`, `annotator`, `status`, and the
  `sha256` of the text in UTF-8. What is not known is an empty string.
- `suggested`, only in an export with suggestions: those of the spans that are only suggested, as
  start, end, label and score, 0 to 1. doccano does not tell them from labels."""


def write(
    records: Iterable[Record], label_set: LabelSet, folder: Path, options: Options
) -> Summary:
    """Write an example for each record, the labels, and the card."""
    file = ("train" if options.split else "pages") + suffixes[0]
    shape = CardLayout(_LOADING.replace("FILE", file), _FIELDS, facts={"format": name})
    return json_rows.write_rows(
        lambda record: (_example(record, options.suggestions),),
        records,
        label_set,
        folder,
        options,
        shape,
        {_LABELS: _labels(label_set)},
    )


def _labels(label_set: LabelSet) -> str:
    keys = hotkeys(label_set)
    labels = [
        {
            "text": label.name,
            "prefix_key": None,
            "suffix_key": keys.get(label.name),
            "background_color": label.light,
            "text_color": ink_on(label.light),
        }
        for label in label_set
    ]
    return orjson.dumps(labels, option=orjson.OPT_INDENT_2).decode() + "\n"


def preview(record: Record, options: Options) -> str:
    """The record's example."""
    return json_rows.shown(_example(record, options.suggestions))


def _example(record: Record, suggestions: bool) -> dict[str, Any]:
    units = Utf16Offsets(record.text).to_units
    spans = sorted([*record.spans, *(one.span for one in record.suggestions)])
    fields = {
        "id": record.id,
        "text": record.text,
        "label": [[units(span.start), units(span.end), span.label] for span in spans],
        **json_rows.meta(record),
    }
    if suggestions:
        fields["suggested"] = [
            [units(one.span.start), units(one.span.end), one.span.label, one.confidence]
            for one in record.suggestions
        ]
    return fields


def read(path: Path) -> Iterator[ExportedRow]:
    """The examples of a data file."""
    return json_rows.read_rows(path, _parse)


def _parse(where: str, found: dict[str, Any]) -> ExportedRow:
    quote = Quote(0, found["text"])
    offsets = Utf16Offsets(found["text"])

    def point(units: int) -> int:
        if (exact := offsets.to_exact_points(units)) is None:
            raise ValueError(f"offset {units} lies inside a character or outside the text")
        return exact

    suggested = [one[:3] for one in found.get("suggested", ())]
    spans = tuple(
        Span(point(start), point(end), label)
        for start, end, label in found["label"]
        if [start, end, label] not in suggested
    )
    about = {"id": found["id"], "meta": found}
    return ExportedRow(where, found["id"], meta_of(about), (quote,), spans, whole=True)
