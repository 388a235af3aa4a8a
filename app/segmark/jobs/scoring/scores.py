"""The scores of a model: of each page, and sums of them by label, site and part of a split."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean, median

from segmark.core.agreement import agreements
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.core.text.word_bag import word_f1
from segmark.jobs.evaluation import LabelScores, compare

#: The label whose text extractors of articles look for.
BODY = "body"
_GOLD, _PREDICTED = "gold", "predicted"  # in alphabetical order, as agreements are named

#: The number of items by the wanted label and the predicted one; "" is no label.
Confusion = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class PageScore:
    """What a model predicted on one page, held against its labels.

    Attributes:
        id: the page's id.
        site: the page's site.
        part: of the split; "" without a split.
        missing: whether the model has no prediction for the page, so that nothing was found.
        spans: the predicted spans.
        labels: the scores of each label that either side uses.
        lines: the number of lines by wanted and predicted label.
        characters: the number of characters by wanted and predicted label.
        body: F1 of the words of the body; None if neither side has one.
    """

    id: str
    site: str
    part: str
    missing: bool
    spans: Sequence[Span]
    labels: Mapping[str, LabelScores]
    lines: Confusion = field(repr=False)
    characters: Confusion = field(repr=False)
    body: float | None

    @property
    def total(self) -> LabelScores:
        """The scores of all labels together."""
        return sum(self.labels.values(), LabelScores())

    @property
    def wrong(self) -> int:
        """The number of characters whose label is not the wanted one."""
        return sum(count for (gold, got), count in self.characters.items() if gold != got)


def score_page(
    record: Record, part: str, predicted: Sequence[Suggestion] | None, body: str = BODY
) -> PageScore:
    """Hold the predictions for a page, sorted and disjoint, against its labels.

    The words of ``body``, the name of a label, are compared too.
    """
    got, wanted = [one.span for one in predicted or ()], sorted(record.spans)
    found = compare(record.text, got, wanted)
    views = ((_GOLD, wanted), (_PREDICTED, got))
    characters = agreements([(len(record.text), views)])[_GOLD, _PREDICTED].characters
    return PageScore(
        record.id, record.site, part, predicted is None, tuple(got), found.labels, found.lines,
        characters, _body_f1(record.text, got, wanted, body),
    )  # fmt: skip


def _body_f1(text: str, got: Sequence[Span], wanted: Sequence[Span], body: str) -> float | None:
    found, gold = (
        "\n".join(text[span.start : span.end] for span in spans if span.label == body)
        for spans in (got, wanted)
    )
    return word_f1(found, gold) if found or gold else None


@dataclass(frozen=True)
class ModelScores:
    """The scores of a model on the labelled pages.

    Attributes:
        name: of the model.
        pages: the scores of each labelled page, in load order.
        certainty: the confidence of each predicted span on these pages, and whether it was right.
        unlabelled: how many pages were predicted and are not among the labelled ones.
    """

    name: str
    pages: Sequence[PageScore]
    certainty: Sequence[tuple[float, bool]]
    unlabelled: int = 0

    @property
    def missing(self) -> int:
        """How many labelled pages have no prediction; their spans count as not found."""
        return sum(page.missing for page in self.pages)

    @cached_property
    def labels(self) -> Mapping[str, LabelScores]:
        """The scores of each label, in alphabetical order."""
        return summed(self.pages)

    @property
    def total(self) -> LabelScores:
        """The scores of all labels together."""
        return sum(self.labels.values(), LabelScores())

    @cached_property
    def lines(self) -> Confusion:
        """The number of lines by wanted and predicted label."""
        return _added(page.lines for page in self.pages)

    @cached_property
    def characters(self) -> Confusion:
        """The number of characters by wanted and predicted label."""
        return _added(page.characters for page in self.pages)

    def by_site(self) -> dict[str, list[PageScore]]:
        """The pages by site, in alphabetical order."""
        return self._by(lambda page: page.site)

    def by_part(self) -> dict[str, list[PageScore]]:
        """The pages by part of the split, in alphabetical order."""
        return self._by(lambda page: page.part)

    @property
    def body(self) -> tuple[float, float] | None:
        """Mean and median over pages of F1 of the words of the body; None without a body."""
        found = [page.body for page in self.pages if page.body is not None]
        return (fmean(found), median(found)) if found else None

    def worst(self, most: int) -> list[PageScore]:
        """The pages with the lowest F1 of characters, the one with most wrong ones first."""
        wrong = [page for page in self.pages if page.wrong]
        return sorted(wrong, key=lambda page: (_letters(page), -page.wrong, page.id))[:most]

    def _by(self, key: Callable[[PageScore], str]) -> dict[str, list[PageScore]]:
        found = defaultdict[str, list[PageScore]](list)
        for page in self.pages:
            found[key(page)].append(page)
        return dict(sorted(found.items()))


def summed(pages: Iterable[PageScore]) -> dict[str, LabelScores]:
    """The scores of each label on these pages, in alphabetical order."""
    found = defaultdict[str, LabelScores](LabelScores)
    for page in pages:
        for name, scores in page.labels.items():
            found[name] += scores
    return dict(sorted(found.items()))


def total_of(pages: Iterable[PageScore]) -> LabelScores:
    """The scores of all labels together on these pages."""
    return sum((page.total for page in pages), LabelScores())


def _added(parts: Iterable[Confusion]) -> Confusion:
    found = Counter[tuple[str, str]]()
    for part in parts:
        found.update(part)
    return found


def _letters(page: PageScore) -> float:
    return page.total.characters.f1 or 0.0


@dataclass(frozen=True, slots=True)
class Parting:
    """A page on which models differ.

    Attributes:
        id: the page's id.
        site: the page's site.
        f1: F1 of characters of each model, in the order of the models; None without any.
    """

    id: str
    site: str
    f1: tuple[float | None, ...]

    @property
    def gap(self) -> float:
        """How far the best model is ahead of the worst."""
        found = [f1 for f1 in self.f1 if f1 is not None]
        return max(found) - min(found) if found else 0.0


def partings(models: Sequence[ModelScores], most: int) -> list[Parting]:
    """The pages for which the models predict different spans, the widest gap in F1 first."""
    found = [
        Parting(pages[0].id, pages[0].site, tuple(page.total.characters.f1 for page in pages))
        for pages in zip(*(model.pages for model in models), strict=True)
        if len({tuple(page.spans) for page in pages}) > 1
    ]
    return sorted(found, key=lambda one: (-one.gap, one.id))[:most]
