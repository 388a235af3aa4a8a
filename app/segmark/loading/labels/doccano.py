"""Documents of doccano, as JSON Lines (https://github.com/doccano/doccano).

The file says neither who labelled them nor what its offsets count: UTF-16 units, or graphemes if
the doccano project was set up that way. Files that other programs make for doccano count code
points. Segmark's own export has more metadata than doccano's.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from segmark.core.annotation import Status
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


def _entities(record: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """Return the labels as objects; an invalid one becomes an empty object, to be reported."""
    found = record.get("entities")
    if not isinstance(found, list):
        return None
    good = [isinstance(each, Mapping) and each.keys() >= _ENTITY for each in found]
    if found and not any(good):
        return None
    return [each if is_one else {} for each, is_one in zip(found, good, strict=True)]


def _rows(record: Mapping[str, Any]) -> list[list[Any]] | None:
    """Return the labels as rows; an invalid one becomes an empty row, to be reported."""
    for name in _LISTS:
        found = record.get(name)
        if isinstance(found, list) and (not found or any(map(_is_range, found))):
            return [each if _is_row(each) else [None, None, None] for each in found]
    return None


def _is_row(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3


def _is_range(value: Any) -> bool:  # noqa: ANN401
    return _is_row(value) and all(type(each) in (int, float) for each in value[:2])


def read(record: Mapping[str, Any], origin: str) -> RawLabels:
    """Read the labels of a document; one with an approver, as in older versions, is finished."""
    if record.keys() >= _OWN and _NOT_OWN not in record and record["status"] in _STATUSES:
        return RawLabels(origin, tuple(_own(record)))
    entities = _entities(record)
    if entities is None:
        spans = [RawSpan(*row) for row in _rows(record) or ()]
    else:
        spans = [
            RawSpan(one.get("start_offset"), one.get("end_offset"), one.get("label"))
            for one in entities
        ]
    relations = record.get("relations")
    notes = ("relations between labels",) * (len(relations) if isinstance(relations, list) else 0)
    approver = record.get("annotation_approver")
    names = (record.get("username"), record.get("annotator"), record.get("user"))
    annotator = next((name for name in names if isinstance(name, str) and name), "")
    status = Status.DONE if isinstance(approver, str) and approver else None
    made = (RawAnnotation(tuple(spans), annotator, status, units=_UNITS, must_ask=True),)
    return RawLabels(origin, made if spans or status else (), notes)


def _own(record: Mapping[str, Any]) -> Iterator[RawAnnotation]:
    """Yield the annotations in a document of Segmark, which marks what is only suggested."""
    rows = record.get("suggested")
    suggested = [one for one in rows if isinstance(one, list)] if isinstance(rows, list) else []
    unsure = [one[:3] for one in suggested]
    spans = tuple(RawSpan(*row) for row in _rows(record) or () if row not in unsure)
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
