"""A page as one HTML file that opens at the caret, with its labels marked, for a browser.

It is made like a file of the format ``html``: from an allow-list of elements, with a content
security policy under which nothing loads and nothing runs.
"""

import re
from dataclasses import replace

from segmark.core.caret import Selection, target
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.record import Record
from segmark.core.span import Span, overlapping, span_at
from segmark.core.text.normalise import trim
from segmark.export.formats.html_pages import page_file

#: The name of the place at which the file opens.
HERE = "here"
_CARET = "caret"
_STYLE = f"""\
.label-{_CARET} {{ --label: #8886; --ink: #000 }}
#{HERE} {{ outline: 2px solid var(--label); scroll-margin: 30vh }}
"""


def page_look(record: Record, page: Page, labels: LabelSet, caret: int) -> str:
    """The file of a page; the span at the caret, or else the caret's block, has the id ``HERE``.

    A browser goes there by the address, or else because it gets the focus.
    """
    spans = list(record.spans)
    here = span_at(spans, caret) or _rest_of_block(page, spans, caret)
    if here is None:
        return page_file(record, labels)
    if here not in spans:
        spans = sorted([*spans, here])
    made = page_file(replace(record, spans=spans), labels, _STYLE)
    # Only an element begins with "<" in the file: text and attributes are escaped.
    first = re.compile(rf'<mark (?=[^<>]*data-span="{spans.index(here)}")')
    return first.sub(f'<mark id="{HERE}" tabindex="0" autofocus ', made, count=1)


def _rest_of_block(page: Page, spans: list[Span], caret: int) -> Span | None:
    """The part of the caret's block around the caret that has no label; None if it is blank."""
    start, end = target(page, Selection.at(caret))
    for span in overlapping(spans, start, end):
        if span.end <= caret:
            start = max(start, span.end)
        elif span.start > caret:
            end = min(end, span.start)
    start, end = trim(page.text, start, end)
    return Span(start, end, _CARET) if start < end else None
