"""Documents of doccano, as JSON lines (https://github.com/doccano/doccano).

Who labelled them is not in the file, nor what its offsets count: UTF-16 units, or graphemes if the
project was set so. What other programs make for doccano counts code points; what this one makes
tells more than doccano does.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.work import LabelledPage, LabelWork, Mark, OffsetUnit

_LISTS = ("label", "labels", "entities")
_LABEL = frozenset({"text", "suffix_key", "background_color"})
_ENTITY = frozenset({"start_offset", "end_offset", "label"})
_UNITS = (OffsetUnit.UTF_16, OffsetUnit.GRAPHEME, OffsetUnit.CODE_POINT)
# Of this program's own export; doccano adds to it what comes last when it exports it again.
_OWN, _NOT_OWN = frozenset({"annotator", "status", "sha256"}), "Comments"
_STATUSES = tuple(map(str, Status))


def is_document(record: Mapping[str, Any]) -> bool:
    """Whether a record is a document of doccano with its labels, be there none."""
    return _entities(record) is not None or _rows(record) is not None


def is_label(record: Mapping[str, Any]) -> bool:
    """Whether a record is a label of a project, with its key and colour, and no document."""
    return record.keys() >= _LABEL


def _entities(record: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """The labels that are objects; what is none among them is an empty one, so that it is told."""
    found = record.get("entities")
    if not isinstance(found, list):
        return None
    good = [isinstance(each, Mapping) and each.keys() >= _ENTITY for each in found]
    if found and not any(good):
        return None
    return [each if is_one else {} for each, is_one in zip(found, good, strict=True)]


def _rows(record: Mapping[str, Any]) -> list[list[Any]] | None:
    """The labels that are rows; what is none among them is a row of nothing, so that it is told."""
    for name in _LISTS:
        found = record.get(name)
        if isinstance(found, list) and (not found or any(map(_is_range, found))):
            return [each if _is_row(each) else [None, None, None] for each in found]
    return None


def _is_row(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3


def _is_range(value: Any) -> bool:  # noqa: ANN401
    return _is_row(value) and all(type(each) in (int, float) for each in value[:2])


def read(record: Mapping[str, Any], origin: str) -> LabelledPage:
    """The work in a document. Older versions name who approved it, which makes it finished."""
    if record.keys() >= _OWN and _NOT_OWN not in record and record["status"] in _STATUSES:
        return LabelledPage(origin, tuple(_own(record)))
    entities = _entities(record)
    if entities is None:
        marks = [Mark(*row) for row in _rows(record) or ()]
    else:
        marks = [
            Mark(one.get("start_offset"), one.get("end_offset"), one.get("label"))
            for one in entities
        ]
    relations = record.get("relations")
    notes = ("relations between labels",) * (len(relations) if isinstance(relations, list) else 0)
    approver = record.get("annotation_approver")
    names = (record.get("username"), record.get("annotator"), record.get("user"))
    annotator = next((name for name in names if isinstance(name, str) and name), "")
    status = Status.DONE if isinstance(approver, str) and approver else None
    works = (LabelWork(tuple(marks), annotator, status, units=_UNITS, asks=True),)
    return LabelledPage(origin, works if marks or status else (), notes)


def _own(record: Mapping[str, Any]) -> Iterator[LabelWork]:
    """The work in a document of this program, which says what is only suggested."""
    told = record.get("suggested")
    suggested = [one for one in told if isinstance(one, list)] if isinstance(told, list) else []
    unsure = [one[:3] for one in suggested]
    marks = tuple(Mark(*row) for row in _rows(record) or () if row not in unsure)
    annotator, status, checksum = record["annotator"], record["status"], str(record["sha256"])
    if isinstance(annotator, str) and (marks or status != Status.NEW):
        yield LabelWork(
            marks, annotator, Status(status), units=(OffsetUnit.UTF_16,), checksum=checksum
        )
    if found := [Mark(one[0], one[1], one[2], score=one[3]) for one in suggested if len(one) > 3]:
        yield LabelWork(tuple(found), predicted=True, units=(OffsetUnit.UTF_16,), checksum=checksum)
