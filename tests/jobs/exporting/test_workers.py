"""Exports of pages from HTML with several processes: the files are the same."""

import multiprocessing
from pathlib import Path

import pytest
from segmark.core.annotation import State, Status
from segmark.core.edit import Edit
from segmark.core.span import Span
from segmark.export.options import ExportOptions
from segmark.jobs.exporting.exporting import export
from segmark.jobs.workers import Workers
from segmark.loading.loader import load_bytes
from segmark.store.store import Store

from tests.factories import make_project

_PAGES = 50


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("project") / "news.segmark"
    with make_project(path) as store:
        for number in range(_PAGES):
            html = f"<title>{number}</title><h1>Storm {number}</h1><p>Ferries &amp; trains <b>stop"
            name = f"{number}.txt" if number % 10 == 3 else f"{number}.html"
            loaded = load_bytes(html.encode(), name)
            with store.write():
                store.pages.add(loaded.page, loaded.source)
            for annotator in ("mira", "wren")[: 1 + number % 2]:
                edit = Edit("", added=(Span(0, 5, "headline"),), after=State(Status.DONE))
                store.annotations(annotator).save(number + 1, edit)
    return path


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("form", ["dom", "html"])
def test_the_files_are_those_of_one_process(project: Path, tmp_path: Path, form: str) -> None:
    with Store.open(project) as store:
        for name, workers in (("one", Workers()), ("two", Workers(2, patience=0.0))):
            options = ExportOptions(folder=tmp_path / name, form=form)
            export(store, options, lambda *_: None, workers)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert multiprocessing.active_children() == []


def test_an_export_that_is_stopped_leaves_no_process_and_no_file(
    project: Path, tmp_path: Path
) -> None:
    def stop(done: int, total: int | None = None, text: str = "") -> None:
        if done == 10:
            raise KeyboardInterrupt

    options = ExportOptions(folder=tmp_path / "out", form="dom")
    with Store.open(project) as store, pytest.raises(KeyboardInterrupt):
        export(store, options, stop, Workers(2, patience=0.0))
    assert multiprocessing.active_children() == []
    assert not files(tmp_path / "out")
