"""The page list of a project of very many pages: every filter and order, and the window beside."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from segmark.core.annotation import Status
from segmark.core.page_change import flag_pages, remove_pages, skip_pages
from segmark.core.queue import PageFilter, PageOrder, Sort, Strategy
from segmark.jobs.index_words import index_words
from segmark.store.store import Store

from tests.benchmarks.figures import MB, Figure, middle
from tests.benchmarks.made_projects import ANNOTATOR, MILLION_SITE
from tests.benchmarks.watched_window import WatchedWindow
from tests.ignored import ignore

_RUNS = 3
_MANY = 10_000
_FILTERS = {
    "status new (half of all)": PageFilter(Status.NEW),
    "site (a thousandth of all)": PageFilter(site=MILLION_SITE),
    "source, which all have": PageFilter(source="bench"),
    "flag, which none has": PageFilter(flagged=True),
    "no flag": PageFilter(flagged=False),
    "near-duplicates only": PageFilter(near=True),
    "no near-duplicates": PageFilter(near=False),
    "with suggestions": PageFilter(suggested=True),
    "a label on the page": PageFilter(label="body"),
    "two words in titles": PageFilter(words="ferry page"),
}
_ORDERS = {
    "by site": PageOrder(Sort.SITE),
    "shortest first": PageOrder(Sort.SHORTEST),
    "shuffled": PageOrder(Sort.SHUFFLED, seed=7),
    "spread over the sites": PageOrder(strategy=Strategy.SPREAD),
    "site by site": PageOrder(strategy=Strategy.SITE_BY_SITE),
}


def of_the_store(project: Path) -> list[Figure]:
    """How long a thread reads for each filter and order, until the first pages and until all."""
    found = []
    with Store.open(project) as store:
        for name, shown in _FILTERS.items():
            found.append(_reading(store, f"  filter: {name}", shown, PageOrder()))
        for name, order in _ORDERS.items():
            found.append(_reading(store, f"  order: {name}", PageFilter(), order))
        queue = store.pages.queue(ANNOTATOR, PageFilter(), PageOrder(strategy=Strategy.SPREAD))
        step = _timed(lambda: queue.unfinished(queue[0], 1))
        found.append(Figure("  next unfinished page of a spread queue", "ms", step, 10))
    return [*found, *_index(project)]


def _reading(store: Store, what: str, shown: PageFilter, order: PageOrder) -> Figure:
    first, whole, count = list[float](), list[float](), 0
    for _ in range(_RUNS):
        begun, parts = time.perf_counter(), 0
        for queue in store.pages.queue_by_parts(ANNOTATOR, shown, order):
            if not parts and len(queue):
                first.append(time.perf_counter() - begun)
                parts += 1
            count = len(queue)
        whole.append(time.perf_counter() - begun)
    beside = f"{count:,} pages"
    if first:
        beside += f"; the first after {middle(first, 1e3):,.0f} ms"
    return Figure(what, "ms", middle(whole, 1e3), beside=beside)


def _timed(act: Callable[[], object]) -> float:
    samples = []
    for _ in range(_RUNS):
        begun = time.perf_counter()
        act()
        samples.append(time.perf_counter() - begun)
    return middle(samples, 1e3)


def _index(project: Path) -> list[Figure]:
    before, begun = project.stat().st_size, time.perf_counter()
    with Store.open(project) as store:
        store.write_in_bulk()
        index_words(store, ignore)
        seconds = time.perf_counter() - begun
        pages = store.pages.count()
    with Store.open(project) as store:
        searches = [
            _reading(store, f"  search the text for {words}", shown, PageOrder())
            for words in ("17171", "fer 99", "ferry")
            for shown in [PageFilter(words=words, whole_text=True)]
        ]
    grown = (project.stat().st_size - before) / MB
    rate = f"{pages / seconds:,.0f} pages a second"
    return [
        Figure("  make the index of words", "s", seconds, beside=rate),
        Figure("  room of the index", "MB", grown),
        *searches,
    ]


def of_the_window(window: WatchedWindow) -> list[Figure]:
    """What the person waits for: typing, another order, acts on ten thousand pages."""
    pages = window.window.panels.pages
    found = [_until_whole(window, "  type a letter in the search field", lambda: _type(window))]
    clear = pages.header.clear
    found.append(_until_whole(window, "  clear the search", clear))
    spread = PageOrder(strategy=Strategy.SPREAD)
    found.append(_until_whole(window, "  spread over the sites", lambda: pages.set_order(spread)))
    load = PageOrder()
    found.append(_until_whole(window, "  back to load order", lambda: pages.set_order(load)))
    session = window.window.session
    if session is None:
        raise RuntimeError("no project is open")
    first = session.store.pages.count() // 4
    numbers = range(first, first + _MANY)
    for name, change in (
        ("flag", flag_pages(_MANY, flagged=True)),
        ("skip", skip_pages(_MANY)),
        ("remove", remove_pages(_MANY, removed=True)),
    ):
        act = _timed_once(lambda change=change: session.change_pages(numbers, change))  # type: ignore[misc]
        undo = _timed_once(session.undo)
        found.append(Figure(f"  {name} {_MANY:,} pages", "ms", act, beside=f"undo {undo:,.0f} ms"))
    return found


def _type(window: WatchedWindow) -> None:
    field = window.window.panels.pages.header.words
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_7)


def _timed_once(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1e3


def _until_whole(window: WatchedWindow, what: str, act: Callable[[], object]) -> Figure:
    """The longest time for which the window did not listen, until the list was whole."""
    reader = window.window.panels.pages._reader
    if reader is None:
        raise RuntimeError("no project is open")
    window.settle()
    begun = ended = time.perf_counter()
    cpu = time.thread_time()
    longest = _timed_once(act)
    busiest = (time.thread_time() - cpu) * 1e3
    quiet = 0
    while quiet < 200:  # the search field waits a while for the next letter
        cpu = time.thread_time()
        longest = max(longest, _timed_once(window.settle))
        busiest = max(busiest, (time.thread_time() - cpu) * 1e3)
        quiet = quiet + 1 if reader._complete.is_set() and reader._ready is None else 0
        time.sleep(0.001)
        if not quiet:
            ended = time.perf_counter()
    whole = f"the list is whole after {(ended - begun) * 1e3:,.0f} ms"
    return Figure(f"{what}: longest wait", "ms", longest, 50, busiest, whole)
