"""The format ``label-studio``: an array of tasks for Label Studio, and the labelling configuration.

https://labelstud.io/guide/task_format: offsets count code points, ends are exclusive. Finished
pages have annotations, others have predictions, which annotators there see and can change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import orjson

from segmark.core.annotation import Status
from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.file_set import FileSet
from segmark.export.format import Capability, CardLayout, Format
from segmark.export.formats.label_look import hotkeys
from segmark.export.options import ExportOptions
from segmark.export.row import PARSE_ERRORS, ExportedRow, Quote, meta, meta_in, unparsed

_SUFFIX = ".json"
_CONFIG = "labeling_config.xml"
_LABELS, _TEXT = "label", "text"  # names of the tags of the configuration
_EXTRA = "extra"  # the key of what the record brought
_MODEL = "segmark"

_LOADING = f"""\
Make a project and paste `{_CONFIG}` under *Settings → Labeling Interface → Code*. Then import
`FILE` in the window, or with its SDK:

```python
import json
from label_studio_sdk import LabelStudio

studio = LabelStudio(base_url="http://localhost:8080", api_key="…")
with open("path/to/this/folder/FILE", encoding="utf-8") as tasks:
    studio.projects.import_tasks(id=1, request=json.load(tasks))
```"""

_FIELDS = """\
A task is a page, on a line of its own:

- `data`: the page's `text` and `id`, `source` (the file it was loaded from), `url`, `site`, the
  `sha256` of the text in UTF-8, and in `records` each `annotator` of the page with the `status`.
- `annotations`: what each annotator labelled who has finished the page; `was_cancelled` where it
  was skipped. Label Studio knows its own users alone and takes whoever imports for the annotator.
- `predictions`: of a page that is not finished, what is labelled and, in an export with
  suggestions, what is suggested; the latter have a `score`, 0 to 1.
- `result[].value`: `start` and `end` count Unicode code points, and `end` is exclusive;
  `text[start:end]` is `value.text`."""


class _Tasks:
    """Writes a task for each page, and the configuration."""

    def __init__(self, files: FileSet, label_set: LabelSet, options: ExportOptions) -> None:
        self._files, self._label_set = files, label_set
        self._streams = {part: files.open(part + _SUFFIX) for part in options.parts}
        self._begun = set[str]()
        self._part, self._page = "", list[Record]()

    def add(self, part: str, record: Record) -> int:
        """Take a record, which belongs to the last page's task or begins a new one."""
        if self._page and (self._part, self._page[0].id) == (part, record.id):
            self._page.append(record)
            return 0
        self._write()
        self._part, self._page = part, [record]
        return 1

    def finish(self) -> list[str]:
        """End the arrays, and write the configuration."""
        self._write()
        for part, stream in self._streams.items():
            stream.write(b"\n]\n" if part in self._begun else b"[]\n")
        self._files.open(_CONFIG).write(config(self._label_set).encode())
        return [*(part + _SUFFIX for part in self._streams), _CONFIG]

    def _write(self) -> None:
        if self._page:
            stream = self._streams[self._part]
            stream.write(b",\n" if self._part in self._begun else b"[\n")
            stream.write(orjson.dumps(task(self._page)))
            self._begun.add(self._part)


def _card(_label_set: LabelSet, options: ExportOptions) -> CardLayout:
    return CardLayout(_LOADING.replace("FILE", options.parts[0] + _SUFFIX), _FIELDS)


def config(label_set: LabelSet) -> str:
    """The labelling configuration: the labels with their colours and keys, and the text."""
    keys = hotkeys(label_set)
    lines = ["<View>", f'  <Labels name="{_LABELS}" toName="{_TEXT}">']
    for label in label_set:
        key = f" hotkey={quoteattr(keys[label.name])}" if label.name in keys else ""
        hint = quoteattr(label.definition)
        lines.append(
            f'    <Label value="{label.name}" background="{label.light}"{key} hint={hint}/>'
        )
    lines += ["  </Labels>", f'  <Text name="{_TEXT}" value="$text"/>', "</View>", ""]
    return "\n".join(lines)


