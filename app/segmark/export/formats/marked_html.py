"""The HTML of a page with its spans marked, and without anything that could load or run.

Only what the page shows is kept, in allowed elements with a few attributes for the layout.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from html import escape

from lxml import etree

from segmark.core.markup import Markup
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.formats.traced_page import NodePart, TracedPage

_KEPT = frozenset(
    """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup
    dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i
    ins kbd li main nav ol p pre q s samp section small span strike strong sub summary sup
    table tbody td tfoot th thead time tr tt u ul var wbr
    """.split()  # noqa: SIM905
)
_RENAMED = {
    "html": "div", "body": "div", "form": "div", "fieldset": "div", "legend": "div",
    "dialog": "div", "search": "div", "menu": "ul", "dir": "ul",
    "listing": "pre", "plaintext": "pre", "xmp": "pre",
}  # fmt: skip
_ATTRIBUTES = frozenset({"colspan", "dir", "lang", "open", "rowspan", "start"})
# These matter even when empty; empty cells keep the others of their row in place.
_EMPTY = frozenset({"br", "hr", "td", "th", "wbr"})


def marked_html(record: Record, markup: Markup) -> str | None:
    """The page's HTML as one element; None if it lacks a character of a span."""
    page = TracedPage(record.text, markup)
    marks: dict[int, list[tuple[NodePart, etree._Element]]] = {}
    for number, span in enumerate(record.spans):
        parts = [*page.parts(span.start, span.end)]
        edges = [edge for part in parts for edge in (part.page_start, part.page_end)]
        if not edges or (edges[0], edges[-1]) != (span.start, span.end):
            return None
        for part in parts:
            end = _end_with_space(page, part, span)
            mark = _mark(record.text, span, number, part.page_start, end)
            marks.setdefault(part.number, []).append((part, mark))
    shown = {one.node for one in page.markup.shown}
    for number, node in enumerate(page.nodes):
        if number in marks:
            _splice(page, number, marks[number])
        elif number not in shown:
            _write(node.holder, node.tail, " ")
    return _clean(page.root, {mark for found in marks.values() for _, mark in found})


def _end_with_space(page: TracedPage, part: NodePart, span: Span) -> int:
    """The end of a part, including one space after it if the node has it and the span continues."""
    after = page.text[part.page_end : part.page_end + 2]
    goes_on = part.page_end + 1 < span.end and len(after) == 2 and not after[1].isspace()
    in_node = part.node.text[part.end : part.end + 1].isspace()
    return part.page_end + (after[:1] == " " and goes_on and in_node)


def _mark(text: str, span: Span, number: int, start: int, end: int) -> etree._Element:
    mark = etree.Element("mark", _attributes(span, number, start, end))
    mark.text = text[start:end]
    return mark


def _attributes(span: Span, number: int, start: int, end: int) -> dict[str, str]:
    about = {
        "class": f"label-{span.label}",
        "title": span.label,
        "data-span": str(number),
        "data-start": str(start),
        "data-end": str(end),
    }
    return about | ({"data-first": ""} if start == span.start else {})


def _splice(
    page: TracedPage, number: int, marks: Sequence[tuple[NodePart, etree._Element]]
) -> None:
    """Insert the marks in place of parts of the text node."""
    node = page.nodes[number]
    text, holder = node.text, node.holder
    parent, place = node.element, 0
    if node.tail:
        place = parent.index(holder) + 1
    _write(holder, node.tail, text[: marks[0][0].start])
    ends = [*(part.start for part, _ in marks[1:]), len(text)]
    for (part, mark), end in zip(marks, ends, strict=True):
        rest = text[part.end : end]
        # A space that is part of the mark is not repeated.
        spaced = len(mark.text or "") > part.page_end - part.page_start
        mark.tail = rest.lstrip(" \t\r\n\f") if spaced else rest
        parent.insert(place, mark)
        place += 1


def _write(holder: etree._Element, tail: bool, text: str) -> None:
    if tail:
        holder.tail = text
    else:
        holder.text = text


def _clean(root: etree._Element, marks: Set[etree._Element]) -> str:
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for element in reversed(list(root.iter())):
        if element in marks:
            continue
        name = str(element.tag)
        empty = not len(element) and not (element.text or "").strip()
        if empty and name not in _EMPTY and element is not root:
            _remove(element)
            continue
        element.tag = name if name in _KEPT else _RENAMED.get(name, "span")
        for attribute in set(element.attrib) - _ATTRIBUTES:
            del element.attrib[attribute]
    root.tail = None
    return str(etree.tostring(root, encoding="unicode", method="html"))


def _remove(element: etree._Element) -> None:
    """Remove an element but keep the text after it, and its own white space."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None, "the root stays"
    rest = " " * bool(element.text) + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + rest
    else:
        parent.text = (parent.text or "") + rest
    parent.remove(element)


def marked_text(text: str, spans: Sequence[Span]) -> str:
    """A plain text with its spans marked, shown preformatted."""
    return f'<div class="text" dir="auto">{"".join(_marked(text, spans))}</div>'


def _marked(text: str, spans: Sequence[Span]) -> Iterator[str]:
    at = 0
    for number, span in enumerate(spans):
        yield escape(text[at : span.start])
        attributes = _attributes(span, number, span.start, span.end)
        yield f"<mark{_written(attributes)}>{escape(text[span.start : span.end])}</mark>"
        at = span.end
    yield escape(text[at:])


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
