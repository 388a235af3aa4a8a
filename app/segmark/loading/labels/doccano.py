"""Documents of doccano, as JSON Lines (https://github.com/doccano/doccano).

The file says neither who labelled them nor what its offsets count: UTF-16 units, or graphemes if
the doccano project was set up that way. Files that other programs make for doccano count code
points. Segmark's own export has more metadata than doccano's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.labels.span_lists import annotations, model_of, read_span
from segmark.loading.raw import OffsetUnit, RawAnnotation, RawLabels, RawSpan

_LISTS = ("label", "labels", "entities")
_LABEL = frozenset({"text", "suffix_key", "background_color"})
_ENTITY = frozenset({"start_offset", "end_offset", "label"})
_UNITS = (OffsetUnit.UTF_16, OffsetUnit.GRAPHEME, OffsetUnit.CODE_POINT)
# The keys of Segmark's own export, and one that doccano adds when it exports such a file again.
_OWN, _NOT_OWN = frozenset({"annotator", "status", "sha256"}), "Comments"
_STATUSES = tuple(map(str, Status))


def is_document(record: Mapping[str, Any]) -> bool:
    """Whether a record is a document of doccano with a list of labels, even an empty one."""
    return _entities(record) is not None or _rows(record) is not None


def is_label(record: Mapping[str, Any]) -> bool:
    """Whether a record is a label type of a doccano project, with its key and colour."""
    return record.keys() >= _LABEL


def columns(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns of a document that hold its labels."""
    return ("entities",) if _entities(record) is not None else (_column(record), "suggested")


def _entities(record: Mapping[str, Any]) -> list[RawSpan] | None:
    """Return the labels that are objects; an invalid one becomes an invalid span."""
    found = record.get("entities")
    if not isinstance(found, list):
        return None
    good = [isinstance(each, Mapping) and each.keys() >= _ENTITY for each in found]
    if found and not any(good):
        return None
    return [read_span(each if is_one else None) for each, is_one in zip(found, good, strict=True)]


def _rows(record: Mapping[str, Any]) -> list[list[Any]] | None:
    """Return the labels as rows; an invalid one becomes an empty row, to be reported."""
    name = _column(record)
    return (
        [each if _is_row(each) else [None, None, None] for each in record[name]] if name else None
    )


def _column(record: Mapping[str, Any]) -> str:
    """Return the name of the list of rows; a list that is not empty comes first."""
    lists = {name: record[name] for name in _LISTS if isinstance(record.get(name), list)}
    rows = [name for name, found in lists.items() if not found or any(map(_is_range, found))]
    return next((name for name in rows if lists[name]), next(iter(rows), ""))


def _is_row(value: object) -> bool:
    return isinstance(value, list) and len(value) in (3, 4)


def _is_range(value: Any) -> bool:  # noqa: ANN401
    return _is_row(value) and all(type(each) in (int, float) for each in value[:2])


def read(record: Mapping[str, Any], origin: str) -> RawLabels:
    """Read the labels of a document; one with an approver, as in older versions, is finished."""
    if record.keys() >= _OWN and _NOT_OWN not in record and record["status"] in _STATUSES:
        return RawLabels(origin, tuple(_own(record)))
    spans = _entities(record)
    if spans is None:
        spans = [read_span(row) for row in _rows(record) or ()]
    relations = record.get("relations")
    notes = ("relations between labels",) * (len(relations) if isinstance(relations, list) else 0)
    approver = record.get("annotation_approver")
    names = (record.get("username"), record.get("annotator"), record.get("user"))
    annotator = next((name for name in names if isinstance(name, str) and name), "")
    status = Status.DONE if isinstance(approver, str) and approver else None
    made = [
        replace(each, units=_UNITS, must_ask=True)
        for each in (
            annotations(spans, annotator, status, model_of(record)) if spans or status else ()
        )
    ]
    return RawLabels(origin, tuple(made), notes)


def _own(record: Mapping[str, Any]) -> Iterator[RawAnnotation]:
    """Yield the annotations in a document of Segmark, which marks what is only suggested."""
    rows = record.get("suggested")
    suggested = [one for one in rows if isinstance(one, list)] if isinstance(rows, list) else []
    unsure = [one[:3] for one in suggested]
    spans = tuple(RawSpan(*row[:3]) for row in _rows(record) or () if row not in unsure)
    annotator, status, checksum = record["annotator"], record["status"], str(record["sha256"])
    if isinstance(annotator, str) and (spans or status != Status.NEW):
        yield RawAnnotation(
            spans, annotator, Status(status), units=(OffsetUnit.UTF_16,), checksum=checksum
        )
    if found := [
        RawSpan(one[0], one[1], one[2], score=one[3]) for one in suggested if len(one) > 3
    ]:
        yield RawAnnotation(
            tuple(found), predicted=True, units=(OffsetUnit.UTF_16,), checksum=checksum
        )
