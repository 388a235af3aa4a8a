"""How fast sources of every kind load, beside parsing alone."""

import gzip
import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from segmark.jobs.loading.pages import load_pages
from segmark.loading.loader import load_bytes, load_raw
from segmark.loading.raw import RawPage

from tests.benchmarks import made_projects
from tests.benchmarks.figures import Figure
from tests.places import SHARED

_CORPUS = SHARED / "corpus/pages"
_SOME = 120  # pages of the corpus, from all over it


@dataclass(frozen=True, slots=True)
class Rate:
    """Seconds of processor time for so many pages: to make them, and to load them in all."""

    name: str
    pages: int
    parsing: float
    loading: float

    @property
    def overhead(self) -> float:
        """What loading takes beyond parsing, as a share of parsing."""
        return self.loading / self.parsing - 1


def measure(folder: Path) -> list[Figure]:
    """The kinds of sources on some pages of the corpus; nothing where it is not there."""
    files = sorted(_CORPUS.glob("*.html.gz"))
    step = max(1, len(files) // _SOME)
    sources = [gzip.decompress(file.read_bytes()) for file in files[::step]]
    return [
        Figure(
            f"load a page of the corpus: {rate.name}",
            "ms",
            rate.loading / rate.pages * 1e3,
            beside=f"{rate.pages / rate.loading:,.0f} a second, {rate.overhead:.0%} over parsing",
        )
        for rate in (rates(folder, sources, rounds=2) if sources else ())
    ]


def rates(folder: Path, sources: Sequence[bytes], rounds: int) -> Iterator[Rate]:
    """How fast each kind of source loads that holds these HTML pages, or their text."""
    for name, path, raws in _kinds(folder, sources):
        parsing = cpu(made(raws), rounds)
        yield Rate(name, len(raws), parsing, cpu(loaded(folder, path, len(raws)), rounds))


def cpu(work: Callable[[], object], rounds: int) -> float:
    """Seconds of processor time, the best of some rounds."""
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def made(raws: Sequence[RawPage]) -> Callable[[], None]:
    """What makes pages of sources."""

    def make() -> None:
        for raw in raws:
            load_raw(raw)

    return make


def loaded(folder: Path, source: Path, pages: int) -> Callable[[], None]:
    """What loads so many pages from a file or folder into a project."""

    def load() -> None:
        project = folder / "bench.segmark"
        with made_projects.new_store(project) as store:
            report = load_pages(store, [source])
        project.unlink()
        if report.added + report.already != pages:
            raise RuntimeError(f"{source.name}: {report} of {pages}")

    return load


def _kinds(folder: Path, sources: Sequence[bytes]) -> Iterator[tuple[str, Path, list[RawPage]]]:
    """Each kind of source with what parsing alone makes pages of."""
    html = [RawPage(source, "news/page.html") for source in sources]
    texts = [load_bytes(source, "news/page.html").page.text for source in sources]
    text = [RawPage(each.encode(), "news/page.txt", media="text") for each in texts]
    for kind, raws in (("html", html), ("txt", text)):
        files = folder / kind
        files.mkdir()
        for number, raw in enumerate(raws):
            (files / f"{number:04}.{kind}").write_bytes(raw.source)
        yield f"{kind} files", files, raws
    path = folder / "text.jsonl"
    path.write_text("".join(f"{json.dumps({'text': each})}\n" for each in texts))
    yield "text in JSON lines", path, text
    path = folder / "html.jsonl.gz"
    rows = ({"html": source.decode("utf-8", "replace")} for source in sources)
    path.write_bytes(gzip.compress("".join(f"{json.dumps(row)}\n" for row in rows).encode()))
    yield "HTML in JSON lines, gz", path, html
    if find_spec("warcio"):  # an extra
        path = folder / "crawl.warc.gz"
        numbered = enumerate(sources)
        path.write_bytes(b"".join(gzip.compress(_response(*each)) for each in numbered))
        yield "WARC, gz", path, html


def _response(number: int, source: bytes) -> bytes:
    # Each has an address of its own: pages of one address are compared with each other.
    content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + source
    record = io.BytesIO()
    record.write(b"WARC/1.0\r\nWARC-Type: response\r\n")
    record.write(b"WARC-Target-URI: http://varn.example/%d\r\n" % number)
    record.write(b"WARC-Date: 2024-05-06T07:08:09Z\r\nContent-Type: application/http\r\n")
    record.write(b"Content-Length: %d\r\n\r\n" % len(content))
    return record.getvalue() + content + b"\r\n\r\n"
