"""What is built is there whole or not at all, however its process ends."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from segmark.store.errors import StoreError
from segmark.store.file.backup import Reason, back_up, list_backups
from segmark.store.file.building import built_beside, part_of, sweep
from segmark.store.file.copying import copy_project
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair
from segmark.store.safety.restoring import restore
from segmark.store.store import Store

from tests.factories import LABELS, label, make_project
from tests.places import ROOT

# Does one thing, and is gone at once where a file would get its name.
_CHILD = """
import os, sys
from pathlib import Path
from segmark.store.file.backup import Reason, back_up, list_backups
from segmark.store.file.copying import copy_project
from segmark.store.file.displaced import save_to
from segmark.store.safety.repair import repair
from segmark.store.safety.restoring import restore
from segmark.store.store import Store
from tests.factories import LABELS

project, new = Path(sys.argv[1]), Path(sys.argv[2])
backups = list_backups(project)
store = Store.open(project) if sys.argv[3] == "save" else None
acts = {
    "create": lambda: Store.create(new, LABELS),
    "repair": lambda: repair(project, new, LABELS),
    "copy": lambda: copy_project(project, new),
    "save": lambda: store.save_to(new),
    "backup": lambda: back_up(project, Reason.ASKED),
    "restore": lambda: restore(project, backups[0].path),
}

def die(event, arguments):
    if event in ("os.rename", "os.link") and ".segmark" in os.fsdecode(arguments[1]):
        os._exit(9)

sys.addaudithook(die)
acts[sys.argv[3]]()
"""


def _die(project: Path, new: Path, what: str) -> None:
    arguments = [sys.executable, "-c", _CHILD, str(project), str(new), what]
    assert subprocess.run(arguments, cwd=ROOT, check=False).returncode == 9


@pytest.fixture
def worked(project: Path) -> Path:
    with make_project(project, "Ship sails\nIt did.", "Two") as store:
        label(store, "ada", 1, "headline", 0, 10)
    return project


_AGAIN: dict[str, Callable[[Path, Path], object]] = {
    "create": lambda _, new: Store.create(new, LABELS).close(),
    "repair": lambda old, new: repair(old, new, LABELS),
    "copy": copy_project,
    "save": lambda old, new: copy_project(old, new),
}


@pytest.mark.parametrize("what", list(_AGAIN))
def test_a_killed_process_leaves_no_file_of_that_name_and_it_can_be_done_again(
    worked: Path, tmp_path: Path, what: str
) -> None:
    new = tmp_path / "new" / "new.segmark"
    new.parent.mkdir()
    _die(worked, new, what)
    assert not new.exists()
    _AGAIN[what](worked, new)
    assert check(new).damage == ()
    assert [path.name for path in new.parent.iterdir()] == ["new.segmark"]


def test_the_part_of_a_killed_backup_is_gone_with_the_next_one(worked: Path) -> None:
    _die(worked, worked, "backup")
    folder = worked.with_suffix(".backups")
    assert list_backups(worked) == []
    assert len(list(folder.iterdir())) == 1
    made = back_up(worked, Reason.ASKED)
    assert list(folder.iterdir()) == [made.path]


def test_a_killed_restore_changes_nothing(worked: Path) -> None:
    backup = back_up(worked, Reason.ASKED)
    with Store.open(worked) as store:
        label(store, "ada", 2, "body", 0)
    _die(worked, worked, "restore")
    with Store.open(worked) as store:
        assert len(store.annotations("ada").get(2).spans) == 1
    restore(worked, backup.path)
    with Store.open(worked) as store:
        assert len(store.annotations("ada").get(2).spans) == 0
    assert check(worked).damage == ()
    assert not [path for path in worked.parent.iterdir() if ".part" in path.name]


def test_the_part_of_a_process_that_runs_is_left_alone(tmp_path: Path) -> None:
    built = tmp_path / "new.segmark"
    with built_beside(built) as part:
        part.write_bytes(b"half")
        sweep(tmp_path)
        assert part.exists()
        assert not built.exists()
    assert built.read_bytes() == b"half"


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    for name in ("film.mkv.part", ".hidden.part", "a.part-1", "x.ffffffff-1.part"):
        (tmp_path / name).touch()
    os.utime(tmp_path / "film.mkv.part", (1, 1))
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    built = tmp_path / "new.segmark"

    def build() -> None:
        with built_beside(built) as part:
            part.write_bytes(b"mine")
            built.write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        build()
    assert built.read_bytes() == b"theirs"
    assert not part_of(built).exists()


def test_a_file_that_is_there_is_named_and_kept(worked: Path) -> None:
    before = worked.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        repair(worked, worked, LABELS)
    assert worked.read_bytes() == before
