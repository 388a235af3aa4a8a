"""Enter on a page that lacks what is expected, in the real window."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from segmark.cli import program as cli
from segmark.core.annotation import State, Status
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.store.store import Store
from segmark.store.suggestions import Offer

from tests.factories import add_pages
from tests.gui.robot import Robot
from tests.working import number_of

#: One headline and some body are expected.
_NEWS = read_label_set(NEWS_LABELS)


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    with Store.create(project, _NEWS) as store:
        add_pages(store, "Ferry sails\nIt did so.\nTwice", "Another\nIt went.", "Last page\nEnd.")
    return Robot(qtbot).open(project)


def _message(robot: Robot) -> str:
    return robot.window.status.message


def test_a_page_with_what_is_expected_is_done_at_once(robot: Robot) -> None:
    robot.press("H B Enter")
    assert number_of(robot.session) == 2


def test_an_empty_page_asks_and_enter_again_finishes_it(robot: Robot) -> None:
    robot.press("Enter")
    assert (number_of(robot.session), robot.state.status) == (1, Status.NEW)
    assert _message(robot).startswith("Nothing here? This page has no label. Enter again")
    robot.press("Enter")
    assert number_of(robot.session) == 2
    robot.press("A")
    assert robot.state == State(Status.DONE)


def test_what_is_missing_is_named(robot: Robot) -> None:
    robot.press("H Enter")
    assert number_of(robot.session) == 1
    assert _message(robot).startswith("This page has no body.")
    robot.press("Enter")
    assert number_of(robot.session) == 2


def test_two_headlines_are_asked_about(robot: Robot) -> None:
    robot.press("H H B Enter")
    assert _message(robot).startswith("This page has 2 spans of headline, not one.")
    robot.press("E")
    assert _message(robot) == "This page lacks no label that is expected."
    robot.press("Enter")
    assert number_of(robot.session) == 2


def test_a_change_of_the_page_asks_again(robot: Robot) -> None:
    robot.press("Enter H Enter")
    assert number_of(robot.session) == 1
    assert _message(robot).startswith("This page has no body.")


def test_another_page_is_asked_for_itself(robot: Robot) -> None:
    robot.press("Enter D Enter")
    assert number_of(robot.session) == 2
    assert _message(robot).startswith("Nothing here?")


def test_a_held_enter_asks_once_and_finishes_nothing(robot: Robot) -> None:
    robot.hold(Qt.Key.Key_Return, repeats=5)
    assert (number_of(robot.session), robot.state.status) == (1, Status.NEW)


def test_really_none_is_recorded_finishes_the_page_and_is_undone(
    robot: Robot, project: Path
) -> None:
    robot.press("H Enter E")
    assert number_of(robot.session) == 2
    robot.press("A")
    assert (robot.state.status, robot.state.absent) == (Status.DONE, ("body",))
    robot.press("Ctrl+Z Ctrl+Z")
    assert (robot.state.status, robot.state.absent) == (Status.STARTED, ())
    robot.press("Ctrl+Y")
    assert robot.state.absent == ("body",)
    robot.close()
    again = Robot(robot.qtbot).open(project)
    again.session.open(1)
    assert again.state.absent == ("body",)


def test_really_none_without_a_question_only_records(robot: Robot) -> None:
    robot.press("E")
    assert _message(robot) == "Recorded: really no headline, body."
    assert (number_of(robot.session), robot.state.absent) == (1, ("body", "headline"))
    robot.press("H")
    assert robot.state.absent == ("body",)  # it is there after all
    robot.press("Enter")
    assert number_of(robot.session) == 2


def test_what_is_suggested_is_offered_and_never_recorded_as_absent(robot: Robot) -> None:
    assert robot.window.suggestions
    robot.window.suggestions.stop()  # no other suggestions come
    suggesting = robot.window.suggestions.suggesting
    made = (Suggestion(Span(0, 11, "headline"), 0.9, "learnt"),)
    suggesting.offer(1, Offer(made, blind=False))
    robot.press("Enter")
    assert "Ctrl+Enter takes its suggestions" in _message(robot).replace("Return", "Enter")
    robot.press("E")
    assert (number_of(robot.session), robot.state.absent) == (1, ("body",))
    robot.press("Ctrl+Enter")
    assert number_of(robot.session) == 2


def test_really_none_is_exported_and_read_back(robot: Robot, project: Path, tmp_path: Path) -> None:
    robot.press("H Enter E")
    robot.close()
    out, copy = tmp_path / "out", tmp_path / "copy.segmark"
    assert cli.run(["export", str(project), str(out), "--absent"]) == 0
    [record] = map(json.loads, (out / "pages.jsonl").read_text("utf-8").splitlines())
    assert record["meta"]["absent"] == ["body"]
    Store.create(copy, _NEWS).close()
    assert cli.run(["load", str(copy), str(out / "pages.jsonl")]) == 0
    with Store.open(copy) as store:
        assert store.annotations("ada").get(1).state == State(Status.DONE, absent=("body",))
    assert cli.run(["check", str(copy)]) == 0
