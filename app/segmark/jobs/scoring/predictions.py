"""What is compared: the predictions in files or in the project, and labels in files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from segmark.core.annotation import Status
from segmark.core.progress import Progress
from segmark.core.record import Record
from segmark.core.span import Span, named
from segmark.core.suggestion import Suggestion, with_names
from segmark.jobs.loading.labels import LabelImporter
from segmark.jobs.loading.pages import stored_texts
from segmark.jobs.scoring.spool import Spool, SpooledTable
from segmark.loading.feed import Feed
from segmark.loading.labels.mapping import LabelMapping
from segmark.loading.labels.predictions import combine
from segmark.loading.loader import LoadedPage
from segmark.loading.options import LOAD_ALL, USUAL_FIELDS, LabelOptions, RecordFields
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import SourceFiles
from segmark.loading.survey import refusals, survey_labels
from segmark.store.store import Store

#: What could not be used is said in so many lines.
MOST_LINES = 20


class ScoringError(ValueError):
    """Predictions can't be compared with labels; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ModelPredictions:
    """The predictions of one model.

    Attributes:
        name: of the model.
        of: finds those for a page, given by its id: sorted and disjoint, with names of labels, ()
            if the model found nothing there, None if it has no prediction.
        pages: the number of pages that have some.
    """

    name: str
    of: Callable[[str], Sequence[Suggestion] | None]
    pages: int


