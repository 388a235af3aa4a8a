"""Loading with options, and the questions about unknown labels, in the real window."""

import csv
import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.core.span import Span
from segmark.gui.base.theme import LIGHT
from segmark.gui.load.label_questions import LabelQuestions
from segmark.gui.load.options_dialog import LoadOptionsDialog
from segmark.gui.load.report import LoadReportWindow
from segmark.loading.options import LabelOptions, LoadOptions, RecordFields
from segmark.loading.raw import OffsetUnit
from segmark.loading.survey import Survey

from tests.factories import LABELS
from tests.gui.modal import when_modal
from tests.gui.robot import Robot, wait_for

TEXT = "Menu\nShip sails\nIt did."


@pytest.fixture
def robot(qtbot: QtBot, project: Path, label_set: LabelSet) -> Robot:
    return Robot(qtbot).create(project, label_set)


def write(folder: Path, *records: object) -> Path:
    path = folder / "all.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def questions(robot: Robot) -> LabelQuestions:
    wait_for(robot, lambda: bool(robot.window.findChildren(LabelQuestions)))
    return robot.window.findChildren(LabelQuestions)[0]


def spans(robot: Robot, number: int = 1) -> tuple[Span, ...]:
    return robot.session.store.annotations("ada").get(number).spans


def test_labels_that_are_known_come_in_and_the_page_shows_them(
    robot: Robot, tmp_path: Path
) -> None:
    path = write(tmp_path, {"text": TEXT, "label": [[5, 15, "Headline"]]})
    robot.load(path, show_first=True)
    assert robot.window.status.message == "1 page added, labels of 1 page."
    assert robot.spans == (Span(5, 15, "headline"),)
    robot.press("Ctrl+Z")
    assert not robot.spans


def test_unknown_labels_are_asked_for_and_the_answers_load_the_file(
    robot: Robot, tmp_path: Path
) -> None:
    labels = [[0, 4, "Nav"], [5, 15, "TITLE"], [16, 23, "X"]]
    robot.load(write(tmp_path, {"text": TEXT, "label": labels}), show_first=True)
    asked = questions(robot)
    assert not asked.isModal()
    assert robot.session.store.pages.count() == 0
    load = asked.load_button
    assert not load.isEnabled()
    for name, ours in (("TITLE", "headline"), ("Nav", "comment")):
        asked.names[name].setCurrentText(ours)
        assert not load.isEnabled()
    asked.rest.click()
    load.click()
    wait_for(robot, lambda: not robot.window.background.running)
    assert robot.spans == (Span(0, 4, "comment"), Span(5, 15, "headline"))


def test_unclear_offsets_are_asked_for(robot: Robot, tmp_path: Path) -> None:
    pytest.importorskip("regex")
    robot.load(write(tmp_path, {"text": "船が🙂港を出た", "label": [[4, 6, "body"]]}))
    asked = questions(robot)
    assert asked.unit is not None
    asked.unit.setCurrentIndex(asked.unit.findData(OffsetUnit.UTF_16))
    asked.load_button.click()
    wait_for(robot, lambda: not robot.window.background.running)
    assert spans(robot) == (Span(3, 5, "body"),)


def test_who_does_not_answer_is_told_what_was_not_loaded(robot: Robot, tmp_path: Path) -> None:
    robot.load(write(tmp_path, {"text": TEXT, "label": [[0, 4, "Nav"]]}))
    questions(robot).reject()
    robot.settle()
    assert robot.window.status.message == "1 rejected."
    [report] = robot.window.findChildren(LoadReportWindow)
    assert "the project lacks its labels Nav" in report.left_out[0][1]


def test_the_questions_show_only_what_is_open(qtbot: QtBot) -> None:
    asked = LabelQuestions(Survey(unclear=("a.jsonl",), refused={"a.jsonl": "unclear"}), LABELS)
    qtbot.addWidget(asked)
    assert asked.names == {}
    assert asked.unit is not None
    asked.unit.setCurrentIndex(2)
    assert asked.answered(LabelOptions()) == LabelOptions(offsets=OffsetUnit.GRAPHEME)


