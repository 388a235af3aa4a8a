"""The scores of models as rows of words, for the command line, the report and the window.

The first row of a table has the names of its columns.
"""

from collections.abc import Mapping, Sequence

from segmark.jobs.evaluation import LabelScores
from segmark.jobs.scoring.calibration import Calibration
from segmark.jobs.scoring.intervals import (
    DRAWS,
    FIGURES,
    MEASURES,
    Estimate,
    Intervals,
    difference,
)
from segmark.jobs.scoring.scores import Confusion, GroupScores, ModelScores, PageScore, Parting
from segmark.jobs.scoring.scoring import Scoring

#: Sites are too few for an interval that holds what it promises.
FEW = 10
#: Text without a label.
NO_LABEL = "(no label)"
#: The row of all labels together.
ALL_LABELS = "all labels"

Rows = list[Sequence[str]]


def interval_words(found: Intervals) -> str:
    """What the intervals in brackets are, and what they are not."""
    if found.units < 2:
        return "no intervals: there is only one page"
    text = (
        f"in brackets the 95% interval, from {DRAWS:,} draws of the {found.units:,} {found.unit}s"
    )
    if found.groups < found.units:
        text += f" in {found.groups:,} groups"
    if found.unit == "page":
        return f"{text}; all pages are of one site, so they say nothing about other sites"
    return f"{text}; with so few sites it is too narrow" if found.units < FEW else text


def state_words(model: ModelScores) -> str:
    """How many pages a model has no prediction for, and how many predictions were not used."""
    said = []
    if model.missing:
        said.append(
            f"no prediction for {model.missing:,} of {model.pages:,} pages: what is on them "
            "counts as not found"
        )
    if model.unlabelled:
        said.append(f"predicted and not compared: {model.unlabelled:,}")
    return "; ".join(said)


def shown(estimate: Estimate) -> str:
    """A figure with its interval, as ``0.931 (0.902 to 0.954)``; a dash if there is none."""
    if estimate.value is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"


def f1_rows(found: Intervals) -> Rows:
    """F1 of each label and of all, in each way to count."""
    rows: Rows = [("F1", *MEASURES)]
    for name, table in [*found.labels.items(), (ALL_LABELS, found.total)]:
        rows.append((name, *(shown(table[measure]["f1"]) for measure in MEASURES)))
    return rows


def figure_rows(found: Intervals, measure: str) -> Rows:
    """Precision, recall and F1 of each label and of all, counted in one way."""
    rows: Rows = [(measure, *FIGURES)]
    for name, table in [*found.labels.items(), (ALL_LABELS, found.total)]:
        rows.append((name, *(shown(table[measure][figure]) for figure in FIGURES)))
    return rows


def model_rows(scoring: Scoring) -> Rows:
    """F1 of all labels of each model, in each way to count, and of the words of the body."""
    rows: Rows = [("model", *MEASURES, "body words")]
    for model, found in zip(scoring.models, scoring.intervals, strict=True):
        totals = (shown(found.total[measure]["f1"]) for measure in MEASURES)
        rows.append((model.name, *totals, shown(found.body)))
    return rows


def difference_rows(scoring: Scoring) -> Rows:
    """How far F1 of all labels of each further model is from that of the first."""
    first = scoring.intervals[0]
    rows: Rows = [(f"F1 minus {scoring.models[0].name}", *MEASURES)]
    for model, found in list(zip(scoring.models, scoring.intervals, strict=True))[1:]:
        gaps = (shown(difference(found, first, measure)) for measure in MEASURES)
        rows.append((model.name, *gaps))
    return rows


def calibration_rows(found: Calibration) -> Rows:
    """Each tenth of the scores: its spans, their mean score, and the share that is right."""
    rows: Rows = [("scores", "spans", "mean score", "right")]
    rows += [
        (f"{one.low:.1f}–{one.high:.1f}", f"{one.spans:,}", f"{one.score:.3f}", f"{one.share:.3f}")
        for one in found.bins
    ]
    return rows


def confusion_rows(confusion: Confusion) -> Rows:
    """A table of counts: a row for each wanted label, a column for each predicted one."""
    names = sorted({name for pair in confusion for name in pair}, key=lambda name: (not name, name))
    rows: Rows = [("labelled", *(name or NO_LABEL for name in names))]
    for wanted in names:
        counts = (f"{confusion.get((wanted, got), 0):,}" for got in names)
        rows.append((wanted or NO_LABEL, *counts))
    return rows


def group_rows(title: str, groups: Mapping[str, GroupScores]) -> Rows:
    """F1 of all labels on the pages of each group, the group with the lowest F1 first."""
    totals = {name: group.total for name, group in groups.items()}
    rows: Rows = [(title, "pages", *MEASURES)]
    for name in sorted(totals, key=lambda name: (_letters(totals[name]), name)):
        f1 = (shown(Estimate(getattr(totals[name], measure).f1)) for measure in MEASURES)
        rows.append((" ".join(name.split()) or f"(no {title})", f"{groups[name].pages:,}", *f1))
    return rows


def worst_rows(pages: Sequence[PageScore]) -> Rows:
    """The worst pages with their F1 of characters."""
    rows: Rows = [("page", "site", "F1", "wrong characters")]
    rows += [
        (page.id, page.site, shown(Estimate(page.total.characters.f1)), f"{page.wrong:,}")
        for page in pages
    ]
    return rows


def parting_rows(models: Sequence[ModelScores], pages: Sequence[Parting]) -> Rows:
    """The pages on which models differ, with F1 of characters of each."""
    rows: Rows = [("page", "site", *(model.name for model in models))]
    rows += [(page.id, page.site, *(shown(Estimate(f1)) for f1 in page.f1)) for page in pages]
    return rows


def _letters(scores: LabelScores) -> float:
    f1 = scores.characters.f1
    return 1.0 if f1 is None else f1
