"""Score predictions against the labels of a project, model by model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from segmark.core.annotation import Status
from segmark.core.progress import Progress
from segmark.core.record import Record, RecordFilter
from segmark.core.suggestion import Suggestion
from segmark.export.exporter import IN_ANOTHER_PART
from segmark.export.split import Splitter
from segmark.jobs.scoring.intervals import Intervals, intervals
from segmark.jobs.scoring.predictions import ModelPredictions, ScoringError
from segmark.jobs.scoring.scores import BODY, ModelScores, Parting, parting_of, score_page
from segmark.jobs.scoring.sums import Least, ModelSums
from segmark.store.store import Store

#: The pages that are listed as the worst, and as those where models part.
WORST = 20


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """Which labelled pages are compared, and how.

    Attributes:
        splitter: assigns pages to parts; None for no split.
        part: only pages of this part; "" for all.
        predicted_only: whether labelled pages without a prediction are left out, for all models.
        seed: of the draws of the intervals.
        worst: how many of the worst pages are listed.
        body: the name of the label whose words are compared.
    """

    splitter: Splitter | None = None
    part: str = ""
    predicted_only: bool = False
    seed: str = ""
    worst: int = WORST
    body: str = BODY


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scores of all models on the same pages.

    Attributes:
        models: the scores of each model, in the order in which they were named.
        intervals: of the figures of each model.
        partings: the pages on which the models differ, the widest gap first.
        left_out: the number of labelled pages that were not compared, by reason.
    """

    models: Sequence[ModelScores]
    intervals: Sequence[Intervals]
    partings: Sequence[Parting]
    left_out: dict[str, int]

    @property
    def pages(self) -> int:
        """The number of pages that were compared."""
        return self.models[0].pages


def labels_of(
    store: Store, annotator: str | None, *, adjudicated: bool, views: int, sites: Sequence[str]
) -> RecordFilter:
    """The filter for the finished pages whose labels are compared.

    Raises:
        ScoringError: several people finished pages, and it is not said whose labels count.
    """
    if annotator is None and not adjudicated:
        people = store.who_finished()
        if len(people) > 1:
            raise ScoringError(
                f"{store.path}: {', '.join(people)} have finished pages; choose one with "
                "--annotator, or --adjudicated"
            )
        annotator = next(iter(people), None)
    return RecordFilter(
        frozenset({Status.DONE}),
        annotator,
        adjudicated=adjudicated,
        adjudicator=store.exports.adjudicator if adjudicated else "",
        views=views,
        sites=frozenset(sites) if sites else None,
    )


def score(
    gold: Iterable[Record],
    models: Sequence[ModelPredictions],
    options: ScoreOptions,
    progress: Progress | None = None,
) -> Scoring:
    """Compare the predictions of each model with the labelled pages, one page at a time.

    Raises:
        ScoringError: no labelled page is left to compare.
    """
    sums = [ModelSums(model.name, options.worst) for model in models]
    used = [0] * len(models)
    left_out, pages = dict[str, int](), 0
    parted = Least[Parting](options.worst, lambda one: (-one.gap, one.id))
    for done, record in enumerate(gold, 1):
        if progress:
            progress(done)
        found = [model.of(record.id) for model in models]
        part, why = _part(record, found, options)
        if why:
            left_out[why] = left_out.get(why, 0) + 1
            continue
        pages += 1
        made = [score_page(record, part, predicted, options.body) for predicted in found]
        wanted = set(record.spans)
        for at, (adding, one, predicted) in enumerate(zip(sums, made, found, strict=True)):
            adding.add(one)
            used[at] += predicted is not None
            for suggested in predicted or ():
                adding.certainty.add(suggested.confidence, right=suggested.span in wanted)
        if parting := parting_of(made):
            parted.offer(parting)
    if not pages:
        raise ScoringError(_why_none(left_out))
    if progress:
        progress(pages, pages, "Counting intervals …")
    scores = [
        one.scores(model.pages - count)
        for one, model, count in zip(sums, models, used, strict=True)
    ]
    return Scoring(scores, [intervals(one, options.seed) for one in scores], parted.items, left_out)


def _part(
    record: Record, found: Sequence[Sequence[Suggestion] | None], options: ScoreOptions
) -> tuple[str, str]:
    """The part of a page, and why it is not compared; "" if it is."""
    if record.left_out:
        return "", record.left_out
    part = ""
    if options.splitter:
        chosen = options.splitter.part(record.id, record.site, record.article)
        if chosen is None:
            return "", IN_ANOTHER_PART
        part = chosen
    if options.part and part != options.part:
        return part, f"not in the part {options.part}"
    if options.predicted_only and all(predicted is None for predicted in found):
        return part, "no model has a prediction for it"
    return part, ""


def _why_none(left_out: dict[str, int]) -> str:
    if not left_out:
        return "no page is finished, so there are no labels to compare with"
    why = "; ".join(f"{count:,}: {reason}" for reason, count in left_out.items())
    return f"no labelled page is left to compare ({why})"
