"""Loading files into a project, beside the labelling and in small batches."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.core.page import Page
from app.core.suggestion import Suggestion
from app.loading.feed import ALL, Choice, Feed
from app.loading.loader import Loaded, load_text
from app.loading.predicted import predicted
from app.loading.rejection import LoadError, PassedOver
from app.store.pages import PackedPage, pack
from app.store.store import Store

_PACE_SECONDS = 0.5  # between two looks at how fast it goes

#: What is said of sources that were in the project with another text.
CHANGED = "changed: new page, linked to the old one"

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Tempo:
    """How pages are written: whoever labels meanwhile waits for one batch at most.

    Attributes:
        pages: a batch is written when it has this many,
        seconds: or is this old.
        rest: how long nothing is written after a batch, as a multiple of its own time.
    """

    pages: int
    seconds: float
    rest: float


FAST = Tempo(200, 0.5, 0.0)
#: Leaves the project free for most of the time, and never takes it for long.
GENTLE = Tempo(10, 0.1, 2.5)


class Outcome(StrEnum):
    """What becomes of a source."""

    ADDED = "added"
    CHANGED = "changed"
    NEAR_DUPLICATE = "near-duplicate"
    ALREADY = "already there"
    REJECTED = "rejected"
    PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one source; ``page`` is the id of its page, ``why`` says more."""

    source: str
    outcome: Outcome
    page: str = ""
    why: str = ""


@dataclass(slots=True)
class LoadReport:
    """What became of the sources.

    Attributes:
        added: sources that made a new page.
        changed: names of those among them that were in the project with another text: the new page
            is linked to the old one.
        near: those of the others that hold the same article as an earlier page, and are marked.
        already: sources whose bytes or whose text was in the project before.
        rejected: what could not be a page, each with its reason.
        passed_over: what is no page, with nothing wrong about it.
        first: id of the page of the first source that was not rejected.
        predicted: sources with predictions, which are now suggested for their pages.
    """

    added: int = 0
    already: int = 0
    rejected: list[LoadError] = field(default_factory=list)
    first: str | None = None
    near: int = 0
    passed_over: list[PassedOver] = field(default_factory=list)
    predicted: int = 0
    changed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        changed = f"{len(self.changed)} changed: new pages, linked to the old ones"
        of_them = [changed] if self.changed else []
        of_them += [f"{self.near} near-duplicates"] if self.near else []
        near = f" ({'; '.join(of_them)})" if of_them else ""
        predictions = f", {self.predicted} with predictions" if self.predicted else ""
        return (
            f"{self.added} added{near}, {self.already} already there, "
            f"{len(self.rejected)} rejected{predictions}"
        )


def load_pages(
    store: Store,
    paths: Iterable[Path],
    progress: Progress | None = None,
    choice: Choice = ALL,
    tell: Callable[[Fate], None] | None = None,
    tempo: Tempo = FAST,
) -> LoadReport:
    """Add the pages that the paths hold to the project; what is rejected stops nothing.

    ``progress`` is told how many sources are read, of about how many, and how it goes. When it
    raises, what was read until then is kept, and the exception goes on. ``tell`` is told what
    becomes of each source.
    """
    store.write_in_bulk()
    loading = _Loading(store, tell, tempo)
    loading.catch_up()
    feed = Feed(paths, choice)
    pace = _Pace(feed)
    try:
        for done, item in enumerate(feed, start=1):
            loading.take(item)
            if progress:
                progress(done, feed.total(done), pace.text(done))
    finally:
        loading.write()
    return loading.report


def add_text(store: Store, text: str, name: str) -> LoadReport:
    """Add a text that was pasted as a page.

    Raises:
        LoadError: it can't be a page.
    """
    loading = _Loading(store, None, FAST, have_versions=False)
    loading.take(load_text(text, name))
    loading.write()
    return loading.report


