"""Store the labels of people that files bring, beside the annotations that a project has."""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from segmark.core.annotation import Annotation, Status
from segmark.core.edit import LOADED, Edit
from segmark.core.label import LabelSet
from segmark.core.span import Span, overlapping
from segmark.loading.labels.alignment import joined_runs
from segmark.loading.rejection import LoadError
from segmark.store.annotations import Annotations
from segmark.store.errors import StoreError
from segmark.store.store import Store

#: The outcomes of an annotation.
LABELLED = "labelled"
ADDED = "more labels added"
EQUAL = "already labelled"
DIFFERS = "labelled differently here"
REMOVED = "removed here, not labelled"


@dataclass(frozen=True, slots=True)
class LoadedWork:
    """The valid spans of one person on one page, as a record brings them.

    Attributes:
        spans: sorted and disjoint, joined if their labels join.
        status: of the page.
        says_status: whether the file says the status; otherwise it is not compared.
        source: short name of the record.
        absent: the labels that the page really does not have, in alphabetical order.
    """

    annotator: str
    spans: tuple[Span, ...]
    status: Status
    says_status: bool
    source: str
    absent: tuple[str, ...] = ()

    def joined(self, other: "LoadedWork", text: str, labels: LabelSet) -> "LoadedWork":
        """Return this work with the spans of another record that overlap none of its own."""
        spans = list(self.spans)
        for span in other.spans:
            if not overlapping(spans, span.start, span.end):
                insort(spans, span)
        runs = joined_runs(text, spans, lambda span: span, labels)
        status = _status(self, other)
        if self.rejected(other, labels):
            status = Status.STARTED if status is Status.DONE else status  # to be checked again
        return replace(
            self,
            spans=tuple(Span(run[0].start, run[-1].end, run[0].label) for run in runs),
            status=status,
            says_status=self.says_status or other.says_status,
            absent=still_absent(self.absent + other.absent, spans),
        )

    def rejected(self, other: "LoadedWork", labels: LabelSet) -> list[Span]:
        """Return the spans of another record that overlap a different span here."""

        def is_held(span: Span, one: Span) -> bool:
            return span == one or (
                one.label == span.label
                and labels[span.label].joins
                and one.start <= span.start <= span.end <= one.end
            )

        return [
            span
            for span in other.spans
            if any(not is_held(span, one) for one in overlapping(self.spans, span.start, span.end))
        ]

    def equals(self, annotation: Annotation) -> bool:
        """Whether an annotation says the same."""
        same = not self.says_status or self.status is annotation.state.status
        kept = not self.absent or self.absent == annotation.state.absent
        return same and kept and self.spans == annotation.spans


def _status(first: LoadedWork, second: LoadedWork) -> Status:
    """Return the status of a page that is brought in parts: the least finished one with spans."""
    statuses = {one.status for one in (first, second) if one.spans} or {first.status, second.status}
    return next(each for each in (Status.STARTED, Status.DONE, Status.SKIPPED) if each in statuses)


