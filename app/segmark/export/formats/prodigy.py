"""The format ``prodigy``: tasks for Prodigy, with tokens and spans, one a line.

https://prodi.gy/docs/api-interfaces#spans_manual: ``end`` is exclusive and ``token_end`` is not;
the tokens and the spaces marked by ``ws`` make up the text, so line breaks are tokens too.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any

from segmark.core.annotation import Status
from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.format import Capability, CardLayout
from segmark.export.formats import json_rows
from segmark.export.formats.segments import TokenRange, tokens_of
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, Quote, meta, meta_in, spans_in

# The answer in Prodigy; an unfinished page has none, since it is still to be annotated.
_ANSWERS = {Status.DONE: "accept", Status.SKIPPED: "ignore"}

_LOADING = """\
Finished pages go into a dataset, the others to a recipe as what is to be annotated:

```sh
prodigy db-in news path/to/this/folder/FILE
prodigy spans.manual news blank:xx path/to/this/folder/FILE --label LABELS
```

`db-in` takes a line without an `answer` for accepted: give it finished pages only."""

_FIELDS = """\
- `text`: the page's text.
- `tokens`: the words, marks and white space of the text; `ws` tells of a space after a token.
  A token in which a span begins or ends is cut there.
- `spans`: the labelled spans. `start` and `end` count Unicode code points of the text, and `end` is
  exclusive; `token_start` and `token_end` are the first and the last token. One that is only
  suggested has `source: suggestion` and its `score`, 0 to 1.
- `meta`: the page's `id`, `source` (the file it was loaded from), `url`, `site`, `annotator`,
  `status`, and the `sha256` of the text in UTF-8. What is not known is an empty string.
- `_input_hash`, `_task_hash`: the same for the same text, and for the same text and spans.
- `answer`: `accept` on a page that is done, `ignore` on one that was skipped; not there on others.
"""


def _card(label_set: LabelSet, options: ExportOptions) -> CardLayout:
    labels = ",".join(label.name for label in label_set)
    loading = _LOADING.replace("FILE", f"{options.parts[0]}.jsonl").replace("LABELS", labels)
    return CardLayout(loading, _FIELDS)


def task(record: Record) -> dict[str, Any]:
    """The record as a task."""
    scores = {one.span.start: one.confidence for one in record.suggestions}
    spans = sorted([*record.spans, *(one.span for one in record.suggestions)])
    tokens = _tokens(record.text, tokens_of(record.text, spans))
    inputs = _hash(record.text)
    fields = {
        "text": record.text,
        "tokens": tokens,
        "spans": _spans(spans, tokens, scores),
        "meta": {"id": record.id, **meta(record)},
        "_input_hash": inputs,
        "_task_hash": _hash(f"{inputs} {[(span.start, span.end, span.label) for span in spans]}"),
        "_view_id": "spans_manual",
        "_annotator_id": record.annotator or None,
        "_session_id": record.annotator or None,
    }
    if answer := _ANSWERS.get(Status(record.status)):
        fields["answer"] = answer
    return fields


def _hash(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4], "big", signed=True)


def _tokens(text: str, words: Sequence[TokenRange]) -> list[dict[str, Any]]:
    """The words, and a token for white space other than a single space after a word."""
    pieces, at = list[tuple[int, int, bool]](), 0
    for start, end in words:
        if at < start:
            pieces.append((at, start, False))
        at = end + 1 if (spaced := text[end : end + 1] == " ") else end
        pieces.append((start, end, spaced))
    if at < len(text):
        pieces.append((at, len(text), False))
    return [
        {"text": text[start:end], "start": start, "end": end, "id": number, "ws": spaced}
        for number, (start, end, spaced) in enumerate(pieces)
    ]


def _spans(
    spans: Iterable[Span], tokens: Sequence[dict[str, Any]], scores: dict[int, float]
) -> list[dict[str, Any]]:
    starts = [token["start"] for token in tokens]
    found = []
    for span in spans:
        fields: dict[str, Any] = {
            "start": span.start,
            "end": span.end,
            "token_start": bisect_left(starts, span.start),
            "token_end": bisect_left(starts, span.end) - 1,
            "label": span.label,
        }
        if span.start in scores:
            fields |= {"source": "suggestion", "score": scores[span.start]}
        found.append(fields)
    return found


def _parse(where: str, found: dict[str, Any]) -> ExportedRow:
    text, tokens, faults = found["text"], found["tokens"], list[str]()
    quote = Quote(0, text)
    if "".join(token["text"] + " " * token["ws"] for token in tokens) != text:
        faults.append("its tokens do not make its text")
    for number, token in enumerate(tokens):
        place = (token["id"], text[token["start"] : token["end"]])
        if place != (number, token["text"]):
            faults.append(f"token {number} is not where it says")
    for span in found["spans"]:
        edges = (tokens[span["token_start"]]["start"], tokens[span["token_end"]]["end"])
        if edges != (span["start"], span["end"]):
            faults.append(f"the tokens of the {span['label']} at {span['start']} are others")
    labelled = {"spans": [span for span in found["spans"] if "source" not in span]}
    about = {"id": found["meta"]["id"], "meta": found["meta"]}
    return ExportedRow(
        where, about["id"], meta_in(about), (quote,), spans_in(labelled), faults, True
    )


PRODIGY = json_rows.json_format(
    "prodigy",
    lambda record, _options: (task(record),),
    _parse,
    _card,
    can=(Capability.SUGGESTIONS,),
)
