"""Tasks of Label Studio: JSON, JSON_MIN, CSV and TSV (https://labelstud.io/guide/export).

Offsets into a ``Text`` count code points; early versions counted UTF-16 units, which the quoted
texts show. A label of a ``HyperText`` is found by the text that it quotes; its global offsets count
the characters of the text nodes before it. In Segmark's own export, each annotation and prediction
also has the annotator and the status.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.labels.span_lists import parsed_cell
from segmark.loading.raw import OffsetUnit, RawAnnotation, RawLabels, RawSpan

_MADE = ("annotations", "completions")  # the second is their former name
_HYPERTEXT = "hypertextlabels"
_KINDS = ("labels", _HYPERTEXT)  # a tuple, because values of any type are looked up in it
_REGION = frozenset({"start", "end"})
_FLAT = frozenset({"annotation_id", "annotator", "lead_time"})
_UNITS = (OffsetUnit.CODE_POINT, OffsetUnit.UTF_16)
_TAG = re.compile(r"<[a-zA-Z!/][^<>]*>")
_UNSURE = 0.5  # the score of a prediction that has none
_NO_LABEL = "results that are no labels"


def is_task(record: Mapping[str, Any]) -> bool:
    """Whether a record is a task."""
    return isinstance(record.get("data"), Mapping) and any(
        isinstance(record.get(name), list) for name in (*_MADE, "predictions")
    )


def page_of(task: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the record of the page in a task: its data, and the task's number as ``id``."""
    meta = task.get("meta")
    page = {
        **({"id": task["id"]} if "id" in task else {}),
        **({"meta": meta} if meta else {}),
        **task["data"],
    }
    made = (each for name in (*_MADE, "predictions") for each in _mappings(task.get(name)))
    results = (item for each in made for item in _mappings(each.get("result")))
    return _as_html(page, text) if any(each.get("type") == _HYPERTEXT for each in results) else page


