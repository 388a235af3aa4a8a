"""Key presses in the window while very many pages come into its project."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from segmark.session.session import Session

from tests.benchmarks import made_projects
from tests.benchmarks.bare_commit import BareCommit
from tests.benchmarks.made_projects import MadePage
from tests.benchmarks.watched_window import Times, WatchedWindow

_BUDGET = 2.0  # ms, of a key press that is painted and saved, beyond the disk's own commit
_KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)
_LABELLED = 40  # pages
_QUIET = 150  # presses before anything is loaded
_PAUSE_MS = 40


def measure(folder: Path, pages: int) -> Iterator[str]:
    """Lines that hold the key presses beside those of a window that loads nothing."""
    store = made_projects.new_store(folder / "beside.segmark")
    made = [
        made_projects.add(store, made_projects.text(4_000, seed=-seed))
        for seed in range(1, _LABELLED)
    ]
    source = folder / "beside.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for seed in range(pages):
            file.write(json.dumps({"text": made_projects.text(4_000, seed=seed)}) + "\n")
    window, bare = WatchedWindow(folder), BareCommit(folder)
    window.show(store)
    session = window.window.session
    if session is None:
        raise RuntimeError("no project is open")
    keys = _keys(session, made)
    try:
        quiet = [_press(window, bare, next(keys)) for _ in range(_QUIET)]
        yield _line("nothing is loaded", quiet)
        window.program.projects.load([source])
        begun, busy = time.perf_counter(), list[tuple[float, float]]()
        while window.window.background.running:
            busy.append(_press(window, bare, next(keys)))
        seconds = time.perf_counter() - begun
        window.settle()
        yield _line(f"{pages:,} pages come in", busy)
        yield f"  {store.pages.count():,} pages in {seconds:.0f} s, {pages / seconds:,.0f} a second"
    finally:
        bare.close()
        window.close()


def _keys(session: Session, pages: Sequence[MadePage]) -> Iterator[Qt.Key]:
    """Label block after block of page after page, with other labels in each round."""
    shift = 0
    while True:
        for made in pages:
            session.open(made.number)
            for index in range(len(made.page.blocks)):
                yield _KEYS[(index + shift) % len(_KEYS)]
        shift += 1


def _press(window: WatchedWindow, bare: BareCommit, key: Qt.Key) -> tuple[float, float]:
    """Milliseconds until the page is painted, and of the disk's own commit just before."""
    QTest.qWait(_PAUSE_MS)
    begun = time.perf_counter()
    bare.write()
    commit = time.perf_counter() - begun
    times = Times()
    window.time(lambda: QTest.keyPress(window.view, key), times)
    return times.painted[0] * 1e3, commit * 1e3


def _line(what: str, presses: Sequence[tuple[float, float]]) -> str:
    painted = [press for press, _ in presses]
    commit = median(commit for _, commit in presses)
    beyond = median(painted) - commit
    return (
        f"key press while {what}: {beyond:.2f} ms beyond the commit of {commit:.2f} ms, "
        f"{beyond / _BUDGET:.2f} of the budget ({len(presses)} presses, "
        f"95 % within {quantiles(painted, n=20)[-1]:.1f} ms, longest {max(painted):.1f} ms)"
    )
