"""Import labels and predictions of other tools into a project."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from segmark.core.annotation import UNTOUCHED, Annotation, State, Status
from segmark.core.edit import LOADED, Edit
from segmark.core.suggestion import Suggestion
from segmark.core.text.normalise import normalise
from segmark.jobs.loading.report import LoadReport, SourceReport
from segmark.loading.labels.alignment import align
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.labels.predictions import read_predictions
from segmark.loading.loader import LoadedPage
from segmark.loading.options import LabelOptions
from segmark.loading.raw import OffsetUnit, RawAnnotation
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.survey import Survey, offset_unit
from segmark.store.annotations import Annotations
from segmark.store.errors import StoreError
from segmark.store.store import Store

_SHOWN = 3  # faults of a page
_SOMEBODY = "loaded"  # the annotator if nobody is named
_NAME = 200  # characters
_LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class ImportedLabels:
    """The valid labels that came with a page.

    Attributes:
        edits: each with its annotator; for a page that is untouched.
        predictions: sorted and disjoint.
        errors: what is invalid.
    """

    edits: tuple[tuple[str, Edit], ...] = ()
    predictions: tuple[Suggestion, ...] = ()
    errors: tuple[LoadError, ...] = ()


NO_LABELS = ImportedLabels()


class LabelImporter:
    """Imports the labels that come with pages into a project."""

    def __init__(self, store: Store, options: LabelOptions, survey: Survey) -> None:
        self._store = store
        self._options = options
        self._survey = survey
        self._mapping = LabelMapping(store.label_set, options)
        self._annotations: dict[str, Annotations] = {}
        self._left_out: dict[str, Counter[str]] = {}  # what was left out of each file

    def read(self, loaded: LoadedPage) -> ImportedLabels:
        """Return the labels that came with a page; nothing is written."""
        raw = loaded.labels
        if raw is None:
            return NO_LABELS
        self._leave_out(raw.origin, Counter(raw.notes))
        edits, found = list[tuple[str, Edit]](), tuple[Suggestion, ...]()
        errors = list[LoadError]()
        for annotation in raw.annotations:
            unit = offset_unit(self._survey, raw.origin, annotation.units)
            try:
                if why := _mismatch(annotation, loaded):
                    raise LoadError(loaded.page.info.source, f"its labels were not loaded: {why}")
                if annotation.predicted:
                    found = read_predictions(annotation, loaded, unit, self._mapping)
                elif edit := self._edit(annotation, loaded, unit, errors):
                    edits.append((self._annotator(annotation), edit))
            except NotAPageError as error:
                errors.append(LoadError(loaded.page.info.source, str(error)))
            except LoadError as error:
                errors.append(error.alone())
        return ImportedLabels(tuple(edits), found, tuple(errors))

    def _edit(
        self,
        annotation: RawAnnotation,
        loaded: LoadedPage,
        unit: OffsetUnit,
        errors: list[LoadError],
    ) -> Edit | None:
        """Return an annotation as one edit; None if it has neither spans nor a status."""
        aligned = align(annotation, loaded, unit, self._mapping)
        origin = loaded.labels.origin if loaded.labels else ""
        names = {f"labels {name!r:.40}": count for name, count in aligned.dropped.items()}
        self._leave_out(origin, Counter(names))
        status = annotation.status or (Status.DONE if self._options.done else Status.STARTED)
        if aligned.faults:
            more = len(aligned.faults) - _SHOWN
            faults = "; ".join(aligned.faults[:_SHOWN])
            faults += f"; and {more} more" if more > 0 else ""
            reason = f"some of its labels were left out: {faults}"
            errors.append(LoadError(loaded.page.info.source, reason))
            # The page has to be checked again.
            status = Status.STARTED if status is Status.DONE else status
        if status is Status.NEW or not (aligned.spans or annotation.status):
            return None
        return Edit(LOADED, (), aligned.spans, UNTOUCHED, State(status))

    def save(
        self, source: SourceReport, sha256: str, labels: ImportedLabels, report: LoadReport
    ) -> SourceReport:
        """Store the labels of the page whose text has this checksum, and add them to the reports.

        Existing annotations are not changed. Call this inside a write transaction.
        """
        if labels.predictions and (page := self._store.pages.number_of(source.page)):
            self._store.suggestions.keep_predictions(page, labels.predictions)
            report.predicted += 1
        details = [source.why] if source.why else []
        details += ["with predictions"] if labels.predictions else []
        number = self._store.pages.number_of_text(sha256) if labels.edits else None
        for annotator, edit in labels.edits if number else ():
            outcome = self._outcome(number, annotator, edit) if number else "not labelled"
            report.labelled += outcome == _LABELLED
            report.kept += outcome != _LABELLED
            details.append(f"{outcome} by {annotator}")
        return replace(source, why="; ".join(details))

    def _outcome(self, number: int, annotator: str, edit: Edit) -> str:
        """Store an edit if the annotation of the page is untouched, and return the outcome."""
        annotations = self._annotations_of(annotator)
        if annotations.get(number) != Annotation():
            return "already labelled"
        try:
            annotations.load(number, edit)
        except StoreError:  # the page was removed; nothing was written
            return "removed here, not labelled"
        return _LABELLED

    def left_out(self) -> Iterator[PassedOver]:
        """Yield what was left out of each file on purpose."""
        for origin, counted in self._left_out.items():
            for what, count in counted.items():
                yield PassedOver(origin, _counted(count, what))

    def _leave_out(self, origin: str, counted: Counter[str]) -> None:
        if counted:
            self._left_out.setdefault(origin, Counter()).update(counted)

    def _annotator(self, annotation: RawAnnotation) -> str:
        name = annotation.annotator or self._options.annotator or _SOMEBODY
        return " ".join(normalise(name).split())[:_NAME] or _SOMEBODY

    def _annotations_of(self, annotator: str) -> Annotations:
        if annotator not in self._annotations:
            self._annotations[annotator] = self._store.annotations(annotator)
        return self._annotations[annotator]


def _counted(count: int, what: str) -> str:
    """Return a count with a noun, which is given in the plural."""
    if count != 1:
        return f"{count:,} {what}"
    noun, _, rest = what.partition(" ")
    return f"1 {noun.removesuffix('s')} {rest.replace('are no labels', 'is no label')}"


def _mismatch(annotation: RawAnnotation, loaded: LoadedPage) -> str:
    """Return why an annotation can't belong to a page; ``""`` if it can."""
    if not annotation.spans:
        return ""
    if loaded.page.info.media != "text":
        return "they belong to a text, and the page was made from HTML"
    if annotation.checksum and annotation.checksum != loaded.page.sha256:
        return "the text is not the one that was labelled: its checksum differs"
    return ""
