"""Loading in a process of its own, as the window does it."""

import json
import multiprocessing
import zipfile
from pathlib import Path

import pytest
from segmark.jobs.loading.worker import LoadingStoppedError, load_in_worker
from segmark.jobs.worker_process import sendable
from segmark.store.errors import StoreError
from segmark.store.store import Store

from tests.factories import make_project
from tests.ignored import ignore


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "news" / "rows.jsonl"
    path.parent.mkdir()
    lines = [json.dumps({"text": f"Row {n}"}) for n in range(2000)]
    path.write_text("\n".join([*lines[:1500], "rubbish", *lines[1500:]]))
    return path


@pytest.fixture
def made(project: Path) -> Path:
    make_project(project).close()
    return project


def pages_in(project: Path) -> int:
    with Store.open(project) as store:
        return store.pages.count()


def test_a_file_of_records_comes_in_with_its_report(made: Path, rows: Path) -> None:
    seen = list[tuple[int, int | None, str]]()
    report = load_in_worker(made, [rows], lambda *told: seen.append(told))
    assert (report.added, report.already) == (2000, 0)
    assert [str(error).partition(": ")[0] for error in report.rejected] == ["news/rows.jsonl:1501"]
    assert pages_in(made) == 2000
    assert seen
    assert seen == sorted(seen, key=lambda told: told[0])
    assert seen[-1][2].startswith("news/rows.jsonl")
    assert multiprocessing.active_children() == []


def test_a_few_files_come_in_without_a_process(made: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One")
    children = list[int]()

    def look(done: int, total: int | None = None, text: str = "") -> None:
        children.append(len(multiprocessing.active_children()))

    assert load_in_worker(made, [tmp_path / "a.txt"], look).added == 1
    assert children == [0]


class CancelledError(BaseException):
    pass


def test_when_it_is_cancelled_what_was_read_is_kept(made: Path, rows: Path) -> None:
    def cancel(done: int, total: int | None = None, text: str = "") -> None:
        if done > 50:
            raise CancelledError

    with pytest.raises(CancelledError):
        load_in_worker(made, [rows], cancel)
    assert 50 <= pages_in(made) <= 2000
    assert multiprocessing.active_children() == []
    report = load_in_worker(made, [rows], ignore)
    assert report.added + report.already == 2000
    assert pages_in(made) == 2000


def test_what_is_wrong_with_the_project_is_told(project: Path, rows: Path) -> None:
    with pytest.raises(StoreError, match="there is no such project"):
        load_in_worker(project, [rows], ignore)


def test_when_the_process_is_ended_from_outside_that_is_told(made: Path, rows: Path) -> None:
    def kill(done: int, total: int | None = None, text: str = "") -> None:
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(LoadingStoppedError, match="what was read until then is kept"):
        load_in_worker(made, [rows], kill)
    assert load_in_worker(made, [rows], ignore).rejected
    assert pages_in(made) == 2000


def test_hostile_files_are_a_line_each_and_lose_no_other_file(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "a.txt").write_text("First")
    deep = "[" * 700 + "]" * 700
    (folder / "b.jsonl").write_text(f'{{"text": "Deep", "more": {deep}}}\n{{"text": "Row"}}')
    with zipfile.ZipFile(folder / "c.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("bad.txt", "Bad " * 100)
        archive.writestr("good.txt", "Good")
    damaged = bytearray((folder / "c.zip").read_bytes())
    damaged[50:60] = b"\xff" * 10
    (folder / "c.zip").write_bytes(damaged)
    (folder / "d.txt").write_text("Last")
    report = load_in_worker(made, [folder], ignore)
    assert report.added == pages_in(made) == 4
    assert [error.source for error in report.rejected] == ["dump/b.jsonl:1", "dump/c.zip/bad.txt"]


class _OddError(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


def test_an_error_that_can_t_be_sent_to_the_window_keeps_its_message() -> None:
    assert str(sendable(StoreError("full"))) == "full"
    assert str(sendable(_OddError("this", "that"))) == "_OddError: this and that"
