"""Recognise records of labelling tools by their keys, and read their pages and labels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.labels import argilla, doccano, label_studio, rarer_records, token_rows
from segmark.loading.labels.span_lists import (
    COLUMNS,
    EMPTY_MEANS_NOTHING,
    annotations,
    model_of,
    read_span,
    read_spans,
    unread_columns,
)
from segmark.loading.raw import RawAnnotation, RawLabels, RawSpan
from segmark.loading.rejection import NotAPageError

_OWN_META = frozenset({"annotator", "status", "sha256"})
_PRODIGY = frozenset({"answer", "_input_hash", "_task_hash", "_view_id"})
# Tuples, because values of any type are looked up in them.
_SPAN_VIEWS = ("ner", "ner_manual", "spans", "spans_manual")
_STATUSES = tuple(map(str, Status))
_ANSWERS = ("reject", "ignore")
# The answers in an export for Prodigy; any other answer was given in Prodigy, and counts.
_ANSWERED = {Status.DONE: "accept", Status.SKIPPED: "ignore"}
# The keys of an export with ``--format lines``, whose rows are parts of pages.
_ROW_OF_PAGE = frozenset({"id", "index", "start", "end", "text", "label", "whole"})
#: Many times as large as the text, and easily made again.
_NOT_KEPT = frozenset({"tokens"})


@dataclass(frozen=True, slots=True)
class RecognisedRecord:
    """A record with the data of the page only, and its labels; None if it is not from a tool."""

    record: Mapping[str, Any]
    labels: RawLabels | None


def recognise(
    record: Mapping[str, Any], origin: str, text: str, tags: Sequence[str] = ()
) -> RecognisedRecord:
    """Recognise a record; ``text`` is the column that its offsets refer to.

    ``tags`` are the names of tags that are numbers.

    Raises:
        NotAPageError: it is only a part of a page, or its tags have no names.
    """
    if record.keys() >= _ROW_OF_PAGE:
        raise NotAPageError(
            "its records are not pages but rows of pages, as exported with --format lines; "
            "load an export with --format jsonl, or the pages themselves; if a model predicted "
            "their labels, name it with --model"
        )
    row = token_rows.token_row(record)
    if row and not (isinstance(record.get(text), str) and _is_own(record)):
        page = token_rows.page_of(row, record, text)
        return RecognisedRecord(page, token_rows.read(row, record, origin, text, tags))
    seen, used = _of_tool(record, origin, text)
    found, read = list[RawAnnotation](), {*used, text}
    for column in COLUMNS:
        if column not in read and (spans := read_spans(seen.record.get(column))) is not None:
            read.add(column)
            if spans or (column in EMPTY_MEANS_NOTHING and not seen.labels):
                found += annotations(spans, model=model_of(record))
    unread = tuple(unread_columns(seen.record, read))
    if not found and not unread:
        return seen
    labels = seen.labels or RawLabels(origin)
    made = (*labels.annotations, *found)
    return replace(seen, labels=replace(labels, annotations=made, unread=unread))


def _of_tool(
    record: Mapping[str, Any], origin: str, text: str
) -> tuple[RecognisedRecord, tuple[str, ...]]:
    """Return a record as the tool means it, and the columns whose labels were read."""
    if label_studio.is_task(record):
        page = label_studio.page_of(record, text)
        return RecognisedRecord(page, label_studio.read(record, origin, text)), ()
    if label_studio.is_flat(record):
        page = label_studio.page_of_flat(record, text)
        return RecognisedRecord(page, label_studio.read_flat(record, origin)), ()
    for tool in (argilla, rarer_records):
        if tool.is_record(record):
            page = tool.page_of(record, text)
            return RecognisedRecord(page, tool.read(record, origin)), tuple(page)
    if doccano.is_document(record):
        return RecognisedRecord(record, doccano.read(record, origin)), doccano.columns(record)
    listed, kept = record.get("spans"), _without_tokens(record)
    if isinstance(listed, list) and _is_own(record):
        own = tuple(_own(listed, record["meta"]))
        return RecognisedRecord(kept, RawLabels(origin, own)), ("spans",)
    if _PRODIGY & record.keys() and (listed is not None or record.get("_view_id") in _SPAN_VIEWS):
        spans = read_spans(listed or [], partial(_quoted, record.get("tokens")))
        if spans is not None:
            return RecognisedRecord(kept, _prodigy(record, spans, origin)), ("spans",)
    return RecognisedRecord(record, None), ()


def _without_tokens(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in _NOT_KEPT}


def _is_own(record: Mapping[str, Any]) -> bool:
    """Whether a page is as Segmark exported it, and was not answered in Prodigy since."""
    meta: Any = record.get("meta")
    if not (isinstance(meta, Mapping) and meta.keys() >= _OWN_META):
        return False
    status = meta["status"]
    expected = _ANSWERED.get(Status(status)) if status in _STATUSES else None
    return record.get("answer") in (None, expected)


def _own(listed: list[Any], meta: Mapping[str, Any]) -> Iterator[RawAnnotation]:
    """Yield the annotations in Segmark's own export; a page that nobody opened has none.

    Its spans with a score are suggestions, the others are labels.
    """
    annotator, status = meta["annotator"], meta["status"]
    known = isinstance(annotator, str) and annotator and status in _STATUSES
    checksum, model = str(meta["sha256"]), model_of({"meta": meta})
    spans = [read_span(item) for item in listed]
    if scored := tuple(span for span in spans if span.score is not None):
        yield RawAnnotation(scored, predicted=True, checksum=checksum, model=model)
    others = tuple(span for span in spans if span.score is None)
    if known and (others or status != Status.NEW):
        named = meta.get("absent")
        absent = (
            tuple(one for one in named if isinstance(one, str)) if isinstance(named, list) else ()
        )
        yield RawAnnotation(others, annotator, Status(status), checksum=checksum, absent=absent)


def _prodigy(record: Mapping[str, Any], spans: Sequence[RawSpan], origin: str) -> RawLabels:
    """Read a task of Prodigy (https://prodi.gy/docs/api-interfaces); offsets count code points."""
    answer = record.get("answer", "accept")
    if answer != "accept":
        what = f"is {answer}" if answer in _ANSWERS else "means nothing"
        return RawLabels(origin, notes=(f"records whose answer {what}",))
    names = (record.get("_annotator_id"), record.get("_session_id"))
    annotator = next((name for name in names if isinstance(name, str) and name), "")
    status = Status.DONE if "answer" in record else None
    return RawLabels(origin, tuple(annotations(spans, annotator, status, model_of(record))))


def _quoted(tokens: object, span: Mapping[str, Any]) -> str:
    """Return the text of a span's tokens; the span has the numbers of its first and last token."""
    first, last = span.get("token_start"), span.get("token_end")
    if not isinstance(tokens, list) or type(first) is not int or type(last) is not int:
        return ""
    among = tokens[first : last + 1] if 0 <= first <= last < len(tokens) else []
    if not all(isinstance(token, Mapping) and "text" in token for token in among):
        return ""
    return "".join(f"{token['text']}{' ' if token.get('ws', True) else ''}" for token in among)
