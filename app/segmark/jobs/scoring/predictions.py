"""What is compared: the predictions in files or in the project, and labels in files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from segmark.core.progress import Progress
from segmark.core.record import Record
from segmark.core.span import named
from segmark.core.suggestion import Suggestion, with_names
from segmark.jobs.loading.labels import LabelImporter
from segmark.jobs.loading.pages import stored_texts
from segmark.loading.feed import Feed
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.labels.predictions import combine
from segmark.loading.loader import LoadedPage
from segmark.loading.options import LOAD_ALL, LabelOptions, RecordFields
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import SourceFiles
from segmark.loading.survey import refusals, survey_labels
from segmark.store.store import Store


class ScoringError(ValueError):
    """Predictions can't be compared with labels; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ModelPredictions:
    """The predictions of one model.

    Attributes:
        name: of the model.
        of: finds those for a page, given by its id: sorted and disjoint, with names of labels, ()
            if the model found nothing there, None if it has no prediction.
        pages: the ids of the pages that have some.
    """

    name: str
    of: Callable[[str], Sequence[Suggestion] | None]
    pages: frozenset[str]


@dataclass(slots=True)
class ReadFiles:
    """What was wrong with a file or folder, and what was left out of it on purpose."""

    errors: list[LoadError] = field(default_factory=list)
    left_out: list[PassedOver] = field(default_factory=list)

    def take(self, item: LoadError | PassedOver) -> None:
        """Note what can't be used."""
        if isinstance(item, LoadError):
            self.errors.append(item)
        else:
            self.left_out.append(item)


def stored_predictions(store: Store, model: str) -> ModelPredictions:
    """The predictions of a model that were loaded into the project.

    A page on which the model found nothing is not known from one that it never saw.
    """
    kept, pages = store.suggestions, store.pages

    def of(page: str) -> Sequence[Suggestion] | None:
        number = pages.number_of(page)
        found = None if number is None else kept.predictions_by_model(number).get(model)
        return None if found is None else with_names(found, store.label_set.renamed)

    return ModelPredictions(model, of, frozenset(kept.predicted_pages(model)))


def predictions_in(
    store: Store,
    path: Path,
    options: LabelOptions,
    fields: RecordFields,
    read: ReadFiles,
    progress: Progress | None = None,
) -> list[ModelPredictions]:
    """The predictions in a file or folder, read as ``segmark load`` reads it; nothing is written.

    All spans are taken as predictions, of the model that the file names, or else of one named like
    the file. A page is found by its id or its text. ``read`` gets what can't be used.
    """
    options = replace(options, predictions=True, model=options.model or path.name)
    mapping, fields = LabelMapping(store.label_set, options), replace(fields, model=options.model)
    models: dict[str, dict[str, tuple[Suggestion, ...]]] = {}
    importer, pages = _reading(store, path, options, fields, read, progress)
    for page_id, loaded in pages:
        found = importer.read(loaded)
        read.errors += found.errors
        nothing = {} if found.errors or loaded.labels is None else {options.model: ()}
        for model, spans in (found.predictions or nothing).items():
            earlier = models.setdefault(model, {}).get(page_id, ())
            models[model][page_id] = combine(loaded.page.text, earlier, spans, mapping)
    for left_out in importer.left_out():
        read.take(left_out)
    names = store.label_set.renamed
    return [_of_mapping(name, predicted, names) for name, predicted in models.items()]


def _of_mapping(
    model: str, predicted: Mapping[str, tuple[Suggestion, ...]], names: Mapping[str, str]
) -> ModelPredictions:
    found = {page: with_names(each, names) for page, each in predicted.items()}
    return ModelPredictions(model, found.get, frozenset(found))


def labels_in(
    store: Store,
    path: Path,
    options: LabelOptions,
    fields: RecordFields,
    read: ReadFiles,
    progress: Progress | None = None,
) -> list[Record]:
    """The labels in a file or folder as records of the project's pages, in load order.

    Raises:
        ScoringError: a page has labels of several people.
    """
    importer, pages = _reading(store, path, options, fields, read, progress)
    found: dict[int, Record] = {}
    for page_id, loaded in pages:
        imported = importer.read(loaded)
        read.errors += imported.errors
        number = store.pages.number_of(page_id)
        for work in imported.work:
            if number is None or number in found:
                raise ScoringError(
                    f"{path}: page {page_id} is twice among the labels; "
                    "keep those of one person in the file"
                )
            page = store.pages.get(number)
            found[number] = Record(
                page.id, page.text, named(work.spans, store.label_set.renamed), page.info.source,
                page.info.url, page.info.site, work.annotator, work.status, page.sha256,
            )  # fmt: skip
    for left_out in importer.left_out():
        read.take(left_out)
    return [found[number] for number in sorted(found)]


def _reading(
    store: Store,
    path: Path,
    options: LabelOptions,
    fields: RecordFields,
    read: ReadFiles,
    progress: Progress | None,
) -> tuple[LabelImporter, Iterator[tuple[str, LoadedPage]]]:
    """What reads the labels, and the pages of the project with their ids in the project."""
    files = SourceFiles([path])
    fields = replace(fields, stored=stored_texts(store))
    survey = survey_labels(files, fields, options, store.label_set)
    for refused in refusals(survey):
        read.take(refused)
    chosen = replace(LOAD_ALL, fields=fields, labels=options)
    feed = Feed(files, chosen, frozenset(survey.refused))
    return LabelImporter(store, options, survey), _pages(store, feed, read, progress)


def _pages(
    store: Store, feed: Feed, read: ReadFiles, progress: Progress | None
) -> Iterator[tuple[str, LoadedPage]]:
    for done, item in enumerate(feed, 1):
        if progress:
            progress(done, feed.total(done), feed.name)
        if not isinstance(item, LoadedPage):
            read.take(item)
        elif (number := store.pages.number_of_text(item.page.sha256)) is not None:
            yield store.pages.names(number)[0], item
        elif item.labels is not None:
            read.take(LoadError(item.place, "the project has no page with its text"))
