"""A project of one invented news site, with some of its pages finished."""

from collections.abc import Iterable
from pathlib import Path

from segmark.core.annotation import Status
from segmark.core.edit import accept
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


def sure(*spans: Span, confidence: float = 0.9) -> tuple[Suggestion, ...]:
    """These spans as suggestions."""
    return tuple(Suggestion(span, confidence, "learnt from this site") for span in spans)
