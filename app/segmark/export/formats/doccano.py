"""The format ``doccano``: sequence labelling for doccano, one example a line, and its labels.

doccano counts offsets in UTF-16 code units, as the browser does, unless a project is set to count
grapheme clusters (https://github.com/doccano/doccano/issues/2290).
"""

from collections.abc import Iterator
from typing import Any

import orjson

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.text.utf16 import Utf16Offsets
from segmark.export.format import Capability, CardLayout
from segmark.export.formats import json_rows
from segmark.export.formats.label_look import hotkeys, ink_on
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, Quote, meta, meta_in

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


def _card(_label_set: LabelSet, options: ExportOptions) -> CardLayout:
    return CardLayout(_LOADING.replace("FILE", f"{options.parts[0]}.jsonl"), _FIELDS)


def _labels(label_set: LabelSet) -> dict[str, str]:
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
    return {_LABELS: orjson.dumps(labels, option=orjson.OPT_INDENT_2).decode() + "\n"}


def _examples(record: Record, options: ExportOptions) -> Iterator[dict[str, Any]]:
    units = Utf16Offsets(record.text).to_units
    spans = sorted([*record.spans, *(one.span for one in record.suggestions)])
    fields = {
        "id": record.id,
        "text": record.text,
        "label": [[units(span.start), units(span.end), span.label] for span in spans],
        **meta(record),
    }
    if options.suggestions:
        fields["suggested"] = [
            [units(one.span.start), units(one.span.end), one.span.label, one.confidence]
            for one in record.suggestions
        ]
    yield fields


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
    return ExportedRow(where, found["id"], meta_in(about), (quote,), spans, whole=True)


DOCCANO = json_rows.json_format(
    "doccano", _examples, _parse, _card, can=(Capability.SUGGESTIONS,), beside=_labels
)
