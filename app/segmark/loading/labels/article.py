"""Align the text of an article, as a benchmark has it, with the page that it is on."""

from dataclasses import dataclass

from segmark.core.carrying import carry
from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.core.text.alignment import align
from segmark.core.text.normalise import normalise, trim


@dataclass(frozen=True, slots=True)
class AlignedArticle:
    """Where an article is on its page.

    Attributes:
        found: how many of its characters other than white space are there.
        size: how many it has.
    """

    spans: tuple[Span, ...]
    found: int
    size: int

    @property
    def share(self) -> float:
        """The share of the article that was found."""
        return self.found / self.size if self.size else 0.0


def align_article(quote: str, page: str, label: str, labels: LabelSet) -> AlignedArticle:
    """Return where an article is on its page; its spans get one of the labels.

    Args:
        quote: the article, as the benchmark has it.
        page: the text of the page.
        label: the name of the article's label.
        labels: those of the project.
    """
    article = normalise(quote)
    start, end = trim(article, 0, len(article))
    if start >= end:
        return AlignedArticle((), 0, 0)
    (carried,) = carry(article, page, [Span(start, end, label)], labels)
    labelled = "\n".join(page[span.start : span.end] for span in carried.new)
    runs = align(article, labelled, letters=False)
    found = sum(_solid(article[run.old : run.old_end]) for run in runs)
    return AlignedArticle(carried.new, found, _solid(article))


def _solid(text: str) -> int:
    return len("".join(text.split()))
