"""A project of very many pages, half of them finished: what the window does at once in it."""

import resource
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from segmark.core.annotation import State, Status
from segmark.core.edit import Edit
from segmark.core.text.normalise import sha256_of
from segmark.store.store import Store

from tests.benchmarks import list_figures, made_projects
from tests.benchmarks.figures import MB, Figure, middle
from tests.benchmarks.made_projects import ANNOTATOR
from tests.benchmarks.watched_window import Times, WatchedWindow

_RUNS = 9
_KEYS = (Qt.Key.Key_1, Qt.Key.Key_2)


def measure(folder: Path, pages: int = 1_000_000) -> list[Figure]:
    """All of them; the project is made in the folder."""
    project = folder / "million.segmark"
    _make(project, pages)
    size = Figure(f"{pages:,} pages: the file", "MB", project.stat().st_size / MB)
    store = [*_of_the_store(project, pages), *list_figures.of_the_store(project)]
    window = _of_the_window(folder, project, pages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB
    return [
        size,
        *store,
        *window,
        Figure("  most memory, the store's figures among it", "MB", peak),
    ]


def _make(project: Path, pages: int) -> None:
    with made_projects.new_store(project) as store:
        made_projects.add(store, "The page that all others are like.")
        done = Edit("Page done", after=State(Status.DONE))
        store.annotations(ANNOTATOR).save(1, done)
    with closing(sqlite3.connect(project)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany(
            """INSERT INTO page VALUES (?, ?, 'bench/page.txt', ?, '', '', 'en',
                'utf-8', 'text', ?, ?, ?, '2024-10-15T07:40:00')""",
            (
                (number, name, made_projects.site_of(number), line, len(text), sha256_of(text))
                for number, name, line, text in made_projects.million_rows(pages)
            ),
        )
        connection.executemany(
            "INSERT INTO page_text VALUES (?, ?)",
            ((number, text) for number, _, _, text in made_projects.million_rows(pages)),
        )
        connection.execute(
            "INSERT INTO near_duplicate SELECT number, 1 FROM page WHERE number % 50 = 2"
        )
        connection.execute("CREATE TEMP TABLE like_one AS SELECT * FROM annotation")
        for number in range(2, pages // 2 + 1):
            connection.execute("UPDATE like_one SET page = ?", [number])
            connection.execute("INSERT INTO annotation SELECT * FROM like_one")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _timed(act: Callable[[], object], runs: int = _RUNS) -> float:
    """Milliseconds of an act, the median of some runs."""
    samples = []
    for _ in range(runs):
        begun = time.perf_counter()
        act()
        samples.append(time.perf_counter() - begun)
    return middle(samples, 1e3)


def _of_the_store(project: Path, pages: int) -> list[Figure]:
    opening = _timed(lambda: Store.open(project).close())
    with Store.open(project) as store:
        steps = {
            "from where one is": _timed(lambda: store.pages.unfinished(ANNOTATOR, pages // 2, 1)),
            "over all finished ones": _timed(lambda: store.pages.unfinished(ANNOTATOR, 1, 1)),
            "backwards round the end": _timed(lambda: store.pages.unfinished(ANNOTATOR, 2, -1)),
        }
        counts = _timed(lambda: store.progress(ANNOTATOR))
        position = _timed(lambda: store.pages.position(pages - 1))
        figures = _timed(lambda: store.figures([ANNOTATOR]), 3)
    return [
        Figure(f"{pages:,} pages: open the file", "ms", opening, 300),
        *(Figure(f"  next unfinished page, {how}", "ms", ms, 10) for how, ms in steps.items()),
        Figure("  progress counts", "ms", counts, 20),
        Figure("  place of a page", "ms", position),
        Figure("  the project in numbers, counted beside the window", "ms", figures),
    ]


def _of_the_window(folder: Path, project: Path, pages: int) -> list[Figure]:
    window = WatchedWindow(folder)
    opening, pressing, going = Times(), Times(), Times()
    try:
        for _ in range(_RUNS):
            window.window.close_project()
            store = Store.open(project)
            window.time(lambda store=store: window.program.projects.show_store(store), opening)  # type: ignore[misc]
        session = window.window.session
        if session is None:
            raise RuntimeError("no project is open")
        for run in range(_RUNS):
            session.open(pages // 2 + 7 * run + 1)
            key = _KEYS[run % len(_KEYS)]
            window.time(lambda key=key: QTest.keyPress(window.view, key), pressing)  # type: ignore[misc]
            session.open(1)
            window.time(lambda: session.step_unfinished(1), going)
        listing = list_figures.of_the_window(window)
    finally:
        window.close()
    return [
        _until_idle("  open it in the window", opening, 300),
        _until_idle("  key press, with its commit", pressing),
        _until_idle("  from the first page to the next unfinished one", going),
        *listing,
    ]


def _until_idle(what: str, times: Times, budget: float | None = None) -> Figure:
    """All that is done at once, the list of pages among it, not only the page's painting."""
    return Figure(what, "ms", middle(times.idle, 1e3), budget, middle(times.idle_cpu, 1e3))
