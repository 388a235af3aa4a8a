"""Learn a labeller from a project, and measure it on sites that it has not learnt from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from segmark import __version__
from segmark.core.annotation import Status
from segmark.core.label import LabelSet
from segmark.core.progress import Progress
from segmark.core.record import Record
from segmark.core.span import named
from segmark.jobs.evaluation import evaluate
from segmark.jobs.labelling.facts import HeldOut, LabellerFacts
from segmark.jobs.labelling.labelled_page import record_of
from segmark.jobs.labelling.labeller_file import Learnt
from segmark.jobs.scoring.blind_pages import blind_pages
from segmark.jobs.scoring.expectation import expectation
from segmark.jobs.suggesting.cross_site import in_turns
from segmark.jobs.suggesting.finished_pages import FinishedPages
from segmark.jobs.suggesting.learner import Learner
from segmark.store.store import Store
from segmark.suggestion.background import Background
from segmark.suggestion.example import TrainingExample
from segmark.suggestion.memory import Memory
from segmark.suggestion.model import Model
from segmark.suggestion.prior import host_digest
from segmark.suggestion.tags import LabelRules
from segmark.suggestion.units import NO_CUES

#: No site has this name: the learner gives the model for sites without a finished page.
_NO_SITE = "\0"
#: The most pages that are labelled to measure the labeller, taken from its sites in turns.
_MOST_MEASURED = 200


def learn(
    project: Path,
    annotator: str | None = None,
    *,
    measure: bool = False,
    progress: Progress | None = None,
) -> Learnt:
    """Learn from an annotator's finished pages, by default those of whoever finished the most.

    The project is only read. The models are those of ``segmark suggest``.

    Raises:
        StoreError: the project can't be read.
    """
    with Store.open_for_reading(project) as store:
        who = annotator or store.suggestions.best_teacher or ""
        learner = Learner(store, who)
        finished = learner.finished
        finished.refresh()
        pages = finished.in_order()
        names = sorted({site for _, site in pages})
        sites = {}
        for number, site in enumerate(names, 1):
            sites[site] = learner.model(site)
            if progress:
                progress(number, len(names), site)
        others = learner.model(_NO_SITE)
        totals = store.suggestion_totals()
        facts = LabellerFacts(
            __version__, len(pages), len(names), others.background.prior is not None,
            totals.get(True), expected=expectation(blind_pages(store)),
        )  # fmt: skip
        if measure and pages:
            facts = replace(
                facts, held_out=_held_out(finished, sites, pages, store.label_set, progress)
            )
        labels = tuple(label.name for label in store.label_set)
        ids = tuple(label.id for label in store.label_set)
        return Learnt(labels, ids, facts, sites, others)


def _held_out(
    finished: FinishedPages,
    sites: dict[str, Model],
    pages: Sequence[tuple[int, str]],
    labels: LabelSet,
    progress: Progress | None,
) -> HeldOut:
    """Label finished pages as if their sites had none.

    The background of a site's model never learnt from the site itself; without the site's memory
    and CRF, it is what the labeller would have known of that site.
    """
    chosen = in_turns(pages)[:_MOST_MEASURED]
    unknown = {site: _unknown(site, model, labels) for site, model in sites.items()}
    predicted, gold = list[Record](), list[Record]()
    for done, (example, site) in enumerate(_examples(finished, chosen), 1):
        page, spans = example.page, example.spans
        predicted.append(record_of(page, unknown[site].suggest(page), labels.renamed))
        true = named(spans, labels.renamed)
        gold.append(replace(predicted[-1], spans=true, about={}, status=Status.DONE))
        if progress:
            progress(done, len(chosen), "measuring")
    return HeldOut.of(evaluate(predicted, gold), len({site for _, site in chosen}))


def _examples(
    finished: FinishedPages, chosen: Sequence[tuple[int, str]]
) -> Iterator[tuple[TrainingExample, str]]:
    for number, site in chosen:
        for example in finished.training_examples([finished.with_spans(number)]):
            yield example, site


def _unknown(site: str, model: Model, labels: LabelSet) -> Model:
    """The model of a site as if it had no finished page, and the prior had not known its host."""
    prior = model.background.prior
    if prior and host_digest(site) in prior.hosts:
        prior = None
    background = Background(prior, model.background.cross_site)
    rules = background.rules(LabelRules.learn(labels, ()))
    return Model(rules, NO_CUES, Memory.of([]), None, background)
