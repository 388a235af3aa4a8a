"""The format ``lines``: a line of a page a row, for line and block classifiers.

A row can also be a span, or a token; all have the same columns.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from segmark.core.label import LabelSet
from segmark.core.page import Anchor
from segmark.core.record import Record
from segmark.core.span import Span, overlapping
from segmark.export.card.dataset_card import CardLayout
from segmark.export.card.features import (
    INTEGER,
    META,
    STRING,
    STRINGS,
    TRUTH,
    Feature,
    OneOf,
    Struct,
    cut_spans_of,
    sourced,
)
from segmark.export.exporter import Options
from segmark.export.formats import json_rows, jsonl
from segmark.export.formats.segments import (
    Segment,
    TokenRange,
    block_ranges,
    line_ranges,
    tokens_of,
)
from segmark.export.formats.tokens import cut_spans, facts_of
from segmark.export.row import ExportedRow, Quote, meta_of, spans_in
from segmark.export.summary import Summary

name = "lines"
units: tuple[str, ...] = ("block", "line", "span", "token")
compressible = True
sharded = False
needs_anchors = True
needs_markup = False
suggestible = False
suffixes: tuple[str, ...] = json_rows.SUFFIXES

#: The label of a row that has none.
OTHER = "other"

_DATASETS = """\
```python
from datasets import load_dataset

rows = load_dataset("path/to/this/folder", split="SPLIT")
print(rows.features["label"].int2str(rows[0]["label"]), rows[0]["text"])
```"""
_SHOWN = ('rows[["label", "text"]]', 'print(row["label"], row["text"])')

_FIELDS = """\
- `id`: stable name of the page. The rows of a page stand together, in the order of its text.
- `index`: place of the row in the page, from 0.
- `start`, `end`: where in the page's text the row's `text` stands. All offsets count Unicode code
  points of the page's text, and ends are exclusive.
- `label`: the label of most characters of the row, white space not counted; `other` where more of
  them have no label. A blank line inside a span has the span's label.
- `whole`: whether all of the row has that label.
- `previous`, `next`: the text of the rows before and after it on the page, empty at its ends.
- `spans`: the labelled spans that touch the row, each at its whole length in the page; `cut` is
  true where the row does not hold all of it.
- `path`, `tags`, `classes`, `inside`: where the row stood in the HTML of the page: the XPath of its
  element, the tag names from the root down to it, the class and id words of each of these, and the
  inline elements inside it. Empty where the page was no HTML.
- `meta`: `source` (the file the page was loaded from), `url`, `site`, `annotator`, `status`, and
  the `sha256` of the page's text in UTF-8. What is not known is an empty string."""


def write(
    records: Iterable[Record], label_set: LabelSet, folder: Path, options: Options
) -> Summary:
    """Write a row for each line, span or token, and the card."""
    names = tuple(label.name for label in label_set)
    columns: dict[str, Feature] = {
        "id": STRING, "index": INTEGER, "start": INTEGER, "end": INTEGER, "text": STRING,
        "label": OneOf(tuple(dict.fromkeys((*names, OTHER)))), "whole": TRUTH,
        "previous": STRING, "next": STRING,
        "spans": sourced(cut_spans_of(OneOf(names)), options.provenance),
        "path": STRING, "tags": STRINGS, "classes": STRINGS, "inside": STRINGS, "meta": META,
    }  # fmt: skip
    facts = facts_of(name, options)
    loading = json_rows.loading(options, _DATASETS, _SHOWN)
    told = _FIELDS + jsonl.PROVENANCE * options.provenance
    shape = CardLayout(loading, told, Struct(columns), facts, "text-classification")
    return json_rows.write_rows(
        lambda record: _rows(record, options.unit), records, label_set, folder, options, shape
    )


def preview(record: Record, options: Options) -> str:
    """The first row of the record."""
    first = next(_rows(record, options.unit), None)
    return json_rows.shown(first) if first else f"The page has no {options.unit}."


def _ranges(record: Record, unit: str) -> list[TokenRange]:
    if unit == "block":
        return list(block_ranges(record.text))
    if unit == "line":
        return list(line_ranges(record.text))
    if unit == "token":
        return tokens_of(record.text, record.spans)
    return [(span.start, span.end) for span in record.spans]


def _rows(record: Record, unit: str) -> Iterator[dict[str, Any]]:
    meta, ranges = json_rows.meta(record), _ranges(record, unit)
    texts = ["", *(record.text[start:end] for start, end in ranges), ""]
    places = sorted(record.anchors)
    for index, (start, end) in enumerate(ranges):
        spans = overlapping(record.spans, start, end)
        label, whole = label_of(texts[index + 1], start, spans)
        yield {
            "id": record.id,
            "index": index,
            "start": start,
            "end": end,
            "text": texts[index + 1],
            "label": label,
            "whole": whole,
            "previous": texts[index],
            "next": texts[index + 2],
            "spans": cut_spans(Segment(start, end, (), spans), record.about),
            **_markup(_anchor(record, places, start)),
            "meta": meta,
        }


def label_of(text: str, start: int, spans: Sequence[Span]) -> tuple[str, bool]:
    """The label that most of a text bears, and whether all of it does; white space is not counted.

    Args:
        text: of the row.
        start: its offset in the page.
        spans: those that touch it.
    """
    if not spans:
        return OTHER, True
    if len(spans) == 1 and spans[0].start <= start and start + len(text) <= spans[0].end:
        return spans[0].label, True
    counts = dict[str, int]()
    for span in spans:
        part = text[max(0, span.start - start) : span.end - start]
        counts[span.label] = counts.get(span.label, 0) + _visible(part)
    visible, label = _visible(text), max(counts, key=lambda label: counts[label])
    # Where text with and without a label are equal, the label counts.
    if counts[label] < visible - sum(counts.values()):
        return OTHER, False
    return label, counts[label] == visible


def _visible(text: str) -> int:
    return sum(map(len, text.split()))


def _anchor(record: Record, places: Sequence[int], start: int) -> Anchor | None:
    """The anchor of the block that the row begins in."""
    nearest = bisect_right(places, start) - 1
    if nearest < 0 or "\n" in record.text[places[nearest] : start]:
        return None
    return record.anchors[places[nearest]]


def _markup(anchor: Anchor | None) -> dict[str, Any]:
    if not anchor:
        return {"path": "", "tags": [], "classes": [], "inside": []}
    # The anchor's words begin with the element; here they stand below the tags they belong to.
    return {
        "path": anchor.path,
        "tags": anchor.tags,
        "classes": anchor.words[::-1],
        "inside": anchor.inside,
    }


def read(path: Path) -> Iterator[ExportedRow]:
    """The rows of a data file."""
    return json_rows.read_rows(path, _parse)


def _parse(where: str, found: dict[str, Any]) -> ExportedRow:
    quote, spans = Quote(found["start"], found["text"]), spans_in(found)
    piece = Segment(found["start"], found["end"], (), spans)
    faults = []
    if quote.end != found["end"]:
        faults.append("its text is not as long as its offsets say")
    if (found["label"], found["whole"]) != label_of(quote.text, quote.start, spans):
        faults.append("its label is not that of its spans")
    if [span["cut"] for span in found["spans"]] != [piece.cuts(span) for span in spans]:
        faults.append("a span is marked as cut and is whole, or the other way round")
    return ExportedRow(where, found["id"], meta_of(found), (quote,), spans, faults)