class WorkWriter:
    """Stores the work of people, page by page; what one load brings for a page is joined.

    Work on a page that its annotator had labelled before the load is only compared. If it differs,
    it is rejected at the end, or with ``newer`` taken as one act a page.
    """

    def __init__(self, store: Store, *, newer: bool) -> None:
        self._store = store
        self._newer = newer
        self._annotations: dict[str, Annotations] = {}
        self._brought: dict[tuple[int, str], str] = {}  # to untouched pages; the first record
        self._compared: dict[tuple[int, str], LoadedWork] = {}  # with pages labelled before

    def save(self, page: int, work: LoadedWork) -> tuple[str, LoadError | None]:
        """Store the work on a page, and return the outcome and what was rejected of it.

        Call this inside a write transaction.
        """
        at = page, work.annotator
        annotations = self._annotations_of(work.annotator)
        there = annotations.get(page)
        if self._store.pages.is_removed(page):
            return REMOVED, None
        if at not in self._brought:
            if there != Annotation():
                return self._compare(page, work, there)
            self._brought[at] = work.source
            annotations.load(page, _edit(there, work))
            return LABELLED, None
        earlier = LoadedWork(
            work.annotator, there.spans, there.state.status, True, self._brought[at],
            there.state.absent,
        )  # fmt: skip
        whole, error = self._joined(page, earlier, work)
        if whole.equals(there):
            return EQUAL, error
        annotations.load(page, _edit(there, whole))
        return ADDED, error

    def _compare(
        self, page: int, work: LoadedWork, there: Annotation
    ) -> tuple[str, LoadError | None]:
        at = page, work.annotator
        whole, error = self._joined(page, self._compared.get(at), work)
        self._compared[at] = whole
        return (EQUAL if whole.equals(there) else DIFFERS), error

    def differing(self) -> Iterator[tuple[int, LoadedWork, Annotation]]:
        """Yield what differs from the project once everything is read."""
        for (page, annotator), work in self._compared.items():
            there = self._annotations_of(annotator).get(page)
            if not work.equals(there):
                yield page, work, there

    def replace(self, page: int, work: LoadedWork, there: Annotation) -> LoadError | None:
        """Take work in place of what is there, if newer work counts; else return an error.

        Call this inside a write transaction.
        """
        if not self._newer:
            return LoadError(work.source, _difference(work, there))
        try:
            self._annotations_of(work.annotator).load(page, _edit(there, work))
        except StoreError as error:
            return LoadError(work.source, str(error))
        return None

    def _joined(
        self, page: int, earlier: LoadedWork | None, work: LoadedWork
    ) -> tuple[LoadedWork, LoadError | None]:
        if earlier is None:
            return work, None
        labels = self._store.label_set
        whole = earlier.joined(work, self._store.pages.get(page).text, labels)
        rejected = earlier.rejected(work, labels)
        return whole, _overlap_error(earlier, work, rejected) if rejected else None

    def _annotations_of(self, annotator: str) -> Annotations:
        if annotator not in self._annotations:
            self._annotations[annotator] = self._store.annotations(annotator)
        return self._annotations[annotator]


def _edit(there: Annotation, work: LoadedWork) -> Edit:
    """Return the edit from an annotation to the loaded work; flag and note stay."""
    removed = tuple(span for span in there.spans if span not in work.spans)
    added = tuple(span for span in work.spans if span not in there.spans)
    status = work.status
    if not work.says_status and there.state.status is not Status.NEW:
        status = there.state.status
    absent = work.absent or still_absent(there.state.absent, work.spans)
    after = replace(there.state, status=status, absent=absent)
    return Edit(LOADED, removed, added, there.state, after)


def still_absent(absent: Iterable[str], spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the labels among these of which there is no span, in alphabetical order."""
    return tuple(sorted(set(absent) - {span.label for span in spans}))


def _overlap_error(earlier: LoadedWork, work: LoadedWork, rejected: list[Span]) -> LoadError:
    """Return the error for the spans that overlap those of an earlier record for the page."""
    first = rejected[0]
    more = f" and {len(rejected) - 1} more" if len(rejected) > 1 else ""
    reason = (
        f"some of its labels were left out: {first.label} from {first.start} to {first.end}{more} "
        f"overlaps what {work.annotator} labelled in {earlier.source}"
    )
    return LoadError(work.source, reason)


def _difference(work: LoadedWork, there: Annotation) -> str:
    only_here = sum(span not in work.spans for span in there.spans)
    only_there = sum(span not in there.spans for span in work.spans)
    counts = f"{only_there} of its spans {'is' if only_there == 1 else 'are'} not here"
    counts += f", {only_here} of those here {'is' if only_here == 1 else 'are'} not in the file"
    if not only_here and not only_there:
        counts = f"the page is {work.status} there and {there.state.status} here"
    return (
        f"{work.annotator} labelled this page differently here ({counts}), and that was kept; "
        "load it with --newer to take the file's labels, or with --people "
        f'"{work.annotator}=OTHER NAME" if they are another person\'s'
    )
