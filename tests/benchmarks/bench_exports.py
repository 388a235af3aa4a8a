"""How fast each format is written, in how much memory; those without their library are left out.

    python -m tests.benchmarks.bench_exports [--corpus FOLDER] [PAGES [FORMAT...]]

With ``--corpus``, the texts are those of the real pages in the folder. Each format is written by a
process of its own; ``html`` and ``dom`` from pages that were HTML. Of more than ten thousand pages
there are ten thousand texts, again and again. Beside them stands writing the bytes of ``jsonl``
with orjson alone, to the disk: from records that are in memory already, each text as new as an
export's is, through a buffer as large as an export's, and with one ``fsync`` at the end. So nothing
is read, checked, counted or summed up, and no checksum is taken.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import orjson
from segmark.core.record import RecordFilter
from segmark.export.error import ExportError
from segmark.export.formats import jsonl
from segmark.export.formats.registry import FORMATS
from segmark.export.options import ExportOptions
from segmark.jobs.exporting.exporting import export
from segmark.store.store import Store

from tests.benchmarks.figures import MB
from tests.benchmarks.made_projects import (
    finished_corpus_project,
    finished_project,
    finished_web_project,
    multiply,
)

_PAGES = 10_000
_HELD = 10_000  # texts, and records in memory
_FRESH = 1_000  # records that are copied, untimed, before they are written
_BUFFER = 1 << 18  # bytes, as ``segmark.export.file_set`` has it
_FROM_HTML = frozenset({"html", "dom"})


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--one"]:
        _one(Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:])
        return
    words = sys.argv[1:]
    corpus = Path(words[1]) if words[:1] == ["--corpus"] else None
    words = words[2:] if corpus else words
    pages = int(words[0]) if words else _PAGES
    forms = words[1:] or [*FORMATS, "tokens window", "conll window"]
    with TemporaryDirectory() as folder:
        project, web = Path(folder) / "made.segmark", Path(folder) / "web.segmark"
        if corpus:
            pages = _of_corpus(project, corpus, pages)
        elif not _FROM_HTML.issuperset(forms):
            _make(project, finished_project, pages)
        if not _FROM_HTML.isdisjoint(forms):
            _make(web, finished_web_project, pages)
        print(
            f"{pages:,} pages of {_size(project, web)} characters with five spans each", flush=True
        )
        print(f"{'':16}{'pages/s':>10}{'of cpu':>10}{'peak MB':>10}{'MB on disk':>12}")
        for number, form in enumerate(("orjson", *forms)):
            out = Path(folder) / f"out{number}"
            used = web if form in _FROM_HTML or not project.exists() else project
            words = [sys.executable, "-m", __spec__.name, "--one", str(used), str(out)]
            words += form.split()
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            said = done.stdout.strip() or done.stderr.strip().splitlines()[-1]
            print(f"{form:16}{said}", flush=True)
            rmtree(out, ignore_errors=True)


def _make(project: Path, make: Callable[[Path, int], None], pages: int) -> None:
    make(project, min(pages, _HELD))
    multiply(project, max(1, pages // _HELD))


def _of_corpus(project: Path, corpus: Path, pages: int) -> int:
    texts = finished_corpus_project(project, corpus)
    times = max(1, round(pages / texts))
    multiply(project, times)
    return times * texts


def _size(*projects: Path) -> str:
    """The mean length of the texts of the first project that is there."""
    path = next(each for each in projects if each.exists())
    with Store.open(path) as store, closing(store.records(RecordFilter())) as records:
        lengths = [len(record.text) for record in islice(records, _FRESH)]
    return f"{sum(lengths) / len(lengths):,.0f}"


def _one(project: Path, out: Path, form: str, unit: str = "") -> None:
    seconds, cpu = _alone(project, out) if form == "orjson" else _export(project, out, form, unit)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    with Store.open(project) as store:
        pages = store.pages.count()
    print(f"{pages / seconds:10,.0f}{pages / cpu:10,.0f}{_peak():10,.0f}{size / MB:12,.1f}")


def _peak() -> float:
    """The most memory that this process ever held, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():
        # What getrusage tells on Linux counts in the process that this one was forked from.
        words = status.read_text().partition("VmHWM:")[2].split()
        return int(words[0]) * 1024 / MB
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MB


def _export(project: Path, out: Path, form: str, unit: str) -> tuple[float, float]:
    begun = perf_counter(), process_time()
    with Store.open(project) as store:
        try:
            export(store, ExportOptions(folder=out, form=form, unit=unit), lambda *_: None)
        except ExportError as error:
            sys.exit(f"{error}")
    return perf_counter() - begun[0], process_time() - begun[1]


def _alone(project: Path, out: Path) -> tuple[float, float]:
    with Store.open(project) as store:
        pages = store.pages.count()
        with closing(store.records(RecordFilter())) as records:
            rows = [jsonl.fields(record) for record in islice(records, _HELD)]
    out.mkdir()
    endless, wall, cpu = cycle(rows), 0.0, 0.0
    with (out / "pages.jsonl").open("wb", buffering=_BUFFER) as file:
        for done in range(0, pages, _FRESH):
            fresh = [_copied(row) for row in islice(endless, min(_FRESH, pages - done))]
            begun = perf_counter(), process_time()
            for row in fresh:
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            wall, cpu = wall + perf_counter() - begun[0], cpu + process_time() - begun[1]
        begun = perf_counter(), process_time()
        file.flush()
        os.fsync(file.fileno())
    return wall + perf_counter() - begun[0], cpu + process_time() - begun[1]


def _copied(row: dict[str, Any]) -> dict[str, Any]:
    # A string keeps its UTF-8 once orjson has asked for it: the second time takes half as long.
    return row | {"text": (row["text"] + "\n")[:-1]}


if __name__ == "__main__":
    main()
