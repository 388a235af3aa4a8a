"""Adds to records what a format writes besides labels: suggestions, and the HTML source."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from segmark.core.annotation import Status
from segmark.core.markup import Markup
from segmark.core.record import Record
from segmark.core.span import overlapping
from segmark.core.suggestion import Suggestion, still_open, with_names
from segmark.export.format import Capability
from segmark.export.formats.registry import format_of
from segmark.export.options import ExportOptions
from segmark.jobs.workers import ALONE, Workers, WorkKind, work_through
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.suggesting.learner import Learner

_DIGITS = 4  # of a score


def complete(
    records: Iterable[Record], project: Path, options: ExportOptions, workers: Workers = ALONE
) -> Generator[Record]:
    """Add what the format and the options ask for to the records, in their order.

    Close it if you stop early.

    Args:
        records: of the project.
        project: its file.
        options: ``suggestions`` adds suggestions for pages that are not finished, of the exported
            labels and with at least ``min_confidence``.
        workers: find the text of pages in their HTML.

    Raises:
        StoreError: the project can't be read, or no processes be started.
    """
    wants_markup = Capability.MARKUP in format_of(options.form).can
    if not options.suggestions and not wants_markup:
        yield from records
        return
    # A second connection, since the records' own is in the middle of reading them.
    with Store.open_or_read(project) as store:
        if options.suggestions:
            records = _with_suggestions(records, store, options)
        yield from _with_markup(records, store, workers) if wants_markup else records


class _Page(NamedTuple):
    """What is needed to find the text of a page in its HTML; no source if it has none."""

    source: bytes | None
    encoding: str
    text: str


def _with_markup(records: Iterable[Record], store: Store, workers: Workers) -> Generator[Record]:
    # The records of a page follow each other.
    waiting = deque[list[Record]]()

    def pages() -> Iterator[_Page]:
        for _, group in groupby(records, key=lambda record: record.id):
            waiting.append([*group])
            yield _page(store, waiting[-1][0])

    kind = WorkKind(_tracing, (), _size, lambda markup: markup is not None, lambda _: None)
    with closing(work_through(kind, _tracing(), pages(), workers)) as traced:
        for markup in traced:
            for record in waiting.popleft():
                yield replace(record, markup=markup)


def _page(store: Store, record: Record) -> _Page:
    number = store.pages.number_of(record.id)
    info = store.pages.get(number).info if number is not None else None
    if not info or info.media != "html" or number is None:
        return _Page(None, "", "")
    return _Page(store.pages.source(number), info.encoding, record.text)


def _tracing() -> Callable[[_Page], Markup | None]:
    # Imported here: most formats don't need lxml.
    from segmark.loading.html.trace import trace

    return lambda page: None if page.source is None else trace(page.source, *page[1:])


def _size(page: _Page) -> int:
    return len(page.source or b"")


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
