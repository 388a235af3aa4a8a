"""How fast sources of every kind load beside parsing alone, and how well near-duplicates are found.

Usage: python -m tests.benchmarks.bench_sources --corpus DIR [--beside PAGES]
DIR is a folder with ``pages/*.html.gz`` and ``gold.jsonl.gz``. With ``--beside``, keys are pressed
in the real window while so many pages come in.
"""

import gzip
import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from app.load_pages import load_pages
from app.loading.loader import load_raw
from app.loading.raw import Known, Raw
from tests.benchmarks import duplicate_figures, made_projects
from tests.benchmarks.gold_pages import GoldPage, read_corpus

_TEXT_PAGES = 10_000
_ROUNDS = 3


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of processor time, the best of some rounds."""
    taken = []
    for _ in range(_ROUNDS):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def _made(raws: Sequence[Raw]) -> Callable[[], None]:
    def make() -> None:
        for raw in raws:
            load_raw(raw)

    return make


def _loaded(folder: Path, source: Path, pages: int) -> Callable[[], None]:
    def load() -> None:
        project = folder / "bench.segmark"
        with made_projects.new_store(project) as store:
            report = load_pages(store, [source])
        project.unlink()
        if report.added + report.already != pages:
            raise RuntimeError(f"{source.name}: {report} of {pages}")

    return load


def _row(name: str, pages: int, parsing: float, loading: float) -> None:
    over = (loading - parsing) / pages * 1e3
    print(
        f"{name:<26}{pages:>7}{pages / parsing:>13,.0f}{pages / loading:>11,.0f}"
        f"{loading / parsing - 1:>11.0%}{over:>13.2f}"
    )


def _sources_of(folder: Path, pages: Sequence[GoldPage]) -> Iterator[tuple[str, Path, list[Raw]]]:
    """Each kind of source with what parsing alone makes pages of."""
    html = [Raw(page.source, "news/page.html") for page in pages]
    known = Known(media="text")
    text = [Raw(page.page.text.encode(), "news/page.txt", known=known) for page in pages]
    for kind, raws in (("html", html), ("txt", text)):
        files = folder / kind
        files.mkdir()
        for number, raw in enumerate(raws):
            (files / f"{number:04}.{kind}").write_bytes(raw.source)
        yield f"{kind} files", files, raws
    path = folder / "text.jsonl"
    path.write_text("".join(f"{json.dumps({'text': raw.source.decode()})}\n" for raw in text))
    yield "text in JSON lines", path, text
    path = folder / "html.jsonl.gz"
    rows = ({"html": page.source.decode("utf-8", "replace")} for page in pages)
    path.write_bytes(gzip.compress("".join(f"{json.dumps(row)}\n" for row in rows).encode()))
    yield "HTML in JSON lines, gz", path, html
    path = folder / "crawl.warc.gz"
    path.write_bytes(b"".join(gzip.compress(_response(page.source)) for page in pages))
    yield "WARC, gz", path, html


def _response(source: bytes) -> bytes:
    content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + source
    made = io.BytesIO()
    made.write(b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://varn.example/\r\n")
    made.write(b"WARC-Date: 2024-05-06T07:08:09Z\r\nContent-Type: application/http\r\n")
    made.write(b"Content-Length: %d\r\n\r\n" % len(content))
    return made.getvalue() + content + b"\r\n\r\n"


def _measure_rates(folder: Path, pages: Sequence[GoldPage]) -> None:
    print(f"{'':<26}{'pages':>7}{'parsing/s':>13}{'load/s':>11}{'overhead':>11}{'ms a page':>13}")
    for name, source, raws in _sources_of(folder, pages):
        _row(name, len(raws), _cpu(_made(raws)), _cpu(_loaded(folder, source, len(raws))))
    files = folder / "made"
    made_projects.text_files(files, _TEXT_PAGES)
    raws = [Raw(path.read_bytes(), path.name) for path in sorted(files.iterdir())]
    loading = _cpu(_loaded(folder, files, _TEXT_PAGES))
    _row("text files of 4 KB", _TEXT_PAGES, _cpu(_made(raws)), loading)


@click.command()
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--beside", type=int, help="Press keys while so many pages come in.")
def main(corpus: Path | None, beside: int | None) -> None:
    """Print pages a second of processor time, and how good the search for near-duplicates is."""
    with TemporaryDirectory(prefix="segmark-bench-") as name:
        folder = Path(name)
        if corpus:
            pages = read_corpus(corpus)
            _measure_rates(folder, pages)
            for line in duplicate_figures.measure(folder, pages):
                print(line)
        if beside:
            # Imported here: Qt stays out of the other figures.
            from tests.benchmarks.beside_figures import measure

            for line in measure(folder, beside):
                print(line)


if __name__ == "__main__":
    main()
