"""Adds to records what is suggested for pages that are not finished."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.core.annotation import Status
from segmark.core.record import Record
from segmark.core.span import overlapping
from segmark.core.suggestion import Suggestion, still_open, with_names
from segmark.export.options import ExportOptions
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.suggesting.learner import Learner

_DIGITS = 4  # of a score


def with_suggestions(
    records: Iterable[Record], project: Path, options: ExportOptions
) -> Generator[Record]:
    """Add suggestions for pages that are not finished, where the options ask for them.

    They are of the exported labels, with at least ``min_confidence``. Close it if you stop early.

    Raises:
        StoreError: the project can't be read.
    """
    if not options.suggestions:
        yield from records
        return
    # A second connection, since the records' own is in the middle of reading them.
    with Store.open_or_read(project) as store:
        yield from _with_suggestions(records, store, options)


def _with_suggestions(
    records: Iterable[Record], store: Store, options: ExportOptions
) -> Iterator[Record]:
    from segmark.jobs.suggesting.learner import Learner

    labels, learners = options.labels, dict[str, Learner]()
    for record in records:
        if Status(record.status).finished:
            yield record
            continue
        who = record.annotator or store.suggestions.best_teacher or ""
        if who not in learners:
            learners[who] = Learner(store, who)
        found = _suggested(record, store, learners[who])
        kept = (one for one in found if labels is None or one.span.label in labels)
        sure = [one for one in kept if one.confidence >= options.min_confidence]
        yield replace(record, suggestions=tuple(with_names(sure, store.label_set.renamed)))
    for learner in learners.values():
        learner.save()


def _suggested(record: Record, store: Store, learner: "Learner") -> Iterator[Suggestion]:
    number = store.pages.number_of(record.id)
    if number is None:
        return
    annotation = store.annotations(record.annotator).get(number)
    for one in still_open(learner.suggest(number), annotation):
        # The annotation may be newer than the record.
        if not overlapping(record.spans, one.span.start, one.span.end):
            yield replace(one, confidence=round(one.confidence, _DIGITS))
