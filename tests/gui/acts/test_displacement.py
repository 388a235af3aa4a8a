"""The window loses nothing when its project's file is renamed, replaced or removed."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from segmark.store.file.lock import lock_path
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import label, make_project
from tests.gui.robot import Robot, wait_for

_PAGES = ("Ship sails\nIt did.\nIt did so.", "Two")


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, *_PAGES).close()
    robot = Robot(qtbot).open(project)
    robot.press("H")
    return robot


@pytest.fixture
def other(project: Path) -> Path:
    """Another copy of the project, in which the last line is labelled."""
    path = project.with_name("other.segmark")
    with make_project(path, *_PAGES) as store:
        label(store, "ada", 1, "comment", 19, 29)
    return path


def _labels(path: Path) -> list[str]:
    with Store.open(path) as store:
        return [span.label for span in store.annotations("ada").get(1).spans]


def _noticed(robot: Robot) -> str:
    wait_for(robot, lambda: "while it was open" in robot.window.notice.text)
    return robot.window.notice.text


def _choose(robot: Robot, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Press a button of the question where to go on."""

    def press(box: QMessageBox) -> int:
        buttons = [b for b in box.buttons() if isinstance(b, QPushButton)]
        (wanted,) = (button for button in buttons if words in button.text())
        wanted.click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    robot.window.notice.button.click()
    robot.settle()


def test_a_renamed_project_is_noticed_before_the_next_act(robot: Robot, project: Path) -> None:
    renamed = project.with_name("renamed.segmark")
    project.rename(renamed)
    robot.press("B")
    assert "was renamed to renamed.segmark" in _noticed(robot)
    assert [name for name, _ in robot.labelled] == ["headline"]
    robot.window.notice.button.click()
    robot.settle()
    assert robot.session.store.path == renamed
    robot.press("Down B")
    robot.close()
    assert _labels(renamed) == ["headline", "body"]
    assert check(renamed).is_well


def test_a_renamed_project_is_noticed_though_nobody_acts(robot: Robot, project: Path) -> None:
    wait_for(robot, lambda: robot.window.session is not None)
    renamed = project.with_name("renamed.segmark")
    project.rename(renamed)
    assert "renamed.segmark" in _noticed(robot)
    assert _labels(renamed) == ["headline"]


def test_a_window_that_is_closed_at_once_leaves_the_renamed_project_whole(
    robot: Robot, project: Path
) -> None:
    renamed = project.with_name("renamed.segmark")
    project.rename(renamed)
    robot.close()
    assert _labels(renamed) == ["headline"]
    assert sorted(path.name for path in project.parent.glob("*.segmark*")) == [renamed.name]
    assert not lock_path(project).exists()


def test_a_replaced_project_leaves_both_works_whole(
    robot: Robot, project: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.replace(other, project)
    robot.press("B")
    assert "was replaced by another file" in _noticed(robot)
    saved = project.with_name(f"{project.stem}-recovered.segmark")
    assert _labels(saved) == ["headline"]
    assert _labels(project) == ["comment"]
    _choose(robot, monkeypatch, "Go on in")
    assert robot.session.store.path == saved
    robot.close()
    assert check(project).is_well
    assert check(saved).is_well


def test_the_work_is_merged_into_the_file_that_replaced_the_project(
    robot: Robot, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = project.with_name("other.segmark")
    with make_project(other, *_PAGES) as store:
        label(store, "ada", 2, "body", 0, 3)
    os.replace(other, project)
    robot.press("B")
    _noticed(robot)
    _choose(robot, monkeypatch, "Merge my work")
    assert robot.session.store.path == project
    robot.close()
    assert _labels(project) == ["headline"]
    with Store.open(project) as store:
        assert store.annotations("ada").get(2).spans
    assert check(project).is_well


def test_a_replaced_project_is_saved_when_the_window_is_closed_at_once(
    robot: Robot, project: Path, other: Path
) -> None:
    os.replace(other, project)
    robot.close()
    assert _labels(project.with_name(f"{project.stem}-recovered.segmark")) == ["headline"]
    assert _labels(project) == ["comment"]


def test_a_removed_project_can_be_put_back(
    robot: Robot, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.unlink()
    robot.press("B")
    assert "was removed" in _noticed(robot)
    _choose(robot, monkeypatch, "Put it back")
    assert robot.session.store.path == project
    robot.press("Down B")
    robot.close()
    assert _labels(project) == ["headline", "body"]
    assert check(project).is_well


def test_labelling_stops_while_the_file_is_out_of_its_place(robot: Robot, project: Path) -> None:
    project.unlink()
    robot.press("B")
    _noticed(robot)
    robot.press("B M 0 Enter")
    assert [name for name, _ in robot.labelled] == ["headline"]
    assert not robot.window.actions_by_id["page.done"].isEnabled()