def _as_html(page: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the record of a page with its text as HTML, if it is any."""
    value = page.get(text)
    if not isinstance(value, str) or not _TAG.search(value):
        return page
    return {**{name: each for name, each in page.items() if name != text}, "html": value}


def _mappings(values: object) -> list[Mapping[str, Any]]:
    return (
        [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []
    )


def read(task: Mapping[str, Any], origin: str, text: str) -> RawLabels:
    """Read the annotations in a task; ``text`` is the column with the page's text."""
    made: list[Any] = next((task[name] for name in _MADE if isinstance(task.get(name), list)), [])
    notes: list[str] = []
    annotations = [_annotation(each, text, notes) for each in made if isinstance(each, Mapping)]
    predictions = task.get("predictions")
    for each in predictions if isinstance(predictions, list) else []:
        if isinstance(each, Mapping):
            own, others = _split(each, text, notes)
            annotations += own
            if others or not own:
                annotations.append(
                    RawAnnotation(
                        tuple(others),
                        predicted=True,
                        units=_UNITS,
                        model=_model_of(each),
                        by_quote=True,
                    )
                )
    return RawLabels(origin, tuple(annotations), tuple(notes))


def _model_of(prediction: Mapping[str, Any]) -> str:
    named = prediction.get("model_version")
    return " ".join(named.split()) if isinstance(named, str) else ""


def is_flat(record: Mapping[str, Any]) -> bool:
    """Whether a record is one annotation together with the data of its task, as in a table."""
    return "annotation_id" in record and (
        record.keys() >= _FLAT or any(map(_regions, record.values()))
    )


def page_of_flat(record: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the record of the page in a flat task."""
    page = {name: value for name, value in record.items() if not _regions(value)}
    found = (region for value in record.values() for region in _regions(value))
    return _as_html(page, text) if any(_HYPERTEXT in region for region in found) else page


def read_flat(record: Mapping[str, Any], origin: str) -> RawLabels:
    """Read the annotation in a flat task."""
    spans = tuple(
        RawSpan(_start(each), each["end"], label, str(each.get("text") or ""))
        for value in record.values()
        for each in _regions(value)
        for label in _labels(each.get("labels", each.get(_HYPERTEXT)))
    )
    annotator = record.get("annotator")
    if isinstance(annotator, str) and annotator.isdecimal():  # in a table
        annotator = int(annotator)
    made = RawAnnotation(spans, _name(annotator), Status.DONE, units=_UNITS, by_quote=True)
    return RawLabels(origin, (made,))


def _regions(value: object) -> list[Mapping[str, Any]]:
    """Return the regions in a column, which is JSON in a table; none if it holds anything else."""
    regions = _mappings(parsed_cell(value))
    named = all(
        each.keys() >= _REGION and ("labels" in each or _HYPERTEXT in each) for each in regions
    )
    return regions if named else []


def _start(region: Mapping[str, Any]) -> object:
    """Return where a region begins; in HTML, its global offset."""
    offsets = region.get("globalOffsets")
    return offsets.get("start") if isinstance(offsets, Mapping) else region.get("start")


def _split(
    prediction: Mapping[str, Any], text: str, notes: list[str]
) -> tuple[list[RawAnnotation], list[RawSpan]]:
    """Split a prediction for a page in progress into what was labelled and what is predicted."""
    if prediction.get("status") != Status.STARTED:
        return [], list(_spans(prediction, text, notes, _score_of(prediction)))
    items = _mappings(prediction.get("result"))
    by_hand = {**prediction, "result": [item for item in items if "score" not in item]}
    others = {**prediction, "result": [item for item in items if "score" in item]}
    spans = tuple(_spans(by_hand, text, notes, None))
    annotator = _name(prediction.get("annotator"))
    made = RawAnnotation(spans, annotator, Status.STARTED, units=_UNITS, by_quote=True)
    return [made] * bool(spans), list(_spans(others, text, notes, _UNSURE))


def _annotation(annotation: Mapping[str, Any], text: str, notes: list[str]) -> RawAnnotation:
    annotator = _name(annotation.get("completed_by", annotation.get("annotator")))
    if annotation.get("was_cancelled") is True:
        return RawAnnotation((), annotator, Status.SKIPPED)
    spans = tuple(_spans(annotation, text, notes, None))
    return RawAnnotation(spans, annotator, Status.DONE, units=_UNITS, by_quote=True)


def _spans(
    made: Mapping[str, Any], text: str, notes: list[str], score: object
) -> Iterator[RawSpan]:
    items = _mappings(made.get("result"))
    targets = {item.get("to_name") for item in items if isinstance(item.get("to_name"), str)}
    for item in items:
        value, kind = item.get("value"), item.get("type")
        if kind == "relation":
            notes.append("relations between labels")
        elif not isinstance(value, Mapping) or kind not in _KINDS:
            notes.append(_NO_LABEL)
        elif len(targets) > 1 and text in targets and item.get("to_name") != text:
            notes.append("labels of another text")
        else:
            quote = value.get("text")
            sure = item.get("score", score) if score is not None else None
            for label in _labels(value.get(kind)):
                yield RawSpan(
                    _start(value),
                    value.get("end"),
                    label,
                    quote if isinstance(quote, str) else "",
                    score if sure is None else sure,
                    score is not None,
                )


def _labels(named: object) -> Iterable[object]:
    """Return the labels of a region; one without labels yields an invalid label, to be reported."""
    return named if isinstance(named, list) and named else (None,)


def _score_of(prediction: Mapping[str, Any]) -> object:
    score = prediction.get("score")
    return _UNSURE if score is None else score


def _name(completed_by: object) -> str:
    """Return who made an annotation: the email address if there is one, else the number."""
    if isinstance(completed_by, Mapping):
        names = (completed_by.get(key) for key in ("email", "username", "id"))
        completed_by = next((name for name in names if name), None)
    if isinstance(completed_by, int) and not isinstance(completed_by, bool):
        return f"label studio {completed_by}"
    return completed_by if isinstance(completed_by, str) else ""
