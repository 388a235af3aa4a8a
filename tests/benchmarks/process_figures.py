"""Start, loading and export, each in a process of its own as a person would run it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import made_projects
from tests.benchmarks.figures import MB, Figure, middle
from tests.places import ROOT

PAGES = 10_000
_STARTS = 9
#: What bare Python took for the import on the machine that the budgets come from, when idle.
_IMPORT_MS = 90
#: How many times as long as that import a start may take.
_MULTIPLE = 2.2
_RUNS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """A process that has ended: its seconds, processor seconds, peak memory and output."""

    begun: float
    seconds: float
    cpu: float
    peak: int
    output: str


def run(folder: Path, *arguments: str) -> Run:
    """Run Python with these arguments, on no screen and with settings in the folder.

    Its compiled code lies in the folder too, as an installed program's lies beside it. The peak
    is not below this process's own, which must therefore stay small: so no Qt here.
    """
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "SEGMARK_CONFIG": str(folder / "settings"),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.time()
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.time() - begun
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(begun, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * unit, output)


def measure(folder: Path) -> list[Figure]:
    """All of them; the files are made in the folder."""
    return [*_starting(folder), *_loading(folder), *_exporting(folder)]


def _starting(folder: Path) -> list[Figure]:
    project, content = folder / "start.segmark", made_projects.text(4_000)
    with made_projects.new_store(project) as store:
        made_projects.add(store, content)
    text = folder / "start.txt"
    text.write_text(content, encoding="utf-8")
    first_paint = ("-m", "tests.benchmarks.first_paint", str(project), "--annotator", "bench")
    bare_window = ("-m", "tests.benchmarks.bare_window", str(text))
    for compiled in (first_paint, bare_window):
        run(folder, *compiled)
    runs, imports, bare = list[Run](), list[Run](), list[Run]()
    for _ in range(_STARTS):
        imports.append(run(folder, "-c", "from PySide6 import QtWidgets"))
        bare.append(run(folder, *bare_window))
        runs.append(run(folder, *first_paint))
    imported = middle((done.seconds for done in imports), 1e3)
    painted = middle(map(_until_painted, runs), 1e3)
    painted_bare = middle(map(_until_painted, bare), 1e3)
    memory = middle((float(done.output.split()[1]) for done in runs), 1 / MB)
    peak = middle((done.peak for done in runs), 1 / MB)
    return [
        Figure("program start to first painted page", "ms", painted, 300,
               middle((done.cpu for done in runs), 1e3), "cpu: of the whole run"),
        Figure("  the same text in a bare window", "ms", painted_bare, None,
               middle((done.cpu for done in bare), 1e3)),
        Figure("  of both, Python importing QtWidgets", "ms", imported, None,
               middle((done.cpu for done in imports), 1e3),
               f"{_IMPORT_MS} ms where the budgets were set: how fast is this machine?"),
        Figure("  start, as a multiple of the import", "×", painted / imported, _MULTIPLE, None,
               f"bare window {painted_bare / imported:.2f} ×"),
        Figure("memory with a 4 KB page open", "MB", memory, 130, None, f"peak {peak:.0f} MB"),
    ]  # fmt: skip


def _until_painted(done: Run) -> float:
    """The seconds from the start of a process to the time that it printed first."""
    return float(done.output.split()[0]) - done.begun


def _loading(folder: Path) -> list[Figure]:
    texts = folder / "texts"
    made_projects.text_files(texts, PAGES)
    runs = []
    for number in range(_RUNS):
        project = folder / f"load{number}.segmark"
        runs.append(run(folder, "-m", "segmark", "load", str(project), str(texts)))
        _remove(project)
    return [_timed(f"load {PAGES:,} text pages", 3, runs)]


def _exporting(folder: Path) -> list[Figure]:
    project = folder / "finished.segmark"
    made_projects.finished_project(project, PAGES)
    out = str(folder / "export")
    runs = [run(folder, "-m", "segmark", "export", str(project), out) for _ in range(_RUNS)]
    peak = middle((done.peak for done in runs), 1 / MB)
    return [
        _timed(f"export {PAGES:,} finished pages", 0.8, runs),
        Figure("  its peak memory", "MB", peak, 60),
    ]


def _timed(what: str, budget: float, runs: Sequence[Run]) -> Figure:
    seconds, cpu = middle(done.seconds for done in runs), middle(done.cpu for done in runs)
    return Figure(what, "s", seconds, budget, cpu)


def _remove(project: Path) -> None:
    for file in project.parent.glob(f"{project.name}*"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
