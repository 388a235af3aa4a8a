"""What a screen reader is told: fields, acts, and the labels where the caret goes."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.store.suggestions import Policy

from tests.factories import make_project
from tests.gui.robot import Robot, wait_for

TEXT = "A headline\n\nThe first paragraph.\n\nThe second paragraph.\n\nThe end\n"


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, TEXT).close()
    robot = Robot(qtbot).open(project)
    robot.view.select(0, 0)
    return robot


@pytest.fixture
def said(robot: Robot) -> list[str]:
    said: list[str] = []
    robot.view.announced.connect(said.append)
    robot.window.status.announced.connect(said.append)
    return said


def spoken(label: QLabel) -> str:
    interface = QAccessible.queryAccessibleInterface(label)
    return interface.text(QAccessible.Text.Name)


def test_the_fields_of_the_status_line_speak_their_text(robot: Robot) -> None:
    fields = {spoken(field) for field in robot.window.status.findChildren(QLabel)}
    assert {"Block 1 of 4", "Page 1 of 1", "Annotator: ada", "All saved"} <= fields
    robot.press("Down Shift+Right Shift+Right")
    fields = {spoken(field) for field in robot.window.status.findChildren(QLabel)}
    assert {"Block 2 of 4", "2 selected"} <= fields


def test_messages_are_said(robot: Robot, said: list[str]) -> None:
    robot.press("Space Ctrl+S")
    assert said[0] == "There is no suggestion on this page."
    assert said[1].startswith("All saved in ")


def test_acts_say_what_and_how_many(robot: Robot, said: list[str]) -> None:
    robot.press("H Shift+Down B")
    assert said == ["Label headline: 1 block", "Label body: 2 blocks"]
    said.clear()
    robot.press("Ctrl+Z Ctrl+Shift+Z")
    assert said == ["Undone: Label body (2 blocks)", "Done again: Label body (2 blocks)", "body"]
    said.clear()
    robot.press("Shift+0")
    assert said == ["Label cleared: 2 blocks (body)."]
    said.clear()
    robot.press("F")
    assert said == ["Flag page"]


def test_a_block_that_joins_counts_alone(robot: Robot, said: list[str]) -> None:
    robot.press("Down B B")
    assert said == ["Label body: 1 block"] * 2


def test_entering_a_labelled_block_says_its_label_and_another_says_nothing(
    robot: Robot, said: list[str]
) -> None:
    robot.press("H B B Up Up Up")
    said.clear()
    robot.press("Down Down Down Down Up")
    assert said == ["body"] * 3
    robot.press("Up Up Up Right Right")
    assert said[3:] == ["body", "headline"]


def test_suggestions_say_their_labels_and_accepting_says_what_and_how_many(
    qtbot: QtBot, project: Path
) -> None:
    starts = [TEXT.index(words) for words in ("A head", "The first", "The second")]
    spans = [Span(starts[0], starts[0] + 10, "headline"), Span(starts[1], starts[1] + 20, "body")]
    spans.append(Span(starts[2], starts[2] + 21, "caption"))
    with make_project(project, TEXT) as store:
        predicted = [Suggestion(span, 0.9, "made up") for span in spans]
        with store.write():
            store.suggestions.keep_policy(Policy(blind_share=0))
            store.suggestions.keep_predictions(1, predicted)
    robot, said = Robot(qtbot).open(project), list[str]()
    suggestions = robot.window.suggestions
    assert suggestions is not None
    wait_for(robot, lambda: len(suggestions.suggesting.open) == 3)
    robot.view.announced.connect(said.append)
    robot.window.status.announced.connect(said.append)
    robot.view.select(starts[2] + 30, starts[2] + 30)
    robot.settle()
    robot.view.select(0, 0)
    robot.settle()
    assert said == ["suggested headline"]
    robot.press("Space")
    assert said[1:] == ["Accept headline: 1 block", "suggested body"]
    robot.press("X")
    assert said[3:] == ["Reject body", "suggested caption"]
    robot.press("Ctrl+Z")
    assert said[5] == "Undone: Reject body"
    robot.press("Ctrl+Space")
    assert said[-2] == "Accepted: 2 (1 body, 1 caption)."
