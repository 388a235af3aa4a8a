"""Compare models for the window: those of the project, and those in files."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from segmark.core.progress import Progress
from segmark.jobs.scoring.predictions import (
    Reading,
    ScoringError,
    predictions_in,
    stored_predictions,
    told_apart,
)
from segmark.jobs.scoring.scores import BODY
from segmark.jobs.scoring.scoring import ScoreOptions, Scoring, labels_of, score
from segmark.jobs.scoring.spool import Spool
from segmark.store.store import Store

#: Stands for adjudicated labels in place of a name.
ADJUDICATED = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """The scores of models, and what could not be used.

    Attributes:
        scoring: the models of the project come first.
        stored: their names.
        faults: why files or parts of them could not be used, the first of these reasons.
        more: how many more there are.
    """

    scoring: Scoring
    stored: Sequence[str]
    faults: Sequence[str] = ()
    more: int = 0


def compared_people(store: Store, annotator: str) -> list[str]:
    """Whose labels models can be compared with: the annotator first, adjudicated ones last."""
    people = sorted(store.who_finished(), key=lambda name: (name != annotator, name))
    return [*people, ADJUDICATED] if len(people) > 1 else people


def compare_models(store: Store, whose: str, files: Sequence[Path], progress: Progress) -> Compared:
    """Score all loaded models, and those in files, on the finished pages of a person.

    A file without predictions for pages of the project is a fault.

    Raises:
        ScoringError: there are no predictions at all, or no page is finished.
    """
    stored = list(store.suggestions.models())
    models = [stored_predictions(store, name) for name in stored]
    with closing(Spool()) as spool:
        reading, faults = Reading(store, spool), list[str]()
        for path in files:
            found = predictions_in(reading, path, progress)
            if not found:
                faults.append(f"{path.name}: it has no predictions for pages of the project")
            models += found
        faults += reading.found.lines
        if not models:
            why = f" ({faults[0]})" if faults else ""
            raise ScoringError(
                "no predictions of a model are in the project: load a file with predictions, or "
                f"add one here{why}"
            )
        adjudicated = whose == ADJUDICATED
        name = None if adjudicated else whose
        chosen = labels_of(store, name, adjudicated=adjudicated, views=2, sites=())
        options = ScoreOptions(body=store.label_set.name_of(BODY))
        with closing(store.records(chosen)) as records:
            scoring = score(records, told_apart(models), options, progress)
    return Compared(scoring, stored, faults, reading.found.count - len(reading.found.lines))
