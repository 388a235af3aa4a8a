"""Who may read a project and what belongs to it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest
from segmark.store.file.backup import Reason, back_up, backup_folder
from segmark.store.file.copying import copy_project
from segmark.store.file.lock import ProjectLock, lock_path, take
from segmark.store.safety.repair import repair
from segmark.store.safety.restoring import restore
from segmark.store.store import Store

from tests.factories import LABELS, label, make_project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no modes there")


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """Others may read, as on most systems."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _modes(folder: Path) -> set[int]:
    return {S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


def _all_that_is_made(project: Path) -> None:
    """A project that is open, with all files beside it."""
    store = make_project(project, "Ship sails\nIt did.")
    label(store, "ada", 1, "headline", 0, 10)
    backup = back_up(project, Reason.ASKED)
    copy_project(project, project.with_name("copy.segmark"))
    store.save_to(project.with_name("saved.segmark"))
    repair(project, project.with_name("new.segmark"), LABELS)
    store.close()
    restore(project, backup.path)
    store = Store.open(project)
    label(store, "ada", 1, "body", 11)
    assert isinstance(take(project, "ada"), ProjectLock)
    assert lock_path(project).exists()
    assert Path(f"{project}-pair").exists()
    assert Path(f"{project}-wal").exists()


def test_what_is_made_is_readable_by_its_owner_alone(project: Path) -> None:
    _all_that_is_made(project)
    assert _modes(project.parent) == {0o600}
    assert S_IMODE(backup_folder(project).stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o2755, 0o775])
def test_in_a_shared_folder_the_umask_decides(project: Path, mode: int) -> None:
    project.parent.chmod(mode)
    os.umask(0o002)
    _all_that_is_made(project)
    assert _modes(project.parent) == {0o664}
    assert S_IMODE(backup_folder(project).stat().st_mode) & 0o777 == 0o775


def test_a_file_that_is_there_keeps_its_mode(project: Path) -> None:
    make_project(project, "Ship sails").close()
    project.chmod(0o640)
    backup = back_up(project, Reason.ASKED)
    restore(project, backup.path)
    assert S_IMODE(project.stat().st_mode) == 0o640
    assert S_IMODE(backup.path.stat().st_mode) == 0o640
    assert S_IMODE(backup.path.parent.stat().st_mode) == 0o750


def test_everybodys_folder_for_temporary_files_is_not_shared(project: Path) -> None:
    project.parent.chmod(0o1777)
    make_project(project, "Ship sails").close()
    assert S_IMODE(project.stat().st_mode) == 0o600
