"""Has a format make its part of records, in several processes where that takes long.

It is also where records get the HTML of their pages: the HTML of many pages is never in memory.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from segmark.core.label import LabelSet
from segmark.core.record import Record, RecordError, check
from segmark.environment.machine_key import machine_key
from segmark.export.format import Capability, Format
from segmark.export.formats.registry import format_of, with_defaults
from segmark.export.options import ExportOptions
from segmark.jobs.garbage import collect_rarely, collected_rarely
from segmark.jobs.seen_nodes import traced
from segmark.jobs.worker_pool import PROCESS_DIED
from segmark.jobs.workers import ALONE, Workers, WorkKind, work_through
from segmark.store.pages import Original
from segmark.store.store import Store

_PACKED = 4  # how many times as long HTML is as in a project, about


class _Page(NamedTuple):
    """The records of a page, and the HTML that it was made from, if the format needs it."""

    records: Sequence[Record]
    original: Original | None


class _Made(NamedTuple):
    """What a format made of a record, or why it was left out, as in ``Record``."""

    made: Any
    left_out: str


def with_made(
    records: Iterable[Record],
    project: Path,
    label_set: LabelSet,
    options: ExportOptions,
    workers: Workers = ALONE,
) -> Generator[Record]:
    """Add to the records what the format makes of them beforehand, in their order.

    Close it if you stop early.

    Args:
        records: complete, as the format will write them.
        project: their file.
        label_set: of the project.
        options: of the export.
        workers: make it.

    Raises:
        ExportError: a page can't be written.
        StoreError: the project can't be read, or no processes be started.
    """
    chosen, waiting = format_of(options.form), deque[Sequence[Record]]()
    if not chosen.maker:
        yield from records
        return

    def pages(store: Store) -> Iterator[_Page]:
        for page in _pages(records, store, chosen):
            waiting.append(page.records)
            yield page

    key = machine_key()
    kind = WorkKind(_begin, (label_set, options, key), _size, lambda _: True, _lost)
    make = _maker(label_set, options, key)
    # A second connection, since the records' own is in the middle of reading them.
    with (
        collected_rarely(),
        Store.open_or_read(project) as store,
        closing(work_through(kind, make, pages(store), workers)) as made,
    ):
        for page in made:
            for record, one in zip(waiting.popleft(), page, strict=True):
                yield replace(record, made=one.made, left_out=one.left_out)


def with_markup(records: Iterable[Record], project: Path, form: str) -> Generator[Record]:
    """Add the HTML of their pages to the records, if the format needs it.

    Raises:
        StoreError: the project can't be read.
    """
    chosen = format_of(form)
    if Capability.MARKUP not in chosen.can:
        yield from records
        return
    key = machine_key()
    with Store.open_or_read(project) as store:
        for page in _pages(records, store, chosen):
            yield from _marked_up(page, key)


def _pages(records: Iterable[Record], store: Store, chosen: Format) -> Iterator[_Page]:
    needed = Capability.MARKUP in chosen.can
    # The records of a page follow each other.
    for name, group in groupby(records, key=lambda record: record.id):
        yield _Page([*group], store.pages.original(name) if needed else None)


def _marked_up(page: _Page, key: bytes) -> Sequence[Record]:
    if not page.original:
        return page.records
    first = page.records[0]
    markup = traced(key, page.original, first.text, first.sha256)
    return [replace(record, markup=markup) for record in page.records]


def _begin(
    label_set: LabelSet, options: ExportOptions, key: bytes
) -> Callable[[_Page], Sequence[_Made]]:
    """Begin in a worker process."""
    collect_rarely()
    return _maker(label_set, options, key)


def _maker(
    label_set: LabelSet, options: ExportOptions, key: bytes
) -> Callable[[_Page], Sequence[_Made]]:
    chosen, options = format_of(options.form), with_defaults(options)
    assert chosen.maker, "there is something to make"
    make = chosen.maker(label_set, options)

    def made(record: Record) -> _Made:
        reason = chosen.left_out(record) or record.left_out
        if reason:
            return _Made(None, reason)
        try:
            check(record, label_set.names)
        except RecordError:  # whoever writes the records says so
            return _Made(None, "")
        return _Made(make(record), "")

    return lambda page: [made(record) for record in _marked_up(page, key)]


def _size(page: _Page) -> int:
    packed = len(page.original.packed) if page.original else 0
    return _PACKED * packed + sum(len(record.text) for record in page.records)


def _lost(page: _Page) -> Sequence[_Made]:
    return [_Made(None, PROCESS_DIED)] * len(page.records)
