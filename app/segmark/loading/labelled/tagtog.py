"""Documents of tagtog: ``ann.json/MEMBER/POOL/ID.ann.json`` with ``plain.html/POOL/ID.plain.html``.

A label's offset counts from the start of the element whose id is its ``part``. The names of labels
are in ``annotations-legend.json``. https://github.com/tagtog/tagtog-doc.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from segmark.core.annotation import Status
from segmark.loading.encoding import decode
from segmark.loading.labelled.gold import GoldPage
from segmark.loading.raw import RawAnnotation, RawLabels, RawSpan

#: The file with the names of labels, which holds no page.
LEGEND = "annotations-legend.json"
#: What the name of a document's labels ends in, and that of its page.
SUFFIX, PAGE = ".ann.json", ".plain.html"
_PAGES = "plain.html"
_LEVELS = 6  # folders above a file that are searched for its page
_PERSON = "user:"


def is_document(head: bytes) -> bool:
    """Whether a file that begins like this has the labels of a document."""
    return b'"annotatable"' in head and b'"parts"' in head


def read(content: bytes, path: Path, origin: str) -> GoldPage:
    """Return the page of a document with its labels.

    Raises:
        ValueError: it is not valid JSON, or not an object.
    """
    name = path.name.removesuffix(SUFFIX)
    top = next((each for each in path.parents[:_LEVELS] if (each / _PAGES).is_dir()), path.parent)
    pools = path.parent.relative_to(top).parts[2:] if top != path.parent else ()
    html = top.joinpath(_PAGES, *pools, f"{name}{PAGE}")
    if not html.is_file():
        return GoldPage(name, None, RawLabels(origin))
    try:
        legend = legend_in((top / LEGEND).read_bytes())
    except OSError:
        legend = {}
    return GoldPage(name, html, labels_in(content, legend, html.read_bytes(), origin))


def labels_in(content: bytes, legend: Mapping[str, Any], html: bytes, origin: str) -> RawLabels:
    """Return the labels of a document on its page.

    Raises:
        ValueError: it is not valid JSON, or not an object.
    """
    about = json.loads(content)
    if not isinstance(about, dict):
        raise ValueError("it is not an object")
    made = tuple(_annotations(about, legend, _parts(html)))
    relations = about.get("relations")
    notes = ("relations between labels",) * (len(relations) if isinstance(relations, list) else 0)
    return RawLabels(origin, made, notes)


def legend_in(content: bytes) -> Mapping[str, Any]:
    """Return the names of labels by their ids; none if the legend is damaged."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _parts(html: bytes) -> dict[str, int]:
    """Return where the elements with an id begin, in characters of the text nodes before them."""
    from segmark.html_tree import parse, walk

    root, at, found = parse(decode(html, "utf-8")[0]), 0, dict[str, int]()
    for event, element, node in walk(root) if root is not None else ():
        if event == "start" and element.get("id"):
            found.setdefault(str(element.get("id")), at)
        at += len(node.text) if node else 0
    return found


def _annotations(
    about: Mapping[str, Any], legend: Mapping[str, Any], parts: Mapping[str, int]
) -> Iterator[RawAnnotation]:
    """Yield the labels of each person, and those of models as predictions."""
    by_maker = dict[str, list[RawSpan]]()
    entities = about.get("entities")
    for entity in entities if isinstance(entities, list) else ():
        if isinstance(entity, Mapping):
            span, maker = _span(entity, legend, parts), _maker(entity)
            by_maker.setdefault(maker, []).append(span)
    status = Status.DONE if about.get("anncomplete") is True else None
    for maker, spans in by_maker.items():
        if maker and not maker.startswith(_PERSON):
            yield RawAnnotation(tuple(spans), predicted=True, model=maker, by_quote=True)
        else:
            name = maker.removeprefix(_PERSON)
            yield RawAnnotation(tuple(spans), name, status, by_quote=True)


def _maker(entity: Mapping[str, Any]) -> str:
    confidence = entity.get("confidence")
    who = confidence.get("who") if isinstance(confidence, Mapping) else None
    names = [each for each in who if isinstance(each, str)] if isinstance(who, list) else []
    people = [name for name in names if name.startswith(_PERSON)]
    return (*people, *names, "")[0]


def _span(
    entity: Mapping[str, Any], legend: Mapping[str, Any], parts: Mapping[str, int]
) -> RawSpan:
    label = legend.get(str(entity.get("classId")), entity.get("classId"))
    offsets = entity.get("offsets")
    first = offsets[0] if isinstance(offsets, list) and len(offsets) == 1 else None
    if not isinstance(first, Mapping) or not isinstance(first.get("text"), str):
        return RawSpan(None, None, label, fault=f"{label} is not one piece of text")
    start = first.get("start")
    at = parts.get(str(entity.get("part")), 0) + start if type(start) is int else None
    return RawSpan(at, None, label, first["text"])
