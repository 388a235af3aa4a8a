"""Loading and exporting real pages, beside what others take for the same ones in the same run.

The corpus is at ``../shared/corpus``; without it nothing is measured.
"""

import gzip
import os
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from lxml import etree
from segmark.core.annotation import State, Status
from segmark.core.edit import Edit
from segmark.core.span import Span
from segmark.core.text.normalise import trim
from segmark.export.options import ExportOptions
from segmark.jobs.exporting.exporting import export
from segmark.jobs.loading.pages import FAST, load_pages
from segmark.jobs.workers import Workers
from segmark.loading.options import LOAD_ALL
from segmark.store.store import Store

from tests.benchmarks import made_projects
from tests.benchmarks.figures import Figure
from tests.places import SHARED

_CORPUS = SHARED / "corpus/pages"
_SOME = 300  # pages of the corpus, from all over it
_FEW = 40  # of them, for what takes long
_LOAD_MS, _EXPORT_MS = 1000 / 170, 1000 / 150
_SPEED_UP = 1.7  # on two cores
_SHORT, _SPANS = 40, 6


def measure(folder: Path) -> list[Figure]:
    """Processor time for a page, and the time that all cores take of that of one."""
    files = sorted(_CORPUS.glob("*.html.gz"))
    if not files:
        return []
    pages = folder / "pages"
    pages.mkdir()
    sources = [gzip.decompress(file.read_bytes()) for file in files[:: len(files) // _SOME or 1]]
    for number, source in enumerate(sources):
        (pages / f"{number:04}.html").write_bytes(source)
    parsed, _ = _taken(lambda: [_parse(source) for source in sources])
    parsing = parsed / len(sources) * 1e3
    found = [
        Figure("parse a page of the corpus with lxml", "ms", parsing, beside=_rate(parsing)),
        *_extracting(sources[:: len(sources) // _FEW], parsing),
    ]
    project = folder / "corpus.segmark"
    cpu, alone = _load(project, pages, Workers())
    one = cpu / len(sources) * 1e3
    found.append(_figure("  load it, in one process", one, parsing, _LOAD_MS))
    found += _shared(alone, lambda workers: _load(folder / "cores.segmark", pages, workers))
    count = _label(project)
    for form in ("dom", "html"):
        cpu, alone = _export(project, folder / form, form, Workers())
        each = cpu / count * 1e3
        found.append(_figure(f"  export it as {form}, in one process", each, parsing, _EXPORT_MS))
        found += _shared(alone, lambda workers: _export(project, folder / "all", form, workers))  # noqa: B023
    return found


def _parse(source: bytes) -> object:
    return etree.fromstring(source, etree.HTMLParser(huge_tree=True))


def _extracting(sources: Sequence[bytes], parsing: float) -> list[Figure]:
    if not find_spec("trafilatura"):  # an extra
        return []
    extract = import_module("trafilatura").extract
    cpu, _ = _taken(lambda: [extract(source) for source in sources])
    return [_figure("  trafilatura.extract", cpu / len(sources) * 1e3, parsing)]


def _figure(what: str, each: float, parsing: float, budget: float | None = None) -> Figure:
    beside = f"{_rate(each)}, {each / parsing:.1f} × parsing"
    return Figure(what, "ms", each, budget, each, beside)


def _rate(each: float) -> str:
    return f"{1e3 / each:,.0f} a second"


def _load(project: Path, pages: Path, workers: Workers) -> tuple[float, float]:
    with made_projects.new_store(project) as store:
        return _taken(lambda: load_pages(store, [pages], None, LOAD_ALL, None, FAST, workers))


def _label(project: Path) -> int:
    """Finish all pages, with spans on lines that are no menu; return how many there are."""
    with Store.open(project) as store:
        annotations, count = store.annotations(made_projects.ANNOTATOR), store.pages.count()
        for number in range(1, count + 1):
            page = store.pages.get(number)
            lines = (trim(page.text, block.start, block.end) for block in page.blocks)
            long = [line for line in lines if line[1] - line[0] > _SHORT]
            spans = tuple(Span(*line, "body") for line in long[:_SPANS])
            annotations.save(number, Edit("Label", added=spans, after=State(Status.DONE)))
        return count


def _export(project: Path, out: Path, form: str, workers: Workers) -> tuple[float, float]:
    options = ExportOptions(folder=out, form=form)
    with Store.open(project) as store:
        return _taken(lambda: export(store, options, lambda *_: None, workers))


def _shared(alone: float, work: Callable[[Workers], tuple[float, float]]) -> Iterator[Figure]:
    """The time of a process for each core, as a share of the time of one."""
    cores = os.cpu_count() or 1
    if cores > 1:
        _, seconds = work(Workers(cores))
        beside = f"with the start of {cores} processes"
        yield Figure(
            "    of that, on all cores", "×", seconds / alone, 1 / _SPEED_UP, beside=beside
        )


def _taken(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time in this process, and of the clock."""
    begun = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - begun[0], time.perf_counter() - begun[1]
