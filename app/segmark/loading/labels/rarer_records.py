"""Records of tools that are rarer: LightTag, Dataturks, GATE's JSON, and spaCy's training pairs.

LightTag lists all examples in one object: https://www.lighttag.io/docs. Dataturks counts the last
character of a span in: https://dataturks.com/help. GATE: https://gate.ac.uk/userguide.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.labels.span_lists import read_span
from segmark.loading.raw import RawAnnotation, RawLabels, RawSpan

_LIGHTTAG = frozenset({"content", "annotations", "example_id"})
_DATATURKS = frozenset({"content", "annotation", "extras"})


def expanded(record: Mapping[str, Any]) -> list[Any]:
    """Return the pages in a record of a whole project; none if it is the record of one page."""
    examples = record.get("examples")
    if isinstance(examples, list) and any(
        isinstance(each, Mapping) and "content" in each for each in examples
    ):
        return examples
    pairs = record.get("annotations")
    if "classes" in record and isinstance(pairs, list):
        return [as_record(pair) for pair in pairs if pair is not None]
    return []


def as_record(value: object) -> object:
    """Return the record for a pair of a text and its entities, else the value itself."""
    match value:
        case [str() as text, {**about}]:
            return {"text": text, **about}
        case _:
            return value


def is_record(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of LightTag, Dataturks or GATE."""
    return record.keys() >= _LIGHTTAG or record.keys() >= _DATATURKS or bool(_gate(record))


def page_of(record: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the record of the page, with its text in the column ``text``."""
    if _gate(record):
        return {key: each for key, each in record.items() if key != "entities"}
    used = ("content", "annotation", "annotations", "extras", "seen_by", "classifications")
    kept = {key: each for key, each in record.items() if key not in used}
    return {**kept, text: record["content"]}


def read(record: Mapping[str, Any], origin: str) -> RawLabels:
    """Read the labels of a record."""
    if gate := _gate(record):
        return RawLabels(origin, (RawAnnotation(tuple(_gate_spans(gate))),))
    if record.keys() >= _LIGHTTAG:
        return RawLabels(origin, tuple(_lighttag(record)))
    spans = tuple(_dataturks(record))
    meta = record.get("metadata")
    done = isinstance(meta, Mapping) and meta.get("status") == "done"
    made = RawAnnotation(spans, status=Status.DONE if done else None)
    return RawLabels(origin, (made,) if spans or done else ())


def _lighttag(record: Mapping[str, Any]) -> Iterator[RawAnnotation]:
    """Yield the work of each annotator; an annotation that was rejected in a review counts not."""
    by_name = dict[str, list[RawSpan]]()
    listed = record["annotations"]
    for item in listed if isinstance(listed, list) else ():
        if not isinstance(item, Mapping) or item.get("correct") is False:
            continue
        span = read_span(item, _value)
        people = item.get("annotated_by")
        names = [
            str(one["annotator"])
            for one in (people if isinstance(people, list) else ())
            if isinstance(one, Mapping) and one.get("annotator")
        ]
        for name in names or [""]:
            by_name.setdefault(name, []).append(span)
    for name, spans in by_name.items():
        yield RawAnnotation(tuple(spans), name, by_quote=True)


def _value(item: Mapping[str, Any]) -> str:
    quote = item.get("value")
    return quote if isinstance(quote, str) else ""


def _dataturks(record: Mapping[str, Any]) -> Iterator[RawSpan]:
    listed = record["annotation"]
    for item in listed if isinstance(listed, list) else ():
        if not isinstance(item, Mapping) or not isinstance(item.get("points"), list):
            yield RawSpan(None, None, None)
            continue
        labels = item.get("label")
        for point in item["points"]:
            about = point if isinstance(point, Mapping) else {}
            start, end, quote = about.get("start"), about.get("end"), about.get("text")
            for label in labels if isinstance(labels, list) and labels else [labels or None]:
                last = end + 1 if type(end) is int else end
                yield RawSpan(start, last, label, quote if isinstance(quote, str) else "")


def _gate(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the annotations of GATE by type; none if these are something else."""
    found = record.get("entities")
    if not isinstance(found, Mapping) or not found:
        return {}
    items = [item for each in found.values() if isinstance(each, list) for item in each]
    good = items and all(isinstance(item, Mapping) and "indices" in item for item in items)
    return found if good else {}


def _gate_spans(types: Mapping[str, Any]) -> Iterator[RawSpan]:
    for label, items in types.items():
        for item in items:
            ends = item["indices"]
            start, end = ends if isinstance(ends, list) and len(ends) == 2 else (None, None)
            yield RawSpan(start, end, label)
