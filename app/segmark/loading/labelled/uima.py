"""Documents of UIMA, as INCEpTION and WebAnno write them: CAS XMI, and CAS JSON old and new.

Offsets count UTF-16 units. XMI: https://uima.apache.org/d/uimaj-current/references.html.
JSON: https://github.com/apache/uima-uimaj-io-jsoncas. A library for the whole of UIMA needs the
type system beside each document; the labels do not, so the few parts that matter are read here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from segmark.loading.labelled.layers import chosen_feature, label_in
from segmark.loading.raw import OffsetUnit, RawAnnotation, RawLabels, RawPage, RawSpan
from segmark.loading.rejection import NotAPageError

#: What shows in the first bytes that a JSON file is a CAS.
JSON_MARKS = (b'"%TYPES"', b'"%FEATURE_STRUCTURES"', b'"_referenced_fss"', b'"_context"')
#: What shows that an XML file is a CAS.
XMI_MARK = b"<xmi:XMI"
#: What shows that an XML file describes the types of documents.
TYPES_MARK = b"<typeSystemDescription"
_ID = "{http://www.omg.org/XMI}id"
_SOFA = "uima.cas.Sofa"

#: An annotation: its type and its features by name.
_Structure = tuple[str, Mapping[str, Any]]


def read_xmi(source: bytes, name: str, folder: str, layer: str = "") -> RawPage:
    """Return the page in a CAS XMI.

    Raises:
        NotAPageError: it is damaged, or has no text.
    """
    from lxml import etree

    if b"<!DOCTYPE" in source or b"<!ENTITY" in source:
        raise NotAPageError("it is XMI with a DTD, which UIMA does not write")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise NotAPageError(f"its XML is damaged ({error.msg}); export it again") from None
    structures = [_of_element(element) for element in root if isinstance(element.tag, str)]
    return _page(structures, name, folder, layer)


def _of_element(element: Any) -> _Structure:  # noqa: ANN401 - an element of lxml
    namespace, _, local = str(element.tag).removeprefix("{").rpartition("}")
    package = namespace.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
    features = dict[str, Any](element.attrib)
    for key in ("begin", "end"):
        if str(features.get(key)).isdecimal():
            features[key] = int(features[key])
    features["%ID"] = features.pop(_ID, None)
    return f"{package}.{local}" if package else local, features


def read_json(source: bytes, name: str, folder: str, layer: str = "") -> RawPage:
    """Return the page in a CAS JSON, whichever version.

    Raises:
        NotAPageError: it is damaged, or has no text.
    """
    try:
        cas = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise NotAPageError(f"it is not valid JSON ({error})") from None
    if not isinstance(cas, dict):
        raise NotAPageError("it is not an object with a document of UIMA")
    return _page(list(_in_json(cas)), name, folder, layer)


def _in_json(cas: Mapping[str, Any]) -> Iterator[_Structure]:
    listed = cas.get("%FEATURE_STRUCTURES")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping):
            yield str(each.get("%TYPE")), {**each, "sofa": each.get("@sofa")}
    old = cas.get("_referenced_fss")
    for number, each in old.items() if isinstance(old, Mapping) else ():
        if isinstance(each, Mapping) and each.get("_type") == "Sofa":
            yield _SOFA, {**each, "%ID": int(number) if number.isdecimal() else number}
    context = cas.get("_context")
    types = context.get("_types") if isinstance(context, Mapping) else None
    views = cas.get("_views")
    for view in views.values() if isinstance(views, Mapping) else ():
        for short, items in view.items() if isinstance(view, Mapping) else ():
            about = types.get(short) if isinstance(types, Mapping) else None
            full = about.get("_id", short) if isinstance(about, Mapping) else short
            for each in items if isinstance(items, list) else ():
                if isinstance(each, Mapping):
                    yield str(full), {"begin": 0, **each}  # the old form leaves zeros out


def _page(structures: list[_Structure], name: str, folder: str, layer: str) -> RawPage:
    sofas = [
        about
        for kind, about in structures
        if kind in (_SOFA, "Sofa") or kind.endswith(".cas.Sofa")
        if isinstance(about.get("sofaString"), str)
    ]
    if not sofas:
        raise NotAPageError("it is a document of UIMA without a text")
    first = next((each for each in sofas if each.get("sofaID") == "_InitialView"), sofas[0])
    spans, others = list[RawSpan](), 0
    for kind, about in structures:
        feature = chosen_feature(kind, layer)
        if feature is None or "begin" not in about or "end" not in about:
            continue
        if about.get("sofa") not in (None, first.get("%ID")):
            others += 1
            continue
        named = {key: each for key, each in about.items() if not key.startswith(("{", "%", "@"))}
        spans.append(RawSpan(about["begin"], about["end"], label_in(kind, feature, named)))
    made = RawAnnotation(tuple(spans), units=(OffsetUnit.UTF_16,))
    notes = ("labels of another text",) * others
    text = first["sofaString"].encode("utf-8", "surrogatepass")
    labels = RawLabels(name, (made,) if spans else (), notes)
    return RawPage(text, name, folder, media="text", characters=True, labels=labels)
