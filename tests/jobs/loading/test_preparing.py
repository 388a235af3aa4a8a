"""Loading with several processes: nothing but the time that it takes depends on their number."""

import json
import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from segmark.jobs.loading.pages import FAST, load_pages
from segmark.jobs.loading.report import LoadReport, SourceReport
from segmark.jobs.workers import Workers
from segmark.loading.options import LOAD_ALL, LoadOptions
from segmark.store.store import Store

from tests.articles import article, framed
from tests.factories import make_project

_PAGES = 60
AT_ONCE = Workers(2, patience=0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(_PAGES):
        lines = "".join(f"<p class=lead>{line}</p>" for line in article(number).split("\n"))
        style = "<style>.ad { display: none }</style>"
        page = f"<html><head>{style}<title>{number}</title></head><body><div class=ad>Ad</div>"
        (folder / f"{number:03}.html").write_text(f"{page}<h1>Page {number}</h1>{lines}</body>")
    (folder / "011.html").write_text((folder / "010.html").read_text())
    (folder / "021.txt").write_text(framed(article(20), "Weather"))
    (folder / "030.html").write_bytes(b"")
    rows = [{"text": f"Storm {n}", "label": [[0, 5, "headline"]]} for n in range(30)]
    (folder / "rows.jsonl").write_text("\n".join([*map(json.dumps, rows), "rubbish"]))
    return folder


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    with make_project(project) as store:
        yield store


def load(
    store: Store, folder: Path, workers: Workers, options: LoadOptions = LOAD_ALL
) -> tuple[LoadReport, list[SourceReport]]:
    sources = list[SourceReport]()
    report = load_pages(store, [folder], None, options, sources.append, FAST, workers)
    return report, sources


def held(store: Store) -> list[object]:
    """Everything that loading stored, in load order."""
    found = list[object]()
    for number in range(1, store.pages.count() + 1):
        page = store.pages.get(number)
        spans = store.annotations("loaded").get(number).spans
        first = store.duplicates.first_of(number)
        found.append((page, page.anchors, store.pages.source(number), spans, first))
    return found


def test_the_project_and_the_report_are_those_of_one_process(
    tmp_path: Path, store: Store, folder: Path
) -> None:
    with make_project(tmp_path / "alone.segmark") as alone:
        expected, told = load(alone, folder, Workers())
        report, sources = load(store, folder, AT_ONCE)
        # Rejections are told at once, pages when their batch is written.
        assert [each for each in sources if each.page] == [each for each in told if each.page]
        assert set(sources) == set(told)
        assert str(report) == str(expected)
        assert [str(error) for error in report.rejected] == list(map(str, expected.rejected))
        assert held(store) == held(alone)
    assert report.near
    assert report.labelled == 30
    assert multiprocessing.active_children() == []


def test_no_more_than_the_limit_is_loaded(store: Store, folder: Path) -> None:
    report, _ = load(store, folder, AT_ONCE, replace(LOAD_ALL, limit=5))
    assert report.added == 5
    assert multiprocessing.active_children() == []


def test_a_few_pages_start_no_process(store: Store, folder: Path) -> None:
    children = list[int]()

    def look(done: int, total: int | None = None, text: str = "") -> None:
        children.append(len(multiprocessing.active_children()))

    load_pages(store, [folder], look, workers=Workers(2, patience=60.0))
    assert set(children) == {0}


def test_a_load_that_is_stopped_keeps_what_was_read_and_leaves_no_process(
    store: Store, folder: Path
) -> None:
    def stop(done: int, total: int | None = None, text: str = "") -> None:
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_pages(store, [folder], stop, workers=AT_ONCE)
    assert multiprocessing.active_children() == []
    assert store.pages.count() == 29


def test_a_thread_loads_alone(store: Store, folder: Path) -> None:
    with make_project(store.path.with_name("other.segmark")) as other:
        path = other.path
    reports = list[LoadReport]()

    def work() -> None:
        with Store.open(path) as there:
            reports.append(load(there, folder, AT_ONCE)[0])

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert str(reports[0]) == str(load(store, folder, Workers())[0])
