"""The second look in the real window: a process finds likely mistakes, keys walk through them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.core.label_acts.acts import rename
from segmark.core.queue import PageOrder, Sort
from segmark.gui.rules.differing_texts import DifferingTextsDialog
from segmark.store.store import Store

from tests.gui.modal import when_modal
from tests.gui.robot import Robot, wait_for
from tests.news_project import SILENT, SWAPPED, gold, news_project, span_of, spoilt_project
from tests.working import number_of


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    spoilt_project(project)
    return Robot(qtbot).open(project)


def look(robot: Robot) -> None:
    robot.window.run("review.begin")
    wait_for(robot, lambda: "Second look, 1 of 2" in notice(robot))


def notice(robot: Robot) -> str:
    return robot.window.page_notice.text if robot.window.page_notice.isVisible() else ""


def go_to(robot: Robot, page: int) -> None:
    if number_of(robot.session) != page:
        robot.press("F8")
    assert number_of(robot.session) == page


def test_a_page_opens_at_the_surprising_span_with_the_reason(robot: Robot) -> None:
    look(robot)
    go_to(robot, SWAPPED)
    span = span_of(SWAPPED, "caption")
    assert robot.selected == robot.page.text[span.start : span.end]
    assert "labelled body, rather caption: " in notice(robot)
    assert robot.view.hasFocus()


def test_the_list_holds_the_pages_of_the_walk_in_its_order(robot: Robot) -> None:
    look(robot)
    first = number_of(robot.session)
    assert first
    assert robot.session.navigation.place(first) == (1, 2)
    assert robot.window.panels.pages.header.order.text().startswith("Second look")
    robot.press("D")
    assert {first, number_of(robot.session)} == {SWAPPED, SILENT}


def test_another_order_ends_the_second_look(robot: Robot) -> None:
    look(robot)
    robot.window.panels.pages.set_order(PageOrder(Sort.SHORTEST))
    robot.settle()
    assert notice(robot) == ""
    assert robot.session.navigation.place(SWAPPED) is not None
    assert len(robot.session.navigation.queue or ()) == 13


def test_it_is_right_is_remembered_and_goes_to_the_next(robot: Robot) -> None:
    look(robot)
    first = number_of(robot.session)
    robot.press("F9")
    assert number_of(robot.session) != first
    assert "2 of 2" in notice(robot)
    robot.press("F9")
    assert robot.window.status.message == "Second look: all likely mistakes are settled."
    assert notice(robot) == ""
    robot.window.run("review.begin")
    wait_for(robot, lambda: "nothing surprises on 12 finished" in robot.window.status.message)


def test_it_is_right_can_be_said_for_a_whole_group_and_undone(robot: Robot) -> None:
    look(robot)
    before, first = notice(robot), number_of(robot.session)
    robot.press("Shift+F9")
    assert robot.window.status.message == "It is right: remembered on 1 page."
    assert number_of(robot.session) != first
    robot.press("Ctrl+Z Shift+F8")
    assert notice(robot) == before


def test_the_walk_goes_on_after_a_restart_where_it_was(qtbot: QtBot, project: Path) -> None:
    spoilt_project(project)
    robot = Robot(qtbot).open(project)
    look(robot)
    pages = [number_of(robot.session)]
    robot.press("F8")
    pages.append(number_of(robot.session))
    before = notice(robot)
    robot.close()
    robot = Robot(qtbot).open(project)
    wait_for(robot, lambda: notice(robot) == before)
    assert number_of(robot.session) == pages[1]
    assert robot.window.panels.pages.header.order.text().startswith("Second look")
    assert list(robot.session.navigation.queue or ()) == pages
    robot.press("F8")
    assert number_of(robot.session) == pages[0]
    robot.window.panels.pages.set_order(PageOrder(Sort.SHORTEST))
    robot.close()
    robot = Robot(qtbot).open(project)
    assert notice(robot) == ""
    assert not robot.window.panels.pages.header.order.text().startswith("Second look")
    robot.close()


def test_undo_brings_the_place_back(robot: Robot) -> None:
    look(robot)
    before = notice(robot)
    robot.press("F9 Ctrl+Z")
    assert notice(robot) == before
    assert robot.state.rejected == ()


def test_the_buttons_of_the_notice_do_the_same_as_the_keys(robot: Robot) -> None:
    look(robot)
    bar, first = robot.window.page_notice, number_of(robot.session)
    assert (bar.button.text(), bar.other.text()) == ("It is right (F9)", "Next (F8)")
    QTest.mouseClick(bar.other, Qt.MouseButton.LeftButton)
    assert number_of(robot.session) != first
    robot.press("Shift+F8")
    QTest.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    robot.press("Shift+F8")
    assert number_of(robot.session) != first


def test_a_label_that_is_put_right_settles_the_place(robot: Robot) -> None:
    look(robot)
    go_to(robot, SWAPPED)
    robot.press("C")
    assert notice(robot) == ""
    robot.press("F8")
    assert number_of(robot.session) == SILENT
    robot.press("F8")
    assert number_of(robot.session) == SILENT


def test_a_page_of_the_list_opens_at_its_place_with_its_reason(robot: Robot) -> None:
    look(robot)
    before, selected = notice(robot), robot.selected
    robot.press("D")
    assert "2 of 2" in notice(robot)
    robot.press("A")
    assert (notice(robot), robot.selected) == (before, selected)


def test_keys_without_a_second_look_begin_one_or_say_so(robot: Robot) -> None:
    robot.press("F9")
    assert "no place of a second look" in robot.window.status.message
    robot.press("F8")
    wait_for(robot, lambda: "1 of 2" in notice(robot))


def test_the_window_works_meanwhile_and_the_work_can_be_cancelled(robot: Robot) -> None:
    robot.window.run("review.begin")
    assert robot.window.task_progress.isVisible()
    robot.window.run("review.begin")
    assert "is being taken" in robot.window.status.message
    robot.press("B")
    QTest.mouseClick(robot.window.task_progress.cancel_button, Qt.MouseButton.LeftButton)
    wait_for(robot, lambda: not robot.window.background.running)
    assert notice(robot) == ""
    look(robot)


def test_the_order_menu_begins_a_second_look(robot: Robot) -> None:
    order = robot.window.panels.pages.header.order
    (act,) = [one for one in order._menu.actions() if one.text().startswith("Second look")]
    act.trigger()
    wait_for(robot, lambda: "1 of 2" in notice(robot))


def test_a_project_that_can_only_be_read_can_be_looked_at(qtbot: QtBot, project: Path) -> None:
    news_project(project, pages=3, finished=2).close()
    robot = Robot(qtbot)
    robot.program.projects.show_store(Store.open_for_reading(project))
    robot.settle()
    assert robot.window.actions_by_id["review.next"].isEnabled()
    assert not robot.window.actions_by_id["review.right"].isEnabled()


# Texts that are labelled differently


def texts(robot: Robot, meet: Callable[[DifferingTextsDialog], object]) -> None:
    """Open the dialog, do something in it, and close it."""
    met = list[DifferingTextsDialog]()

    def look(dialog: DifferingTextsDialog) -> None:
        met.append(dialog)
        meet(dialog)

    when_modal(DifferingTextsDialog, look)
    robot.window.run("review.texts")
    wait_for(robot, lambda: bool(met))


def choose_policy(dialog: DifferingTextsDialog) -> None:
    (row,) = dialog.texts.findItems("Keep your comments civil.", Qt.MatchFlag.MatchExactly, 2)
    assert row.text(1) == "comment on 11, no label on 1"
    dialog.texts.setCurrentItem(row)


def test_a_text_is_made_alike_as_most_pages_have_it(robot: Robot) -> None:
    def meet(dialog: DifferingTextsDialog) -> None:
        choose_policy(dialog)
        assert dialog.label.currentData() == "comment"
        before = dialog.texts.topLevelItemCount()
        QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
        assert dialog.texts.topLevelItemCount() == before - 1
        assert robot.window.status.message.startswith("Made alike: comment on 1 page.")

    texts(robot, meet)
    spans = robot.session.store.annotations("ada").get(SILENT).spans
    assert spans == gold(SILENT)


def test_the_other_way_can_be_chosen_and_undone(robot: Robot) -> None:
    def meet(dialog: DifferingTextsDialog) -> None:
        choose_policy(dialog)
        dialog.label.setCurrentIndex(dialog.label.findData(""))
        QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)

    robot.session.open(1)
    texts(robot, meet)
    assert "comment" not in [label for label, _ in robot.labelled]
    robot.press("Ctrl+Z")
    assert robot.spans == gold(1)


def test_a_page_where_the_text_is_rarely_so_can_be_opened(robot: Robot) -> None:
    def meet(dialog: DifferingTextsDialog) -> None:
        choose_policy(dialog)
        QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)

    texts(robot, meet)
    wait_for(robot, lambda: number_of(robot.session) == SILENT)
    assert robot.selected == "Keep your comments civil."


def test_a_label_with_a_new_name_goes_by_it(robot: Robot) -> None:
    labels = robot.session.store.label_set
    robot.session.change_labels(rename(labels, "comment", "policy"))

    def meet(dialog: DifferingTextsDialog) -> None:
        (row,) = dialog.texts.findItems("Keep your comments civil.", Qt.MatchFlag.MatchExactly, 2)
        assert row.text(1) == "policy on 11, no label on 1"
        dialog.texts.setCurrentItem(row)
        assert dialog.label.currentText() == "policy"
        QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
        assert robot.window.status.message.startswith("Made alike: policy on 1 page.")

    texts(robot, meet)
    assert robot.session.store.annotations("ada").get(SILENT).spans == gold(SILENT)
    assert robot.session.undo_title == "Make policy: “Keep your comments civil.”"