def _preview(record: Record, _options: ExportOptions) -> str:
    """The page's task with this record only."""
    shown = task([replace(record, spans=record.spans[:2], suggestions=record.suggestions[:2])])
    shown["data"]["text"] = f"{record.text[:240]}{'…' * (len(record.text) > 240)}"
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode()


def task(records: Sequence[Record]) -> dict[str, Any]:
    """The records of a page as a task."""
    first = records[0]
    about = meta(first)
    # The rest of ``more`` is the annotator's.
    own = [{key: value for key, value in one.more.items() if key != _EXTRA} for one in records]
    who = [
        {"annotator": one.annotator, "status": one.status, **more}
        for one, more in zip(records, own, strict=True)
    ]
    annotations, predictions = list[dict[str, Any]](), list[dict[str, Any]]()
    for number, record in enumerate(records):
        result = [*_results(record, number)]
        fields = {**who[number], "result": result}
        if Status(record.status).finished:
            skipped = record.status == Status.SKIPPED
            annotations.append({**fields, "was_cancelled": skipped, "ground_truth": False})
        elif result:
            scores = [one.get("score", 1.0) for one in result]
            score = sum(scores) / len(scores)
            predictions.append({**fields, "model_version": _MODEL, "score": score})
    data = {"text": first.text, "id": first.id}
    data |= {key: about[key] for key in ("source", "url", "site", "sha256", _EXTRA) if key in about}
    return {
        "data": {**data, "records": who},
        "annotations": annotations,
        "predictions": predictions,
    }


def _results(record: Record, number: int) -> Iterator[dict[str, Any]]:
    """The spans and suggestions as regions with ids that are unique on the page."""
    scores = {one.span.start: one.confidence for one in record.suggestions}
    for span in sorted([*record.spans, *(one.span for one in record.suggestions)]):
        region: dict[str, Any] = {
            "id": f"{record.id}-{number}-{span.start}",
            "from_name": _LABELS,
            "to_name": _TEXT,
            "type": "labels",
            "value": {
                "start": span.start,
                "end": span.end,
                "text": record.text[span.start : span.end],
                "labels": [span.label],
            },
        }
        yield region | ({"score": scores[span.start]} if span.start in scores else {})


def _read(path: Path) -> Iterator[ExportedRow]:
    """The rows of a data file, one for each annotator of each task."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            data = line.strip(b",\n")
            where = f"{path.name}, line {number:,}"
            if data in (b"[", b"]", b"[]"):
                continue
            try:
                yield from _parse(where, orjson.loads(data))
            except PARSE_ERRORS as error:
                yield unparsed(where, "task", error)


def _parse(where: str, found: dict[str, Any]) -> Iterator[ExportedRow]:
    data = found["data"]
    drawn = {one["annotator"]: one for one in (*found["annotations"], *found["predictions"])}
    for who in data["records"]:
        faults = list[str]()
        spans = list[Span]()
        for region in drawn.get(who["annotator"], {"result": ()})["result"]:
            value = region["value"]
            span = Span(value["start"], value["end"], *value["labels"])
            if data["text"][span.start : span.end] != value["text"]:
                faults.append(f"the {span.label} at {span.start} quotes another text")
            if "score" not in region:
                spans.append(span)
        fields = {"id": data["id"], "meta": {**data, **who}}
        quote = Quote(0, data["text"])
        yield ExportedRow(where, data["id"], meta_in(fields), (quote,), spans, faults, whole=True)


LABEL_STUDIO = Format(
    "label-studio",
    f"{{part}}{_SUFFIX}",
    _Tasks,
    _card,
    _preview,
    _read,
    can=frozenset({Capability.SUGGESTIONS}),
)
