"""Turn sources into pages that are ready to be stored, with several processes where that pays.

Whatever the number of processes, the pages and their order are the same: the processes only do what
depends on one source, and this one reads the files and writes the project.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from segmark.core.text.likeness import sketch
from segmark.environment.machine_key import machine_key
from segmark.jobs.garbage import collect_rarely
from segmark.jobs.seen_nodes import sealed
from segmark.jobs.worker_pool import PROCESS_DIED
from segmark.jobs.workers import Workers, WorkKind, work_through
from segmark.loading.feed import Source, load_source
from segmark.loading.loader import LoadedPage
from segmark.loading.options import LoadOptions
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import reason_of
from segmark.store.pages import PackedPage, pack


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


def prepared(loaded: LoadedPage, key: bytes) -> PreparedPage | LoadError:
    """Return a loaded page ready to be stored, or why it can't be; the key is this machine's."""
    try:
        packed = pack(loaded.page, loaded.source, loaded.extra)
        # What is packed need not be sent from process to process.
        bare = replace(packed, page=loaded.page.without_anchors(), seen=sealed(key, loaded, packed))
        found = sketch(loaded.page.text)
    except Exception as error:  # whatever is wrong with one page, the others are loaded
        return LoadError(loaded.place, reason_of(error))
    return PreparedPage(bare, found, loaded.place, loaded if loaded.labels else None)


def prepare_all(
    options: LoadOptions, workers: Workers, sources: Iterable[Source]
) -> Generator[Prepared]:
    """Yield what becomes of each source, in their order, as ``work_through`` does.

    Raises:
        StoreError: the processes can't be started.
    """
    # Nothing else of the options can be sent, nor is needed.
    needed = LoadOptions(match=options.match)
    key = machine_key()
    kind = WorkKind(_begin, (needed, key), _size, _is_html, _lost)
    return work_through(kind, partial(_prepare, options, key), sources, workers)


def _prepare(options: LoadOptions, key: bytes, source: Source) -> Prepared:
    item = load_source(source, options)
    return prepared(item, key) if isinstance(item, LoadedPage) else item


def _begin(options: LoadOptions, key: bytes) -> Callable[[Source], Prepared]:
    """Begin in a worker process."""
    collect_rarely()
    return partial(_prepare, options, key)


def _size(source: Source) -> int:
    return len(source.source) if isinstance(source, RawPage) else 0


def _is_html(item: Prepared) -> bool:
    return isinstance(item, PreparedPage) and item.packed.page.info.media == "html"


def _lost(source: Source) -> Prepared:
    name = source.name if isinstance(source, RawPage) else source.source
    return LoadError(name, PROCESS_DIED)
