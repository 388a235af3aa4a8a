"""The label set is changed over another connection while the window is open."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from segmark.core.caret import Selection
from segmark.core.label_acts.acts import add, merge
from segmark.session.session import Session
from segmark.store.safety.check import check

from tests.factories import label, make_project
from tests.gui.robot import Robot

_TEXT = "Ferry sails\nA picture\nIt sailed."


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    """A window on a page with a caption."""
    with make_project(project, _TEXT, "Two") as store:
        label(store, "ada", 1, "caption", 12, 21)
    robot = Robot(qtbot).open(project)
    # A message box would wait for ever; closed, it leaves the test without the words it expects.
    closing = QTimer(robot.window, interval=100)
    closing.timeout.connect(_close_box)
    closing.start()
    return robot


def _close_box() -> None:
    if isinstance(box := QApplication.activeModalWidget(), QMessageBox):
        box.reject()


def _merge(robot: Robot) -> None:
    with robot.session.store.opener() as other:
        other.annotations("ben").change_labels(merge(other.label_set, "caption", "body"))


_TOLD = "aption was merged into body elsewhere."
_MERGED = f"Not saved, do it again: c{_TOLD}"


def test_a_key_after_a_merge_elsewhere_says_so_and_works_again(robot: Robot) -> None:
    _merge(robot)
    robot.click("Ferry")
    robot.press("H")
    assert robot.window.status.message == _MERGED
    robot.settle()
    assert robot.window.status.message == _MERGED
    assert "label.as.caption" not in robot.window.actions_by_id
    assert robot.labelled == [("body", "A picture")]
    robot.press("H B")
    assert robot.labelled == [("headline", "Ferry sails"), ("body", "A picture\nIt sailed.")]
    robot.press("Ctrl+Z Ctrl+Z")
    assert robot.labelled == [("body", "A picture")]
    assert check(robot.session.store.path).is_well


def test_the_key_of_the_label_that_was_merged_elsewhere_does_nothing(robot: Robot) -> None:
    _merge(robot)
    robot.click("sailed")
    robot.press("C")
    assert robot.window.status.message == _MERGED
    robot.press("C")
    assert robot.labelled == [("body", "A picture")]


def test_a_merge_by_the_command_line_is_met_by_the_brush(robot: Robot) -> None:
    command = [sys.executable, "-m", "segmark", "labels", str(robot.session.store.path)]
    subprocess.run([*command, "merge", "caption", "body"], check=True, timeout=60)
    robot.window.brush.use("caption")
    robot.drag("Ferry", "sails")
    assert robot.window.status.message == _MERGED
    assert robot.window.brush.label is None
    assert robot.labelled == [("body", "A picture")]
    robot.drag("Ferry", "sails")
    robot.press("H")
    assert robot.labelled[0] == ("headline", "Ferry sails")


def test_work_with_a_label_that_was_added_elsewhere_is_shown(robot: Robot) -> None:
    with robot.session.store.opener() as other:
        session = Session(other, "ada")
        session.change_labels(add(other.label_set, "quote"))
        session.open(1)
        session.label("quote", Selection(22, 32))
    robot.click("Ferry")
    robot.press("H")
    told = "Not saved, do it again: quote was added elsewhere."
    assert robot.window.status.message == told
    robot.press("H")
    assert [name for name, _ in robot.labelled] == ["headline", "caption", "quote"]


def test_a_page_that_is_opened_after_a_change_elsewhere_tells_of_it(robot: Robot) -> None:
    _merge(robot)
    robot.press("D")
    robot.settle()
    assert robot.window.status.message == f"C{_TOLD}"
    robot.press("H")
    assert robot.labelled == [("headline", "Two")]