def test_everything_that_the_command_has_can_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    labels = LabelOptions(
        (("Title", "headline"), ("Menu", "")),
        True,
        OffsetUnit.UTF_16,
        "jo",
        done=True,
        newer=True,
        predictions=True,
        model="bert 2",
        people=(("Ada", "Ada Lovelace"),),
    )
    fields, match = (
        RecordFields("body", "raw", "link", ("O", "B-body"), "Segment.value"),
        ("a.example", "*/x/*"),
    )
    options = LoadOptions(fields, match, 500, 7, 1000, labels, tmp_path / "load.csv")
    dialog = LoadOptionsDialog(LABELS, "ada", options, LIGHT)
    qtbot.addWidget(dialog)
    assert dialog.options == options
    assert isinstance(dialog.options.labels.offsets, OffsetUnit)
    assert dialog.files_button.isEnabled()
    plain = LoadOptionsDialog(LABELS, "ada", LoadOptions(), LIGHT)
    qtbot.addWidget(plain)
    assert plain.options == LoadOptions()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("names", "Title", "write their label"),
        ("names", "Title=advert", "there is no label advert"),
        ("people", "Ada", "write their annotator"),
        ("people", "Ada=", "a person needs a name"),
        ("table", "load.csv", "give the whole path"),
        ("table", "/nowhere/at/all/load.csv", "can't be written"),
    ],
)
def test_what_makes_no_sense_is_said_at_once(
    qtbot: QtBot, field: str, typed: str, said: str
) -> None:
    dialog = LoadOptionsDialog(LABELS, "ada", LoadOptions(), LIGHT)
    qtbot.addWidget(dialog)
    getattr(dialog, field).setText(typed)
    assert said in dialog.problem.text()
    assert not dialog.files_button.isEnabled()
    assert not dialog.folder_button.isEnabled()
    getattr(dialog, field).clear()
    assert dialog.files_button.isEnabled()


def test_the_options_are_asked_for_first_and_kept_for_the_next_time(
    robot: Robot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"body": f"Row {n}", "link": f"http://{n}.example/"} for n in range(6)]
    path, table = write(tmp_path, *rows), tmp_path / "load.csv"
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    seen = list[str]()

    def answer(dialog: LoadOptionsDialog) -> None:
        seen.append(dialog.fields[0].text())
        dialog.fields[0].setText("body")
        dialog.fields[2].setText("link")
        dialog.match.setText("1.example 2.example 3.example")
        dialog.limit.setValue(2)
        dialog.table.setText(str(table))
        dialog.files_button.click()

    for _ in range(2):
        when_modal(LoadOptionsDialog, answer)
        robot.window.run("file.load_options")
        wait_for(robot, lambda: not robot.window.background.running)
    assert seen == ["", "body"]
    assert robot.session.store.pages.count() == 2
    with table.open(encoding="utf-8", newline="") as file:
        outcomes = [row["outcome"] for row in csv.DictReader(file)]
    assert sorted(outcomes) == ["already there", "already there", "passed over"]


def test_newer_labels_are_reported_first_and_replace_those_here_once_that_is_chosen(
    robot: Robot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"text": TEXT, "spans": [{"start": 5, "end": 15, "label": "headline"}]}
    robot.load(write(tmp_path, row), show_first=True)
    row["spans"] = [{"start": 16, "end": 23, "label": "caption"}]
    path = write(tmp_path, row)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))

    def load(*, newer: bool) -> None:
        def answer(dialog: LoadOptionsDialog) -> None:
            dialog.newer.setChecked(newer)
            dialog.files_button.click()

        when_modal(LoadOptionsDialog, answer)
        robot.window.run("file.load_options")
        wait_for(robot, lambda: not robot.window.background.running)

    load(newer=False)
    (report,) = robot.window.findChildren(LoadReportWindow)
    assert "labelled this page differently here" in report.left_out[0][1]
    assert spans(robot) == robot.spans == (Span(5, 15, "headline"),)
    load(newer=True)
    assert spans(robot) == robot.spans == (Span(16, 23, "caption"),)
    robot.press("Ctrl+Z")
    assert spans(robot) == robot.spans == (Span(5, 15, "headline"),)