@dataclass(slots=True)
class ReadFiles:
    """What was wrong with files and folders, and what was left out of them on purpose.

    Attributes:
        lines: the first of these.
        count: how many there are.
        errors: how many of them are errors.
    """

    lines: list[str] = field(default_factory=list)
    count: int = 0
    errors: int = 0

    def take(self, item: LoadError | PassedOver) -> None:
        """Note what can't be used."""
        if isinstance(item, LoadError):
            self.errors += 1
            said = f"rejected {item}"
        else:
            said = f"passed over {item.source}: {item.what}"
        self.count += 1
        if len(self.lines) < MOST_LINES:
            self.lines.append(" ".join(said.split()))


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read for one scoring.

    Attributes:
        store: the project whose pages they belong to; nothing is written to it.
        spool: holds what was read.
        found: gets what can't be used.
        options: how labels are read.
        fields: the columns of records.
    """

    store: Store
    spool: Spool
    found: ReadFiles = field(default_factory=ReadFiles)
    options: LabelOptions = field(default_factory=LabelOptions)
    fields: RecordFields = USUAL_FIELDS


def chosen_models(
    reading: Reading, named: Sequence[str], progress: Progress | None = None
) -> list[ModelPredictions]:
    """The models of the project with these names, and those in the files and folders.

    Each has a name of its own: what is there twice gets a number.

    Raises:
        ScoringError: there is no such model and no such file, or it has no predictions.
    """
    models = list[ModelPredictions]()
    stored = reading.store.suggestions.models()
    for name in named:
        if name in stored:
            models.append(stored_predictions(reading.store, name))
            continue
        if not Path(name).exists():
            known = ", ".join(map(repr, stored)) or "none"
            raise ScoringError(
                f"{name}: there is no such file, and no such model in the project; it has {known}"
            )
        found = predictions_in(reading, Path(name), progress)
        if not found:
            lines = reading.found.lines
            why = f" ({lines[0]})" if lines else ""
            raise ScoringError(f"{name}: it has no predictions for pages of the project{why}")
        models += found
    return told_apart(models)


def told_apart(models: Sequence[ModelPredictions]) -> list[ModelPredictions]:
    """The models with a number after names that are there before."""
    names = list[str]()
    for model in models:
        name, same = model.name, 1
        while name in names:
            same += 1
            name = f"{model.name} ({same})"
        names.append(name)
    return [replace(model, name=name) for model, name in zip(models, names, strict=True)]


def stored_predictions(store: Store, model: str) -> ModelPredictions:
    """The predictions of a model that were loaded into the project.

    A page on which the model found nothing is not known from one that it never saw.
    """
    kept, pages = store.suggestions, store.pages

    def of(page: str) -> Sequence[Suggestion] | None:
        number = pages.number_of(page)
        found = None if number is None else kept.predictions_by_model(number).get(model)
        return None if found is None else with_names(found, store.label_set.renamed)

    return ModelPredictions(model, of, kept.models().get(model, 0))


def predictions_in(
    reading: Reading, path: Path, progress: Progress | None = None
) -> list[ModelPredictions]:
    """The predictions in a file or folder, read as ``segmark load`` reads it.

    All spans are taken as predictions, of the model that the file names, or else of one named like
    the file. A page is found by its id or its text.
    """
    store, found = reading.store, reading.found
    options = replace(reading.options, predictions=True, model=reading.options.model or path.name)
    reading = replace(reading, options=options, fields=replace(reading.fields, model=options.model))
    mapping = LabelMapping(store.label_set, options)
    models: dict[str, SpooledTable] = {}
    importer, pages = _read(reading, path, progress)
    for number, loaded in pages:
        imported = importer.read(loaded)
        for error in imported.errors:
            found.take(error)
        nothing = {} if imported.errors or loaded.labels is None else {options.model: ()}
        for model, spans in (imported.predictions or nothing).items():
            table = models.setdefault(model, SpooledTable(reading.spool))
            earlier = _suggestions(table.get(number) or ())
            combined = combine(loaded.page.text, earlier, spans, mapping)
            table.keep(number, [(*one.span, one.confidence, one.reason) for one in combined])
    for left_out in importer.left_out():
        found.take(left_out)
    return [_of_table(store, name, table) for name, table in models.items()]


def _of_table(store: Store, model: str, table: SpooledTable) -> ModelPredictions:
    def of(page: str) -> Sequence[Suggestion] | None:
        number = store.pages.number_of(page)
        rows = None if number is None else table.get(number)
        return None if rows is None else with_names(_suggestions(rows), store.label_set.renamed)

    return ModelPredictions(model, of, len(table))


def _suggestions(rows: Sequence[Sequence[Any]]) -> list[Suggestion]:
    return [
        Suggestion(Span(start, end, label), score, reason)
        for start, end, label, score, reason in rows
    ]


def labels_in(reading: Reading, path: Path, progress: Progress | None = None) -> Iterator[Record]:
    """Read the labels in a file or folder, and yield them as records in load order.

    Raises:
        ScoringError: a page has labels of several people.
    """
    store = reading.store
    importer, pages = _read(reading, path, progress)
    table = SpooledTable(reading.spool)
    for number, loaded in pages:
        imported = importer.read(loaded)
        for error in imported.errors:
            reading.found.take(error)
        for work in imported.work:
            if number in table:
                raise ScoringError(
                    f"{path}: page {store.pages.names(number)[0]} is twice among the labels; "
                    "keep those of one person in the file"
                )
            table.keep(number, (work.annotator, work.status, list(map(tuple, work.spans))))
    for left_out in importer.left_out():
        reading.found.take(left_out)
    for number in table:
        page, (annotator, status, rows) = store.pages.get(number), table.get(number)
        spans = named([Span(*row) for row in rows], store.label_set.renamed)
        yield Record(
            page.id, page.text, spans, page.info.source, page.info.url, page.info.site,
            annotator, Status(status), page.sha256,
        )  # fmt: skip


def _read(
    reading: Reading, path: Path, progress: Progress | None
) -> tuple[LabelImporter, Iterator[tuple[int, LoadedPage]]]:
    """What reads the labels, and the pages of the project with their numbers there."""
    store, options = reading.store, reading.options
    files = SourceFiles([path])
    fields = replace(reading.fields, stored=stored_texts(store))
    survey = survey_labels(files, fields, options, store.label_set)
    for refused in refusals(survey):
        reading.found.take(refused)
    chosen = replace(LOAD_ALL, fields=fields, labels=options)
    feed = Feed(files, chosen, frozenset(survey.refused))
    return LabelImporter(store, options, survey), _pages(store, feed, reading.found, progress)


def _pages(
    store: Store, feed: Feed, found: ReadFiles, progress: Progress | None
) -> Iterator[tuple[int, LoadedPage]]:
    for done, item in enumerate(feed, 1):
        if progress:
            progress(done, feed.total(done), feed.name)
        if not isinstance(item, LoadedPage):
            found.take(item)
        elif (number := store.pages.number_of_text(item.page.sha256)) is not None:
            yield number, item
        elif item.labels is not None:
            found.take(LoadError(item.place, "the project has no page with its text"))
