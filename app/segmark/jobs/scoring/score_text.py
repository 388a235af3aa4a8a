"""The scores of models as lines for people."""

from collections.abc import Iterator, Mapping, Sequence

from segmark.jobs.evaluation import LabelScores
from segmark.jobs.scoring.calibration import Calibration, calibration
from segmark.jobs.scoring.intervals import DRAWS, MEASURES, Estimate, Intervals, difference
from segmark.jobs.scoring.scores import Confusion, ModelScores, PageScore, summed
from segmark.jobs.scoring.scoring import Scoring

#: Sites are too few for an interval that holds what it promises.
FEW = 10
#: The name of the row and the column of lines without a label.
NO_LABEL = "(no label)"

_SITES = 10  # named in the text
_ALL = "all labels"


def score_lines(project: str, labels: str, scoring: Scoring) -> Iterator[str]:
    """The scores for people; ``labels`` says whose labels the predictions were held against."""
    yield f"{project}: pages {scoring.pages:,}, {labels}"
    yield from (f"left out: {count:,}, {why}" for why, count in scoring.left_out.items())
    yield interval_words(scoring.intervals[0])
    for model, found, worst in zip(scoring.models, scoring.intervals, scoring.worst, strict=True):
        yield ""
        yield from _model_lines(model, found, worst)
    if len(scoring.models) > 1:
        yield ""
        yield from _side_by_side(scoring)


def interval_words(found: Intervals) -> str:
    """What the intervals in brackets are, and what they are not."""
    if found.units < 2:
        return "no intervals: there is only one page"
    text = (
        f"in brackets the 95% interval, from {DRAWS:,} draws of the {found.units:,} {found.unit}s"
    )
    if found.unit == "page":
        return f"{text}; all pages are of one site, so they say nothing about other sites"
    return f"{text}; with so few sites it is too narrow" if found.units < FEW else text


def state_words(model: ModelScores) -> str:
    """How many pages a model has no prediction for, and how many predictions were not used."""
    said = []
    if model.missing:
        said.append(
            f"no prediction for {model.missing:,} of {len(model.pages):,} pages: what is on them "
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


def _model_lines(model: ModelScores, found: Intervals, worst: Sequence[PageScore]) -> Iterator[str]:
    state = state_words(model)
    yield f"{model.name}{': ' if state else ''}{state}"
    rows: list[Sequence[str]] = [("F1", *MEASURES)]
    rows += [(name, *_f1(table)) for name, table in found.labels.items()]
    yield from _columns([*rows, (_ALL, *_f1(found.total))])
    if model.body:
        yield f"words of the body: mean F1 {shown(found.body)}, median {model.body[1]:.3f}"
    yield from _calibration_lines(calibration(model.certainty))
    yield "lines by their label (down) and as predicted (across)"
    yield from _columns(confusion_rows(model.lines))
    yield from _group_lines("part", {part: all_ for part, all_ in model.by_part().items() if part})
    yield from _group_lines("site", _weakest(model.by_site()))
    if worst:
        yield f"worst pages: {' '.join(page.id for page in worst)}"


def _f1(table: Mapping[str, Mapping[str, Estimate]]) -> list[str]:
    return [shown(table[measure]["f1"]) for measure in MEASURES]


def _calibration_lines(found: Calibration | None) -> Iterator[str]:
    if found is None:
        yield "calibration: the spans have no scores, or all the same"
        return
    yield f"calibration: expected error {found.error:.3f}"
    rows: list[Sequence[str]] = [("scores", "spans", "mean score", "right")]
    rows += [
        (f"{one.low:.1f}–{one.high:.1f}", f"{one.spans:,}", f"{one.score:.3f}", f"{one.share:.3f}")
        for one in found.bins
    ]
    yield from _columns(rows)


def confusion_rows(confusion: Confusion) -> list[Sequence[str]]:
    """A table of counts: a row for each wanted label, a column for each predicted one."""
    names = sorted({name for pair in confusion for name in pair}, key=lambda name: (not name, name))
    rows: list[Sequence[str]] = [("", *(name or NO_LABEL for name in names))]
    for wanted in names:
        counts = (f"{confusion.get((wanted, got), 0):,}" for got in names)
        rows.append((wanted or NO_LABEL, *counts))
    return rows


def _group_lines(title: str, groups: Mapping[str, Sequence[PageScore]]) -> Iterator[str]:
    if not groups:
        return
    rows: list[Sequence[str]] = [(title, "pages", *MEASURES)]
    for name, pages in groups.items():
        total = sum(summed(pages).values(), LabelScores())
        shown_f1 = (shown(Estimate(getattr(total, measure).f1)) for measure in MEASURES)
        rows.append((" ".join(name.split()) or "(no site)", f"{len(pages):,}", *shown_f1))
    yield from _columns(rows)


def _weakest(groups: dict[str, list[PageScore]]) -> dict[str, list[PageScore]]:
    """The sites with the lowest F1 of characters, the lowest first."""

    def f1(name: str) -> float:
        found = sum(summed(groups[name]).values(), LabelScores()).characters.f1
        return 1.0 if found is None else found

    return {name: groups[name] for name in sorted(groups, key=f1)[:_SITES]}


def _side_by_side(scoring: Scoring) -> Iterator[str]:
    first = scoring.intervals[0]
    rows: list[Sequence[str]] = [(f"F1 minus {scoring.models[0].name}", *MEASURES)]
    for model, found in list(zip(scoring.models, scoring.intervals, strict=True))[1:]:
        gaps = (shown(difference(found, first, measure)) for measure in MEASURES)
        rows.append((model.name, *gaps))
    yield from _columns(rows)
    if scoring.partings:
        yield f"pages where they part: {' '.join(one.id for one in scoring.partings)}"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((f"  {first:<{widths[0]}}", *cells))
