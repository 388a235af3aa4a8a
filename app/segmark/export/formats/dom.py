"""The format ``dom``: pages from HTML, with the element and the bytes of each span.

A span of several lines has several places, at least one for each line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from segmark.core.label import LabelSet
from segmark.core.markup import Markup, inked
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.text.normalise import normalise
from segmark.export.features import INTEGER, STRING, Feature, ListOf, OneOf, Struct
from segmark.export.format import Capability, CardLayout
from segmark.export.formats import json_rows, jsonl
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, meta

if TYPE_CHECKING:
    from segmark.export.formats.traced_page import NodePart, TracedPage

#: The reason for leaving a page out.
NOT_HTML = "not made from HTML, or from HTML that lxml does not read to its end"

_DATASETS = """\
```python
from datasets import load_dataset

row = load_dataset("path/to/this/folder", split="SPLIT")[0]
print(row["spans"][0]["places"])
```

A label loads as its number in the table of labels; the data files hold its name."""

_SHOWN = ('rows[["id", "spans"]]', 'print(row["spans"][0]["places"])')

_FOUND = """\
With lxml, the spans of a `row` are found again in its HTML:

```python
from lxml import html

parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
page = html.document_fromstring(row["html"].encode(), parser=parser)
for span in row["spans"]:
    for place in span["places"]:
        (element,) = page.xpath(place["path"])
        print(span["label"], element.xpath("string()")[place["start"] : place["end"]])
```"""

_FIELDS = """\
- `id`, `text`, `meta`, and `start`, `end`, `label` of `spans`: as in the format `jsonl`. Offsets
  count Unicode code points, and ends are exclusive.
- `html`: the page's HTML, decoded; `encoding`: what it was decoded with, as Python calls it.
- `places` of a span: where in the HTML it stood, a place for each line of it, or several where
  something that is not shown lies in between. The text of a place is that of the page from
  `page_start` to `page_end`, but for white space.
  - `path`: the XPath of the innermost element that holds the place, as lxml's `getpath` writes it.
  - `start`, `end`: where it lies in the element's text, which is XPath's `string()` of it.
  - `source`: the first byte of it in the file that was loaded and the one after the last, markup
    in between counted; empty where that is not known."""


def _card(label_set: LabelSet, options: ExportOptions) -> CardLayout:
    labels = OneOf(tuple(label.name for label in label_set))
    place: dict[str, Feature] = {
        "path": STRING, "start": INTEGER, "end": INTEGER,
        "page_start": INTEGER, "page_end": INTEGER, "source": ListOf(INTEGER),
    }  # fmt: skip
    span: dict[str, Feature] = {
        "start": INTEGER,
        "end": INTEGER,
        "label": labels,
        "places": ListOf(Struct(place)),
    }
    columns = Struct(
        {
            "id": STRING, "text": STRING, "html": STRING, "encoding": STRING,
            "spans": ListOf(Struct(span)), "meta": options.meta_columns,
        }
    )  # fmt: skip
    loading = f"{json_rows.loading(options, _DATASETS, _SHOWN)}\n\n{_FOUND}"
    return CardLayout(loading, _FIELDS, columns)


def _row(record: Record) -> dict[str, Any]:
    # Imported here: other formats don't need lxml.
    from segmark.export.formats.traced_page import TracedPage

    assert record.markup, "others are left out"
    page = TracedPage(record.text, record.markup)
    count = _Bytes(record.markup)
    return {
        "id": record.id,
        "text": record.text,
        "html": record.markup.html,
        "encoding": record.markup.encoding,
        "spans": [
            {
                "start": span.start,
                "end": span.end,
                "label": span.label,
                "places": [*_places(page, span, count)],
            }
            for span in record.spans
        ],
        "meta": meta(record),
    }


def _places(page: "TracedPage", span: Span, count: "_Bytes") -> Iterator[dict[str, Any]]:
    for start, end in _lines(page.text, span):
        parts = list(page.parts(start, end))
        if not parts:
            continue
        if _shows_all(page, parts[0], parts[-1]):
            yield _place(page, parts, count)
        else:
            yield from (_place(page, [part], count) for part in parts)


def _lines(text: str, span: Span) -> Iterator[tuple[int, int]]:
    at = span.start
    for line in text[span.start : span.end].split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _place(page: "TracedPage", parts: Sequence["NodePart"], count: "_Bytes") -> dict[str, Any]:
    first, last = parts[0], parts[-1]
    element = page.holder(first, last)
    start, end = page.range_in(element, first, last)
    return {
        "path": page.root.getroottree().getpath(element),
        "start": start,
        "end": end,
        "page_start": first.page_start,
        "page_end": last.page_end,
        "source": [count.before(place) for place in page.origin(first, last) or ()],
    }


def _shows_all(page: "TracedPage", first: "NodePart", last: "NodePart") -> bool:
    """Whether the page shows everything from the first part to the last."""
    element = page.holder(first, last)
    found = page.text_in(element, *page.range_in(element, first, last))
    return _ink(found) == _ink(page.text[first.page_start : last.page_end])


def _ink(text: str) -> str:
    """The text without white space, normalised like the page's text."""
    return normalise("x" + inked(text))[1:]


class _Bytes:
    """Counts the bytes before a character of the HTML; fast for increasing offsets."""

    def __init__(self, markup: Markup) -> None:
        self._html, self._encoding = markup.html, markup.encoding
        self._last = (0, 0)

    def before(self, place: int) -> int:
        """The number of bytes before the character at this offset."""
        last, count = self._last if self._last[0] <= place else (0, 0)
        count += len(self._html[last:place].encode(self._encoding))
        self._last = place, count
        return count


def _parse(where: str, found: dict[str, Any]) -> ExportedRow:
    from segmark.html_tree import parse

    row = jsonl.parse(where, found)
    root = parse(found["html"])
    if root is None:
        return replace(row, faults=("its HTML can't be read",))
    tree, faults = root.getroottree(), list[str]()
    for span in found["spans"]:
        for place in span["places"]:
            name = f"the {span['label']} at {span['start']}: {place['path']}"
            if tree.xpath(f"count({place['path']})") != 1:
                faults.append(f"{name} is not one element")
                continue
            text = str(tree.xpath(f"string({place['path']})"))[place["start"] : place["end"]]
            if _ink(text) != _ink(found["text"][place["page_start"] : place["page_end"]]):
                faults.append(f"{name} does not contain its text there")
    return replace(row, faults=faults)


DOM = replace(
    json_rows.json_format(
        "dom",
        lambda record, _options: (_row(record),),
        _parse,
        _card,
        can=(Capability.GZIP, Capability.MARKUP),
        slow=True,
    ),
    left_out=lambda record: "" if record.markup else NOT_HTML,
)
