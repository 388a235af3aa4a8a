"""Import labels and predictions of other tools into a project."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from segmark.core.annotation import Status
from segmark.core.people.person import name_key
from segmark.core.suggestion import Suggestion
from segmark.core.text.normalise import normalise
from segmark.jobs.loading.report import LoadReport, SourceReport
from segmark.jobs.loading.work import (
    ADDED,
    DIFFERS,
    EQUAL,
    LABELLED,
    LoadedWork,
    WorkWriter,
    still_absent,
)
from segmark.loading.labels.alignment import align
from segmark.loading.labels.article import align_article
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.labels.predictions import combine, read_predictions
from segmark.loading.loader import LoadedPage
from segmark.loading.options import LabelOptions
from segmark.loading.raw import OffsetUnit, RawAnnotation
from segmark.loading.rejection import LoadError, NotAPageError, PassedOver
from segmark.loading.survey import Survey, offset_unit
from segmark.store.store import Store

_ON_PAGE = 0.5  # of an article, so that the page is taken to be the one
_SHOWN = 3  # faults of a page
_SOMEBODY = "loaded"  # the annotator if nobody is named
_NAME = 200  # characters
_WRITTEN_TOGETHER = 200  # pages

#: The predictions for a page, by model.
Predictions = Mapping[str, tuple[Suggestion, ...]]


@dataclass(frozen=True, slots=True)
class ImportedLabels:
    """The valid labels that came with a page.

    Attributes:
        work: of people.
        predictions: sorted and disjoint; without any, the model says that there is nothing.
        errors: what is invalid.
    """

    work: tuple[LoadedWork, ...] = ()
    predictions: Predictions = field(default_factory=dict)
    errors: tuple[LoadError, ...] = ()


NO_LABELS = ImportedLabels()


class LabelImporter:
    """Imports the labels that come with pages into a project."""

    def __init__(self, store: Store, options: LabelOptions, survey: Survey) -> None:
        self._store = store
        self._options = options
        self._survey = survey
        self._mapping = LabelMapping(store.label_set, options)
        self._writer = WorkWriter(store, newer=options.newer)
        self._left_out: dict[str, Counter[str]] = {}  # what was left out of each file
        self._unread: dict[str, Counter[str]] = {}  # columns of each file
        self._articles: dict[str, Counter[str]] = {}  # characters and pages of each file
        self._predicted = set[tuple[int, str]]()  # pages and models of this load
        self._people = {name_key(theirs): ours for theirs, ours in options.people}
        self._names: dict[str, str] = {}  # of people here, by their names in the files
        self._here_before = frozenset(store.annotators())
        self._outcomes = defaultdict[str, Counter[str]](Counter)  # by the name of the person here

    def read(self, loaded: LoadedPage) -> ImportedLabels:
        """Return the labels that came with a page; nothing is written."""
        raw = loaded.labels
        if raw is None:
            return NO_LABELS
        _add(self._left_out, raw.origin, Counter(raw.notes))
        _add(self._unread, raw.origin, Counter(raw.unread))
        work, errors = list[LoadedWork](), list[LoadError]()
        predicted = dict[str, tuple[Suggestion, ...]]()
        for annotation in map(self._as_chosen, raw.annotations):
            unit = offset_unit(self._survey, raw.origin, annotation.units)
            try:
                if why := annotation.fault or _mismatch(annotation, loaded):
                    raise LoadError(loaded.place, f"its labels were not loaded: {why}")
                if annotation.predicted:
                    model = self._model(annotation)
                    found = read_predictions(annotation, loaded, unit, self._mapping, model)
                    earlier = predicted.get(model, ())
                    predicted[model] = combine(loaded.page.text, earlier, found, self._mapping)
                elif annotation.aligned:
                    work += self._article(annotation, loaded)
                elif made := self._work(annotation, loaded, unit, errors):
                    work.append(made)
            except NotAPageError as error:
                errors.append(LoadError(loaded.place, str(error)))
            except LoadError as error:
                errors.append(error.alone())
        return ImportedLabels(tuple(work), predicted, tuple(errors))

    def _as_chosen(self, annotation: RawAnnotation) -> RawAnnotation:
        """Return an annotation as predictions if the options say so."""
        if not self._options.predictions:
            return annotation
        spans = tuple(replace(each, scored=each.score is not None) for each in annotation.spans)
        return replace(annotation, spans=spans, predicted=True, fault="")

    def _work(
        self,
        annotation: RawAnnotation,
        loaded: LoadedPage,
        unit: OffsetUnit,
        errors: list[LoadError],
    ) -> LoadedWork | None:
        """Return an annotation on its page; None if it has neither spans nor a status."""
        aligned = align(annotation, loaded, unit, self._mapping)
        origin = loaded.labels.origin if loaded.labels else ""
        names = {f"labels {name!r:.40}": count for name, count in aligned.dropped.items()}
        _add(self._left_out, origin, Counter(names))
        status = annotation.status or (Status.DONE if self._options.done else Status.STARTED)
        source = loaded.place
        if aligned.faults:
            more = len(aligned.faults) - _SHOWN
            faults = "; ".join(aligned.faults[:_SHOWN])
            faults += f"; and {more} more" if more > 0 else ""
            errors.append(LoadError(source, f"some of its labels were left out: {faults}"))
            # The page has to be checked again.
            status = Status.STARTED if status is Status.DONE else status
        if status is Status.NEW or not (aligned.spans or annotation.status):
            return None
        says_status = annotation.status is not None
        own = (self._mapping.own_label(name) for name in annotation.absent)
        absent = still_absent(filter(None, own), aligned.spans)
        return LoadedWork(
            self._annotator(annotation), aligned.spans, status, says_status, source, absent
        )

    def _article(self, annotation: RawAnnotation, loaded: LoadedPage) -> list[LoadedWork]:
        """Return the article of a page as its labels; nothing if its label is left out.

        Raises:
            LoadError: most of it is not on the page, or the project lacks its label.
        """
        (raw,) = annotation.spans
        label = self._mapping.own_label(raw.label)
        if label is None:
            raise LoadError(loaded.place, self._mapping.refusal([raw.label]))
        if not label:
            return []
        aligned = align_article(raw.quote, loaded.page.text, label, self._mapping.labels)
        origin = loaded.labels.origin if loaded.labels else ""
        counted = Counter(size=aligned.size, found=aligned.found, pages=1)
        _add(self._articles, origin, counted)
        if aligned.share < _ON_PAGE:
            raise LoadError(
                loaded.place,
                f"only {aligned.share:.0%} of its article is on the page, so it got no labels",
            )
        status = Status.DONE if self._options.done else Status.STARTED
        annotator = self._annotator(annotation)
        return [LoadedWork(annotator, aligned.spans, status, False, loaded.place)]

    def save(
        self, source: SourceReport, sha256: str, labels: ImportedLabels, report: LoadReport
    ) -> tuple[SourceReport, list[LoadError]]:
        """Store the labels of the page whose text has this checksum, and add them to the reports.

        Returns the report of the source, and what was rejected. Existing annotations are not
        changed. Call this inside a write transaction.
        """
        details, errors = [source.why] if source.why else [], list[LoadError]()
        if labels.predictions and (page := self._store.pages.number_of(source.page)):
            details += self._keep_predictions(page, labels.predictions)
            report.predicted += any(labels.predictions.values())
        number = self._store.pages.number_of_text(sha256) if labels.work else None
        for work in labels.work if number else ():
            outcome, error = self._writer.save(number, work) if number else ("not labelled", None)
            report.labelled += outcome == LABELLED
            report.kept += outcome not in (LABELLED, ADDED, DIFFERS)
            errors += [error] if error else []
            details.append(f"{outcome} by {work.annotator}")
            self._outcomes[work.annotator][outcome] += 1
        return replace(source, why="; ".join(details)), errors

    def _keep_predictions(self, page: int, predictions: Predictions) -> list[str]:
        """Store the predictions for a page, and return what to report."""
        kept = self._store.suggestions
        text = self._store.pages.get(page).text
        details = []
        for model, found in predictions.items():
            name = f" by {model}" if model else ""
            if (page, model) in self._predicted:
                earlier = kept.predictions_by_model(page).get(model, ())
                found = combine(text, earlier, found, self._mapping)
            cleared = not found and kept.predictions_by_model(page).get(model)
            kept.keep_predictions(page, found, model)
            self._predicted.add((page, model))
            details += [f"with predictions{name}"] if found else []
            details += [f"earlier predictions{name} cleared"] if cleared else []
        return details

    def save_newer(self, report: LoadReport) -> Iterator[LoadError]:
        """Take work that differs from the project, once all is read; else yield an error for it."""
        differing = self._writer.differing()
        while together := list(islice(differing, _WRITTEN_TOGETHER)):
            with self._store.write():
                errors = [self._writer.replace(*each) for each in together]
            report.labelled += errors.count(None)
            yield from filter(None, errors)

    def namesakes(self) -> Iterator[str]:
        """A sentence on each person whom only a name connects with somebody who worked here before.

        Nothing in the files equals what that person did here.
        """
        named = {ours for ours in self._names.values() if ours in self._here_before}
        for name in sorted(named - {ours for _, ours in self._options.people}):
            counted = self._outcomes[name]
            if counted[LABELLED] and not counted[EQUAL]:
                added = _counted(counted[LABELLED], "annotations")
                yield (
                    f"{added} of {name} went to the {name} who worked here before, and only the "
                    "name says that both are one person; if they are not, go back to a backup and "
                    f'load with --people "{name}=OTHER NAME"'
                )

    def left_out(self) -> Iterator[PassedOver | LoadError]:
        """Yield what was left out of each file: on purpose, or because it can't be read."""
        for origin, counted in self._left_out.items():
            for what, count in counted.items():
                yield PassedOver(origin, _counted(count, what))
        for origin, counted in self._articles.items():
            share = counted["found"] / max(1, counted["size"])
            rest = f"{1 - share:.1%} of the articles of {_counted(counted['pages'], 'pages')}"
            yield PassedOver(origin, f"{rest}, which is not on them; {share:.1%} was found")
        for origin, counted in self._unread.items():
            for column, count in counted.items():
                records = "1 record has" if count == 1 else f"{count:,} records have"
                yield LoadError(
                    origin,
                    f"{records} a column {column!r:.40} that looks like labels, in a form that "
                    "Segmark does not know; call it 'spans', with start, end and label of each",
                )

    def _annotator(self, annotation: RawAnnotation) -> str:
        name = annotation.annotator or self._options.annotator or _SOMEBODY
        name = " ".join(normalise(name).split())[:_NAME] or _SOMEBODY
        if not annotation.annotator:
            return self._store.people.known_name(name)
        if name not in self._names:
            ours = self._people.get(name_key(name), name)
            self._names[name] = self._store.people.known_name(ours)
        return self._names[name]

    def _model(self, annotation: RawAnnotation) -> str:
        name = annotation.model or self._options.model
        return " ".join(normalise(name).split())[:_NAME]


def _add(files: dict[str, Counter[str]], origin: str, counted: Counter[str]) -> None:
    if counted:
        files.setdefault(origin, Counter()).update(counted)


def _counted(count: int, what: str) -> str:
    """Return a count with a noun, which is given in the plural."""
    if count != 1:
        return f"{count:,} {what}"
    noun, _, rest = what.partition(" ")
    return f"1 {noun.removesuffix('s')} {rest.replace('are no labels', 'is no label')}".rstrip()


def _mismatch(annotation: RawAnnotation, loaded: LoadedPage) -> str:
    """Return why an annotation can't belong to a page; ``""`` if it can."""
    if not annotation.spans:
        return ""
    by_text = annotation.by_quote or annotation.aligned
    if loaded.page.info.media != "text" and not by_text:
        return "they belong to a text, and the page was made from HTML"
    if annotation.checksum and annotation.checksum != loaded.page.sha256:
        return "the text is not the one that was labelled: its checksum differs"
    return ""
