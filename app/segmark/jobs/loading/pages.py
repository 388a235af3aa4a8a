"""Loading files into a project, beside the labelling and in small batches."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from segmark.core.page import Page
from segmark.core.progress import Progress
from segmark.core.text.likeness import sketch
from segmark.jobs.loading.labels import LabelTaking, Taken
from segmark.jobs.loading.report import LoadReport, SourceOutcome, SourceReport, Tell
from segmark.loading.feed import ALL, Feed, LoadChoice
from segmark.loading.loader import Loaded, load_text
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.sources import Files
from segmark.loading.survey import Survey, refusals, surveyed
from segmark.store.errors import StoreError
from segmark.store.pages import PackedPage, pack
from segmark.store.store import Store

_PACE_SECONDS = 0.5  # between two looks at how fast it goes
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Tempo:
    """How pages are written: whoever labels meanwhile waits for one batch at most.

    Attributes:
        pages: a batch is written when it has this many,
        seconds: or is this old.
        rest: how long nothing is written after a batch, as a multiple of its transaction's time.
    """

    pages: int
    seconds: float
    rest: float


FAST = Tempo(200, 0.5, 0.0)
#: Leaves the project free for most of the time, and never takes it for long.
GENTLE = Tempo(10, 0.1, 4.0)


def load_pages(
    store: Store,
    paths: Iterable[Path],
    progress: Progress | None = None,
    choice: LoadChoice = ALL,
    tell: Tell | None = None,
    tempo: Tempo = FAST,
) -> LoadReport:
    """Add the pages that the paths hold to the project; what is rejected stops nothing.

    ``progress`` is told how many sources are read, of about how many, and how it goes. When it
    raises, what was read until then is kept, and the exception goes on. ``tell`` is told what
    becomes of each source.

    Files with labels are read through before anything is loaded: one whose labels the project
    lacks, or whose offsets can't be understood, is rejected as a whole.
    """
    files = Files(paths)
    choice = replace(choice, fields=replace(choice.fields, stored=_stored_texts(store)))
    store.write_in_bulk()
    look = _Looks(progress)
    survey = surveyed(files, choice.fields, choice.labels, store.label_set, look.at)
    loading = _Loading(store, tell, tempo, choice, survey)
    loading.catch_up()
    for refused in refusals(survey):
        loading.take(refused)
    feed = Feed(files, choice, frozenset(survey.refused))
    pace = _Pace(feed)
    try:
        for done, item in enumerate(feed, start=1):
            loading.take(item)
            if progress:
                progress(done, feed.total(done), pace.text(done))
    finally:
        loading.end()
    return loading.report


def _stored_texts(store: Store) -> Callable[[str, str], str]:
    """What finds the text of a page of the project by its id, its checksum or both."""

    def text(name: str, checksum: str) -> str:
        pages = store.pages
        number = pages.number_of(name) if name else pages.number_of_text(checksum)
        if number is None:
            raise NotAPageError(
                f"it has no text, and no page of the project is called {name or checksum!r:.40}; "
                "load the page first"
            )
        try:
            page = pages.get(number)
        except StoreError as error:
            raise NotAPageError(str(error)) from None
        if checksum and page.sha256 != checksum:
            raise NotAPageError(
                f"its sha256 is not that of page {name}: it was made from another text"
            )
        return page.text

    return text


def add_text(store: Store, text: str, name: str) -> LoadReport:
    """Add a text that was pasted as a page.

    Raises:
        LoadError: it can't be a page.
    """
    loading = _Loading(store, None, FAST, ALL, Survey(), have_versions=False)
    loading.take(load_text(text, name))
    loading.end()
    return loading.report


class _Loading:
    """The sources that are waiting to be written, and what became of those before them."""

    def __init__(
        self,
        store: Store,
        tell: Tell | None,
        tempo: Tempo,
        choice: LoadChoice,
        survey: Survey,
        *,
        have_versions: bool = True,
    ) -> None:
        self.report = LoadReport(survey=survey)
        self._have_versions = have_versions  # what is pasted has no name but a chosen one
        self._store = store
        self._tell = tell
        self._tempo = tempo
        self._labels = LabelTaking(store, choice.labels, survey)
        self._batch: list[tuple[PackedPage, Taken]] = []
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
                self._batch.append((pack(item.page, item.source, item.rest), self._taken(item)))
            case LoadError():
                self._reject(item)
            case PassedOver():
                self.report.passed_over.append(item)
                self._say(SourceReport(item.source, SourceOutcome.PASSED_OVER, why=item.what))
        age = time.monotonic() - self._begun
        if len(self._batch) >= self._tempo.pages or age > self._tempo.seconds:
            time.sleep(self.write() * self._tempo.rest)
            self._begun = time.monotonic()

    def write(self) -> float:
        """Write the batch in one transaction, and mark the near-duplicates in it.

        For how many seconds nobody else could write.
        """
        if not self._batch:
            return 0.0
        # Made before, so that nobody waits for it.
        sketches = {packed.page.text: sketch(packed.page.text) for packed, _ in self._batch}
        begun = time.monotonic()
        with self._store.write():
            fates = [
                self._labels.keep(self._add(packed), packed.page.sha256, taken, self.report)
                for packed, taken in self._batch
            ]
            found = self._store.duplicates.compare_new(len(self._batch), sketches)[1]
            if self._store.words.wanted:
                self._store.words.add_pages(len(self._batch))
        seconds = time.monotonic() - begun
        self._batch.clear()
        names = self._store.pages.names
        same = {names(each.page)[0]: f"like {names(each.first)[1]}" for each in found}
        self.report.first = self.report.first or fates[0].page
        for fate in fates:
            self.report.already += fate.outcome is SourceOutcome.ALREADY
            self.report.added += fate.outcome in (SourceOutcome.ADDED, SourceOutcome.CHANGED)
            if fate.outcome is SourceOutcome.CHANGED:
                self.report.changed.append(fate.source)
            if fate.page in same and fate.outcome is SourceOutcome.CHANGED:
                self.report.near += 1
                fate = replace(fate, why=f"{fate.why}; {same[fate.page]}")
            elif fate.page in same and fate.outcome is SourceOutcome.ADDED:
                self.report.near += 1
                why = "; ".join(filter(None, (same[fate.page], fate.why)))
                fate = SourceReport(fate.source, SourceOutcome.NEAR_DUPLICATE, fate.page, why)
            self._say(fate)
        return seconds

    def _add(self, packed: PackedPage) -> SourceReport:
        page, pages = packed.page, self._store.pages
        there = pages.number_of_text(page.sha256)
        if there is None:
            earlier = self._store.versions.find_earlier(page) if self._have_versions else None
            if pages.add_packed(packed):
                return self._added(page, earlier)
        there = pages.number_of(page.id) or there or 0
        name, source = pages.names(there)
        same = "bytes" if name == page.id else "text"
        gone = ", which was removed" if pages.is_removed(there) else ""
        return SourceReport(
            page.info.source, SourceOutcome.ALREADY, name, f"the same {same} as {source}{gone}"
        )

    def _added(self, page: Page, earlier: int | None) -> SourceReport:
        name, pages = page.info.source, self._store.pages
        number = pages.number_of(page.id) if earlier else None
        if earlier is None or number is None:
            return SourceReport(name, SourceOutcome.ADDED, page.id)
        self._store.versions.link(number, earlier)
        old, source = pages.names(earlier)
        return SourceReport(
            name, SourceOutcome.CHANGED, page.id, f"new page, linked to {old} ({source})"
        )

    def _taken(self, loaded: Loaded) -> Taken:
        taken = self._labels.read(loaded)
        for error in taken.errors:
            self._reject(error)
        return taken

    def _reject(self, error: LoadError) -> None:
        self.report.rejected.append(error)
        self._say(SourceReport(error.source, SourceOutcome.REJECTED, why=error.reason))

    def end(self) -> None:
        """Write what is left, and tell what of the labels was left out on purpose."""
        self.write()
        for passed in self._labels.left_out():
            self.take(passed)

    def _say(self, fate: SourceReport) -> None:
        if self._tell:
            self._tell(fate)


class _Looks:
    """The progress of reading through files before they are loaded."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._looked = time.monotonic()

    def at(self, name: str) -> None:
        """Tell which file is read, now and then."""
        now = time.monotonic()
        if self._progress and now - self._looked > _LOOK_SECONDS:
            self._looked = now
            self._progress(0, None, f"{name}, looking for labels")


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
