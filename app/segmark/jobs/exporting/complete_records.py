"""Adds to records what a format writes besides labels: suggestions, and the HTML source."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.core.annotation import Status
from segmark.core.markup import Markup
from segmark.core.record import Record
from segmark.core.span import overlapping
from segmark.core.suggestion import Suggestion, still_open
from segmark.export.format import Capability
from segmark.export.formats.registry import format_of
from segmark.export.options import ExportOptions
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.suggesting.learner import Learner

_DIGITS = 4  # of a score


def complete(records: Iterable[Record], project: Path, options: ExportOptions) -> Generator[Record]:
    """Add what the format and the options ask for to the records, in their order.

    Close it if you stop early.

    Args:
        records: of the project.
        project: its file.
        options: ``suggestions`` adds suggestions for pages that are not finished, of the exported
            labels and with at least ``min_confidence``.

    Raises:
        StoreError: the project can't be read.
    """
    wants_markup = Capability.MARKUP in format_of(options.form).can
    if not options.suggestions and not wants_markup:
        yield from records
        return
    # A second connection, since the records' own is in the middle of reading them.
    with Store.open_or_read(project) as store:
        if options.suggestions:
            records = _with_suggestions(records, store, options)
        yield from _with_markup(records, store) if wants_markup else records


def _with_markup(records: Iterable[Record], store: Store) -> Iterator[Record]:
    # Imported here: most formats don't need lxml.
    from segmark.loading.html.trace import trace

    last: tuple[str, Markup | None] = ("", None)
    for record in records:
        if last[0] != record.id:
            number = store.pages.number_of(record.id)
            info = store.pages.get(number).info if number is not None else None
            found = None
            if info and info.media == "html" and number is not None:
                found = trace(store.pages.source(number), info.encoding, record.text)
            last = record.id, found
        yield replace(record, markup=last[1])


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
        sure = tuple(one for one in kept if one.confidence >= options.min_confidence)
        yield replace(record, suggestions=sure)
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
