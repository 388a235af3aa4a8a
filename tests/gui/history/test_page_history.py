"""Ctrl+H shows every act on the page, and goes back to any moment of one's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.span import Span
from segmark.gui.base.theme import DARK, LIGHT, Theme
from segmark.gui.history.dialog import PageHistoryDialog
from segmark.store.store import Store

from tests.factories import LABELS, label, make_project
from tests.gui.modal import when_modal
from tests.gui.robot import Robot

TEXT = "Ferry sails\nIt did.\nIt went on."
HEADLINE, BODY = Span(0, 11, "headline"), Span(12, 19, "body")


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, TEXT, "Another page").close()
    return Robot(qtbot).open(project)


def look_back(robot: Robot, act: Callable[[PageHistoryDialog], object]) -> None:
    """Press Ctrl+H, and do something in the dialog once the acts are there."""
    seen = list[PageHistoryDialog]()

    def look(dialog: PageHistoryDialog) -> None:
        acts = dialog.acts
        robot.qtbot.waitUntil(lambda: acts.currentIndex().isValid() and acts.hasFocus())
        seen.append(dialog)
        act(dialog)

    when_modal(PageHistoryDialog, look)
    robot.press("Ctrl+H")
    assert seen


def press(dialog: PageHistoryDialog, keys: str) -> None:
    """Press keys where the focus is in the dialog, which is the list at first."""
    for name in keys.split():
        QTest.keySequence(dialog.focusWidget() or dialog, QKeySequence.fromString(name))


def rows(dialog: PageHistoryDialog) -> list[str]:
    model = dialog.acts.model()
    return [str(model.index(row, 2).data()) for row in range(model.rowCount())]


def test_the_acts_are_listed_the_latest_first(robot: Robot) -> None:
    robot.press("H B Ctrl+Z F")
    found = list[str]()
    look_back(robot, lambda dialog: found.extend(rows(dialog)))
    assert found == [
        "Flag page (flag set)",
        "Undo: Label body (−body 12–19)",
        "Label body (+body 12–19) [undone]",
        "Label headline (+headline 0–11, new → started)",
        "Before the first act",
    ]


def test_each_act_shows_the_page_as_it_was(robot: Robot) -> None:
    robot.press("H B Ctrl+Z")
    shown = list[tuple[Span, ...]]()

    def walk(dialog: PageHistoryDialog) -> None:
        for _ in range(4):
            shown.append(tuple(dialog.view.marks.spans))
            press(dialog, "Down")

    look_back(robot, walk)
    assert shown == [(HEADLINE,), (HEADLINE, BODY), (HEADLINE,), ()]


def test_going_back_is_one_act_that_can_be_undone(robot: Robot) -> None:
    robot.press("H B F Return")
    robot.session.open(1)
    look_back(robot, lambda dialog: press(dialog, "Down Down Down Return"))
    assert (robot.spans, robot.state.status) == ((HEADLINE,), Status.STARTED)
    assert robot.state.flagged
    assert robot.session.undo_title
    assert robot.session.undo_title.startswith("Go back to 2")
    assert robot.window.focusWidget() is robot.view
    robot.press("Ctrl+Z")
    assert (robot.spans, robot.state.status) == ((HEADLINE, BODY), Status.DONE)


def test_one_can_go_back_to_the_page_without_labels(robot: Robot) -> None:
    robot.press("H B")
    look_back(robot, lambda dialog: press(dialog, "Ctrl+End Return"))
    assert (robot.spans, robot.state.status) == ((), Status.NEW)
    robot.press("Ctrl+Z")
    assert robot.spans == (HEADLINE, BODY)


def test_escape_changes_nothing(robot: Robot) -> None:
    robot.press("H B")
    look_back(robot, lambda dialog: press(dialog, "Down Esc"))
    assert robot.spans == (HEADLINE, BODY)
    assert robot.session.undo_title == "Label body"


def test_where_the_page_is_so_already_there_is_nothing_to_go_back_to(robot: Robot) -> None:
    robot.press("H")

    def look(dialog: PageHistoryDialog) -> None:
        assert not dialog.go.isEnabled()
        assert "The page is so now." in dialog.words.text()

    look_back(robot, look)


def test_the_acts_of_others_are_shown_and_stay_theirs(qtbot: QtBot, project: Path) -> None:
    with make_project(project, TEXT) as store:
        label(store, "bob", 1, "ticker", 0, 11)
        label(store, "ada", 1, "headline", 0, 11)
        label(store, "bob", 1, "comment", 12, 19)
    robot = Robot(qtbot).open(project)

    def look(dialog: PageHistoryDialog) -> None:
        assert not dialog.acts.isColumnHidden(1)
        assert tuple(dialog.view.marks.spans) == (
            Span(0, 11, "ticker"),
            Span(12, 19, "comment"),
        )
        assert not dialog.go.isEnabled()
        assert "the labels of bob" in dialog.words.text()

    look_back(robot, look)
    assert robot.spans == (HEADLINE,)


def test_a_project_that_can_not_be_written_shows_its_history(qtbot: QtBot, project: Path) -> None:
    with make_project(project, TEXT) as store:
        label(store, "ada", 1, "headline", 0, 11)
        label(store, "ada", 1, "body", 12, 19)
    robot = Robot(qtbot)
    robot.program.projects.show_store(Store.open_for_reading(project))
    robot.settle()

    def look(dialog: PageHistoryDialog) -> None:
        press(dialog, "Down")
        assert tuple(dialog.view.marks.spans) == (HEADLINE,)
        assert not dialog.go.isEnabled()
        assert "You can't go back" in dialog.words.text()

    look_back(robot, look)


def test_an_untouched_page_has_no_acts(robot: Robot) -> None:
    found = list[str]()
    look_back(robot, lambda dialog: found.extend(rows(dialog)))
    assert found == ["Before the first act"]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_dialog_fits_a_small_screen(qtbot: QtBot, project: Path, theme: Theme) -> None:
    with make_project(project, TEXT) as store:
        for name in ("headline", "caption", "body"):
            label(store, "ada", 1, name, 0, 11)
        page, history = store.pages.get(1), store.page_history(1)
        now = store.annotations("ada").get(1)
    dialog = PageHistoryDialog(page, LABELS, theme, "ada", now, "", {})
    qtbot.addWidget(dialog)
    dialog.show_history(history)
    needed = dialog.minimumSizeHint()
    assert needed.width() <= 100 * dialog.fontMetrics().averageCharWidth()
    assert needed.height() <= 24 * dialog.fontMetrics().lineSpacing()
    muted = dialog.acts.model().index(0, 2).data(Qt.ItemDataRole.ForegroundRole)
    assert muted is None
