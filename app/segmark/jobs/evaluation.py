"""How far predicted spans are those that a person made: counts by label, in four ways.

* *Exact*: a span is right if the other side has the same edges and the same label.
* *Overlap*: a span is right if it shares a character with a span of the same label.
* *Characters*: every character with a label is an item of its own.
* *Lines*: every line that is not blank has the label of most of its characters, as in the export
  ``lines``; a line with a label is an item.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from segmark.core.record import Record
from segmark.core.span import Span, overlapping
from segmark.export.formats.segments import block_ranges, main_label


class EvaluationError(ValueError):
    """The records can't be compared; the message names the page and the reason."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Predicted and wanted items, and how many of each have a match on the other side."""

    predicted: int = 0
    right: int = 0
    wanted: int = 0
    reached: int = 0

    def __add__(self, other: "Matches") -> "Matches":
        return Matches(
            self.predicted + other.predicted,
            self.right + other.right,
            self.wanted + other.wanted,
            self.reached + other.reached,
        )

    @property
    def precision(self) -> float | None:
        """The share of predicted items that are right; None without any."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of wanted items that were predicted; None without any."""
        return self.reached / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where there is nothing to compare."""
        if not self.predicted and not self.wanted:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class LabelScores:
    """The matches of one label, or of all labels together."""

    exact: Matches = field(default_factory=Matches)
    overlap: Matches = field(default_factory=Matches)
    characters: Matches = field(default_factory=Matches)
    lines: Matches = field(default_factory=Matches)

    def __add__(self, other: "LabelScores") -> "LabelScores":
        return LabelScores(
            self.exact + other.exact,
            self.overlap + other.overlap,
            self.characters + other.characters,
            self.lines + other.lines,
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a comparison of predictions with labels found.

    Attributes:
        pages: the number of pages that were compared.
        missing: how many of them had no prediction; their spans count as not found.
        labels: the scores of each label that either side uses, in alphabetical order.
    """

    pages: int
    missing: int
    labels: Mapping[str, LabelScores]

    @property
    def total(self) -> LabelScores:
        """The scores of all labels together."""
        return sum(self.labels.values(), LabelScores())


def evaluate(predicted: Iterable[Record], gold: Iterable[Record]) -> Evaluation:
    """Compare predicted records with labelled ones, page by page, by the id of the page.

    A labelled page without a prediction counts as one on which nothing was predicted.

    Raises:
        EvaluationError: a page is there twice on one side, was predicted but not labelled, or has
            another text on the other side.
    """
    wanted = _by_page(gold, "labels")
    found = _by_page(predicted, "predictions")
    if unknown := sorted(found.keys() - wanted.keys()):
        raise EvaluationError(f"page {unknown[0]} has predictions and no labels")
    labels: dict[str, LabelScores] = {}
    for page, right in wanted.items():
        got = found.get(page)
        if got and got.text != right.text:
            raise EvaluationError(f"page {page} has another text in the predictions")
        spans = sorted(got.spans) if got else []
        for name, scores in compare(right.text, spans, sorted(right.spans)).labels.items():
            labels[name] = labels.get(name, LabelScores()) + scores
    missing = len(wanted) - len(found)
    return Evaluation(len(wanted), missing, dict(sorted(labels.items())))


def _by_page(records: Iterable[Record], side: str) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for record in records:
        if record.id in found:
            raise EvaluationError(
                f"page {record.id} is twice among the {side}; choose one annotator"
            )
        found[record.id] = record
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was predicted on a page, held against what is wanted.

    Attributes:
        labels: the scores of each label that either side uses.
        lines: the number of lines by the wanted label and the predicted one; "" is no label.
    """

    labels: Mapping[str, LabelScores]
    lines: Mapping[tuple[str, str], int]


def compare(text: str, got: Sequence[Span], wanted: Sequence[Span]) -> Comparison:
    """Compare the predicted spans of a page with the wanted ones; both sorted and disjoint."""
    lines = Counter(zip(_line_labels(text, wanted), _line_labels(text, got), strict=True))
    exact = set(got) & set(wanted)
    names = {span.label for span in (*got, *wanted)}
    scores = {
        name: _scores(
            [span for span in got if span.label == name],
            [span for span in wanted if span.label == name],
            sum(span.label == name for span in exact),
            _line_matches(lines, name),
        )
        for name in names
    }
    return Comparison(scores, lines)


def _line_labels(text: str, spans: Sequence[Span]) -> list[str]:
    return [
        main_label(text[start:end], start, overlapping(spans, start, end))[0]
        for start, end in block_ranges(text)
    ]


def _line_matches(lines: Mapping[tuple[str, str], int], name: str) -> Matches:
    right = lines.get((name, name), 0)
    predicted = sum(count for (_, got), count in lines.items() if got == name)
    wanted = sum(count for (gold, _), count in lines.items() if gold == name)
    return Matches(predicted, right, wanted, right)


def _scores(got: Sequence[Span], wanted: Sequence[Span], same: int, lines: Matches) -> LabelScores:
    whole = Matches(len(got), same, len(wanted), same)
    touching = replace(
        whole,
        right=sum(bool(overlapping(wanted, span.start, span.end)) for span in got),
        reached=sum(bool(overlapping(got, span.start, span.end)) for span in wanted),
    )
    both = sum(
        min(span.end, other.end) - max(span.start, other.start)
        for span in got
        for other in overlapping(wanted, span.start, span.end)
    )
    letters = Matches(_characters(got), both, _characters(wanted), both)
    return LabelScores(whole, touching, letters, lines)


def _characters(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)
