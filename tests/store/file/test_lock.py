"""Who has a project open: a second window is told, and what a killed one left is taken over."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from segmark.store.file.lock import Holder, ProjectLock, holder, lock_path, take

from tests.places import ROOT

_HOLDING = """
import sys
from pathlib import Path
from segmark.store.file.lock import take
held = take(Path(sys.argv[1]), "wren")
print(type(held).__name__, flush=True)
sys.stdin.readline()
"""


def _other_process(project: Path) -> "subprocess.Popen[str]":
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLDING, str(project)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout
    assert child.stdout.readline() == "ProjectLock\n"
    return child


def _end(child: "subprocess.Popen[str]") -> None:
    child.kill()
    child.communicate()


def test_the_second_is_told_who_has_it_and_since_when(project: Path) -> None:
    child = _other_process(project)
    try:
        told = take(project, "mira")
        assert isinstance(told, Holder)
        assert (told.annotator, told.process, told.is_gone) == ("wren", child.pid, False)
        assert str(told).startswith("wren on this computer since ")
    finally:
        _end(child)


def test_what_a_killed_window_left_behind_is_taken_over(project: Path) -> None:
    _end(_other_process(project))
    assert lock_path(project).exists()
    held = take(project, "mira")
    assert isinstance(held, ProjectLock)
    assert held.left_by
    assert held.left_by.annotator == "wren"
    named = holder(project)
    assert named
    assert named.annotator == "mira"


@pytest.mark.skipif(sys.platform == "win32", reason="links are not for everybody there")
def test_a_link_to_the_project_has_the_lock_of_the_project(project: Path) -> None:
    link = project.parent / "elsewhere" / "link.segmark"
    link.parent.mkdir()
    link.symlink_to(project)
    held = take(project, "wren")
    assert isinstance(held, ProjectLock)
    assert held.is_on(link)
    told = take(link, "mira")
    assert isinstance(told, Holder)
    assert told.annotator == "wren"


def test_a_released_lock_leaves_no_file(project: Path) -> None:
    held = take(project, "mira")
    assert isinstance(held, ProjectLock)
    assert held.left_by is None
    assert [path.name for path in project.parent.iterdir()] == ["news.segmark-lock"]
    held.release()
    assert list(project.parent.iterdir()) == []
    held.release()


def _left_by(project: Path, **changes: object) -> Holder:
    held = take(project, "wren")
    assert isinstance(held, ProjectLock)
    mine = holder(project)
    assert mine
    other = replace(mine, **changes)  # type: ignore[arg-type]
    lock_path(project).write_text(json.dumps(asdict(other)), "utf-8")
    return other


def test_a_lock_of_another_computer_is_respected_until_one_takes_it(project: Path) -> None:
    other = _left_by(project, host="elsewhere", process=1)
    assert take(project, "mira") == other
    assert "wren on elsewhere since" in str(other)
    held = take(project, "mira", from_others=True)
    assert isinstance(held, ProjectLock)


def test_a_later_process_with_the_same_number_is_not_the_one_that_had_it(project: Path) -> None:
    _left_by(project, began="another boot 17")
    assert isinstance(take(project, "mira"), ProjectLock)


def test_a_lock_that_was_taken_over_is_not_removed_by_the_one_before(project: Path) -> None:
    before = take(project, "mira")
    after = take(project, "wren", from_others=True)
    assert isinstance(before, ProjectLock)
    assert isinstance(after, ProjectLock)
    before.release()
    assert lock_path(project).exists()
    after.release()
    assert not lock_path(project).exists()


def test_a_lock_file_that_makes_no_sense_keeps_nobody_out(project: Path) -> None:
    for content in ("", "{}", "[1]", '{"since": "yesterday"}'):
        lock_path(project).write_text(content, "utf-8")
        held = take(project, "mira")
        assert isinstance(held, ProjectLock)
        held.release()


_GOOD: dict[str, object] = {
    "annotator": "wren", "host": "elsewhere", "process": 1, "began": "",
    "since": "2026-03-01T10:00+00:00",
}  # fmt: skip
_ODD: list[dict[str, object]] = [
    {"process": "abc"}, {"process": -1}, {"process": 0}, {"process": True}, {"process": 1.5},
    {"process": 10**30}, {"process": None}, {"annotator": 7}, {"annotator": None}, {"host": ["a"]},
    {"began": {}}, {"since": "0001-01-01T00:00+00:00"}, {"since": "9999-12-31T23:59-14:00"},
    {"since": "2026-03-01T10:00"}, {"since": 5}, {"since": ""}, {"more": 1},
]  # fmt: skip
_NO_JSON = [b"", b"\0" * 40, b"\xff\xfe", b"[" * 4_000, b'"' + b"9" * 5_000, b"null", b"1" * 4_500]


def _odd_files() -> list[bytes]:
    return [*(json.dumps(_GOOD | odd).encode() for odd in _ODD), *_NO_JSON]


@pytest.mark.parametrize("host", [platform.node(), "elsewhere"])
@pytest.mark.parametrize("content", _odd_files(), ids=lambda content: repr(content[-40:]))
def test_an_odd_lock_file_is_no_lock_and_is_reported(
    project: Path, content: bytes, host: str
) -> None:
    project.touch()
    lock_path(project).write_bytes(content.replace(b"elsewhere", host.encode()))
    assert holder(project) is None
    held = take(project, "mira")
    assert isinstance(held, ProjectLock)
    assert "news.segmark-lock could not be read" in held.problem
    mine = holder(project)
    assert mine
    assert mine.annotator == "mira"
    held.release()
    assert not lock_path(project).exists()


def test_a_good_lock_file_is_not_reported(project: Path) -> None:
    lock_path(project).write_text(json.dumps(_GOOD), "utf-8")
    assert holder(project) == Holder(**_GOOD)  # type: ignore[arg-type]
    held = take(project, "mira", from_others=True)
    assert isinstance(held, ProjectLock)
    assert held.problem == ""


def test_a_folder_in_the_place_of_the_lock_is_reported(project: Path) -> None:
    lock_path(project).mkdir()
    held = take(project, "mira")
    assert isinstance(held, ProjectLock)
    assert "could not be read" in held.problem
    held.release()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_a_pipe_in_the_place_of_the_lock_does_not_block(project: Path) -> None:
    os.mkfifo(lock_path(project))
    held = take(project, "mira")
    assert isinstance(held, ProjectLock)
    assert held.problem
    held.release()


def test_two_names_of_one_file_have_one_lock(project: Path) -> None:
    project.touch()
    other = project.with_name("other.segmark")
    os.link(project, other)
    child = _other_process(project)
    try:
        found = take(other, "mira")
        assert isinstance(found, Holder)
        assert found.annotator == "wren"
    finally:
        _end(child)
    held = take(other, "mira")
    assert isinstance(held, ProjectLock)
    assert held.is_on(project)
    assert holder(project)


def test_where_no_lock_file_can_be_written_the_project_is_open_without(tmp_path: Path) -> None:
    held = take(tmp_path / "nowhere" / "news.segmark", "mira")
    assert isinstance(held, ProjectLock)
    held.release()
