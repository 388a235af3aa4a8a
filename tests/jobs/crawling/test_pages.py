"""Batches of pages, and pages that end a worker process."""

import json
from collections.abc import Callable
from pathlib import Path

from segmark.jobs.crawling.inputs import CrawlInput, inputs_in
from segmark.jobs.crawling.output_formats import JsonLines
from segmark.jobs.crawling.pages import (
    LabelledBatch,
    PageBatch,
    PageLabelling,
    in_batches,
    page_by_page,
    work_with,
)
from segmark.jobs.labelling.labeller import Labeller
from segmark.jobs.worker_pool import WorkerDiedError
from segmark.loading.options import USUAL_FIELDS
from segmark.loading.raw import RawPage

from tests.crawls import pages, warc, write_crawl


def batches(folder: Path) -> list[PageBatch]:
    found = [one for one in inputs_in([folder]) if isinstance(one, CrawlInput)]
    return list(in_batches(found, USUAL_FIELDS))


def deadly(
    work: Callable[[PageBatch], LabelledBatch], url: str
) -> Callable[[PageBatch], LabelledBatch]:
    """Work in a process that ends at one page."""

    def alone(batch: PageBatch) -> LabelledBatch:
        if any(isinstance(one, RawPage) and one.url == url for one in batch.sources):
            raise WorkerDiedError
        return work(batch)

    return alone


def test_a_page_that_ends_its_process_is_left_and_the_others_of_its_batch_are_not(
    labeller: Path, tmp_path: Path
) -> None:
    (tmp_path / "crawl").mkdir()
    found = [*pages(3), ("https://empty.example/", b"<p>"), *pages(2, start=3)]
    (tmp_path / "crawl/a.warc.gz").write_bytes(warc(found))
    batch, *rest = batches(tmp_path / "crawl")
    assert rest == []
    work = work_with(PageLabelling(Labeller.load(labeller)), JsonLines())
    made = page_by_page(batch, deadly(work, found[1][0]), JsonLines())
    assert isinstance(made.rows, bytes)
    urls = [json.loads(row)["meta"]["url"] for row in made.rows.splitlines()]
    assert urls == [url for url, _ in (found[0], found[2], found[4], found[5])]
    assert made.pages == 4
    assert [(one.source, one.url) for one in made.left] == [
        ("crawl/a.warc.gz:2", found[1][0]),
        ("crawl/a.warc.gz:4", "https://empty.example/"),
    ]
    assert "its process ended" in made.left[0].reason
    assert made.batch.last


def test_a_batch_has_a_few_pages_and_about_a_megabyte(tmp_path: Path) -> None:
    write_crawl(tmp_path / "small", files=1, each=50)
    sizes = [len(batch.sources) for batch in batches(tmp_path / "small")]
    assert sizes == [20, 20, 10]
    (tmp_path / "large").mkdir()
    large = [(url, html + b" " * 400_000) for url, html in pages(7)]
    (tmp_path / "large/a.warc.gz").write_bytes(warc(large))
    assert [len(batch.sources) for batch in batches(tmp_path / "large")] == [3, 3, 1]
