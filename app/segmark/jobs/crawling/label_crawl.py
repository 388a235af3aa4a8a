"""Label the pages of files of any size, each file to an output of its own."""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from segmark import __version__
from segmark.core.progress import Progress
from segmark.jobs.crawling.inputs import CrawlInput, inputs_in
from segmark.jobs.crawling.manifest import CrawlError, DoneInput, Manifest
from segmark.jobs.crawling.output_formats import JsonLines, OutputFormat
from segmark.jobs.crawling.outputs import CrawlOutput, output_places, remove_leftovers
from segmark.jobs.crawling.pages import (
    PAGE_SECONDS,
    LabelledBatch,
    LeftPage,
    PageBatch,
    PageLabelling,
    in_batches,
    left_for,
    page_by_page,
    work_with,
)
from segmark.jobs.labelling.labeller import Labeller
from segmark.jobs.scoring.expectation import BANDS
from segmark.jobs.worker_pool import WorkerPool
from segmark.loading.options import USUAL_FIELDS, RecordFields
from segmark.loading.rejection import LoadError, PassedOver


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How a crawl is labelled.

    Attributes:
        form: of the outputs.
        threshold: the lowest score of a span that is written, 0 to 1.
        fields: the columns of records.
        page_seconds: the seconds of the processor that a page may take; 0 for no limit.
        processes: how many label; 1 for this process alone.
    """

    form: OutputFormat = field(default_factory=JsonLines)
    threshold: float = 0.0
    fields: RecordFields = USUAL_FIELDS
    page_seconds: float = PAGE_SECONDS
    processes: int = field(default_factory=lambda: os.cpu_count() or 1)


@dataclass(slots=True)
class CrawlReport:
    """What became of a crawl, with what earlier runs did of the same inputs.

    Attributes:
        inputs: the number of inputs.
        before: how many of them were done before.
        pages: the number of labelled pages.
        left: how often each reason was given for what should have been a page.
        passed: the number of remarks about what is merely no page.
        refused: inputs that were not read, with the reasons.
        ignored: what is no input, though nothing is wrong with it.
        bands: the number of written spans in each band of confidence.
    """

    inputs: int = 0
    before: int = 0
    pages: int = 0
    left: Counter[str] = field(default_factory=Counter)
    passed: int = 0
    refused: list[LeftPage] = field(default_factory=list)
    ignored: list[LeftPage] = field(default_factory=list)
    bands: Counter[int] = field(default_factory=Counter)

    def add(self, done: DoneInput) -> None:
        """Add an input that is done."""
        self.inputs += 1
        self.pages += done.pages
        self.left.update(done.left)
        self.passed += done.passed
        self.bands.update(dict(enumerate(done.bands)))


def label_crawl(
    paths: Sequence[Path],
    out: Path,
    labeller: Labeller,
    options: CrawlOptions,
    progress: Progress | None = None,
    starting: Callable[[], AbstractContextManager[Any]] = nullcontext,
) -> CrawlReport:
    """Label what the paths hold; an input that an earlier run has done is not read again.

    An input without any page is not done: it is read again by the next run. ``progress`` is called
    with the number of pages and their estimated total; if it raises, what is done stays done.
    ``starting`` is that of ``WorkerPool``.

    Raises:
        CrawlError: the folder can't be used, or an output not be written.
    """
    try:
        _refuse_inside(out, paths)
        manifest = Manifest(out, _settings(labeller, options))
        report, waiting = _looked_through(paths, out, options.form, manifest)
        remove_leftovers(out, (one.name for one in waiting))
        with closing(_results(labeller, options, waiting, starting)) as results:
            for done in _written(_shown(results, waiting, progress), waiting, out, options.form):
                if done.pages:
                    manifest.add(done)
                report.add(done)
    except OSError as error:
        raise CrawlError(f"{error.filename or out}: {error.strerror or error}") from error
    except BrokenProcessPool as error:
        raise CrawlError("the worker processes can't start; try --processes 1") from error
    return report


def _refuse_inside(out: Path, paths: Iterable[Path]) -> None:
    """Refuse a folder inside an input: its outputs would be inputs of the next run.

    Raises:
        CrawlError: it is.
    """
    place = out.resolve()
    for path in paths:
        if place.is_relative_to(path.resolve()):
            raise CrawlError(f"{out}: it is inside the input {path}; choose another folder")


def _settings(labeller: Labeller, options: CrawlOptions) -> dict[str, Any]:
    """What all outputs in a folder share; a run with other settings is refused."""
    fields = options.fields
    return {
        "program": f"segmark {__version__}",
        "labeller": labeller.version,
        "format": options.form.suffix.removeprefix("."),
        "threshold": options.threshold,
        "page_seconds": options.page_seconds,
        "columns": [fields.text, fields.html, fields.url],
    }


def _looked_through(
    paths: Iterable[Path], out: Path, form: OutputFormat, manifest: Manifest
) -> tuple[CrawlReport, list[CrawlInput]]:
    """Return a report of what is done and what can't be, and the inputs that are to be labelled."""
    report, waiting = CrawlReport(), list[CrawlInput]()
    for found in inputs_in(paths):
        match found:
            case LoadError():
                report.refused.append(left_for(found))
            case PassedOver():
                report.ignored.append(left_for(found))
            case CrawlInput():
                done = manifest.get(found.name)
                if done is None or not output_places(out, found.name, form)[0].exists():
                    waiting.append(found)
                elif done.fingerprint == found.fingerprint:
                    report.before += 1
                    report.add(done)
                else:
                    reason = "it has changed since it was labelled; remove its output to redo it"
                    report.refused.append(LeftPage(found.name, "", reason))
    return report, waiting


def _results(
    labeller: Labeller,
    options: CrawlOptions,
    inputs: Sequence[CrawlInput],
    starting: Callable[[], AbstractContextManager[Any]],
) -> Generator[LabelledBatch, None, None]:
    """Yield the labelled batches of all inputs in their order."""
    batches = in_batches(inputs, options.fields)
    labelling = PageLabelling(labeller, options.threshold, options.page_seconds)
    how = (labelling, options.form)
    if options.processes == 1 or not inputs:
        yield from map(work_with(*how), batches)
        return
    rescue = partial(page_by_page, form=options.form)
    with closing(
        WorkerPool[PageBatch, LabelledBatch](options.processes, work_with, how, starting, rescue)
    ) as pool:
        yield from pool.map(batches)


def _shown(
    results: Iterable[LabelledBatch], inputs: Sequence[CrawlInput], progress: Progress | None
) -> Iterator[LabelledBatch]:
    """Yield the batches and report the progress."""
    total, pages = sum(one.size for one in inputs), 0
    for found in results:
        pages += found.pages
        if progress:
            read = found.batch.read
            estimated = max(pages, round(pages * total / read)) if read else None
            progress(pages, estimated, inputs[found.batch.number].name)
        yield found


def _written(
    results: Iterable[LabelledBatch], inputs: Sequence[CrawlInput], out: Path, form: OutputFormat
) -> Iterator[DoneInput]:
    """Write the batches, and yield each input when its output is in place."""
    output: CrawlOutput | None = None
    try:
        for found in results:
            one = inputs[found.batch.number]
            if output is None:
                output = CrawlOutput(out, one.name, form)
            output.write(found)
            if found.batch.last:
                output.put_in_place()
                bands = [output.bands[at] for at in range(len(BANDS))]
                yield DoneInput(
                    one.name, one.fingerprint, output.pages, dict(output.left), output.passed, bands
                )
                output = None
    finally:
        if output:
            output.discard()
