"""All that the paths hold, as pages one after the other: chosen, sampled, and how far it is."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import blake2b

from segmark.loading.contents import Place, may_hold_many, read_raws
from segmark.loading.html.metadata import host_of
from segmark.loading.loader import Loaded, load_raw
from segmark.loading.raw import USUAL, Fields, Raw
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import Files, Found
from segmark.loading.work import AS_THEY_ARE, LabelChoice

#: What a source turns out to be.
Item = Loaded | LoadError | PassedOver


@dataclass(frozen=True, slots=True)
class LoadChoice:
    """Which pages to take, and where records have them.

    Attributes:
        fields: the names of columns.
        match: patterns for the page's address; one of them has to fit. A host stands for itself
            and all below it (``example.org``), anything with ``*`` or ``/`` in it for the whole
            address, with or without ``https://www.`` before it.
        sample: so many pages drawn from all; None for all.
        seed: what the draw depends on, beside the names of the sources.
        limit: at most so many pages, the first that come; None for no limit.
        labels: how the labels of other tools are taken.
    """

    fields: Fields = USUAL
    match: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    limit: int | None = None
    labels: LabelChoice = AS_THEY_ARE

    def fits(self, url: str) -> bool:
        """Whether an address fits the patterns."""
        host = host_of(url)
        return not self.match or any(_fits(pattern, url, host) for pattern in self.match)

    def draw(self, name: str) -> int:
        """The lot of a source; those with the smallest ones are taken."""
        lot = blake2b(f"{self.seed}\0{name}".encode(), digest_size=8)
        return int.from_bytes(lot.digest(), "big")


ALL = LoadChoice()


def _fits(pattern: str, url: str, host: str) -> bool:
    if "*" in pattern or "/" in pattern:
        bare = url.partition("://")[2].removeprefix("www.")
        whole = fnmatchcase(url, pattern) or fnmatchcase(bare, pattern.removeprefix("www."))
        return whole or fnmatchcase(host, pattern.lower())
    domain = pattern.lower().removeprefix("www.")
    return host == domain or host.endswith(f".{domain}")


class Feed:
    """The pages that the files hold; what is none, with its reason, stands in its place.

    ``refused`` are the names of files that are not to be taken for what is wrong with their labels.

    Attributes:
        name: short name of the source that is being read.
    """

    def __init__(
        self,
        files: Files,
        choice: LoadChoice = ALL,
        refused: frozenset[str] = frozenset(),
    ) -> None:
        self._found = files
        self._refused = refused
        self._choice = choice
        self._files = self._bytes = self._bytes_done = 0
        self._many = False
        self._place = Place()
        self.name = ""
        for found in self._found:
            self._files += 1
            if isinstance(found, Found):
                self._bytes += found.size
                self._many = self._many or may_hold_many(found.name)

    def __iter__(self) -> Iterator[Item]:
        choice = self._choice
        last_lot = None if choice.sample is None else self._last_lot(choice.sample)
        taken = unfit = 0
        for source in self._sources():
            if choice.limit is not None and taken >= choice.limit:
                break
            if isinstance(source, Raw):
                if last_lot is not None and choice.draw(source.name) > last_lot:
                    continue
                item: Item | None = self._loaded(source)
                taken += isinstance(item, Loaded)
                unfit += item is None
            else:
                item = source
            if item:
                yield item
        if unfit:
            pages = "1 page" if unfit == 1 else f"{unfit:,} pages"
            yield PassedOver("all sources", f"{pages} whose address does not fit")

    def total(self, done: int) -> int | None:
        """How many sources there are; extrapolated from their bytes if need be, None at first."""
        choice = self._choice
        if self._many or choice.match:
            read = self._bytes_done + self._place.bytes
            total = max(done, round(done * self._bytes / read)) if read else None
        else:
            total = self._files
        known = [each for each in (total, choice.sample, choice.limit) if each is not None]
        return min(known) if known else None

    def _loaded(self, raw: Raw) -> Loaded | LoadError | None:
        """The page; None when its address does not fit."""
        if raw.known.url and not self._choice.fits(raw.known.url):
            return None
        try:
            loaded = load_raw(raw)
        except LoadError as error:
            return error.alone()
        return loaded if self._choice.fits(loaded.page.info.url) else None

    def _last_lot(self, sample: int) -> int:
        """The largest lot that is drawn."""
        raws = (source for source in self._sources() if isinstance(source, Raw))
        lots = (
            self._choice.draw(raw.name)
            for raw in raws
            if not self._choice.match or isinstance(self._loaded(raw), Loaded)
        )
        drawn = heapq.nsmallest(sample, lots)
        return drawn[-1] if drawn else -1

    def _sources(self) -> Iterator[Raw | LoadError | PassedOver]:
        self._bytes_done = 0
        for found in self._found:
            if not isinstance(found, Found):
                yield found
                continue
            self.name = found.name
            for raw in read_raws(found, self._choice.fields, self._place):
                if not (isinstance(raw, Raw) and raw.origin in self._refused):
                    yield raw
            self._place.file = None
            self._bytes_done += found.size
