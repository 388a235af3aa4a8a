"""All pages of some files, one after another: filtered, sampled, and with their progress."""

import heapq
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import TypeVar

from segmark.core.text.counts import count_words
from segmark.loading.contents import ReadPosition, may_hold_many, read_file
from segmark.loading.loader import LoadedPage, load_raw
from segmark.loading.options import LOAD_ALL, LoadOptions
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import FoundFile, SourceFiles, reason_of

#: What is in files: a page that is to be loaded, or what is none.
Source = RawPage | LoadError | PassedOver
#: What becomes of a source.
FeedItem = LoadedPage | LoadError | PassedOver
Loaded = TypeVar("Loaded")


class Feed:
    """The pages in some files; an error with its reason takes the place of what is not a page.

    ``refused`` are the names of files to skip because of what is wrong with their labels.

    Attributes:
        name: short name of the source that is being read.
    """

    def __init__(
        self,
        files: SourceFiles,
        options: LoadOptions = LOAD_ALL,
        refused: frozenset[str] = frozenset(),
    ) -> None:
        self._found = files
        self._refused = refused
        self._options = options
        self._files = self._bytes = self._bytes_done = 0
        self._many = False
        self._position = ReadPosition()
        self.name = ""
        for found in self._found:
            self._files += 1
            if isinstance(found, FoundFile):
                self._bytes += found.size
                self._many = self._many or may_hold_many(found.name)

    def __iter__(self) -> Iterator[FeedItem]:
        return self.through(lambda sources: (self._load(source) for source in sources))

    def through(
        self,
        load: Callable[[Iterator[Source]], Generator[Loaded | LoadError | PassedOver | None]],
    ) -> Generator[Loaded | LoadError | PassedOver]:
        """Yield what a function makes of the sources, until there are enough pages.

        The function yields something for each source, in their order; None for a page whose address
        does not match.
        """
        limit, loaded, filtered = self._options.limit, 0, 0
        with closing(load(self._drawn())) as items:
            for item in items:
                if item is None:
                    filtered += 1
                    continue
                yield item
                loaded += not isinstance(item, LoadError | PassedOver)
                if limit is not None and loaded >= limit:
                    break
        if filtered:
            pages = count_words(filtered, "page")
            yield PassedOver("all sources", f"{pages} whose address does not fit")

    def total(self, done: int) -> int | None:
        """Return the number of sources, estimated from their bytes if need be; None at first."""
        options = self._options
        if self._many or options.match:
            read = self._bytes_done + self._position.bytes
            total = max(done, round(done * self._bytes / read)) if read else None
        else:
            total = self._files
        known = [each for each in (total, options.sample, options.limit) if each is not None]
        return min(known) if known else None

    def _load(self, source: Source) -> FeedItem | None:
        return load_source(source, self._options)

    def _drawn(self) -> Iterator[Source]:
        """Yield the sources, and of the pages those of the sample."""
        options = self._options
        highest = None if options.sample is None else self._highest_key(options.sample)
        for source in self._sources():
            if highest is not None and isinstance(source, RawPage):
                if options.sampling_key(source.name) <= highest:
                    yield source
            else:
                yield source

    def _highest_key(self, sample: int) -> int:
        """Return the highest sampling key in the sample."""
        raws = (source for source in self._sources() if isinstance(source, RawPage))
        keys = (
            self._options.sampling_key(raw.name)
            for raw in raws
            if not self._options.match or isinstance(self._load(raw), LoadedPage)
        )
        drawn = heapq.nsmallest(sample, keys)
        return drawn[-1] if drawn else -1

    def _sources(self) -> Iterator[Source]:
        self._bytes_done = 0
        for found in self._found:
            if not isinstance(found, FoundFile):
                yield found
                continue
            self.name = found.name
            for raw in read_file(found, self._options.fields, self._position):
                if not (isinstance(raw, RawPage) and raw.origin in self._refused):
                    yield raw
            self._position.file = None
            self._bytes_done += found.size


def load_source(source: Source, options: LoadOptions) -> FeedItem | None:
    """Return what becomes of a source; None for a page whose address does not match."""
    if not isinstance(source, RawPage):
        return source
    if source.url and not options.matches(source.url):
        return None
    try:
        loaded = load_raw(source)
    except LoadError as error:
        return error.alone()
    except Exception as error:
        return LoadError(source.name, reason_of(error))
    return loaded if options.matches(loaded.page.info.url) else None
