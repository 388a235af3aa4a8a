"""The format ``jsonl``: one record a line, with a dataset card beside it.

A line has the keys of Prodigy's span format; exports/README.md describes them.
"""

from collections.abc import Mapping
from typing import Any

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.features import (
    STRING,
    Feature,
    ListOf,
    OneOf,
    Struct,
    whole_spans_of,
)
from segmark.export.format import Capability, CardLayout
from segmark.export.formats import json_rows
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, Quote, meta, meta_in, spans_in

#: How ``datasets`` loads a folder of records, as Markdown; ``SPLIT`` stands for the split.
DATASETS = """\
```python
from datasets import load_dataset

page = load_dataset("path/to/this/folder", split="SPLIT")[0]
print([page["text"][span["start"] : span["end"]] for span in page["spans"]])
```

A label loads as its number in the table of labels; the data files hold its name."""

_SHOWN = (
    'rows[["id", "text", "spans"]]',
    'print([row["text"][span["start"] : span["end"]] for span in row["spans"]])',
)

#: The keys of a record, as Markdown.
FIELDS = """\
- `id`: stable name of the page.
- `text`: the page's text, as the annotators saw it.
- `spans`: `start`, `end` and `label`, sorted, without overlap, without white space at the edges.
  Offsets count Unicode code points, as Python's `str` does, and `end` is exclusive:
  `text[start:end]` is the labelled text. (JavaScript, Java and Qt count UTF-16 units; convert.)
- `meta`: `source` (the file it was loaded from), `url`, `site`, `annotator`, `status`, and the
  `sha256` of the text in UTF-8. What is not known is an empty string.

There is one record a page and annotator: `(id, meta.annotator)` is unique."""

#: The further key of spans with provenance.
PROVENANCE = """
- Each span also has its `source`: `typed` by hand, `accepted` or `changed` from a suggestion,
  `loaded` with the page from another tool, or predicted elsewhere and accepted as it was, `carried`
  over from an earlier version of the page, or `carried-changed` where the text had changed."""


def card(label_set: LabelSet, options: ExportOptions) -> CardLayout:
    """What the card says about the records."""
    about = {"source": STRING} if options.provenance else None
    fields = FIELDS + PROVENANCE * options.provenance
    return CardLayout(loading(options), fields, columns(label_set, options, about))


def loading(options: ExportOptions) -> str:
    """How to load the records, as Markdown."""
    return json_rows.loading(options, DATASETS, _SHOWN)


def columns(
    label_set: LabelSet, options: ExportOptions, about: Mapping[str, Feature] | None = None
) -> Struct:
    """The types of a record's values; ``about`` has those of further keys of its spans."""
    spans = whole_spans_of(OneOf(tuple(label.name for label in label_set)))
    if about and isinstance(spans.item, Struct):
        spans = ListOf(Struct({**spans.item.fields, **about}))
    return Struct({"id": STRING, "text": STRING, "spans": spans, "meta": options.meta_columns})


def fields(record: Record) -> dict[str, Any]:
    """The record as a JSON object, its keys in order."""
    spans: list[dict[str, Any]] = [
        {"start": start, "end": end, "label": label} for start, end, label in record.spans
    ]
    if record.about:
        for span in spans:
            span.update(record.about.get(span["start"], {}))
    return {
        "id": record.id,
        "text": record.text,
        "spans": spans,
        "meta": meta(record),
    }


def parse(where: str, found: dict[str, Any]) -> ExportedRow:
    """Make a row of a record's JSON object.

    Raises:
        KeyError, TypeError: it is no record.
    """
    quote = Quote(0, found["text"])
    return ExportedRow(where, found["id"], meta_in(found), (quote,), spans_in(found), whole=True)


JSONL = json_rows.json_format(
    "jsonl",
    lambda record, _options: (fields(record),),
    parse,
    card,
    can=(Capability.GZIP, Capability.PROVENANCE),
)
