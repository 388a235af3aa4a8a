"""Nothing that takes the focus is nameless to a screen reader, in any window or dialog."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import segmark.gui
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot
from segmark.core.people.person import Person
from segmark.environment.log import Unforeseen
from segmark.gui.base.waiting import wait_for
from segmark.gui.dialogs.error import ErrorDialog
from segmark.gui.load.label_questions import LabelQuestions
from segmark.gui.load.report import LoadReportWindow
from segmark.gui.people.join import JoinDialog
from segmark.gui.rules.act_dialogs import (
    AboutLabelSetDialog,
    AddLabelDialog,
    DeleteLabelDialog,
    ImportLabelsDialog,
    MergeLabelDialog,
)
from segmark.gui.rules.differing_texts import DifferingTextsDialog
from segmark.jobs.loading.report import LoadReport
from segmark.loading.rejection import LoadError
from segmark.loading.survey import Survey
from segmark.store.file.backup import Reason, back_up

from tests.factories import LABELS, drawn, label, make_project
from tests.gui.robot import Robot

OLD = drawn("Menu\n[Ship sails|headline]\n[It did.\nIt went on.|body]")
NEW = "Menu 2\nShip sails\nIt did.\nIt <b>went</b> on.\nImprint"
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

#: Parts of Qt's own widgets: a screen reader gets the whole.
_OF_QT = {"qt_spinbox_lineedit", "qt_scrollarea_viewport"}
#: The commands that open a window, and those that show a message.
COMMANDS = (
    "file.new", "file.load_options", "file.paste", "file.export", "file.restore", "file.settings",
    "suggest.settings", "suggest.accuracy", "suggest.compare", "page.carry", "page.history",
    "label.example", "page.questions", "view.day", "file.people", "project.labels",
    "list.filter",
    "list.site", "view.figures", "view.palette", "help.keys", "help.contents", "help.about",
    "help.log",
)  # fmt: skip


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    """The window on a page with labels, a newer version of it and another page."""
    with make_project(project, OLD.text, NEW, "Another page") as store:
        for span in OLD.spans:
            label(store, "ada", 1, span.label, span.start, span.end)
        with store.write():
            store.versions.link(2, 1)
    back_up(project, Reason.ASKED)
    robot = Robot(qtbot).open(project)
    robot.session.open(2)
    robot.settle()
    return robot


def name_of(widget: QWidget) -> str:
    """What a screen reader calls a widget.

    On Linux, Qt gives the value of a box as its name, and leaves what it is for to a label.
    """
    if isinstance(widget, QComboBox):
        labels = widget.window().findChildren(QLabel)
        label = next((label.text() for label in labels if label.buddy() is widget), "")
        return label or (widget.accessibleName() and widget.accessibleDescription())
    spoken = QAccessible.queryAccessibleInterface(widget)
    return spoken.text(QAccessible.Text.Name) if spoken else ""


def focusable(window: QWidget) -> Iterator[QWidget]:
    """The widgets of a window that can get the focus, in hidden tabs too."""
    for widget in window.findChildren(QWidget):
        takes = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        of_window = widget.window() is window and widget.objectName() not in _OF_QT
        if takes and of_window and _can_be_shown(widget):
            yield widget


def _can_be_shown(widget: QWidget) -> bool:
    above = widget.parentWidget()
    if widget.isWindow() or above is None:
        return True
    in_tab = isinstance(above, QStackedWidget)
    return (in_tab or not widget.isHidden()) and _can_be_shown(above)


def nameless(window: QWidget) -> list[str]:
    found = [
        f"{type(widget).__name__} {widget.accessibleName()} in {type(widget.parent()).__name__}"
        for widget in focusable(window)
        if not name_of(widget).strip()
    ]
    return [f"{type(window).__name__}: {words}" for words in found]


def all_dialogs() -> set[type[QDialog]]:
    """The dialogs that the program defines."""
    found = set[type[QDialog]]()
    for module in pkgutil.walk_packages(segmark.gui.__path__, "segmark.gui."):
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and issubclass(value, QDialog)
                and value.__module__.startswith("segmark.")
            ):
                found.add(value)
    return {one for one in found if not one.__subclasses__()}  # not what dialogs have in common


def _forecast_nothing(*_: object) -> None:
    """Leave a dialog without the forecast of its change."""


class Reader:
    """Notes what is nameless in each dialog that opens, and closes it."""

    def __init__(self) -> None:
        self.seen = set[type[QDialog]]()
        self.nameless = list[str]()
        self._timer = QTimer(QApplication.instance(), interval=5)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QDialog) and window.isVisible():
                if not isinstance(window, QFileDialog):  # Qt's own, or the desktop's
                    self.seen.add(type(window))
                    self.nameless += nameless(window)
                window.reject()

    def stop(self) -> None:
        self._timer.stop()


def test_the_main_window_names_all_that_takes_the_focus(robot: Robot) -> None:
    robot.press("Ctrl+F")
    assert nameless(robot.window) == []


def test_every_dialog_names_all_that_takes_the_focus(robot: Robot) -> None:
    window, reader = robot.window, Reader()
    for command in COMMANDS:
        window.run(command)
        robot.qtbot.waitUntil(lambda: not window.background.running)
        robot.settle()
    report = LoadReport(1, rejected=[LoadError("x.jpg", "it is a picture")])
    survey = Survey(unknown={"Nav": 3}, unclear=("a.jsonl",), refused={"a.jsonl": "unclear"})
    people = [Person(number, f"{number}", f"P{number}", "#3b7dd8") for number in (1, 2)]
    for dialog in (
        ErrorDialog(Unforeseen("KeyError", "File x"), Path("segmark.log"), window),
        LoadReportWindow(report, window),
        LabelQuestions(survey, LABELS, window),
        JoinDialog(people[0], people[1:], window),
        AddLabelDialog(LABELS, (), _forecast_nothing, window),
        MergeLabelDialog(LABELS, LABELS["body"], _forecast_nothing, window),
        DeleteLabelDialog(LABELS, LABELS["body"], _forecast_nothing, window),
        AboutLabelSetDialog(LABELS, _forecast_nothing, window),
        ImportLabelsDialog(LABELS, LABELS, _forecast_nothing, window),
        DifferingTextsDialog((), LABELS, can_write=True, parent=window),
    ):
        dialog.show()
        reader.look()
    wait_for("Wait", lambda _: None, "Waiting …", window.background, window, cancel="Cancel")
    reader.look()
    reader.stop()
    assert reader.nameless == []
    assert all_dialogs() - reader.seen == set()
