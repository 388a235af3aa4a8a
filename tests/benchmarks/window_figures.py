"""Key presses and opening pages, on the real window and a real project file."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from segmark.session.session import Session

from tests.benchmarks import made_projects
from tests.benchmarks.bare_commit import BareCommit
from tests.benchmarks.figures import Figure, middle
from tests.benchmarks.made_projects import MadePage
from tests.benchmarks.watched_window import Times, WatchedWindow

_KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)
_PRESSES = 150
_BETWEEN_MS = 40
_OPENINGS = 15
_PAUSE_MS = 150


def measure(folder: Path) -> list[Figure]:
    """All of them; the project is made in the folder."""
    store = made_projects.new_store(folder / "window.segmark")
    small = [made_projects.add(store, made_projects.text(4_000, seed=n)) for n in range(16)]
    middling = made_projects.add(store, made_projects.lines(1_200, seed=1), 1_000)
    full = made_projects.add(store, made_projects.lines(10_000, seed=2), 10_000)
    many = made_projects.add(store, made_projects.lines(10_200, seed=3), 10_000)
    large = made_projects.add(store, made_projects.text(500_000, seed=4))
    huge = made_projects.add(store, made_projects.text(5_000_000, seed=5))
    window = WatchedWindow(folder)
    window.show(store)
    bare = BareCommit(folder)
    try:
        opened = [
            _open("open a page of 4 KB", 10, window, small[0], small[1]),
            _open("open a page of 500 KB", 30, window, large, small[1]),
            _open("open a page of 5 MB", 300, window, huge, small[1]),
            _open("open 500 KB with 10,000 spans", 40, window, many, small[1]),
        ]
        pressed = [
            _press_in_use(window, bare, _each_block(window, small[8:])),
            _press("key press, page of 4 KB", 2, window, bare, _each_block(window, small[:8])),
            _press("key press, 1,000 spans", 2.5, window, bare, _downwards(window, middling)),
            _press("key press, 10,000 spans", 3, window, bare, _downwards(window, many)),
            _press(
                "key press, each of 10,000 blocks labelled", 3, window, bare,
                _relabelling(window, full),
            ),
        ]  # fmt: skip
    finally:
        bare.close()
        window.close()
    return [figure for figures in (*pressed, *opened) for figure in figures]


def _session(window: WatchedWindow) -> Session:
    session = window.window.session
    if session is None:
        raise RuntimeError("no project is open")
    return session


def _each_block(window: WatchedWindow, pages: Sequence[MadePage]) -> Iterator[Qt.Key]:
    """Label every block of page after page, the caret going on by itself."""
    for made in pages:
        _session(window).open(made.number)
        for index in range(len(made.page.blocks)):
            yield _KEYS[index % len(_KEYS)]


def _downwards(window: WatchedWindow, made: MadePage) -> Iterator[Qt.Key]:
    """Go on labelling below the spans that are there."""
    _session(window).open(made.number)
    start = made.page.blocks[made.spans].start
    window.view.select(start, start)
    for index in range(len(made.page.blocks) - made.spans):
        yield _KEYS[index % len(_KEYS)]


def _relabelling(window: WatchedWindow, made: MadePage) -> Iterator[Qt.Key]:
    """Change labels from the middle on down; there is no next block without one."""
    _session(window).open(made.number)
    middle_block = len(made.page.blocks) // 2
    for index in range(middle_block, len(made.page.blocks)):
        start = made.page.blocks[index].start
        window.view.select(start, start)
        yield _KEYS[(index + 2) % len(_KEYS)]


def _press_in_use(window: WatchedWindow, bare: BareCommit, keys: Iterator[Qt.Key]) -> list[Figure]:
    """Press keys as fast as a person can, who leaves the processor's caches cold in between."""
    commit, times = _pressed(window, bare, keys, _BETWEEN_MS)
    painted, idle = middle(times.painted, 1e3), middle(times.idle, 1e3)
    return [
        Figure(
            f"key press in real use, {_BETWEEN_MS} ms apart, until idle", "ms", idle - commit, 6,
            middle(times.idle_cpu, 1e3),
            f"bare commit {commit:.2f} ms, painted {painted:.2f} ms, whole {idle:.2f} ms",
        ),
    ]  # fmt: skip


def _pressed(
    window: WatchedWindow, bare: BareCommit, keys: Iterator[Qt.Key], apart: int = 0
) -> tuple[float, Times]:
    """Press keys, so many milliseconds apart; the median of bare commits (ms), and the times."""
    times, commits = Times(), list[float]()
    spans = None
    for _, key in zip(range(_PRESSES), keys, strict=False):
        if apart:
            QTest.qWait(apart // 2)
        begun = time.perf_counter()
        bare.write()
        commits.append(time.perf_counter() - begun)
        if apart:
            QTest.qWait(apart // 2)
        window.time(lambda key=key: QTest.keyPress(window.view, key), times)  # type: ignore[misc]
        if _session(window).spans == spans:
            raise RuntimeError("a key press changed nothing")
        spans = _session(window).spans
    return middle(commits, 1e3), times


def _press(
    what: str, budget: float, window: WatchedWindow, bare: BareCommit, keys: Iterator[Qt.Key]
) -> list[Figure]:
    """Press keys, each beside a bare commit; all until painted, and until idle."""
    commit, times = _pressed(window, bare, keys)
    whole, idle = middle(times.painted, 1e3), middle(times.idle, 1e3)
    return [
        Figure(
            what, "ms", whole - commit, budget, middle(times.painted_cpu, 1e3),
            f"bare commit {commit:.2f} ms, whole {whole:.2f} ms",
        ),
        Figure("  until idle", "ms", idle - commit, cpu=middle(times.idle_cpu, 1e3)),
    ]  # fmt: skip


def _open(
    what: str, budget: float, window: WatchedWindow, made: MadePage, other: MadePage
) -> list[Figure]:
    """Open a page again and again, another one between."""
    times, session = Times(), _session(window)
    for _ in range(_OPENINGS):
        session.open(other.number)
        QTest.qWait(_PAUSE_MS)  # its suggestions are being made
        window.time(lambda: session.open(made.number), times)
    return [
        Figure(what, "ms", middle(times.painted, 1e3), budget, middle(times.painted_cpu, 1e3)),
        Figure("  until idle", "ms", middle(times.idle, 1e3), cpu=middle(times.idle_cpu, 1e3)),
    ]
