"""Records with all that a format writes of them beside labels: suggestions, and the HTML source."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.core.annotation import Status
from segmark.core.markup import Markup
from segmark.core.record import Record
from segmark.core.span import overlapping
from segmark.core.suggestion import Suggestion, still_open
from segmark.export.exporter import Options
from segmark.export.formats.registry import exporter_of
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.suggesting.learner import Learner

_DIGITS = 4  # of a score


def complete(
    records: Iterable[Record],
    project: Path,
    form: str,
    options: Options,
    labels: frozenset[str] | None,
) -> Generator[Record]:
    """The records with what the format and the options ask for, in their order.

    Close it if you stop early.

    Args:
        records: of the project, perhaps with some labels only.
        project: its file.
        form: name of the format; some want the HTML.
        options: ``suggestions`` adds what is suggested for pages that are not finished, from the
            confidence ``least_sure`` on.
        labels: names of the labels whose suggestions are kept; None for all.

    Raises:
        StoreError: the project can't be read.
    """
    wants_markup = exporter_of(form).needs_markup
    if not options.suggestions and not wants_markup:
        yield from records
        return
    # A connection of its own: that of the records is in the middle of reading them.
    with Store.open_or_read(project) as store:
        if options.suggestions:
            records = _with_suggestions(records, store, labels, options.least_sure)
        yield from _with_markup(records, store) if wants_markup else records


def _with_markup(records: Iterable[Record], store: Store) -> Iterator[Record]:
    # Imported here: most formats do without lxml.
    from segmark.loading.html.trace import trace

    known: tuple[str, Markup | None] = ("", None)
    for record in records:
        if known[0] != record.id:
            number = store.pages.number_of(record.id)
            info = store.pages.get(number).info if number is not None else None
            found = None
            if info and info.media == "html" and number is not None:
                found = trace(store.pages.source(number), info.encoding, record.text)
            known = record.id, found
        yield replace(record, markup=known[1])


def _with_suggestions(
    records: Iterable[Record], store: Store, labels: frozenset[str] | None, least: float
) -> Iterator[Record]:
    from segmark.jobs.suggesting.learner import Learner

    learners: dict[str, Learner] = {}
    for record in records:
        if Status(record.status).finished:
            yield record
            continue
        who = record.annotator or store.suggestions.best_teacher or ""
        if who not in learners:
            learners[who] = Learner(store, who)
        found = _suggested(record, store, learners[who])
        kept = (one for one in found if labels is None or one.span.label in labels)
        sure = tuple(one for one in kept if one.confidence >= least)
        yield replace(record, suggestions=sure)
    for learner in learners.values():
        learner.save()


def _suggested(record: Record, store: Store, learner: "Learner") -> Iterator[Suggestion]:
    number = store.pages.number_of(record.id)
    if number is None:
        return
    annotation = store.annotations(record.annotator).get(number)
    for one in still_open(learner.suggest(number), annotation):
        # The record may be a moment older than the annotation.
        if not overlapping(record.spans, one.span.start, one.span.end):
            yield replace(one, confidence=round(one.confidence, _DIGITS))
