"""The format ``tokens``: tokens with their tags and offsets, for token classifiers.

The scripts of ``transformers`` expect the columns ``tokens`` and ``ner_tags``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.features import (
    INTEGER,
    STRING,
    STRINGS,
    TRUTH,
    Feature,
    ListOf,
    OneOf,
    Struct,
    cut_spans_of,
    sourced,
)
from segmark.export.format import Capability, CardLayout
from segmark.export.formats import json_rows, jsonl
from segmark.export.formats.segments import Segment, pieces, tag_names, tags_of
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, Quote, meta, meta_in, spans_in

_DATASETS = """\
```python
from datasets import load_dataset

rows = load_dataset("path/to/this/folder", split="SPLIT")
names = rows.features["ner_tags"].feature.names
print([(token, names[tag]) for token, tag in zip(rows[0]["tokens"], rows[0]["ner_tags"])])
```

A tag loads as its number; the data files hold its name."""
_SHOWN = ('rows[["tokens", "ner_tags"]]', 'print(list(zip(row["tokens"], row["ner_tags"])))')

#: Further keys of spans, by the offset at which each span begins.
About = Mapping[int, Mapping[str, str | float]]
NOTHING: About = {}

PIECE_FIELDS = """\
- `id`: stable name of the page. The rows of a page stand together, in the order of its text.
- `start`, `end`: where in the page's text the row lies. All offsets count Unicode code points of
  the page's text, not of the row, and ends are exclusive.
- `spans`: the labelled spans that touch the row, each at its whole length in the page; `cut` is
  true where the row does not hold all of it.
- `extra`: true for a window that stands off the stride, put around a span that fits into a window
  but that no other window holds whole. Leave these out when you count tokens or score a test set.
- `meta`: `source` (the file the page was loaded from), `url`, `site`, `annotator`, `status`, and
  the `sha256` of the page's text in UTF-8. What is not known is an empty string."""

_FIELDS = f"""\
{PIECE_FIELDS}
- `tokens`: the words and marks of the text, without white space; `starts` and `ends`: their
  offsets. A token in which a span begins or ends is cut there.
- `ner_tags`: a tag for each token, in IOB2: `B-` and the label on the first token of a span (in
  this row), `I-` on the others, `O` on tokens without a label."""


def _card(label_set: LabelSet, options: ExportOptions) -> CardLayout:
    names = tuple(label.name for label in label_set)
    columns: dict[str, Feature] = {
        "id": STRING, "start": INTEGER, "end": INTEGER, "tokens": STRINGS,
        "starts": ListOf(INTEGER), "ends": ListOf(INTEGER),
        "ner_tags": ListOf(OneOf(tag_names(names))),
        "spans": sourced(cut_spans_of(OneOf(names)), options.provenance),
        "extra": TRUTH, "meta": options.meta_columns,
    }  # fmt: skip
    loading = json_rows.loading(options, _DATASETS, _SHOWN)
    fields = _FIELDS + jsonl.PROVENANCE * options.provenance
    return CardLayout(loading, fields, Struct(columns))


def _rows(record: Record, options: ExportOptions) -> Iterator[dict[str, Any]]:
    text, about = record.text, meta(record)
    for piece in pieces(record, options.unit, options.window, options.stride):
        yield {
            "id": record.id,
            "start": piece.start,
            "end": piece.end,
            "tokens": [text[start:end] for start, end in piece.tokens],
            "starts": [start for start, _ in piece.tokens],
            "ends": [end for _, end in piece.tokens],
            "ner_tags": tags_of(piece.tokens, piece.spans),
            "spans": cut_spans(piece, record.about),
            "extra": piece.extra,
            "meta": about,
        }


def cut_spans(piece: Segment, about: About = NOTHING) -> list[dict[str, Any]]:
    """The spans of a piece as JSON objects, each with its further keys."""
    return [
        {
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "cut": piece.cuts(span),
            **about.get(span.start, {}),
        }
        for span in piece.spans
    ]


def _parse(where: str, found: dict[str, Any]) -> ExportedRow:
    ranges = list(zip(found["starts"], found["ends"], strict=True))
    quotes = [Quote(*said) for said in zip(found["starts"], found["tokens"], strict=True)]
    spans = spans_in(found)
    piece = Segment(found["start"], found["end"], ranges, spans, found["extra"])
    faults = faults_of(piece, found["spans"])
    if found["ner_tags"] != tags_of(ranges, spans):
        faults.append("its tags are not those of its spans")
    if [quote.end for quote in quotes] != found["ends"]:
        faults.append("a token is not as long as its offsets say")
    return ExportedRow(where, found["id"], meta_in(found), quotes, spans, faults)


def faults_of_cuts(piece: Segment, spans: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with the ``cut`` marks of the spans of a piece."""
    if [span["cut"] for span in spans] == [piece.cuts(span) for span in piece.spans]:
        return []
    return ["a span is marked as cut and is whole, or the other way round"]


def faults_of(piece: Segment, spans: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with a piece that was read: tokens outside it, or wrong ``cut`` marks."""
    found = faults_of_cuts(piece, spans)
    edges = [edge for token in piece.tokens for edge in token]
    if edges != sorted(edges) or (edges and not piece.start <= edges[0] < edges[-1] <= piece.end):
        found.append("its tokens are out of order, or lie outside it")
    return found


TOKENS = json_rows.json_format(
    "tokens",
    _rows,
    _parse,
    _card,
    units=("page", "block", "window"),
    can=(Capability.GZIP, Capability.PROVENANCE),
)
