"""The command that writes suggestions for all unfinished pages of a project."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from segmark.cli.interrupts import current_stop
from segmark.cli.terminal import (
    PATH,
    CommandError,
    at_least_right_option,
    chosen_threshold,
    processes_option,
    progress_bar,
    project_argument,
    refuse_unknown,
    threshold_words,
)
from segmark.core.record import Record
from segmark.core.suggestion import Suggestion, with_names
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.scoring.expectation import Expectation

_BATCH = 20  # pages that a process makes suggestions for at a time
_FEW = 40  # pages that take less time than starting another process
_DIGITS = 4  # of a score


@click.command(epilog="Example: segmark suggest news.segmark suggested")
@project_argument
@click.argument("out", type=PATH)
@click.option(
    "--annotator",
    help="Whose finished pages to learn from; default: whoever finished the most.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="The lowest score of a suggestion that is written.",
)
@at_least_right_option
@click.option(
    "--model", help="Only what this model predicted; default: the model chosen or newest."
)
@processes_option("--jobs")
@click.option("--gzip", is_flag=True, help="Compress the data file.")
def suggest(
    project: Path,
    out: Path,
    annotator: str | None,
    threshold: float,
    at_least_right: float | None,
    model: str | None,
    jobs: int,
    gzip: bool,
) -> int:
    """Write suggestions for all unfinished pages to the folder OUT.

    The records are like those of an export, with a score from 0 to 1 for each span, in load order;
    the same project gives the same bytes. Predictions that were loaded for a page replace the
    project's own suggestions. Afterwards it says how many of them are right, for each band of
    confidence, as far as pages that were labelled blind tell.
    """
    from segmark.export.error import ExportError
    from segmark.export.suggested import write_suggested
    from segmark.jobs.scoring.expectation import expectation_lines

    with ExitStack() as opened:
        store = opened.enter_context(Store.open_or_read(project))
        annotator = refuse_unknown(store, annotator)
        if model is not None:
            _refuse_unknown_model(store, model)
        who = annotator or store.suggestions.best_teacher or ""
        numbers = store.suggestions.unfinished_pages(who)
        if not numbers:
            raise CommandError(f"{project}: every page is done or skipped; load more pages first")
        expected = _expectation(store, model)
        threshold = chosen_threshold(expected, at_least_right, threshold)
        if at_least_right is not None:
            click.echo(threshold_words(expected, at_least_right, threshold))
        workers = opened.enter_context(closing(_Workers(project, who, model, jobs, len(numbers))))
        if model is None and not store.read_only:
            _learn(workers, store.suggestions.pages_to_learn_for(who))
        try:
            bands = Counter[int]()
            records = _counted(_records(workers, numbers, threshold), bands)
            summary = write_suggested(records, store.label_set, out, gzip=gzip)
        except ExportError as error:
            raise CommandError(str(error)) from error
    click.echo(summary.text())
    click.echo("\n".join(expectation_lines(expected, bands)))
    if not who:
        click.echo("warning: no page is finished, so nothing was learnt from this project")
    return 0


def _expectation(store: Store, model: str | None) -> "Expectation":
    from segmark.jobs.scoring.blind_pages import blind_pages
    from segmark.jobs.scoring.expectation import expectation

    return expectation(blind_pages(store, model))


def _counted(records: Iterable[Record], bands: Counter[int]) -> Iterator[Record]:
    """Count the suggestions of records in each band of confidence."""
    from segmark.jobs.scoring.expectation import bands_of

    for record in records:
        bands.update(bands_of([record]))
        yield record


def _refuse_unknown_model(store: Store, model: str) -> None:
    models = store.suggestions.models()
    if model not in models:
        names = ", ".join(name or "'' (no name)" for name in models)
        has = f"the models are {names}" if names else "no file with predictions was loaded"
        raise CommandError(f"there are no predictions of {model!r}; {has}")


_Task = tuple[Sequence[int], float]  # pages, and the lowest score of a suggestion


class _Worker:
    """Makes suggestions for pages of a project, with its own connection."""

    def __init__(self, project: Path, annotator: str, model: str | None) -> None:
        from segmark.jobs.suggesting.learner import Learner

        self._store = Store.open_or_read(project)
        self._annotations = self._store.annotations(annotator)
        self._learner = Learner(self._store, annotator)
        self._model = model

    def close(self) -> None:
        """Close the connection."""
        self._store.close()

    def records(self, task: _Task) -> list[Record]:
        """Return the records of some pages."""
        numbers, threshold = task
        records = [self._record(number, threshold) for number in numbers]
        self._learner.save()
        return records

    def _record(self, number: int, threshold: float) -> Record:
        page = self._store.pages.get(number)
        status = self._annotations.get(number).state.status
        sure = [one for one in self._suggestions(number) if one.confidence >= threshold]
        found = with_names(sure, self._store.label_set.renamed)
        spans, info = [one.span for one in found], page.info
        scores = {one.span.start: {"score": round(one.confidence, _DIGITS)} for one in found}
        return Record(
            page.id, page.text, spans, info.source, info.url, info.site, "", status, page.sha256,
            about=scores,
        )  # fmt: skip

    def _suggestions(self, number: int) -> tuple[Suggestion, ...]:
        if self._model is None:
            return self._learner.suggest(number)
        return self._store.suggestions.predictions_by_model(number).get(self._model, ())


def _records_function(
    project: Path, annotator: str, model: str | None
) -> Callable[[_Task], list[Record]]:
    return _Worker(project, annotator, model).records


class _Workers:
    """Workers in several processes, or one in this process if there are few pages."""

    def __init__(
        self, project: Path, annotator: str, model: str | None, jobs: int, pages: int
    ) -> None:
        # Imported here to keep the start of every command and of the window fast.
        from segmark.jobs.worker_pool import WorkerPool

        self._alone: _Worker | None = None
        self._pool: WorkerPool[_Task, list[Record]] | None = None
        of_whom = (project, annotator, model)
        if jobs > 1 and pages > _FEW:
            self._pool = WorkerPool(jobs, _records_function, of_whom, current_stop().held)
        else:
            self._alone = _Worker(*of_whom)

    def close(self) -> None:
        """End the processes and cancel their tasks."""
        if self._pool:
            self._pool.close()
        if self._alone:
            self._alone.close()

    def records(self, tasks: Iterable[_Task]) -> Iterator[list[Record]]:
        """Yield the records of each task in order; a few tasks are computed ahead."""
        if self._pool:
            yield from self._pool.map(tasks)
        if self._alone:
            yield from map(self._alone.records, tasks)


def _learn(workers: _Workers, numbers: Sequence[int]) -> None:
    """Train every model once, and save it in the project for all workers."""
    with progress_bar("Learning", len(numbers)) as bar:
        for _ in workers.records(([number], 0.0) for number in numbers):
            bar.update(1)


def _records(workers: _Workers, numbers: Sequence[int], threshold: float) -> Iterator[Record]:
    batches = (numbers[at : at + _BATCH] for at in range(0, len(numbers), _BATCH))
    with progress_bar("Suggesting", len(numbers)) as bar:
        for records in workers.records((batch, threshold) for batch in batches):
            yield from records
            bar.update(len(records))
