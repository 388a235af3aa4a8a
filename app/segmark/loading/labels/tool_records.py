"""Recognise records of labelling tools by their keys, and read their pages and labels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.labels import doccano, label_studio
from segmark.loading.raw import RawAnnotation, RawLabels, RawSpan

_OWN_META = frozenset({"annotator", "status", "sha256"})
_PRODIGY = frozenset({"answer", "_input_hash", "_task_hash", "_view_id"})
# Tuples, because values of any type are looked up in them.
_SPAN_VIEWS = ("ner", "ner_manual", "spans", "spans_manual")
_STATUSES = tuple(map(str, Status))
_ANSWERS = ("reject", "ignore")
# The answers in an export for Prodigy; any other answer was given in Prodigy, and counts.
_ANSWERED = {Status.DONE: "accept", Status.SKIPPED: "ignore"}
#: Many times as large as the text, and easily made again.
_NOT_KEPT = frozenset({"tokens"})


@dataclass(frozen=True, slots=True)
class RecognisedRecord:
    """A record with the data of the page only, and its labels; None if it is not from a tool."""

    record: Mapping[str, Any]
    labels: RawLabels | None


def recognise(record: Mapping[str, Any], origin: str, text: str) -> RecognisedRecord:
    """Recognise a record; ``text`` is the column that its offsets refer to."""
    if label_studio.is_task(record):
        return RecognisedRecord(
            label_studio.page_of(record), label_studio.read(record, origin, text)
        )
    if label_studio.is_flat(record):
        page = label_studio.page_of_flat(record)
        return RecognisedRecord(page, label_studio.read_flat(record, origin))
    if doccano.is_document(record):
        return RecognisedRecord(record, doccano.read(record, origin))
    spans, meta = record.get("spans"), record.get("meta")
    if not isinstance(spans, list):
        spans = [] if record.get("_view_id") in _SPAN_VIEWS else None
    if spans is None:
        return RecognisedRecord(record, None)
    kept = {key: value for key, value in record.items() if key not in _NOT_KEPT}
    if isinstance(meta, Mapping) and meta.keys() >= _OWN_META and _is_as_exported(record, meta):
        return RecognisedRecord(kept, RawLabels(origin, tuple(_own(spans, meta))))
    if _PRODIGY & record.keys():
        return RecognisedRecord(kept, _prodigy(record, spans, origin))
    if all(map(_is_span, spans)):
        return RecognisedRecord(record, RawLabels(origin, tuple(_annotations(spans, "", None))))
    return RecognisedRecord(record, None)


def _is_as_exported(record: Mapping[str, Any], meta: Mapping[str, Any]) -> bool:
    """Whether the page has not been answered in Prodigy since Segmark exported it."""
    status = meta["status"]
    expected = _ANSWERED.get(Status(status)) if status in _STATUSES else None
    return record.get("answer") in (None, expected)


def _is_span(span: object) -> bool:
    return isinstance(span, Mapping) and span.keys() >= {"start", "end", "label"}


def _annotations(
    spans: list[Any], annotator: str, status: Status | None, tokens: object = None
) -> Iterator[RawAnnotation]:
    """Yield the annotations in a list of spans; those with a score are predictions."""
    scored, others = list[RawSpan](), list[RawSpan]()
    for span in spans:
        item = span if isinstance(span, Mapping) else {}
        values = (item.get("start"), item.get("end"), item.get("label"))
        if item.get("score") is not None:
            scored.append(RawSpan(*values, score=item["score"]))
        else:
            others.append(RawSpan(*values, _quoted(tokens, item)))
    if scored:
        yield RawAnnotation(tuple(scored), predicted=True)
    if others or status not in (None, Status.NEW):
        yield RawAnnotation(tuple(others), annotator, status)


def _own(spans: list[Any], meta: Mapping[str, Any]) -> Iterator[RawAnnotation]:
    """Yield the annotations in Segmark's own export; a page that nobody opened has none."""
    annotator, status = meta["annotator"], meta["status"]
    known = isinstance(annotator, str) and annotator and status in _STATUSES
    checksum = str(meta["sha256"])
    whose = (annotator, Status(status)) if known else ("", None)
    for made in _annotations(spans, *whose):
        if made.predicted or known:
            yield replace(made, checksum=checksum)


def _prodigy(record: Mapping[str, Any], spans: list[Any], origin: str) -> RawLabels:
    """Read a task of Prodigy (https://prodi.gy/docs/api-interfaces); offsets count code points."""
    answer = record.get("answer", "accept")
    if answer != "accept":
        what = f"is {answer}" if answer in _ANSWERS else "means nothing"
        return RawLabels(origin, notes=(f"records whose answer {what}",))
    names = (record.get("_annotator_id"), record.get("_session_id"))
    annotator = next((name for name in names if isinstance(name, str) and name), "")
    status = Status.DONE if "answer" in record else None
    return RawLabels(origin, tuple(_annotations(spans, annotator, status, record.get("tokens"))))


def _quoted(tokens: object, span: Mapping[str, Any]) -> str:
    """Return the text of a span's tokens; the span has the numbers of its first and last token."""
    first, last = span.get("token_start"), span.get("token_end")
    if not isinstance(tokens, list) or type(first) is not int or type(last) is not int:
        return ""
    among = tokens[first : last + 1] if 0 <= first <= last < len(tokens) else []
    if not all(isinstance(token, Mapping) and "text" in token for token in among):
        return ""
    return "".join(f"{token['text']}{' ' if token.get('ws', True) else ''}" for token in among)
