"""Reading a project where it can't be written, or where it lies on a full disk."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from segmark.session.session import Session
from segmark.store.errors import NotAtOnceError, StoreError
from segmark.store.store import Store

from tests.factories import add_pages, extra_migration, label, make_project, peek
from tests.without_rights import NOBODY, a_user_without_the_right

_LINUX = sys.platform == "linux"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can reach, which the tests' own are not."""
    path = Path(tempfile.mkdtemp(prefix="segmark-test-"))
    path.chmod(0o755)
    yield path
    path.chmod(0o755)
    shutil.rmtree(path)


def _only_file(project: Path) -> None:
    project.chmod(0o444)


def _only_folder(project: Path) -> None:
    if os.geteuid() == 0:
        os.chown(project, NOBODY, NOBODY)
    project.parent.chmod(0o555)


def _both(project: Path) -> None:
    _only_file(project)
    _only_folder(project)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights there")
@pytest.mark.parametrize("forbid", [_only_file, _only_folder, _both])
def test_a_project_that_cannot_be_written_opens_for_reading_and_says_why(
    folder: Path, forbid: Callable[[Path], None]
) -> None:
    project = folder / "news.segmark"
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
    forbid(project)
    before = sorted(folder.iterdir())
    with a_user_without_the_right(), Store.open_or_read(project) as store:
        assert "read-only" in store.read_only
        session = Session(store, "mira")
        assert session.open_first()
        assert [span.label for span in session.spans] == ["headline"]
        with pytest.raises(StoreError, match="this was not saved: the file or its folder is"):
            session.flag()
        assert not session.state.flagged
        session.leave()
    assert sorted(folder.iterdir()) == before


@pytest.mark.skipif(not _LINUX, reason="the other systems lock the files")
def test_what_a_killed_program_left_in_the_log_is_read_from_a_read_only_folder(
    folder: Path,
) -> None:
    project, other = folder / "news.segmark", folder / "left"
    other.mkdir()
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
        for ending in ("", "-wal"):
            shutil.copyfile(f"{project}{ending}", f"{other / project.name}{ending}")
    other.chmod(0o555)
    with a_user_without_the_right(), Store.open_or_read(other / "news.segmark") as left:
        assert left.annotations("mira").get(1).spans[0].label == "headline"
    other.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights there")
def test_an_older_project_that_cannot_be_written_is_read_from_a_copy_that_goes_with_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, copies = folder / "theirs/news.segmark", folder / "copies"
    project.parent.mkdir()
    copies.mkdir()
    copies.chmod(0o777)
    monkeypatch.setattr(tempfile, "tempdir", str(copies))
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
    _both(project)
    with (
        extra_migration(lambda database: database.execute("CREATE TABLE later (x)")),
        a_user_without_the_right(),
    ):
        with pytest.raises(NotAtOnceError, match="read from a copy"):
            Store.open_or_read(project, at_once=True)
        assert list(copies.iterdir()) == []
        with Store.open_or_read(project) as store:
            opener = store.opener
        with opener() as again:
            assert "read-only" in again.read_only
            assert again.annotations("mira").get(1).spans[0].label == "headline"
            assert len(list(copies.iterdir())) == 1
        del store, again, opener
        gc.collect()
        assert list(copies.iterdir()) == []
    assert list(project.parent.iterdir()) == [project]


def test_a_second_window_reads_what_the_first_one_writes(project: Path) -> None:
    with make_project(project, "Ship sails") as first, Store.open_for_reading(project) as second:
        label(first, "mira", 1, "headline")
        assert second.annotations("mira").get(1).spans[0].label == "headline"
        with pytest.raises(StoreError, match="read-only"):
            label(second, "wren", 1, "body")
    assert peek(project, "SELECT count(*) FROM edit") == [(1,)]


def test_reading_a_project_that_nobody_has_open_leaves_nothing_beside_it(project: Path) -> None:
    make_project(project, "Ship sails").close()
    before = project.read_bytes()
    with Store.open_for_reading(project) as store:
        assert store.pages.get(1).text == "Ship sails"
    assert [path.name for path in project.parent.iterdir()] == ["news.segmark"]
    assert project.read_bytes() == before


def test_a_missing_project_is_named_by_every_way_of_opening(project: Path) -> None:
    for way in (Store.open, Store.open_or_read, Store.open_for_reading):
        with pytest.raises(StoreError, match="there is no such project"):
            way(project)
    assert not project.exists()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 3 MB; only root may make one."""
    if not (_LINUX and os.geteuid() == 0):
        pytest.skip("only root may make a file system")
    path = Path(tempfile.mkdtemp(prefix="segmark-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path], capture_output=True, check=False
    )
    if mounted.returncode:
        path.rmdir()
        pytest.skip("no file system can be made here")
    yield path
    subprocess.run(["umount", "--lazy", path], check=True)
    path.rmdir()


def _fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    return ballast


def test_a_full_disk_stops_labelling_and_it_goes_on_when_there_is_room(small_disk: Path) -> None:
    text = " ".join(f"word{number:04d}" for number in range(500))
    with make_project(small_disk / "news.segmark", text) as store:
        label(store, "mira", 1, "headline", 0, 8)
        ballast = _fill(small_disk)
        saved, told = 1, list[str]()
        for start in range(9, 9 * 400, 9):
            try:
                label(store, "mira", 1, "caption", start, start + 8)
                saved += 1
            except StoreError as error:
                told.append(str(error))
                if len(told) == 3:
                    break
        expected = "this was not saved: the disk is full; everything saved before is kept"
        assert [line.startswith(expected) for line in told] == [True] * 3
        assert len(store.annotations("mira").get(1).spans) == saved
        ballast.unlink()
        label(store, "mira", 1, "body", 9 * 450)
    with Store.open(small_disk / "news.segmark") as again:
        assert len(again.annotations("mira").get(1).spans) == saved + 1


def test_a_project_on_a_full_disk_opens_for_reading(small_disk: Path) -> None:
    project = small_disk / "news.segmark"
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
    ballast = _fill(small_disk)
    with Store.open_or_read(project) as store:
        assert store.read_only == "the disk is full; make room and open it again"
        assert store.annotations("mira").get(1).spans[0].label == "headline"
    ballast.unlink()
    with Store.open_or_read(project) as store:
        assert not store.read_only
        add_pages(store, "Two")
