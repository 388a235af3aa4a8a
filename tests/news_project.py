"""A project of one invented news site, with some of its pages finished."""

from collections.abc import Iterable
from pathlib import Path

from segmark.core.annotation import Status
from segmark.core.edit import accept, clear, paint
from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.store.store import Store

from tests.factories import LABELS
from tests.suggestion.pages import news

#: The headline of each page is one of its lines.
Spans = tuple[Span, ...]


#: Labels that no model knows before they were used.
RECIPES = LabelSet.from_toml(
    """
name = "kitchen"
[[label]]
name = "recipe"
key = "R"
light = "#102030"
dark = "#a0b0c0"
joins = true
definition = "How to cook it."
"""
)


def news_project(
    path: Path,
    pages: int,
    finished: int = 0,
    annotator: str = "ada",
    labels: LabelSet = LABELS,
) -> Store:
    """A project with so many pages, the first of them finished by the annotator."""
    store = Store.create(path, labels)
    with store.write():
        for number in range(1, pages + 1):
            page = news(number).page
            assert store.pages.add(page, page.text.encode())
    for number in range(1, finished + 1):
        finish(store, number, gold(number), annotator)
    return store


def gold(number: int) -> Spans:
    """What the spans of a page ought to be."""
    return news(number).spans


def finish(store: Store, number: int, spans: Iterable[Span], annotator: str = "ada") -> None:
    """Label a page and mark it done."""
    annotations, text = store.annotations(annotator), store.pages.get(number).text
    edit = accept(text, annotations.get(number), LABELS, spans, "Page done", Status.DONE)
    assert edit
    annotations.save(number, edit)


#: Of a ``spoilt_project``: how many pages are finished, the page whose caption is a body, and the
#: page whose comment has no label.
SPOILT_PAGES, SWAPPED, SILENT = 12, 6, 4


def spoilt_project(path: Path) -> None:
    """A project of one site, with two mistakes on its finished pages and one more page."""
    with news_project(path, pages=SPOILT_PAGES + 1, finished=SPOILT_PAGES) as store:
        for number, label, wrong in ((SWAPPED, "caption", "body"), (SILENT, "comment", "")):
            annotations, text = store.annotations("ada"), store.pages.get(number).text
            there, span = annotations.get(number), span_of(number, label)
            edit = (
                paint(text, there, LABELS, span.start, span.end, wrong)
                if wrong
                else clear(text, there, LABELS, span.start, span.end)
            )
            assert edit
            annotations.save(number, edit)


def span_of(number: int, label: str) -> Span:
    """The first span of a page that ought to have the label."""
    return next(span for span in gold(number) if span.label == label)


def sure(*spans: Span, confidence: float = 0.9) -> tuple[Suggestion, ...]:
    """These spans as suggestions."""
    return tuple(Suggestion(span, confidence, "learnt from this site") for span in spans)
