"""A project's file that is renamed, replaced or removed while it is open loses nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from segmark.core.caret import Selection
from segmark.session.session import Session
from segmark.store.errors import DisplacedError, StoreError
from segmark.store.file.backup import Reason, back_up
from segmark.store.file.displaced import Displacement
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import make_project
from tests.places import ROOT

_TEXT = " ".join(f"word{number:04d}" for number in range(40))

# Labels so many words, says so, and waits to be killed.
_LABELLING = """
import sys, time
from pathlib import Path
from segmark.core.caret import Selection
from segmark.session.session import Session
from segmark.store.store import Store

session = Session(Store.open(Path(sys.argv[1])), "mira")
session.open(1)
for number in range(int(sys.argv[2])):
    session.label("caption", Selection(number * 9, number * 9 + 8))
print("done", flush=True)
time.sleep(600)
"""


def _label(session: Session, number: int) -> None:
    session.label("caption", Selection(number * 9, number * 9 + 8))


def _spans(project: Path) -> list[int]:
    with Store.open(project) as store:
        return [span.start // 9 for span in store.annotations("mira").get(1).spans]


def _beside(project: Path) -> set[str]:
    return {path.name for path in project.parent.iterdir() if path.name.startswith(project.name)}


@pytest.fixture
def session(project: Path) -> Session:
    session = Session(make_project(project, _TEXT), "mira")
    session.open(1)
    for number in range(3):
        _label(session, number)
    return session


@pytest.fixture
def killed(project: Path) -> "Killed":
    return Killed(project)


class Killed:
    """A project of another process that labels three words and can be killed."""

    def __init__(self, project: Path) -> None:
        make_project(project, _TEXT).close()
        self.project = project
        arguments = [sys.executable, "-c", _LABELLING, str(project), "3"]
        self._child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._child.stdout
        assert self._child.stdout.readline() == "done\n"

    def kill(self) -> None:
        self._child.kill()
        self._child.communicate()


def _other(folder: Path) -> Path:
    """A project with the same page, of which another word is labelled."""
    path = folder / "other.segmark"
    session = Session(make_project(path, _TEXT), "mira")
    session.open(1)
    _label(session, 9)
    session.store.close()
    return path


def test_a_renamed_project_takes_no_more_acts_under_its_old_name(
    session: Session, project: Path
) -> None:
    renamed = project.with_name("renamed.segmark")
    project.rename(renamed)
    with pytest.raises(DisplacedError, match="renamed, replaced or removed"):
        _label(session, 5)
    assert [span.start // 9 for span in session.spans] == [0, 1, 2]
    found = session.store.displaced
    assert found
    assert (found.what, found.now) == (Displacement.RENAMED, renamed)


def test_a_renamed_project_is_whole_under_its_new_name(session: Session, project: Path) -> None:
    renamed = project.with_name("renamed.segmark")
    project.rename(renamed)
    found = session.store.displaced
    assert found
    session.store.bring_home(found)
    session.store.close()
    assert _beside(project) == set()
    assert _spans(renamed) == [0, 1, 2]
    assert check(renamed).is_well


def test_a_project_that_is_moved_to_another_folder_is_found(
    session: Session, project: Path
) -> None:
    moved = project.parent / "archive" / "moved.segmark"
    moved.parent.mkdir()
    project.rename(moved)
    found = session.store.displaced
    assert found
    if sys.platform == "linux":
        assert (found.what, found.now) == (Displacement.RENAMED, moved)


def test_the_log_of_a_project_renamed_before_a_crash_is_taken_up(killed: Killed) -> None:
    renamed = killed.project.with_name("renamed.segmark")
    killed.project.rename(renamed)
    killed.kill()
    assert _spans(renamed) == [0, 1, 2]
    assert _beside(killed.project) == set()


def test_a_replaced_project_keeps_the_acts_of_both(session: Session, project: Path) -> None:
    os.replace(_other(project.parent), project)
    with pytest.raises(DisplacedError):
        _label(session, 5)
    found = session.store.displaced
    assert found
    assert found.what is Displacement.REPLACED
    saved = project.with_name("saved.segmark")
    session.store.set_log_aside()
    session.store.save_to(saved)
    session.store.close()
    assert _spans(saved) == [0, 1, 2]
    assert _spans(project) == [9]
    assert check(saved).is_well
    assert check(project).is_well


def test_an_old_log_is_never_read_with_a_new_file(killed: Killed) -> None:
    os.replace(_other(killed.project.parent), killed.project)
    killed.kill()
    assert _spans(killed.project) == [9]
    assert check(killed.project).is_well
    assert any("log-of-another-file" in name for name in _beside(killed.project))


def test_nor_while_the_window_that_wrote_it_still_runs(session: Session, project: Path) -> None:
    os.replace(_other(project.parent), project)
    assert _spans(project) == [9]
    assert check(project).is_well
    saved = project.with_name("saved.segmark")
    session.store.save_to(saved)
    session.store.close()
    assert _spans(saved) == [0, 1, 2]
    assert _spans(project) == [9]


@pytest.mark.parametrize("by", ["copying over it", "removing it first"])
def test_a_backup_put_in_place_by_hand_after_a_crash_is_read_alone(killed: Killed, by: str) -> None:
    backup = back_up(killed.project, Reason.DAILY).path
    killed.kill()
    if by == "removing it first":
        killed.project.unlink()
    shutil.copyfile(backup, killed.project)
    assert _spans(killed.project) == [0, 1, 2]
    assert check(killed.project).is_well
    assert any("log-of-another-file" in name for name in _beside(killed.project))


def test_a_project_copied_with_its_log_after_a_crash_is_whole(
    killed: Killed, tmp_path: Path
) -> None:
    killed.kill()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in _beside(killed.project):
        shutil.copyfile(killed.project.parent / name, elsewhere / name)
    assert _spans(elsewhere / killed.project.name) == [0, 1, 2]


def test_a_removed_project_is_saved_to_a_new_file(session: Session, project: Path) -> None:
    project.unlink()
    with pytest.raises(DisplacedError):
        _label(session, 5)
    found = session.store.displaced
    assert found
    assert found.what is Displacement.REMOVED
    session.store.save_to(project)
    session.store.close()
    assert _spans(project) == [0, 1, 2]
    assert check(project).is_well


def test_a_link_that_leads_to_another_project_is_noticed(tmp_path: Path, project: Path) -> None:
    make_project(project, _TEXT).close()
    link = tmp_path / "link.segmark"
    link.symlink_to(project)
    session = Session(Store.open(link), "mira")
    session.open(1)
    _label(session, 0)
    link.unlink()
    link.symlink_to(_other(tmp_path))
    with pytest.raises(DisplacedError):
        _label(session, 1)
    session.store.close()
    assert _spans(project) == [0]
    assert _spans(link) == [9]


def test_nothing_is_left_beside_a_project_that_was_closed(session: Session, project: Path) -> None:
    assert f"{project.name}-pair" in _beside(project)
    session.store.close()
    assert _beside(project) == {project.name}


def test_a_renamed_project_that_is_closed_at_once_is_whole(session: Session, project: Path) -> None:
    renamed = project.with_name("renamed.segmark")
    project.rename(renamed)
    session.store.close()
    assert _spans(renamed) == [0, 1, 2]
    assert _beside(project) == set()


def test_a_renamed_project_that_is_open_there_is_not_written_from_here(
    session: Session, project: Path
) -> None:
    renamed = project.with_name("renamed.segmark")
    project.rename(renamed)
    with Store.open(renamed) as other:
        there = Session(other, "mira")
        there.open(1)
        _label(there, 7)
        found = session.store.displaced
        assert found
        with pytest.raises(StoreError, match="another program"):
            session.store.bring_home(found)
        session.store.close()
    assert _spans(renamed) == [0, 1, 2, 7]
    assert check(renamed).is_well


@pytest.mark.parametrize("again", [False, True], ids=["one connection", "another one in between"])
def test_another_program_that_opens_and_closes_the_file_leaves_its_log(
    session: Session, project: Path, again: bool
) -> None:
    if again:
        with Store.open(project):
            pass
    looking = "import sys; from pathlib import Path; from segmark.store.store import Store\n"
    looking += "with Store.open(Path(sys.argv[1])): pass"
    subprocess.run([sys.executable, "-c", looking, str(project)], cwd=ROOT, check=True)
    assert f"{project.name}-wal" in _beside(project)
    _label(session, 3)
    assert _spans(project) == [0, 1, 2, 3]
