"""The format ``html``: a file for each page with its spans marked, to show the labels to people.

The files are self-contained: nothing in them loads or runs, and their content security policy
forbids it. A page that was not made from HTML is shown as text.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import orjson

from segmark.core.label import LabelSet
from segmark.core.record import Record
from segmark.export.file_set import FileSet
from segmark.export.format import Capability, CardLayout, Format, Maker
from segmark.export.formats.label_look import ink_on
from segmark.export.options import ExportOptions
from segmark.export.row import ExportedRow, Quote, meta, meta_in, row_from, spans_in

_INDEX = "index.html"
_PREVIEW = 1200  # code points
_TITLE = 100  # code points
_LONGEST = 100  # code points of an id in the name of a file
# Windows takes these for devices, whatever their suffix; the index is the list of pages.
_RESERVED = re.compile(r"index|con|prn|aux|nul|(com|lpt)[0-9]", re.IGNORECASE)
_HELD = "segmark"  # name of the element with the record's other data

_LOADING = f"""\
Open `{_INDEX}` in a browser. To read a page with lxml:

```python
from lxml import html

page = html.parse("path/to/this/folder/FILE", html.HTMLParser(encoding="utf-8"))
for mark in page.xpath("//mark[@data-span]"):
    print(mark.get("title"), mark.get("data-start"), mark.text)
```"""

_FIELDS = f"""\
A page is a file, and `{_INDEX}` lists them. A page from HTML is what of its HTML was shown, without
scripts, styles, links and pictures; another one is its text. Of pages that several annotators
labelled there is a file for each of them.

- `mark`: a labelled span, or a part of one that no element cuts; `title` is the label, `data-span`
  the number of the span on the page, and `data-start` and `data-end` where the mark's text stands
  in the page's text, in Unicode code points, the end exclusive.
