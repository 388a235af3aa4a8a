"""The guideline grows in the real window: examples by G, questions by a mark on the note."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.core.page_change import answer_question, ask
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.gui.panels.guideline import GuidelinePanel
from segmark.gui.rules.example_dialog import ExampleDialog
from segmark.gui.rules.questions_dialog import QuestionsDialog

from tests.factories import write_note
from tests.gui.modal import when_modal
from tests.gui.robot import LEFT, Robot


@pytest.fixture
def robot(qtbot: QtBot, project: Path, tmp_path: Path) -> Robot:
    """A page with a headline and a caption, and another page."""
    for name, text in (("a", "Ferry sails\nIt left at noon.\nPhoto: Ada"), ("b", "Court rules")):
        (tmp_path / f"{name}.txt").write_text(text)
    robot = Robot(qtbot).create(project, read_label_set(NEWS_LABELS))
    robot.load(tmp_path / "a.txt", tmp_path / "b.txt", show_first=True)
    robot.press("H Down C")
    return robot


def panel(robot: Robot) -> GuidelinePanel:
    return robot.window.panels.guideline


def add(robot: Robot, reason: str, use: Callable[[ExampleDialog], object] = lambda _: None) -> None:
    """Press G, type a reason and Enter."""

    def give(dialog: ExampleDialog) -> None:
        use(dialog)
        QTest.keyClicks(dialog.reason, reason)
        dialog.save.click()

    when_modal(ExampleDialog, give)
    robot.press("G")


def examples(robot: Robot) -> list[tuple[str, str, str]]:
    found = robot.session.store.guideline.examples()
    return [(one.label, one.text, one.reason) for one in found]


def follow(robot: Robot, act: str) -> None:
    """Follow a link of the first example in the panel."""
    number = robot.session.store.guideline.examples()[0].number
    panel(robot).browser.anchorClicked.emit(QUrl(f"example:{number}/{act}"))
    robot.settle()


def asked(robot: Robot) -> list[tuple[str, str]]:
    return [(one.text, one.answer) for one in robot.session.store.guideline.questions()]


def test_g_adds_the_span_at_the_caret_and_the_panel_shows_it(robot: Robot) -> None:
    robot.press("Ctrl+End F2 Esc")
    add(robot, "A credit alone <b>is</b> one")
    assert examples(robot) == [("caption", "Photo: Ada", "A credit alone <b>is</b> one")]
    assert "Photo: Ada" in panel(robot).text
    assert "A credit alone <b>is</b> one · Ferry sails · Reason… · Remove" in panel(robot).text
    assert robot.window.status.message == "Added to the guideline of caption."
    assert robot.window.focusWidget() is robot.view


def test_work_on_the_page_goes_on_after_an_example_and_a_question(robot: Robot) -> None:
    robot.press("Ctrl+End")
    add(robot, "A credit")
    robot.press("Up B N")
    assert robot.labelled[1] == ("body", "It left at noon.")
    robot.type("Why?")
    robot.press("Esc Shift+N F")
    assert (robot.state.flagged, robot.state.note, asked(robot)) == (True, "Why?", [("Why?", "")])
    robot.press("Ctrl+Z Ctrl+Z Ctrl+Z Ctrl+Z Ctrl+Z")
    assert (robot.state.flagged, robot.state.note, asked(robot)) == (False, "", [])
    assert examples(robot) == []


def test_a_link_above_the_guideline_leads_to_the_examples(robot: Robot) -> None:
    robot.press("Ctrl+End F2 Esc")
    add(robot, "A credit")
    assert panel(robot).text.splitlines()[:2] == ["Caption (C)", "1 example from a page"]
    bar = panel(robot).browser.verticalScrollBar()
    assert (bar.value(), bar.maximum() > 0) == (0, True)
    panel(robot).browser.anchorClicked.emit(QUrl("example:list"))
    assert bar.value() > 0


def test_a_selection_is_added_with_the_label_that_is_chosen(robot: Robot) -> None:
    robot.drag("left", "noon")

    def choose(dialog: ExampleDialog) -> None:
        assert dialog.label.currentText() == "no label"
        dialog.label.setCurrentText("body")

    add(robot, "", choose)
    assert examples(robot) == [("body", "left at noon", "")]


def test_undo_takes_an_example_back_and_the_panel_follows(robot: Robot) -> None:
    robot.press("Ctrl+End F2 Esc")
    add(robot, "A zebra")
    robot.press("Ctrl+Z")
    assert examples(robot) == []
    assert "A zebra" not in panel(robot).text
    assert robot.window.status.message == "Undone: Add to the guideline of caption"
    robot.press("Ctrl+Shift+Z")
    assert "A zebra" in panel(robot).text
    assert [label for label, _ in robot.labelled] == ["headline", "caption"]


def test_the_search_finds_examples_of_all_labels(robot: Robot) -> None:
    robot.press("Ctrl+End")
    add(robot, "A credit zebra")
    robot.press("Ctrl+Home F2")
    assert "zebra" not in panel(robot).text
    robot.type("ZEBRA")
    assert "caption: A credit zebra" in panel(robot).text
    robot.type("x")
    assert panel(robot).text == "No hard case of the guideline contains these words."


def test_an_example_leads_to_its_page_and_is_changed_and_removed(robot: Robot) -> None:
    robot.press("Ctrl+End")
    add(robot, "A zebra")
    robot.press("D F2 Esc")
    assert robot.page.text == "Court rules"
    follow(robot, "page")
    assert robot.selected == "Photo: Ada"

    def change(dialog: ExampleDialog) -> None:
        assert not dialog.label.isEnabled()
        dialog.reason.setText("Other")
        dialog.save.click()

    when_modal(ExampleDialog, change)
    follow(robot, "change")
    assert examples(robot) == [("caption", "Photo: Ada", "Other")]
    follow(robot, "remove")
    assert examples(robot) == []


def test_blank_text_is_no_case(robot: Robot, tmp_path: Path) -> None:
    robot.drag("sails", "sails")
    robot.view.select(11, 12)
    robot.press("G")
    assert "There is no text here" in robot.window.status.message


def test_a_note_becomes_a_question_and_the_answer_is_shown(robot: Robot) -> None:
    robot.press("Shift+N")
    assert robot.window.status.message == "Write the question as a note first."
    robot.type("Is a credit a caption?")
    robot.press("Esc")
    QTest.mouseClick(robot.window.panels.note.question, LEFT)
    robot.settle()
    assert asked(robot) == [("Is a credit a caption?", "")]
    assert robot.window.panels.note.question.isChecked()
    store = robot.session.store
    [question] = store.guideline.questions()
    store.annotations("ben").change_pages([1], answer_question(question, "No."))
    robot.press("D A")
    assert robot.window.panels.note.answers.text() == "ben answers: No."
    robot.press("D")
    assert not robot.window.panels.note.question.isChecked()
    assert robot.window.panels.note.answers.isHidden()


def test_marking_a_question_again_or_undo_takes_the_mark_off(robot: Robot) -> None:
    robot.press("N")
    robot.type("Why?")
    robot.press("Esc Shift+N Shift+N")
    assert asked(robot) == []
    robot.press("Ctrl+Z")
    assert asked(robot) == [("Why?", "")]
    assert robot.window.panels.note.question.isChecked()
    robot.press("Ctrl+Z")
    assert (asked(robot), robot.state.note) == ([], "Why?")
    assert not robot.window.panels.note.question.isChecked()


def _asked_by_ben(robot: Robot) -> None:
    store = robot.session.store
    write_note(store, "ben", 1, "Is the photo line a caption?")
    store.annotations("ben").change_pages([1], ask(29, 39))


def test_an_answer_closes_a_question_and_becomes_an_example(robot: Robot) -> None:
    _asked_by_ben(robot)
    robot.press("D")

    def answer(dialog: QuestionsDialog) -> None:
        assert "ben asks: Is the photo line a caption?" in dialog.text.text()
        QTest.keyClicks(dialog.answer, "Yes, with its credit.")
        dialog.becomes_example.click()
        dialog.label.setCurrentText("caption")
        dialog.send.click()
        assert "ada answered: Yes, with its credit." in dialog.text.text()
        assert not dialog.send.isEnabled()

    when_modal(QuestionsDialog, answer)
    robot.window.run("page.questions")
    assert asked(robot) == [("Is the photo line a caption?", "Yes, with its credit.")]
    assert examples(robot) == [("caption", "Photo: Ada", "Yes, with its credit.")]
    robot.press("Ctrl+Z Ctrl+Z")
    assert (asked(robot)[0][1], examples(robot)) == ("", [])


def test_the_list_of_questions_leads_to_the_page(robot: Robot) -> None:
    _asked_by_ben(robot)
    robot.press("D")
    when_modal(QuestionsDialog, lambda dialog: dialog.go.click())
    robot.window.run("page.questions")
    robot.settle()
    assert robot.selected == "Photo: Ada"
    assert "ben asks: Is the photo line" in robot.window.panels.note.answers.text()


def test_a_project_that_can_only_be_read_takes_no_answer(robot: Robot) -> None:
    _asked_by_ben(robot)
    robot.session.store.read_only = "the file can't be written"

    def look(dialog: QuestionsDialog) -> None:
        assert not dialog.answer.isEnabled()
        assert not dialog.send.isEnabled()

    when_modal(QuestionsDialog, look)
    robot.window.run("page.questions")