class _Loading:
    """The sources that are waiting to be written, and what became of those before them."""

    def __init__(
        self,
        store: Store,
        tell: Callable[[Fate], None] | None,
        tempo: Tempo,
        *,
        have_versions: bool = True,
    ) -> None:
        self.report = LoadReport()
        self._have_versions = have_versions  # what is pasted has no name but a chosen one
        self._store = store
        self._tell = tell
        self._tempo = tempo
        self._batch: list[PackedPage] = []
        self._predictions: list[tuple[Suggestion, ...]] = []  # for each page of the batch
        self._begun = time.monotonic()

    def catch_up(self) -> None:
        """Look for near-duplicates among pages that an older version has loaded."""
        while True:
            with self._store.write():
                compared, _ = self._store.duplicates.compare_new(self._tempo.pages)
            if compared < self._tempo.pages:
                return

    def take(self, item: Loaded | LoadError | PassedOver) -> None:
        """Note what has come, and write the batch when it is full or old."""
        match item:
            case Loaded():
                self._batch.append(pack(item.page, item.source, item.rest))
                self._predictions.append(self._predicted(item))
            case LoadError():
                self.report.rejected.append(item)
                self._say(Fate(item.source, Outcome.REJECTED, why=item.reason))
            case PassedOver():
                self.report.passed_over.append(item)
                self._say(Fate(item.source, Outcome.PASSED_OVER, why=item.what))
        age = time.monotonic() - self._begun
        if len(self._batch) >= self._tempo.pages or age > self._tempo.seconds:
            begun = time.monotonic()
            self.write()
            time.sleep((time.monotonic() - begun) * self._tempo.rest)
            self._begun = time.monotonic()

    def write(self) -> None:
        """Write the batch in one transaction, and mark the near-duplicates in it."""
        if not self._batch:
            return
        with self._store.write():
            fates = [self._add(packed) for packed in self._batch]
            for fate, found in zip(fates, self._predictions, strict=True):
                self._keep_predictions(fate, found)
            near = self._store.duplicates.compare_new(len(self._batch))[1]
            if self._store.words.wanted:
                self._store.words.add_pages(len(self._batch))
        self._batch.clear()
        self._predictions.clear()
        names = self._store.pages.names
        same = {names(each.page)[0]: f"like {names(each.first)[1]}" for each in near}
        self.report.first = self.report.first or fates[0].page
        for fate in fates:
            self.report.already += fate.outcome is Outcome.ALREADY
            self.report.added += fate.outcome in (Outcome.ADDED, Outcome.CHANGED)
            if fate.outcome is Outcome.CHANGED:
                self.report.changed.append(fate.source)
            if fate.outcome is Outcome.ADDED and fate.page in same:
                self.report.near += 1
                fate = Fate(fate.source, Outcome.NEAR_DUPLICATE, fate.page, same[fate.page])
            self._say(fate)

    def _add(self, packed: PackedPage) -> Fate:
        page, pages = packed.page, self._store.pages
        there = pages.number_of_text(page.sha256)
        if there is None:
            earlier = self._store.versions.find_earlier(page) if self._have_versions else None
            if pages.add_packed(packed):
                return self._added(page, earlier)
        there = pages.number_of(page.id) or there or 0
        name, source = pages.names(there)
        same = "bytes" if name == page.id else "text"
        return Fate(page.info.source, Outcome.ALREADY, name, f"the same {same} as {source}")

    def _added(self, page: Page, earlier: int | None) -> Fate:
        name, pages = page.info.source, self._store.pages
        number = pages.number_of(page.id) if earlier else None
        if earlier is None or number is None:
            return Fate(name, Outcome.ADDED, page.id)
        self._store.versions.link(number, earlier)
        old, source = pages.names(earlier)
        return Fate(name, Outcome.CHANGED, page.id, f"new page, linked to {old} ({source})")

    def _predicted(self, loaded: Loaded) -> tuple[Suggestion, ...]:
        try:
            return predicted(loaded, self._store.label_set)
        except LoadError as error:
            self.report.rejected.append(error)
            self._say(Fate(error.source, Outcome.REJECTED, why=error.reason))
            return ()

    def _keep_predictions(self, fate: Fate, found: tuple[Suggestion, ...]) -> None:
        number = self._store.pages.number_of(fate.page) if found else None
        if number is not None:
            self._store.suggestions.keep_predictions(number, found)
            self.report.predicted += 1

    def _say(self, fate: Fate) -> None:
        if self._tell:
            self._tell(fate)


class _Pace:
    """How fast it goes and how long it still takes, looked at now and then."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._begun = self._looked = time.monotonic()
        self._text = ""

    def text(self, done: int) -> str:
        """What is being read, sources a second, and the time that is left."""
        now = time.monotonic()
        if now - self._looked > _PACE_SECONDS:
            self._looked = now
            rate = done / (now - self._begun)
            total = self._feed.total(done)
            left = f", {_duration((total - done) / rate)} left" if total else ""
            self._text = f", {rate:,.0f} a second{left}"
        return f"{self._feed.name}{self._text}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
