"""A project as other programs see it: its pages, labels, annotations and records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from types import TracebackType

from segmark.core.annotation import Annotation, Status
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.record import Record, RecordFilter
from segmark.core.span import faults, named
from segmark.core.suggestion import Suggestion
from segmark.core.text.normalise import sha256_of
from segmark.loading.html.declared import declared
from segmark.store.errors import StoreError
from segmark.store.store import Store

_BATCH = 500  # predicted pages that are stored in one transaction


class Project:
    """An open project. Use it in the thread that opened it, and close it, or use ``with``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> "Project":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the project; everything is saved already."""
        self._store.close()

    @property
    def path(self) -> Path:
        """The project's file."""
        return self._store.path

    @property
    def labels(self) -> LabelSet:
        """The labels of the project, in their order."""
        return self._store.label_set

    @property
    def annotators(self) -> Sequence[str]:
        """The names of everybody who has labelled a page, in alphabetical order."""
        return self._store.annotators()

    def pages(self) -> Iterator[Page]:
        """Yield the pages in load order, each with its text, anchors and what its HTML declares.

        Raises:
            StoreError: the text of a page is damaged.
        """
        for number in self._numbers():
            yield self._page(number)

    def records(
        self,
        *,
        status: str | Iterable[str] = Status.DONE,
        annotator: str | None = None,
        site: str | Iterable[str] | None = None,
    ) -> Iterator[Record]:
        """Yield records as an export writes them, in load order: one a page and annotator.

        Args:
            status: of the annotation; one or several. A page that nobody opened is ``new``.
            annotator: only this annotator's; a page that they did not open is ``new``.
            site: only pages of this site, or of these.

        Raises:
            StoreError: the project is damaged.
            ValueError: there is no such status.
        """
        statuses = [status] if isinstance(status, str) else status
        sites = [site] if isinstance(site, str) else site
        chosen = RecordFilter(
            frozenset(map(Status, statuses)),
            None if annotator is None else self._store.people.known_name(annotator),
            sites=None if sites is None else frozenset(sites),
        )
        return self._store.records(chosen)

    def annotations(self, name: str) -> Iterator[tuple[str, Annotation]]:
        """Yield the ids of the pages that an annotator has begun, with their annotations.

        Pages are in load order.

        Raises:
            StoreError: nobody of this name has labelled anything.
        """
        name = self._store.people.known_name(name)
        known = self._store.annotators()
        if name not in known:
            others = ", ".join(known) or "nobody yet"
            raise StoreError(f"{self.path}: {name!r} has labelled nothing; known are: {others}")
        annotations = self._store.annotations(name)
        for number in self._numbers():
            found = annotations.get(number)
            if found != Annotation():
                yield self._store.pages.names(number)[0], _with_names(found, self.labels)

    def keep_predictions(self, records: Iterable[Record], model: str) -> int:
        """Store the spans of records as predictions of a model; returns the number of pages.

        They replace earlier predictions of the model for these pages, and appear in the window as
        suggestions. A page is found by its id. The score of a span is ``about[start]["score"]``,
        or else 1.

        Raises:
            StoreError: the project was not opened with ``writable=True``, a page is not in it, has
                another text, or a span is out of place. Batches before it are kept.
        """
        if self._store.read_only:
            raise StoreError(
                f"{self.path}: it can't be written: {self._store.read_only}; "
                "open it with writable=True"
            )
        kept, batch = 0, list[Record]()
        for record in records:
            batch.append(record)
            if len(batch) == _BATCH:
                kept += self._keep(batch, model)
                batch = []
        return kept + self._keep(batch, model)

    def _keep(self, records: Sequence[Record], model: str) -> int:
        found = [(self._number_for(record), record) for record in records]
        with self._store.write("the predictions were not stored"):
            for number, record in found:
                predicted = _suggested(record, model, self.labels)
                self._store.suggestions.keep_predictions(number, predicted, model)
        return len(found)

    def _number_for(self, record: Record) -> int:
        """The number of the page of a record.

        Raises:
            StoreError: it has none, or its spans don't fit it.
        """
        number = self._store.pages.number_of(record.id)
        if number is None or self._store.pages.is_removed(number):
            raise StoreError(f"{self.path}: there is no page {record.id}")
        wrong = faults(record.text, record.spans, self.labels.names)
        if sha256_of(record.text) != self._store.pages.get(number).sha256:
            wrong = ["its text is not that of the project"]
        if wrong:
            raise StoreError(f"{self.path}: page {record.id}: {wrong[0]}")
        return number

    def _page(self, number: int) -> Page:
        page = self._store.pages.get(number)
        if page.info.media != "html":
            return page
        source = self._store.pages.source(number)
        return replace(page, declared=declared(source, page.info.encoding))

    def _numbers(self) -> Iterator[int]:
        number: int | None = 0
        while (number := self._store.pages.neighbour(number or 0, 1)) is not None:
            yield number


def _with_names(annotation: Annotation, labels: LabelSet) -> Annotation:
    """The annotation with names of labels, as records have them."""
    names = labels.renamed
    return Annotation(tuple(named(annotation.spans, names)), annotation.state.with_names(names))


def _suggested(record: Record, model: str, labels: LabelSet) -> Iterator[Suggestion]:
    ids = {label.name: label.id for label in labels}
    for span in named(record.spans, ids):
        score = float(record.about.get(span.start, {}).get("score", 1.0))
        score = min(1.0, max(0.0, score))
        yield Suggestion(span, score, f"predicted by {model}; {score:.0%}")


def open_project(path: str | PathLike[str], *, writable: bool = False) -> Project:
    """Open a project, for reading only unless ``writable`` is true.

    A project that is read is not changed, and neither is its folder: it may be open in a window.
    To write brings an older project to this version first.

    Raises:
        StoreError: it does not exist, is not a project, or can't be read or written.
    """
    if writable:
        return Project(Store.open(Path(path)))
    return Project(Store.open_for_reading(Path(path)))
