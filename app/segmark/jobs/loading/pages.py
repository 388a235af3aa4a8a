"""Load files into a project in small batches, so that annotators can work meanwhile."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from segmark.core.page import Page
from segmark.core.progress import Progress
from segmark.jobs.garbage import collected_rarely
from segmark.jobs.loading.labels import NO_LABELS, ImportedLabels, LabelImporter
from segmark.jobs.loading.preparing import PreparedPage, prepare_all, prepared
from segmark.jobs.loading.report import LoadReport, SourceCallback, SourceOutcome, SourceReport
from segmark.jobs.workers import ALONE, Workers
from segmark.loading.feed import Feed
from segmark.loading.loader import LoadedPage, load_text
from segmark.loading.options import LOAD_ALL, LoadOptions
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.sources import SourceFiles, reason_of
from segmark.loading.survey import Survey, refusals, survey_labels
from segmark.store.errors import StoreError
from segmark.store.pages import PackedPage
from segmark.store.store import Store

_PACE_SECONDS = 0.5  # between two updates of the loading speed
_SURVEY_SECONDS = 0.1  # between two reports during the survey


@dataclass(frozen=True, slots=True)
class BatchPacing:
    """How pages are written; an annotator has to wait for one batch at most.

    Attributes:
        pages: a batch is written when it has this many pages,
        seconds: or when it is this old.
        rest: the pause after a batch, as a multiple of the duration of its transaction.
    """

    pages: int
    seconds: float
    rest: float


FAST = BatchPacing(200, 0.5, 0.0)
#: Blocks other writers only briefly, and rarely.
GENTLE = BatchPacing(10, 0.1, 4.0)


def load_pages(
    store: Store,
    paths: Iterable[Path],
    progress: Progress | None = None,
    options: LoadOptions = LOAD_ALL,
    on_source: SourceCallback | None = None,
    pacing: BatchPacing = FAST,
    workers: Workers = ALONE,
) -> LoadReport:
    """Add the pages in the paths to the project; rejected sources do not stop it.

    ``progress`` is called with the number of sources read, their estimated total, and the current
    source and speed. If it raises, what was read until then is kept, and the exception propagates.
    ``on_source`` is called with the outcome of each source. ``workers`` change nothing but the time
    that it takes.

    Files with labels are read once before anything is loaded. A file is rejected as a whole if the
    project lacks its labels, or if it is unclear what its offsets count.
    """
    files = SourceFiles(paths)
    predicted = options.labels.model if options.labels.model or options.labels.predictions else None
    fields = replace(options.fields, stored=stored_texts(store), model=predicted)
    options = replace(options, fields=fields)
    store.write_in_bulk()
    survey = survey_labels(
        files, options.fields, options.labels, store.label_set, _SurveyProgress(progress)
    )
    loading = _Loading(store, on_source, pacing, options, survey)
    loading.catch_up()
    for refused in refusals(survey):
        loading.take(refused)
    feed = Feed(files, options, frozenset(survey.refused))
    pace, complete = _Pace(feed), False
    try:
        with (
            collected_rarely(),
            closing(feed.through(partial(prepare_all, options, workers))) as items,
        ):
            for done, item in enumerate(items, start=1):
                loading.take(item)
                if progress:
                    progress(done, feed.total(done), pace.text(done))
        complete = True
    finally:
        loading.end(complete=complete)
    return loading.report


def stored_texts(store: Store) -> Callable[[str, str], str]:
    """Return a function that finds the text of a page by its id, its checksum or both."""

    def text(name: str, checksum: str) -> str:
        pages = store.pages
        number = pages.number_of(name) if name else pages.number_of_text(checksum)
        if number is None:
            raise NotAPageError(
                f"no page of the project is called {name or checksum!r:.40}; load the page first"
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
    """Add a pasted text as a page.

    Raises:
        LoadError: it can't be a page.
    """
    loading = _Loading(store, None, FAST, LOAD_ALL, Survey(), have_versions=False)
    loading.take(prepared(load_text(text, name), b""))  # text needs no seal
    loading.end()
    return loading.report


class _Loading:
    """Collects pages in a batch, writes it, and reports the outcome of each source."""

    def __init__(
        self,
        store: Store,
        on_source: SourceCallback | None,
        pacing: BatchPacing,
        options: LoadOptions,
        survey: Survey,
        *,
        have_versions: bool = True,
    ) -> None:
        self.report = LoadReport(survey=survey)
        self._exported = set[str]()  # ids of pages in the batch that have the source of an export
        self._have_versions = have_versions  # a pasted text has no name of its own
        self._store = store
        self._on_source = on_source
        self._pacing = pacing
        self._labels = LabelImporter(store, options.labels, survey)
        self._batch: list[tuple[PreparedPage, ImportedLabels]] = []
        self._begun = time.monotonic()

    def catch_up(self) -> None:
        """Find near-duplicates among pages that were loaded by an older version of Segmark."""
        while True:
            with self._store.write():
                compared, _ = self._store.duplicates.compare_new(self._pacing.pages)
            if compared < self._pacing.pages:
                return

    def take(self, item: PreparedPage | LoadError | PassedOver) -> None:
        """Process an item, and write the batch when it is full or old."""
        match item:
            case PreparedPage():
                self._add_to_batch(item)
            case LoadError():
                self._reject(item)
            case PassedOver():
                self.report.passed_over.append(item)
                self._notify(SourceReport(item.source, SourceOutcome.PASSED_OVER, why=item.what))
        age = time.monotonic() - self._begun
        if len(self._batch) >= self._pacing.pages or age > self._pacing.seconds:
            time.sleep(self.write() * self._pacing.rest)
            self._begun = time.monotonic()

    def _add_to_batch(self, prepared: PreparedPage) -> None:
        try:
            labels = self._read_labels(prepared.labelled) if prepared.labelled else NO_LABELS
        except StoreError:
            raise
        except Exception as error:  # whatever is wrong with one page, the others are loaded
            self._reject(LoadError(prepared.place, reason_of(error)))
            return
        page = prepared.packed.page
        if prepared.place != page.info.source:
            self._exported.add(page.id)
        self._batch.append((prepared, labels))

    def write(self) -> float:
        """Write the batch in one transaction, and mark near-duplicates.

        Returns:
            The duration of the transaction in seconds.
        """
        if not self._batch:
            return 0.0
        sketches = {each.packed.page.text: each.sketch for each, _ in self._batch}
        begun = time.monotonic()
        with self._store.write():
            saved = [
                self._labels.save(
                    self._add(each.packed), each.packed.page.sha256, labels, self.report
                )
                for each, labels in self._batch
            ]
            found = self._store.duplicates.compare_new(len(self._batch), sketches)[1]
            if self._store.words.wanted:
                self._store.words.add_pages(len(self._batch))
        seconds = time.monotonic() - begun
        self._batch.clear()
        self._exported.clear()
        names = self._store.pages.names
        same = {names(each.page)[0]: f"like {names(each.first)[1]}" for each in found}
        self.report.first = self.report.first or saved[0][0].page
        for source, errors in saved:
            self._count(source, same.get(source.page, ""))
            for error in errors:
                self._reject(error)
        return seconds

    def _count(self, source: SourceReport, near: str) -> None:
        """Add a source to the report and notify the caller; ``near`` names a similar page."""
        outcome = source.outcome
        self.report.already += outcome is SourceOutcome.ALREADY
        self.report.added += outcome in (SourceOutcome.ADDED, SourceOutcome.CHANGED)
        if outcome is SourceOutcome.CHANGED:
            self.report.changed.append(source.source)
        if near and outcome is SourceOutcome.CHANGED:
            self.report.near += 1
            source = replace(source, why=f"{source.why}; {near}")
        elif near and outcome is SourceOutcome.ADDED:
            self.report.near += 1
            why = "; ".join(filter(None, (near, source.why)))
            source = replace(source, outcome=SourceOutcome.NEAR_DUPLICATE, why=why)
        self._notify(source)

    def _add(self, packed: PackedPage) -> SourceReport:
        page, pages = packed.page, self._store.pages
        there = pages.number_of_text(page.sha256)
        if there is None:
            named = page.id not in self._exported
            find = self._store.versions.find_earlier
            earlier = find(page, named=named) if self._have_versions else None
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

    def _read_labels(self, loaded: LoadedPage) -> ImportedLabels:
        labels = self._labels.read(loaded)
        for error in labels.errors:
            self._reject(error)
        return labels

    def _reject(self, error: LoadError) -> None:
        self.report.reject(error)
        self._notify(SourceReport(error.source, SourceOutcome.REJECTED, why=error.reason))

    def end(self, *, complete: bool = True) -> None:
        """Write the last batch, and report what was left out.

        Labels that differ from the project can only be judged if all sources were read.
        """
        self.write()
        for error in self._labels.save_newer(self.report) if complete else ():
            self._reject(error)
        self.report.notes += self._labels.namesakes()
        for left_out in self._labels.left_out():
            self.take(left_out)

    def _notify(self, source: SourceReport) -> None:
        if self._on_source:
            self._on_source(source)


class _SurveyProgress:
    """Reports the progress of the survey, now and then."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._reported = time.monotonic()

    def __call__(self, name: str) -> None:
        now = time.monotonic()
        if self._progress and now - self._reported > _SURVEY_SECONDS:
            self._reported = now
            self._progress(0, None, f"{name}, looking for labels")


class _Pace:
    """The loading speed and the remaining time, updated now and then."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._begun = self._updated = time.monotonic()
        self._text = ""

    def text(self, done: int) -> str:
        """Return what is being read, the number of sources a second, and the remaining time."""
        now = time.monotonic()
        if now - self._updated > _PACE_SECONDS:
            self._updated = now
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
