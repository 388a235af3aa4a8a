"""Compare the models whose predictions were loaded into a project."""

from contextlib import closing

from segmark.core.progress import Progress
from segmark.jobs.scoring.predictions import ScoringError, stored_predictions
from segmark.jobs.scoring.scores import BODY
from segmark.jobs.scoring.scoring import ScoreOptions, Scoring, labels_of, score
from segmark.store.store import Store

#: Stands for adjudicated labels in place of a name.
ADJUDICATED = ""


def compared_people(store: Store, annotator: str) -> list[str]:
    """Whose labels models can be compared with: the annotator first, adjudicated ones last."""
    people = sorted(store.who_finished(), key=lambda name: (name != annotator, name))
    return [*people, ADJUDICATED] if len(people) > 1 else people


def score_stored_models(store: Store, whose: str, progress: Progress) -> Scoring:
    """The scores of all loaded models on the finished pages of a person.

    Raises:
        ScoringError: no predictions were loaded, or no page is finished.
    """
    models = [stored_predictions(store, name) for name in store.suggestions.models()]
    if not models:
        raise ScoringError(
            "no predictions of a model are in the project; load a file with predictions"
        )
    adjudicated = whose == ADJUDICATED
    name = None if adjudicated else whose
    chosen = labels_of(store, name, adjudicated=adjudicated, views=2, sites=())
    with closing(store.records(chosen)) as records:
        return score(records, models, ScoreOptions(body=store.label_set.name_of(BODY)), progress)
