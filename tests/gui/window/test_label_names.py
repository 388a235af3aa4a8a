"""A renamed label: every part of the window shows the new name, and none the old one or the id."""

from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QListView, QWidget
from pytestqt.qtbot import QtBot
from segmark.core.label_acts.acts import rename
from segmark.core.queue import PageFilter
from segmark.gui.queue.filter import filter_text

from tests.factories import label, make_project
from tests.gui.robot import Robot

_TEXT = "Ferry sails\nA picture\nAnother\n\nIt sailed."


def _opened(qtbot: QtBot, project: Path) -> Robot:
    with make_project(project, _TEXT, "Two") as store:
        label(store, "ada", 1, "ticker", 12, 21)
    return Robot(qtbot).open(project)


def _rename(robot: Robot) -> None:
    robot.session.change_labels(rename(robot.session.store.label_set, "ticker", "banner"))
    robot.settle()


def _words(robot: Robot) -> str:
    """Everything that the window says about labels."""
    window = robot.window
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # earlier label buttons
    shown = [
        action.text() + action.toolTip()
        for action in map(window.actions_by_id.__getitem__, window.actions_by_id)
    ]
    shown += [each.text() for each in window.findChildren(QLabel) if each.isVisible()]
    widgets = [each for each in window.findChildren(QWidget) if each.isVisible()]
    shown += [each.accessibleName() + each.toolTip() for each in widgets]
    for view in window.findChildren(QListView):
        if model := view.model():
            shown += [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    return "\n".join([*shown, window.panels.guideline.text, window.status.currentMessage()])


def test_every_part_of_the_window_shows_the_new_name(qtbot: QtBot, project: Path) -> None:
    robot = _opened(qtbot, project)
    assert "ticker" in _words(robot).casefold()
    _rename(robot)
    robot.click("picture")
    robot.press("t")
    robot.settle()
    words = _words(robot).casefold().replace("what ticker is", "")
    assert "banner" in words
    assert "ticker" not in words
    margin = robot.view.margin
    top = robot.margin_point("picture").y()
    assert margin.tip(top).startswith("banner · ")


def test_the_titles_of_acts_and_messages_have_the_name(qtbot: QtBot, project: Path) -> None:
    robot = _opened(qtbot, project)
    _rename(robot)
    robot.click("sailed")
    robot.press("t")
    assert robot.session.undo_title == "Label banner"
    labels = robot.session.store.label_set
    assert filter_text(PageFilter(label="ticker"), labels) == "label banner"


def test_undo_in_the_window_takes_an_act_on_the_labels_back(qtbot: QtBot, project: Path) -> None:
    robot = _opened(qtbot, project)
    _rename(robot)
    robot.press("Ctrl+Z")
    robot.settle()
    assert "ticker" in robot.window.labels.names
    assert robot.window.actions_by_id["label.as.ticker"].toolTip().startswith("Label ticker")
