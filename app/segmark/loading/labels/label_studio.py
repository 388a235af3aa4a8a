"""Tasks of Label Studio, in its formats JSON and JSON_MIN (https://labelstud.io/guide/export).

Offsets into a ``Text`` count code points; early versions counted UTF-16 units, which the quoted
texts show. Offsets into a ``HyperText`` are not positions in a text at all. In Segmark's own
export, each annotation and prediction also has the annotator and the status.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.raw import OffsetUnit, RawAnnotation, RawLabels, RawSpan

_MADE = ("annotations", "completions")  # the second is their former name
_KINDS = ("labels", "hypertextlabels")  # a tuple, because values of any type are looked up in it
_REGION = frozenset({"start", "end", "labels"})
_UNITS = (OffsetUnit.CODE_POINT, OffsetUnit.UTF_16)
_UNSURE = 0.5  # the score of a prediction that has none
_NO_LABEL = "results that are no labels"


def is_task(record: Mapping[str, Any]) -> bool:
    """Whether a record is a task."""
    return isinstance(record.get("data"), Mapping) and any(
        isinstance(record.get(name), list) for name in (*_MADE, "predictions")
    )


def page_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of the page in a task: its data, and the task's number as ``id``."""
    meta = task.get("meta")
    return {
        **({"id": task["id"]} if "id" in task else {}),
        **({"meta": meta} if meta else {}),
        **task["data"],
    }


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
                        tuple(others), predicted=True, units=_UNITS, model=_model_of(each)
                    )
                )
    return RawLabels(origin, tuple(annotations), tuple(notes))


def _model_of(prediction: Mapping[str, Any]) -> str:
    named = prediction.get("model_version")
    return " ".join(named.split()) if isinstance(named, str) else ""


def is_flat(record: Mapping[str, Any]) -> bool:
    """Whether a record is a task in JSON_MIN: one annotation together with the task's data."""
    return "annotation_id" in record and any(map(_is_regions, record.values()))


def page_of_flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of the page in a task in JSON_MIN."""
    return {name: value for name, value in record.items() if not _is_regions(value)}


def read_flat(record: Mapping[str, Any], origin: str) -> RawLabels:
    """Read the annotation in a task in JSON_MIN."""
    spans = tuple(
        RawSpan(each["start"], each["end"], label, str(each.get("text") or ""))
        for regions in record.values()
        if _is_regions(regions)
        for each in regions
        for label in _labels(each["labels"])
    )
    annotator = _name(record.get("annotator"))
    return RawLabels(origin, (RawAnnotation(spans, annotator, Status.DONE, units=_UNITS),))


def _is_regions(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, Mapping) and one.keys() >= _REGION for one in value)
    )


def _split(
    prediction: Mapping[str, Any], text: str, notes: list[str]
) -> tuple[list[RawAnnotation], list[RawSpan]]:
    """Split a prediction for a page in progress into what was labelled and what is predicted."""
    if prediction.get("status") != Status.STARTED:
        return [], list(_spans(prediction, text, notes, _score_of(prediction)))
    results = prediction.get("result")
    items = (
        [item for item in results if isinstance(item, Mapping)] if isinstance(results, list) else []
    )
    by_hand = {**prediction, "result": [item for item in items if "score" not in item]}
    others = {**prediction, "result": [item for item in items if "score" in item]}
    spans = tuple(_spans(by_hand, text, notes, None))
    made = RawAnnotation(spans, _name(prediction.get("annotator")), Status.STARTED, units=_UNITS)
    return [made] * bool(spans), list(_spans(others, text, notes, _UNSURE))


def _annotation(annotation: Mapping[str, Any], text: str, notes: list[str]) -> RawAnnotation:
    annotator = _name(annotation.get("completed_by", annotation.get("annotator")))
    if annotation.get("was_cancelled") is True:
        return RawAnnotation((), annotator, Status.SKIPPED)
    spans = tuple(_spans(annotation, text, notes, None))
    return RawAnnotation(spans, annotator, Status.DONE, units=_UNITS)


def _spans(
    made: Mapping[str, Any], text: str, notes: list[str], score: object
) -> Iterator[RawSpan]:
    results = made.get("result")
    items = (
        [each for each in results if isinstance(each, Mapping)] if isinstance(results, list) else []
    )
    targets = {item.get("to_name") for item in items if isinstance(item.get("to_name"), str)}
    for item in items:
        value, kind = item.get("value"), item.get("type")
        if not isinstance(value, Mapping) or kind not in _KINDS:
            notes.append(_NO_LABEL)
        elif len(targets) > 1 and text in targets and item.get("to_name") != text:
            notes.append("labels of another text")
        else:
            quote = value.get("text")
            sure = item.get("score", score) if score is not None else None
            for label in _labels(value.get(kind)):
                yield RawSpan(
                    value.get("start"),
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
