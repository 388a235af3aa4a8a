"""How soon the next page's suggestions are painted, and key presses while something is learnt."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from segmark.core.edit import Edit
from segmark.session.session import Session
from segmark.store.store import Store
from segmark.store.suggestions import Policy

from tests.benchmarks import site_pages
from tests.benchmarks.bare_commit import BareCommit
from tests.benchmarks.figures import Figure, middle
from tests.benchmarks.watched_window import Times, WatchedWindow

_FINISHED = 8  # pages of the site at first; up to 24 are while it is timed
_PRESSES = 150
_BLOCKS = 50  # that are labelled again and again
_PAUSE_MS = 40  # between two key presses
_LOOK_MS = 1_000  # that an annotator looks at the page before it is done
_PATIENCE_MS = 60_000
#: Finished pages of other sites. From 80 pages on there is more to be learnt from them, and with
#: those of the site there are never so many.
_ELSEWHERE = 50
#: With so few, and those of the site, what forty pages teach is learnt while keys are pressed.
_ELSEWHERE_LEARNT = 34
_KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


def measure(folder: Path) -> list[Figure]:
    """All of them; the projects are made in the folder."""
    return [
        _next_page(folder, "suggestions of the next page, a second's look before Enter", _LOOK_MS),
        _next_page(folder, "  Enter with the last label, without a look", 0),
        _first_page(folder),
        *_pressing(folder),
    ]


def _next_page(folder: Path, what: str, look: int) -> Figure:
    """From Enter on the page that is done to the next one's suggestions on the screen."""
    store = site_pages.project(
        folder / f"next{look}.segmark", finished=_FINISHED, elsewhere=_ELSEWHERE
    )
    path = store.path
    window = WatchedWindow(folder)
    window.show(store)
    _await_suggestions(window)
    window.close()
    window = WatchedWindow(folder)
    begun, seconds = time.perf_counter(), list[float]()
    window.show(Store.open(path))
    try:
        _await_suggestions(window)
        first = time.perf_counter() - begun
        for _ in range(len(site_pages.site().own) - _FINISHED - 1):
            _label(window)
            _pass(look)
            begun = time.perf_counter()
            QTest.keyPress(window.view, Qt.Key.Key_Return)
            _await_suggestions(window)
            QCoreApplication.sendPostedEvents()
            seconds.append(time.perf_counter() - begun)
    finally:
        window.close()
    worst = max(seconds) * 1e3
    return Figure(
        what, "ms", middle(seconds, 1e3), 150, None,
        f"{len(seconds)} pages of {site_pages.site().name}, worst {worst:.0f} ms; "
        f"after a restart {first * 1e3:.0f} ms",
    )  # fmt: skip


def _first_page(folder: Path) -> Figure:
    """From opening an empty project to its first suggestions, with the start of the process."""
    store = site_pages.project(folder / "first.segmark", finished=0, elsewhere=0)
    window = WatchedWindow(folder)
    begun = time.perf_counter()
    window.show(store)
    try:
        _await_suggestions(window)
        seconds = time.perf_counter() - begun
    finally:
        window.close()
    return Figure("suggestions of the first page of a project", "ms", seconds * 1e3, 2_000)


def _session(window: WatchedWindow) -> Session:
    session = window.window.session
    if session is None:
        raise RuntimeError("no project is open")
    return session


def _await_suggestions(window: WatchedWindow) -> None:
    service = window.window.suggestions
    if service is None:
        raise RuntimeError("no project is open")
    if not service.suggesting.open:
        loop = QEventLoop()
        service.changed.connect(loop.quit)
        QTimer.singleShot(_PATIENCE_MS, loop.quit)
        loop.exec()
    if not service.suggesting.open:
        raise RuntimeError("there were no suggestions")


def _label(window: WatchedWindow) -> None:
    """Accept what is suggested, and put right what was wrong."""
    session = _session(window)
    QTest.keyPress(window.view, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    opened = session.open_page
    if opened is None:
        raise RuntimeError("no page is open")
    gold = next(one.spans for one in site_pages.site().own if one.page.id == opened.page.id)
    before, wanted = set(session.spans), set(gold)
    if before != wanted:
        state = opened.annotation.state
        removed, added = sorted(before - wanted), sorted(wanted - before)
        session.do(Edit("Put right", tuple(removed), tuple(added), state, state))
    window.settle()


def _pass(milliseconds: int) -> None:
    """Let time go by in the window, as when a person looks at it."""
    if milliseconds:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


@dataclass(frozen=True, slots=True)
class _Presses:
    """The key presses, and seconds of the disk's own commit just before each."""

    times: Times
    commits: list[float]

    def figure(self, what: str, beside: str = "") -> Figure:
        commit = middle(self.commits, 1e3)
        late = quantiles(self.times.painted, n=20)[-1] * 1e3
        return Figure(
            what, "ms", middle(self.times.painted, 1e3) - commit, 2,
            middle(self.times.painted_cpu, 1e3),
            f"bare commit {commit:.2f} ms, 95 % of the presses within {late:.1f} ms{beside}",
        )  # fmt: skip


def _pressing(folder: Path) -> Iterator[Figure]:
    """Key presses with suggestions off, and then while the process learns all that it can."""
    store = site_pages.project(
        folder / "learning.segmark", finished=_FINISHED, elsewhere=_ELSEWHERE_LEARNT
    )
    with store.write():
        store.suggestions.keep_policy(Policy(on=False))
    window, bare = WatchedWindow(folder), BareCommit(folder)
    window.show(store)
    try:
        yield _pressed(window, bare).figure("key press with suggestions off")
        with store.write():
            store.suggestions.keep_policy(Policy(blind_share=0))
        if window.window.suggestions:
            window.window.suggestions.refresh()
        _session(window).step_page(1)
        _await_suggestions(window)
        process = multiprocessing.active_children()[0].pid or 0
        begun, used = time.perf_counter(), _processor_seconds(process)
        presses = _pressed(window, bare)
        busy = _processor_seconds(process) - used
        beside = f"; it learnt for {busy:.1f} of {time.perf_counter() - begun:.1f} s"
        yield presses.figure("key press while suggestions are learnt", beside)
    finally:
        bare.close()
        window.close()


def _pressed(window: WatchedWindow, bare: BareCommit) -> _Presses:
    presses, session = _Presses(Times(), []), _session(window)
    opened = session.open_page
    if opened is None:
        raise RuntimeError("no page is open")
    blocks = opened.page.blocks[:_BLOCKS]
    for press in range(_PRESSES + len(blocks)):
        _pass(_PAUSE_MS)
        begun = time.perf_counter()
        bare.write()
        commit = time.perf_counter() - begun
        start = blocks[press % len(blocks)].start
        window.view.select(start, start)
        key = _KEYS[(press + press // len(blocks)) % len(_KEYS)]
        # At first the blocks have no label, and pages differ in what is suggested for them.
        times = presses.times if press >= len(blocks) else Times()
        window.time(lambda key=key: QTest.keyPress(window.view, key), times)  # type: ignore[misc]
        if press >= len(blocks):
            presses.commits.append(commit)
    return presses


def _processor_seconds(process: int) -> float:
    """What a process has used of the processor so far; 0 where nobody tells."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
