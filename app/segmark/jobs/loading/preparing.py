"""Turn sources into pages that are ready to be stored, with several processes where that pays.

Whatever the number of processes, the pages and their order are the same: the processes only do what
depends on one source, and this one reads the files and writes the project.
"""

import gc
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any

from segmark.core.text.likeness import sketch
from segmark.jobs.worker_pool import WorkerDiedError, WorkerPool
from segmark.loading.feed import Source, load_source
from segmark.loading.loader import LoadedPage
from segmark.loading.options import LoadOptions
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import reason_of
from segmark.store.errors import StoreError
from segmark.store.pages import PackedPage, pack

#: Made between two runs of the garbage collector: those of a few pages. A page has many objects and
#: little garbage: the collector would take a fifth of the time.
OBJECTS = 50_000
_BATCH_PAGES, _BATCH_BYTES = 20, 1 << 20  # at most, but for its last page
#: Processes start once HTML has taken so long here: about as long as they need to start.
_PATIENCE = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page that is ready to be stored.

    Attributes:
        sketch: of its text.
        place: where it is, to be named in messages.
        labelled: the page as it was loaded, if labels came with it.
    """

    packed: PackedPage
    sketch: Sequence[int]
    place: str
    labelled: LoadedPage | None


#: What becomes of a source; None for a page whose address does not match.
Prepared = PreparedPage | LoadError | PassedOver | None


@dataclass(frozen=True, slots=True)
class Workers:
    """The processes that prepare pages.

    Attributes:
        processes: how many; 1 for none but this one.
        starting: that of ``WorkerPool``.
        patience: the seconds of work on HTML after which they are started.
    """

    processes: int = 1
    starting: Callable[[], AbstractContextManager[Any]] = nullcontext
    patience: float = _PATIENCE


def prepared(loaded: LoadedPage) -> PreparedPage | LoadError:
    """Return a loaded page ready to be stored, or why it can't be."""
    try:
        packed = pack(loaded.page, loaded.source, loaded.extra)
        # What is packed need not be sent from process to process.
        bare = replace(packed, page=loaded.page.without_anchors())
        found = sketch(loaded.page.text)
    except Exception as error:  # whatever is wrong with one page, the others are loaded
        return LoadError(loaded.place, reason_of(error))
    return PreparedPage(bare, found, loaded.place, loaded if loaded.labels else None)


def prepare_all(
    options: LoadOptions, workers: Workers, sources: Iterable[Source]
) -> Generator[Prepared]:
    """Yield what becomes of each source, in their order; only a few are held at a time.

    Raises:
        StoreError: the processes can't be started.
    """
    prepare, waiting, spent = partial(_prepare, options), iter(sources), 0.0
    # Only the main thread may hold signals while processes start.
    alone = workers.processes == 1 or threading.current_thread() is not threading.main_thread()
    while alone or spent <= workers.patience:
        begun = perf_counter()
        source = next(waiting, None)
        if source is None:
            return
        item = prepare(source)
        if isinstance(item, PreparedPage) and item.packed.page.info.media == "html":
            spent += perf_counter() - begun
        yield item
    # Nothing else of the options can be sent, nor is needed.
    needed = LoadOptions(match=options.match)
    pool = WorkerPool[list[Source], list[Prepared]](
        workers.processes, _begin, (needed,), workers.starting, _one_by_one
    )
    with closing(pool):
        try:
            for batch in pool.map(_in_batches(waiting)):
                yield from batch
        except BrokenProcessPool:
            raise StoreError(
                "the processes that read pages can't start; load with --processes 1"
            ) from None


def _prepare(options: LoadOptions, source: Source) -> Prepared:
    item = load_source(source, options)
    return prepared(item) if isinstance(item, LoadedPage) else item


def _begin(options: LoadOptions) -> Callable[[list[Source]], list[Prepared]]:
    """Begin in a worker process."""
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    return lambda batch: [_prepare(options, source) for source in batch]


def _in_batches(sources: Iterator[Source]) -> Iterator[list[Source]]:
    batch, size = list[Source](), 0
    for source in sources:
        batch.append(source)
        size += len(source.source) if isinstance(source, RawPage) else 0
        if len(batch) >= _BATCH_PAGES or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _one_by_one(
    batch: list[Source], alone: Callable[[list[Source]], list[Prepared]]
) -> list[Prepared]:
    """Prepare a batch whose process died, and reject the pages that end a process."""
    found = list[Prepared]()
    for source in batch:
        try:
            found += alone([source])
        except WorkerDiedError:
            name = source.name if isinstance(source, RawPage) else source.source
            found.append(LoadError(name, "its process ended, by a crash or for want of memory"))
    return found
