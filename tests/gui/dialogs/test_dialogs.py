"""All dialogs: Esc closes them, keys reach all widgets, all widgets have accessible names."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QRadioButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot
from segmark.gui.keys.commands import COMMANDS

from tests.factories import make_project
from tests.gui.robot import Robot

#: Commands that open a platform dialog, a field or a menu; others with … open our dialogs.
_NOT_OURS = {
    "file.open", "file.load", "file.load_folder", "file.copy", "edit.find", "list.search",
    "list.filter", "list.order", "list.site",
}  # fmt: skip
DIALOGS = [
    command.id
    for command in COMMANDS
    if command.title.endswith("…") and command.id not in _NOT_OURS
] + ["help.keys", "help.about"]
#: The non-modal dialogs.
_BESIDE: dict[str, Callable[[Robot], QDialog | None]] = {
    "view.figures": lambda robot: robot.figures,
    "suggest.compare": lambda robot: robot.comparison,
    "list.filter": lambda robot: robot.window.panels.pages.header.filters,
}
_FIELDS = (
    QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QSlider, QAbstractItemView
)  # fmt: skip


def in_dialog(qtbot: QtBot, project: Path, command: str, act: Callable[[QDialog], None]) -> None:
    """Act in the dialog that a command opens."""
    make_project(project, "Ship sails\nIt did.", "Two").close()
    robot, seen = Robot(qtbot).open(project), list[QDialog]()

    def do() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None and command in _BESIDE:
            dialog = _BESIDE[command](robot)
        if dialog is None:  # it opens once some work in the background is done
            QTimer.singleShot(20, do)
            return
        assert isinstance(dialog, QDialog)
        seen.append(dialog)
        try:
            qtbot.waitUntil(dialog.isActiveWindow)
            act(dialog)
        finally:
            if dialog.isVisible():
                dialog.reject()

    if command not in _BESIDE:
        QTimer.singleShot(0, do)
    robot.window.run(command)
    if command in _BESIDE:
        do()
    qtbot.waitUntil(lambda: bool(seen) and not robot.window.background.running)


@pytest.mark.parametrize("command", DIALOGS)
def test_escape_closes_a_dialog(qtbot: QtBot, project: Path, command: str) -> None:
    def press(dialog: QDialog) -> None:
        QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()

    in_dialog(qtbot, project, command, press)


def usable(dialog: QDialog) -> list[QWidget]:
    """All fields and buttons that can get the focus now, except inner parts of Qt's widgets."""
    return [
        part
        for kind in (*_FIELDS, QAbstractButton)
        for part in dialog.findChildren(kind)
        if part.isVisibleTo(dialog)
        and part.isEnabled()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(part.parentWidget(), _FIELDS)
        and not (isinstance(part, QRadioButton) and not part.isChecked())
    ]


def _named(widget: QWidget) -> bool:
    """Whether a screen reader can name the widget."""
    if widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()):
        return True
    labels = widget.window().findChildren(QLabel)
    return any(label.buddy() is widget for label in labels)


@pytest.mark.parametrize("command", DIALOGS)
def test_every_field_of_a_dialog_has_a_name(qtbot: QtBot, project: Path, command: str) -> None:
    def look(dialog: QDialog) -> None:
        if isinstance(dialog, QMessageBox):
            return
        assert [part for part in usable(dialog) if not _named(part)] == []

    in_dialog(qtbot, project, command, look)


@pytest.mark.parametrize("command", DIALOGS)
def test_tab_reaches_all_that_can_be_used_in_a_dialog(
    qtbot: QtBot, project: Path, command: str
) -> None:
    def walk(dialog: QDialog) -> None:
        reached = set[QWidget]()
        while (focused := dialog.focusWidget()) and focused not in reached:
            reached.add(focused)
            # Tab goes from year to month to day, and on.
            parts = focused.sectionCount() if isinstance(focused, QDateTimeEdit) else 1
            for _ in range(parts):
                QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert reached
        assert [part for part in usable(dialog) if part not in reached] == []

    in_dialog(qtbot, project, command, walk)
