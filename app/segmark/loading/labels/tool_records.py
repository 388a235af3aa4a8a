"""Records of labelling tools, told by their keys: the page in each, and what was labelled on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.labels import doccano, label_studio
from segmark.loading.work import LabelledPage, LabelWork, Mark

_OWN_META = frozenset({"annotator", "status", "sha256"})
_PRODIGY = frozenset({"answer", "_input_hash", "_task_hash", "_view_id"})
# Tuples, as values of any type are looked for in them.
_SPAN_VIEWS = ("ner", "ner_manual", "spans", "spans_manual")
_STATUSES = tuple(map(str, Status))
_ANSWERS = ("reject", "ignore")
# What an export for Prodigy answers for a page; another answer was given there, and counts.
_ANSWERED = {Status.DONE: "accept", Status.SKIPPED: "ignore"}
#: Made anew by whoever needs them, and many times as large as the text.
_NOT_KEPT = frozenset({"tokens"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """A record without what is not the page's, and its labels; None where it is no tool's."""

    record: Mapping[str, Any]
    labelled: LabelledPage | None


def recognised(record: Mapping[str, Any], origin: str, text: str) -> Recognised:
    """What a record is; ``text`` is the column that its offsets count."""
    if label_studio.is_task(record):
        return Recognised(label_studio.page_of(record), label_studio.read(record, origin, text))
    if label_studio.is_flat(record):
        page = label_studio.page_of_flat(record)
        return Recognised(page, label_studio.read_flat(record, origin))
    if doccano.is_document(record):
        return Recognised(record, doccano.read(record, origin))
    spans, meta = record.get("spans"), record.get("meta")
    if not isinstance(spans, list):
        spans = [] if record.get("_view_id") in _SPAN_VIEWS else None
    if spans is None:
        return Recognised(record, None)
    kept = {key: value for key, value in record.items() if key not in _NOT_KEPT}
    if isinstance(meta, Mapping) and meta.keys() >= _OWN_META and _is_as_exported(record, meta):
        return Recognised(kept, LabelledPage(origin, tuple(_own(spans, meta))))
    if _PRODIGY & record.keys():
        return Recognised(kept, _prodigy(record, spans, origin))
    if all(map(_is_span, spans)):
        return Recognised(record, LabelledPage(origin, tuple(_works(spans, "", None))))
    return Recognised(record, None)


def _is_as_exported(record: Mapping[str, Any], meta: Mapping[str, Any]) -> bool:
    """Whether nobody answered for the page in Prodigy since this program exported it."""
    status = meta["status"]
    expected = _ANSWERED.get(Status(status)) if status in _STATUSES else None
    return record.get("answer") in (None, expected)


def _is_span(span: object) -> bool:
    return isinstance(span, Mapping) and span.keys() >= {"start", "end", "label"}


def _works(
    spans: list[Any], annotator: str, status: Status | None, tokens: object = None
) -> Iterator[LabelWork]:
    """The work in spans, of which those with a score were predicted."""
    scored, others = list[Mark](), list[Mark]()
    for span in spans:
        about = span if isinstance(span, Mapping) else {}
        place = (about.get("start"), about.get("end"), about.get("label"))
        if about.get("score") is not None:
            scored.append(Mark(*place, score=about["score"]))
        else:
            others.append(Mark(*place, _quoted(tokens, about)))
    if scored:
        yield LabelWork(tuple(scored), predicted=True)
    if others or status not in (None, Status.NEW):
        yield LabelWork(tuple(others), annotator, status)


def _own(spans: list[Any], meta: Mapping[str, Any]) -> Iterator[LabelWork]:
    """Of this program's own export; nobody's work are pages that nobody opened."""
    annotator, status = meta["annotator"], meta["status"]
    known = isinstance(annotator, str) and annotator and status in _STATUSES
    checksum = str(meta["sha256"])
    for work in _works(spans, annotator, Status(status)) if known else _works(spans, "", None):
        if work.predicted or known:
            yield replace(work, checksum=checksum)


def _prodigy(record: Mapping[str, Any], spans: list[Any], origin: str) -> LabelledPage:
    """Of a task of Prodigy (https://prodi.gy/docs/api-interfaces): offsets count code points."""
    answer = record.get("answer", "accept")
    if answer != "accept":
        said = f"is {answer}" if answer in _ANSWERS else "means nothing"
        return LabelledPage(origin, notes=(f"records whose answer {said}",))
    names = (record.get("_annotator_id"), record.get("_session_id"))
    annotator = next((name for name in names if isinstance(name, str) and name), "")
    status = Status.DONE if "answer" in record else None
    return LabelledPage(origin, tuple(_works(spans, annotator, status, record.get("tokens"))))


def _quoted(tokens: object, span: Mapping[str, Any]) -> str:
    """The text of a span as its tokens have it; they are numbered, the last one included."""
    first, last = span.get("token_start"), span.get("token_end")
    if not isinstance(tokens, list) or type(first) is not int or type(last) is not int:
        return ""
    among = tokens[first : last + 1] if 0 <= first <= last < len(tokens) else []
    if not all(isinstance(token, Mapping) and "text" in token for token in among):
        return ""
    return "".join(f"{token['text']}{' ' if token.get('ws', True) else ''}" for token in among)
