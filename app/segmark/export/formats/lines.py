"""The format ``lines``: one row for each line of a page, for line and block classifiers.

A row can also be a span or a token; the columns are the same.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from segmark.core.label import LabelSet
from segmark.core.page import Anchor
from segmark.core.record import Record
from segmark.core.span import Span, overlapping
from segmark.export.features import (
    INTEGER,
    STRING,
    STRINGS,
    TRUTH,
    Feature,
    OneOf,
    Struct,
    cut_spans_of,
    sourced,
)
from segmark.export.format import Capability, CardLayout
from segmark.export.formats import json_rows, jsonl
from segmark.export.formats.segments import (
    Segment,
    TokenRange,
    block_ranges,
    line_ranges,
    main_label,
    tokens_of,
)
from segmark.export.formats.tokens import cut_spans, faults_of_cuts
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, Quote, meta, meta_in, spans_in

#: The label of a row without a label.
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
- `begins`: whether a span with that label begins in the row; false where one only goes on, such as
  in the second line of a span, and in rows without a label.
- `previous`, `next`: the text of the rows before and after it on the page, empty at its ends.
- `spans`: the labelled spans that touch the row, each at its whole length in the page; `cut` is
  true where the row does not hold all of it.
- `path`, `tags`, `classes`, `inside`: where the row stood in the HTML of the page: the XPath of its
  element, the tag names from the root down to it, the class and id words of each of these, and the
  inline elements inside it. Empty where the page was no HTML.
- `meta`: `source` (the file the page was loaded from), `url`, `site`, `annotator`, `status`, and
  the `sha256` of the page's text in UTF-8. What is not known is an empty string."""


def _card(label_set: LabelSet, options: ExportOptions) -> CardLayout:
    names = tuple(label.name for label in label_set)
    columns: dict[str, Feature] = {
        "id": STRING, "index": INTEGER, "start": INTEGER, "end": INTEGER, "text": STRING,
        "label": OneOf(tuple(dict.fromkeys((*names, OTHER)))), "whole": TRUTH, "begins": TRUTH,
        "previous": STRING, "next": STRING,
        "spans": sourced(cut_spans_of(OneOf(names)), options.provenance),
        "path": STRING, "tags": STRINGS, "classes": STRINGS, "inside": STRINGS,
        "meta": options.meta_columns,
    }  # fmt: skip
    loading = json_rows.loading(options, _DATASETS, _SHOWN)
    fields = _FIELDS + jsonl.PROVENANCE * options.provenance
    return CardLayout(loading, fields, Struct(columns), "text-classification")


def _ranges(record: Record, unit: str) -> list[TokenRange]:
    if unit == "block":
        return list(block_ranges(record.text))
    if unit == "line":
        return list(line_ranges(record.text))
    if unit == "token":
        return tokens_of(record.text, record.spans)
    return [(span.start, span.end) for span in record.spans]


def _rows(record: Record, options: ExportOptions) -> Iterator[dict[str, Any]]:
    about, ranges = meta(record), _ranges(record, options.unit)
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
            "begins": _begins(label, start, spans),
            "previous": texts[index],
            "next": texts[index + 2],
            "spans": cut_spans(Segment(start, end, (), spans), record.about),
            **_markup(_anchor(record, places, start)),
            "meta": about,
        }


def label_of(text: str, start: int, spans: Sequence[Span]) -> tuple[str, bool]:
    """The label of most of a row, ``other`` for none, and whether all of it has that label."""
    label, whole = main_label(text, start, spans)
    return label or OTHER, whole


def _begins(label: str, start: int, spans: Sequence[Span]) -> bool:
    return any(span.label == label and span.start >= start for span in spans)


def _anchor(record: Record, places: Sequence[int], start: int) -> Anchor | None:
    """The anchor of the block that the row begins in."""
    nearest = bisect_right(places, start) - 1
    if nearest < 0 or "\n" in record.text[places[nearest] : start]:
        return None
    return record.anchors[places[nearest]]


def _markup(anchor: Anchor | None) -> dict[str, Any]:
    if not anchor:
        return {"path": "", "tags": [], "classes": [], "inside": []}
    # The anchor lists the words from the element up; the columns go from the root down.
    return {
        "path": anchor.path,
        "tags": anchor.tags,
        "classes": anchor.words[::-1],
        "inside": anchor.inside,
    }


def _parse(where: str, found: dict[str, Any]) -> ExportedRow:
    quote, spans = Quote(found["start"], found["text"]), spans_in(found)
    piece = Segment(found["start"], found["end"], (), spans)
    faults = faults_of_cuts(piece, found["spans"])
    if quote.end != found["end"]:
        faults.append("its text is not as long as its offsets say")
    if (found["label"], found["whole"]) != label_of(quote.text, quote.start, spans):
        faults.append("its label is not that of its spans")
    if found["begins"] != _begins(found["label"], quote.start, spans):
        faults.append("its spans begin elsewhere")
    return ExportedRow(where, found["id"], meta_in(found), (quote,), spans, faults)


LINES = json_rows.json_format(
    "lines",
    _rows,
    _parse,
    _card,
    units=("block", "line", "span", "token"),
    can=(Capability.GZIP, Capability.PROVENANCE, Capability.ANCHORS),
)
