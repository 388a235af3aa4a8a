"""Loading files into a project, beside the labelling and in small batches."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.loading.feed import ALL, Choice, Feed
from app.loading.loader import Loaded, load_text
from app.loading.predicted import predicted
from app.loading.rejection import LoadError, PassedOver
from app.store.store import Store

#: A batch is written when it holds this many pages or is this many seconds old: labelling in
#: another window waits for one batch at most.
_BATCH_PAGES = 200
_BATCH_SECONDS = 0.5
_PACE_SECONDS = 0.5  # between two looks at how fast it goes

Progress = Callable[[int, int | None, str], None]


class Outcome(StrEnum):
    """What becomes of a source."""

    ADDED = "added"
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
        near: those among them that hold the same article as an earlier page, and are marked.
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

    def __str__(self) -> str:
        near = f" ({self.near} near-duplicates)" if self.near else ""
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
) -> LoadReport:
    """Add the pages that the paths hold to the project; what is rejected stops nothing.

    ``progress`` is told how many sources are read, of about how many, and how it goes. When it
    raises, what was read until then is kept, and the exception goes on. ``tell`` is told what
    becomes of each source.
    """
    store.write_in_bulk()
    loading = _Loading(store, tell)
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
    loading = _Loading(store, None)
    loading.take(load_text(text, name))
    loading.write()
    return loading.report


class _Loading:
    """The sources that are waiting to be written, and what became of those before them."""

    def __init__(self, store: Store, tell: Callable[[Fate], None] | None) -> None:
        self.report = LoadReport()
        self._store = store
        self._tell = tell
        self._batch: list[Loaded] = []
        self._begun = time.monotonic()

    def catch_up(self) -> None:
        """Look for near-duplicates among pages that an older version has loaded."""
        while True:
            with self._store.write():
                compared, _ = self._store.duplicates.compare_new(_BATCH_PAGES)
            if compared < _BATCH_PAGES:
                return

    def take(self, item: Loaded | LoadError | PassedOver) -> None:
        """Note what has come, and write the batch when it is full or old."""
        match item:
            case Loaded():
                self._batch.append(item)
            case LoadError():
                self.report.rejected.append(item)
                self._say(Fate(item.source, Outcome.REJECTED, why=item.reason))
            case PassedOver():
                self.report.passed_over.append(item)
                self._say(Fate(item.source, Outcome.PASSED_OVER, why=item.what))
        if len(self._batch) >= _BATCH_PAGES or time.monotonic() - self._begun > _BATCH_SECONDS:
            self.write()

    def write(self) -> None:
        """Write the batch in one transaction, and mark the near-duplicates in it."""
        self._begun = time.monotonic()
        if not self._batch:
            return
        with self._store.write():
            fates = [self._add(loaded) for loaded in self._batch]
            for loaded, fate in zip(self._batch, fates, strict=True):
                self._keep_predictions(loaded, fate)
            near = self._store.duplicates.compare_new(len(self._batch))[1]
        self._batch.clear()
        names = self._store.pages.names
        same = {names(each.page)[0]: f"like {names(each.first)[1]}" for each in near}
        self.report.first = self.report.first or fates[0].page
        for fate in fates:
            self.report.already += fate.outcome is Outcome.ALREADY
            self.report.added += fate.outcome is Outcome.ADDED
            if fate.outcome is Outcome.ADDED and fate.page in same:
                self.report.near += 1
                fate = Fate(fate.source, Outcome.NEAR_DUPLICATE, fate.page, same[fate.page])
            self._say(fate)

    def _add(self, loaded: Loaded) -> Fate:
        page, pages = loaded.page, self._store.pages
        there = pages.number_of_text(page.sha256)
        if there is None and pages.add(page, loaded.source, loaded.rest):
            return Fate(page.info.source, Outcome.ADDED, page.id)
        there = pages.number_of(page.id) or there or 0
        name, source = pages.names(there)
        same = "bytes" if name == page.id else "text"
        return Fate(page.info.source, Outcome.ALREADY, name, f"the same {same} as {source}")

    def _keep_predictions(self, loaded: Loaded, fate: Fate) -> None:
        try:
            found = predicted(loaded, self._store.label_set)
        except LoadError as error:
            self.report.rejected.append(error)
            return
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
