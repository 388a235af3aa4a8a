"""How fast ``segmark label`` labels a crawl, and in how much memory.

Usage: python -m tests.benchmarks.bench_crawl --corpus DIR [--pages N] [--processes P]...

The pages of the folder (``pages/*.html.gz``) are repeated with other addresses, in WARC files of
250 pages. On a machine with other work, only the times of the processor mean something: so many
cores with nothing else to do need that time divided by their number.
"""

import gzip
import json
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import click

from tests.benchmarks.figures import MB
from tests.benchmarks.process_figures import Run, run
from tests.crawls import CrawledPage, learn_labeller, warc

_EACH = 250  # pages of a file


def _repeated(corpus: Path) -> Iterator[CrawledPage]:
    """The pages of the corpus, again and again, each time at another address."""
    places = cycle(sorted(corpus.glob("pages/*.html.gz")))
    for number, place in enumerate(places):
        site = place.name.partition(".")[0]
        yield f"https://{site}.example/{number}", gzip.decompress(place.read_bytes())


def write_files(corpus: Path, folder: Path, pages: int) -> int:
    """Write the crawl, and return the bytes of its pages."""
    folder.mkdir()
    found, size = islice(_repeated(corpus), pages), 0
    for number in range(0, pages, _EACH):
        part = list(islice(found, _EACH))
        size += sum(len(html) for _, html in part)
        (folder / f"{number:07}.warc.gz").write_bytes(warc(part))
    return size


def _row(processes: int, done: Run) -> str:
    report = json.loads(done.output)
    pages = report["pages"]
    return (
        f"{processes:9}  {pages:6,}  {done.cpu:9.1f}  {1000 * done.cpu / pages:9.1f}  "
        f"{done.seconds:7.1f}  {pages / done.seconds:7.1f}  {done.peak / MB:7.0f}"
    )


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--pages", default=500, show_default=True)
@click.option("--processes", type=int, multiple=True, default=(1, 2), show_default=True)
def main(corpus: Path, pages: int, processes: tuple[int, ...]) -> None:
    """Print a line for each number of processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        labeller = learn_labeller(folder)
        size = write_files(corpus, folder / "crawl", pages)
        click.echo(f"{pages:,} pages of {size / pages / 1000:.0f} KB")
        click.echo("processes   pages  processor  ms a page  seconds  pages/s  peak MB of one")
        for count in processes:
            words = ("label", folder / "crawl", folder / f"out{count}", "--labeller", labeller)
            done = run(
                folder, "-m", "segmark", *map(str, words), "--processes", str(count), "--json"
            )
            click.echo(_row(count, done))


if __name__ == "__main__":
    main()
