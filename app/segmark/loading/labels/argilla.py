"""Records of Argilla.

Version 1, token classification: ``annotation`` and ``prediction`` with rows ``[label, start, end]``
or objects. Version 2, questions about spans: ``responses`` and ``suggestions`` by question, as
objects, or flat as in its data sets on Hugging Face. https://docs.argilla.io/latest/.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.labels.span_lists import read_span
from segmark.loading.raw import RawAnnotation, RawLabels, RawSpan

_FIRST = frozenset({"text", "annotation", "prediction"})
_SECOND = frozenset({"fields", "responses", "suggestions"})
_RESPONSES, _SUGGESTION = ".responses", ".suggestion"
_STATUSES = {"submitted": Status.DONE, "Validated": Status.DONE, "discarded": Status.SKIPPED,
             "Discarded": Status.SKIPPED, "draft": Status.STARTED}  # fmt: skip


def is_record(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of Argilla, with labels of spans."""
    first = record.keys() >= _FIRST and "annotation_agent" in record
    second = record.keys() >= _SECOND and isinstance(record["fields"], Mapping)
    return first or second or bool(_flat_questions(record))


def page_of(record: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the record of the page, with its text in the column ``text``."""
    fields = record.get("fields")
    if not isinstance(fields, Mapping):
        used = tuple(_flat_questions(record)) or ("annotation", "prediction", "tokens", "metrics")
        return {key: each for key, each in record.items() if not key.startswith(used)}
    kept = {key: record[key] for key in ("id", "metadata") if record.get(key)}
    if text in fields:
        return {**kept, **fields}
    texts = [key for key, each in fields.items() if isinstance(each, str)]
    return {**kept, **fields, **({text: fields[texts[0]]} if texts else {})}


def read(record: Mapping[str, Any], origin: str) -> RawLabels:
    """Read the responses of people, and what models suggest."""
    if record.keys() >= _SECOND:
        made = [*_responses(record["responses"]), *_suggestions(record["suggestions"])]
    elif questions := _flat_questions(record):
        made = [each for name in questions for each in _flat(record, name)]
    else:
        made = list(_first(record))
    return RawLabels(origin, tuple(made))


def _first(record: Mapping[str, Any]) -> Iterator[RawAnnotation]:
    status = _STATUSES.get(str(record.get("status")))
    agent = _name(record.get("annotation_agent"))
    if isinstance(record["annotation"], list) or status:
        spans = tuple(_spans(record["annotation"]))
        yield RawAnnotation(spans, agent, status)
    if isinstance(record["prediction"], list):
        spans = tuple(_scored(record["prediction"], None))
        model = _name(record.get("prediction_agent"))
        yield RawAnnotation(spans, predicted=True, model=model)


def _responses(questions: object) -> Iterator[RawAnnotation]:
    for answers in questions.values() if isinstance(questions, Mapping) else ():
        for answer in answers if isinstance(answers, list) else ():
            if isinstance(answer, Mapping) and isinstance(answer.get("value"), list):
                user = answer.get("user_id")
                status = _STATUSES.get(str(answer.get("status", "submitted")))
                yield RawAnnotation(tuple(_spans(answer["value"])), _name(user), status)


def _suggestions(questions: object) -> Iterator[RawAnnotation]:
    for one in questions.values() if isinstance(questions, Mapping) else ():
        if isinstance(one, Mapping) and isinstance(one.get("value"), list):
            spans = tuple(_scored(one["value"], one.get("score")))
            yield RawAnnotation(spans, predicted=True, model=_name(one.get("agent")))


def _flat_questions(record: Mapping[str, Any]) -> list[str]:
    """Return the names of the questions whose answers have columns of their own."""
    names = (
        key.removesuffix(suffix)
        for key in record
        for suffix in (_RESPONSES, _SUGGESTION)
        if key.endswith(suffix)
    )
    return [name for name in dict.fromkeys(names) if name]


def _flat(record: Mapping[str, Any], name: str) -> Iterator[RawAnnotation]:
    answers = record.get(name + _RESPONSES)
    users = record.get(f"{name}{_RESPONSES}.users")
    statuses = record.get(f"{name}{_RESPONSES}.status")
    for number, value in enumerate(answers if isinstance(answers, list) else ()):
        if _is_spans(value):
            status = _STATUSES.get(str(_nth(statuses, number) or "submitted"))
            yield RawAnnotation(tuple(_spans(value)), _name(_nth(users, number)), status)
    suggested = record.get(name + _SUGGESTION)
    if isinstance(suggested, list) and _is_spans(suggested):
        agent = _name(record.get(f"{name}{_SUGGESTION}.agent"))
        spans = tuple(_scored(suggested, record.get(f"{name}{_SUGGESTION}.score")))
        yield RawAnnotation(spans, predicted=True, model=agent)


def _nth(values: object, number: int) -> object:
    return values[number] if isinstance(values, list) and number < len(values) else None


def _is_spans(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _name(value: object) -> str:
    return value if isinstance(value, str) else ""


def _spans(items: object) -> Iterator[RawSpan]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, list) and len(item) in (3, 4) and isinstance(item[0], str):
            item = [*item[1:3], item[0]]
        yield read_span(item)


def _scored(items: Sequence[object], scores: object) -> Iterator[RawSpan]:
    """Yield spans with their scores: their own, or those of a list, or one for all of them."""
    for number, (item, span) in enumerate(zip(items, _spans(items), strict=True)):
        score = span.score
        if isinstance(item, list) and len(item) == 4:
            score = item[3]
        if score is None:
            score = _nth(scores, number) if isinstance(scores, list) else scores
        yield replace(span, score=score, scored=score is not None)
