"""Pages of a crawl in batches, and the records of a batch."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from segmark.core.record import Record
from segmark.jobs.crawling.inputs import CrawlInput
from segmark.jobs.crawling.output_formats import OutputFormat
from segmark.jobs.crawling.time_limit import PageTookTooLongError, time_limit
from segmark.jobs.labelling.labelled_page import page_from
from segmark.jobs.labelling.labeller import Labeller
from segmark.jobs.labelling.labeller_file import LabellerError
from segmark.jobs.scoring.expectation import bands_of
from segmark.jobs.worker_pool import PROCESS_DIED, WorkerDiedError
from segmark.loading.contents import ReadPosition, read_file
from segmark.loading.options import RecordFields
from segmark.loading.raw import RawPage
from segmark.loading.rejection import LoadError, PassedOver
from segmark.loading.sources import reason_of

#: The seconds of the processor that a page may take, unless it is said otherwise.
PAGE_SECONDS = 60.0

_PAGES, _BYTES = 20, 1 << 20  # of a batch, at most, but for its last page


@dataclass(frozen=True, slots=True)
class LeftPage:
    """A page or a file that was not labelled, and why.

    Attributes:
        source: short name, as in a record.
        url: of the page; "" if it is not known.
        reason: one line.
        passed: whether nothing is wrong with it: it is merely no page.
    """

    source: str
    url: str
    reason: str
    passed: bool = False


@dataclass(frozen=True, slots=True)
class PageBatch:
    """Successive sources of one input.

    Attributes:
        number: of the input.
        sources: pages, and what could not be read in their place.
        read: how much of all inputs was read by then, in bytes.
        last: whether the input ends with it.
    """

    number: int
    sources: tuple[RawPage | LeftPage, ...]
    read: int = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class LabelledBatch:
    """A batch as rows of the output.

    Attributes:
        batch: without its sources.
        rows: in the format of the output; None without any.
        pages: the number of rows.
        left: what was not labelled.
        bands: the number of spans in each band of confidence.
    """

    batch: PageBatch
    rows: object
    pages: int
    left: tuple[LeftPage, ...]
    bands: Counter[int]


@dataclass(frozen=True, slots=True)
class PageLabelling:
    """How each page is labelled.

    Attributes:
        labeller: labels it.
        threshold: the lowest score of a span that is kept, 0 to 1.
        seconds: of the processor that a page may take; 0 for no limit.
    """

    labeller: Labeller
    threshold: float = 0.0
    seconds: float = 0.0


def labelled(how: PageLabelling, raw: RawPage) -> Record | LeftPage:
    """Label a page of a crawl; never raises.

    Returns:
        The record, with the version of the labeller in ``more``; or why there is none.
    """
    try:
        with time_limit(how.seconds):
            record = how.labeller.label(page_from(raw), how.threshold)
    except PageTookTooLongError:
        reason = f"it took longer than {how.seconds:g} seconds of the processor"
        return LeftPage(raw.name, raw.url, reason)
    except LoadError as error:
        return LeftPage(error.source, raw.url, error.reason)
    except LabellerError as error:
        return LeftPage(raw.name, raw.url, str(error))
    except Exception as error:
        return LeftPage(raw.name, raw.url, reason_of(error))
    return replace(record, more={"labeller": how.labeller.version})


def work_with(how: PageLabelling, form: OutputFormat) -> Callable[[PageBatch], LabelledBatch]:
    """The function that labels a batch, for a worker process."""

    def work(batch: PageBatch) -> LabelledBatch:
        records, left = list[Record](), list[LeftPage]()
        for source in batch.sources:
            found = labelled(how, source) if isinstance(source, RawPage) else source
            if isinstance(found, Record):
                records.append(found)
            else:
                left.append(found)
        rows = form.rows(records) if records else None
        bands = bands_of(records)
        return LabelledBatch(replace(batch, sources=()), rows, len(records), tuple(left), bands)

    return work


def in_batches(inputs: Iterable[CrawlInput], fields: RecordFields) -> Iterator[PageBatch]:
    """Yield the sources of inputs, numbered from 0, in batches: the same ones each time."""
    before = 0
    for number, one in enumerate(inputs):
        held, size = list[RawPage | LeftPage](), 0
        for source, read in _sources(one, fields):
            held.append(source)
            size += len(source.source) if isinstance(source, RawPage) else 0
            if len(held) >= _PAGES or size >= _BYTES:
                yield PageBatch(number, tuple(held), before + read)
                held, size = [], 0
        before += one.size
        yield PageBatch(number, tuple(held), before, last=True)


def _sources(one: CrawlInput, fields: RecordFields) -> Iterator[tuple[RawPage | LeftPage, int]]:
    """Yield the sources of an input, with the bytes of it that were read."""
    position, before = ReadPosition(), 0
    for file in one.files:
        for found in read_file(file, fields, position):
            if isinstance(found, RawPage):
                # What else came with the page would only have to travel.
                yield replace(found, extra={}, labels=None), before + position.bytes
            else:
                yield left_for(found), before + position.bytes
        position.file = None
        before += file.size


def left_for(found: LoadError | PassedOver) -> LeftPage:
    """What was read in place of a page."""
    if isinstance(found, PassedOver):
        return LeftPage(found.source, "", found.what, passed=True)
    return LeftPage(found.source, "", found.reason)


def page_by_page(
    batch: PageBatch, alone: Callable[[PageBatch], LabelledBatch], form: OutputFormat
) -> LabelledBatch:
    """Label a batch whose process died, and leave the pages that end a process."""
    parts, pages, left, bands = list[object](), 0, list[LeftPage](), Counter[int]()
    for source in batch.sources:
        if isinstance(source, LeftPage):
            left.append(source)
            continue
        try:
            one = alone(replace(batch, sources=(source,)))
        except WorkerDiedError:
            left.append(LeftPage(source.name, source.url, PROCESS_DIED))
        else:
            parts += [one.rows] if one.pages else []
            pages += one.pages
            left += one.left
            bands += one.bands
    rows = form.joined(parts) if parts else None
    return LabelledBatch(replace(batch, sources=()), rows, pages, tuple(left), bands)
