"""The scores of a model: of each page, and sums of them by label, site and part of a split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from segmark.core.agreement import agreements
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.core.text.word_bag import word_f1
from segmark.jobs.evaluation import LabelScores, compare
from segmark.jobs.scoring.calibration import Calibration

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


@dataclass(frozen=True, slots=True)
class GroupScores:
    """The scores of some pages together, such as those of a site.

    Attributes:
        pages: how many there are.
        labels: the scores of each label, in alphabetical order.
        body: the sum of F1 of the words of the body, over the pages with a body.
        bodies: how many pages have a body.
    """

    pages: int
    labels: Mapping[str, LabelScores]
    body: float
    bodies: int

    @property
    def total(self) -> LabelScores:
        """The scores of all labels together."""
        return sum(self.labels.values(), LabelScores())


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn for an interval.

    Attributes:
        name: ``site``, or ``page`` where there is only one site.
        count: how many of them there are.
        groups: the scores of each; of several at a time, put together at random, if there are very
            many.
    """

    name: str
    count: int
    groups: Sequence[GroupScores]


@dataclass(frozen=True, slots=True)
class ModelScores:
    """The scores of a model on the labelled pages.

    Attributes:
        name: of the model.
        pages: the number of labelled pages.
        missing: how many of them have no prediction; their spans count as not found.
        unlabelled: how many pages were predicted and are not among the labelled ones.
        labels: the scores of each label, in alphabetical order.
        lines: the number of lines by wanted and predicted label.
        characters: the number of characters by wanted and predicted label.
        sites: the scores of the pages of each site, in alphabetical order.
        parts: the same by part of the split.
        body: mean and median over pages of F1 of the words of the body; None without a body.
        calibration: what scores say about being right; None without scores.
        worst: the pages with the lowest F1 of characters, the one with most wrong ones first.
        units: what is drawn for the intervals.
    """

    name: str
    pages: int
    missing: int
    unlabelled: int
    labels: Mapping[str, LabelScores]
    lines: Confusion
    characters: Confusion
    sites: Mapping[str, GroupScores]
    parts: Mapping[str, GroupScores]
    body: tuple[float, float] | None
    calibration: Calibration | None
    worst: Sequence[PageScore]
    units: Units = field(repr=False)

    @property
    def total(self) -> LabelScores:
        """The scores of all labels together."""
        return sum(self.labels.values(), LabelScores())


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


def parting_of(pages: Sequence[PageScore]) -> Parting | None:
    """How the models differ on one page; None if all predict the same spans."""
    if len({tuple(page.spans) for page in pages}) < 2:
        return None
    return Parting(pages[0].id, pages[0].site, tuple(page.total.characters.f1 for page in pages))