- `meta name="{_HELD}"`: the `id` and `meta` of the page and its `spans` as JSON, as in the format
  `jsonl`, without the text."""

_STYLE = """\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; overflow-wrap: break-word }
.about { border-bottom: 1px solid #8886; margin-bottom: 1rem; padding-bottom: .5rem }
.about p { margin: .3rem 0 }
.about mark { margin-right: .6rem; padding: 0 .3rem }
.list { border-collapse: collapse }
.list td, .list th { padding: .15rem .5rem; text-align: left; vertical-align: top }
.text, pre { white-space: pre-wrap }
mark { background: color-mix(in srgb, var(--label) 18%, transparent); color: inherit;
  border-bottom: 2px solid var(--label) }
mark[data-first]::before { content: attr(title); background: var(--label); color: var(--ink);
  border-radius: 3px; font: 600 .65rem/1.4 system-ui, sans-serif; letter-spacing: 0;
  margin-right: .3rem; padding: 0 .3rem; vertical-align: middle }
"""
_HEAD = """\
<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
{more}<title>{title}</title>
<style>
{style}</style>
</head>
<body>
"""
_LIST = """\
<header class="about"><h1>Labelled pages</h1></header>
<main><table class="list">
"""

#: What the label is called for good whose first span is the title of a page.
_HEADLINE = "headline"


class _Pages:
    """Writes a file for each record into the folder of its part, and the list of them."""

    def __init__(self, files: FileSet, label_set: LabelSet, options: ExportOptions) -> None:
        self._files, self._headline = files, label_set.name_of(_HEADLINE)
        self._make = _maker(label_set, options)
        self._names = [_INDEX]
        self._last, self._count = "", 0
        self._taken = set[str]()
        self._index = files.open(_INDEX)
        head = _HEAD.format(more="", title="Labelled pages", style=_STYLE + _colours(label_set))
        titles = _row(("page", "site", "annotator", "spans"), "th")
        self._index.write(f"{head}{_LIST}{titles}".encode())

    def add(self, part: str, record: Record) -> int:
        """Write the file of a record."""
        self._count = self._count + 1 if record.id == self._last else 1
        self._last = record.id
        name = self._free_name(part, record.id)
        self._names.append(name)
        page = self._files.open(name)
        page.write(self._make(record) if record.made is None else record.made)
        self._files.finish(page)
        self._index.write(_entry(record, name, self._headline).encode())
        return 1

    def _free_name(self, part: str, page: str) -> str:
        """A name for the file of the last record that no other file has, whatever the system."""
        count, name = self._count, _file(part, page, self._count)
        while name.casefold() in self._taken:
            name = _file(part, page, count, _digest(page))
            count += 1
        self._taken.add(name.casefold())
        return name

    def finish(self) -> list[str]:
        """End the list."""
        self._index.write(b"</table></main>\n</body>\n</html>\n")
        return self._names


def _file(part: str, page: str, count: int, mark: str = "") -> str:
    """The file of a record; a mark tells pages apart whose names would be the same."""
    safe = re.sub(r"[^\w-]", "_", page, flags=re.ASCII)
    if len(safe) > _LONGEST:
        safe, mark = safe[:_LONGEST], mark or _digest(page)
    if not safe or _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    return f"{part}/{safe}{f'-{mark}' * bool(mark)}{f'-{count}' * (count > 1)}.html"


def _digest(page: str) -> str:
    return hashlib.sha256(page.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _maker(labels: LabelSet, _options: ExportOptions) -> Maker:
    page = _page_maker(labels)
    return lambda record: page(record).encode()


def page_file(record: Record, labels: LabelSet, style: str = "") -> str:
    """The file of a page, with more styles."""
    return _page_maker(labels, style)(record)


def _page_maker(labels: LabelSet, style: str = "") -> Callable[[Record], str]:
    """What makes the files of pages, with more styles."""
    styles, headline = f"{_STYLE}{_colours(labels)}{style}", labels.name_of(_HEADLINE)
    return partial(_page, style=styles, legend=_legend(labels), headline=headline)


def _page(record: Record, style: str, legend: str, headline: str) -> str:
    about = {
        "id": record.id,
        "spans": [{"start": s.start, "end": s.end, "label": s.label} for s in record.spans],
        "meta": meta(record),
    }
    data = escape(orjson.dumps(about).decode())
    more = f'<meta name="{_HELD}" content="{data}">\n'
    head = _HEAD.format(more=more, title=escape(_title(record, headline)), style=style)
    facts = (record.site, record.url, record.source, record.annotator, record.status)
    line = " · ".join(escape(fact) for fact in facts if fact)
    header = f'<header class="about"><p>{line}</p><p>{legend}</p></header>'
    return f"{head}{header}\n<main>{_body(record)}</main>\n</body>\n</html>\n"


def _body(record: Record) -> str:
    # Imported here: other formats don't need lxml.
    from segmark.export.formats.marked_html import marked_html, marked_text

    made = marked_html(record, record.markup) if record.markup else None
    return made or marked_text(record.text, record.spans)


def _title(record: Record, headline: str) -> str:
    """The first headline, else the first line."""
    found = next((span for span in record.spans if span.label == headline), None)
    text = record.text[found.start : found.end] if found else record.text.strip().split("\n")[0]
    return " ".join(text.split())[:_TITLE]


def _entry(record: Record, file: str, headline: str) -> str:
    counts = Counter(span.label for span in record.spans)
    spans = ", ".join(f"{count} {label}" for label, count in counts.items())
    link = f'<a href="{file}" dir="auto">{escape(_title(record, headline) or record.id)}</a>'
    return _row((link, *map(escape, (record.site, record.annotator, spans))), "td")


def _row(cells: Iterable[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>\n"


def _colours(label_set: LabelSet) -> str:
    light, dark = (
        "".join(
            f".label-{label.name} {{ --label: {colour}; --ink: {ink_on(colour)} }}\n"
            for label, colour in zip(label_set, colours, strict=True)
        )
        for colours in ([each.light for each in label_set], [each.dark for each in label_set])
    )
    return f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _legend(label_set: LabelSet) -> str:
    return "".join(
        f'<mark class="label-{label.name}" title="{escape(label.definition)}">{label.name}</mark>'
        for label in label_set
    )


def _preview(record: Record, _options: ExportOptions) -> str:
    """The first characters of the page as text, with its spans marked."""
    from segmark.export.formats.marked_html import marked_text

    text = record.text[:_PREVIEW]
    return marked_text(text, [span for span in record.spans if span.end <= len(text)])


def _read(path: Path) -> Iterator[ExportedRow]:
    """The page of a file."""
    from segmark.html_tree import parse

    if path.name == _INDEX:
        return
    where = f"{path.parent.name}/{path.name}"

    def page() -> ExportedRow:
        root = parse(path.read_text("utf-8"))
        assert root is not None, "it is empty"
        (held,) = (one for one in root.iter("meta") if one.get("name") == _HELD)
        marks = [mark for mark in root.iter("mark") if "data-span" in mark.attrib]
        found = [({str(k): str(v) for k, v in m.attrib.items()}, str(m.text)) for m in marks]
        return _parse(where, orjson.loads(held.attrib["content"]), found)

    yield row_from(where, "page", page)


def _parse(
    where: str, fields: dict[str, Any], marks: Iterable[tuple[dict[str, str], str]]
) -> ExportedRow:
    spans, faults = spans_in(fields), list[str]()
    quotes = list[Quote]()
    reached = [span.start for span in spans]
    for mark, text in marks:
        number, quote = int(mark["data-span"]), Quote(int(mark["data-start"]), text)
        quotes.append(quote)
        span = spans[number]
        if mark["title"] != span.label:
            faults.append(f"the {span.label} at {span.start} is marked as {mark['title']}")
        if quote.end != int(mark["data-end"]):
            faults.append(f"a mark of the {span.label} at {span.start} has a wrong length")
        if not reached[number] <= quote.start < quote.end <= span.end:
            faults.append(f"a mark of the {span.label} at {span.start} is not in it")
        reached[number] = quote.end
    faults += [
        f"the {span.label} at {span.start} is not marked to its end"
        for span, end in zip(spans, reached, strict=True)
        if end != span.end
    ]
    return ExportedRow(where, fields["id"], meta_in(fields), quotes, spans, faults, marks_only=True)


HTML = Format(
    "html",
    "{part}/*.html",
    _Pages,
    lambda _label_set, _options: CardLayout(_LOADING, _FIELDS),
    _preview,
    _read,
    can=frozenset({Capability.MARKUP}),
    maker=_maker,
)
