"""What the window shows where there is no page."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCommandLinkButton, QLabel, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from segmark.gui.base.theme import DARK, LIGHT, Theme
from segmark.gui.window.welcome_view import EmptyProjectView, WelcomeView

from tests.gui.robot import Robot, in_characters


def _button(view: QWidget, text: str) -> QCommandLinkButton:
    return next(b for b in view.findChildren(QCommandLinkButton) if b.text().startswith(text))


def _recent(view: WelcomeView) -> QListWidget:
    recent = view.findChild(QListWidget)
    assert isinstance(recent, QListWidget)
    return recent


def _remove(view: WelcomeView) -> QPushButton:
    return next(b for b in view.findChildren(QPushButton) if b.text() == "&Remove from the list")


@pytest.fixture
def robot(qtbot: QtBot) -> Robot:
    return Robot(qtbot)


@pytest.fixture
def welcome(qtbot: QtBot) -> WelcomeView:
    view = WelcomeView(LIGHT)
    qtbot.addWidget(view)
    view.resize(900, 600)
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    return view


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Try the sample", "samples_requested"),
        ("New project", "new_requested"),
        ("Open project", "open_requested"),
    ],
)
def test_each_button_of_the_welcome_asks_for_its_act(
    qtbot: QtBot, welcome: WelcomeView, text: str, signal: str
) -> None:
    with qtbot.waitSignal(getattr(welcome, signal)):
        QTest.keyClick(_button(welcome, text), Qt.Key.Key_Space)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Load files", "load_requested"),
        ("Load a folder", "folder_requested"),
        ("Paste text", "paste_requested"),
    ],
)
def test_each_button_of_the_empty_project_asks_for_its_act(
    qtbot: QtBot, text: str, signal: str
) -> None:
    view = EmptyProjectView(DARK)
    qtbot.addWidget(view)
    with qtbot.waitSignal(getattr(view, signal)):
        QTest.mouseClick(_button(view, text), Qt.MouseButton.LeftButton)


def test_without_recent_projects_there_is_no_list(welcome: WelcomeView) -> None:
    assert not _recent(welcome).isVisible()
    welcome.set_recent(["/somewhere/a.segmark"])
    assert _recent(welcome).isVisible()


def test_a_recent_project_is_opened_by_a_click_and_by_enter(
    qtbot: QtBot, welcome: WelcomeView, tmp_path: Path
) -> None:
    project = tmp_path / "elections.segmark"
    project.touch()
    welcome.set_recent([project])
    rows = _recent(welcome)
    opened: list[Path] = []
    welcome.recent_requested.connect(opened.append)
    place = rows.visualItemRect(rows.item(0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    rows.setCurrentRow(0)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert opened == [project, project]


def test_a_missing_project_is_greyed_says_so_and_can_be_removed(
    welcome: WelcomeView, tmp_path: Path
) -> None:
    there, gone = tmp_path / "there.segmark", tmp_path / "gone.segmark"
    there.touch()
    welcome.set_recent([there, gone])
    rows = _recent(welcome)
    assert "not there any more" in rows.item(1).text()
    assert "not there any more" not in rows.item(0).text()
    assert rows.item(1).foreground().color() != rows.item(0).foreground().color()
    removed: list[Path] = []
    welcome.recent_removed.connect(removed.append)
    rows.setCurrentRow(1)
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    _remove(welcome).click()
    assert removed == [gone, gone]


def test_nothing_can_be_removed_before_a_project_is_chosen(welcome: WelcomeView) -> None:
    welcome.set_recent(["/a.segmark", "/b.segmark"])
    assert not _remove(welcome).isEnabled()
    _recent(welcome).setCurrentRow(1)
    assert _remove(welcome).isEnabled()


def test_the_focus_begins_at_the_first_button(welcome: WelcomeView) -> None:
    welcome.focus_first()
    assert _button(welcome, "Try the sample").hasFocus()


@pytest.mark.parametrize("size", [(900, 600), (420, 300)])
def test_no_text_is_wider_than_the_view(welcome: WelcomeView, size: tuple[int, int]) -> None:
    welcome.set_recent(["/a/very/long/path/to/some/folder/that/goes/on/elections.segmark"])
    welcome.resize(in_characters(welcome, *size))
    inner = welcome.widget()
    assert inner is not None
    assert inner.width() <= welcome.viewport().width()
    assert all(label.width() <= inner.width() for label in inner.findChildren(QLabel))


def test_both_views_tell_that_files_can_be_dropped(qtbot: QtBot, welcome: WelcomeView) -> None:
    empty = EmptyProjectView(LIGHT)
    qtbot.addWidget(empty)
    for view in (welcome, empty):
        assert any("drop" in label.text() for label in view.findChildren(QLabel))


def test_the_icons_follow_the_theme(welcome: WelcomeView) -> None:
    button = _button(welcome, "New project")
    before = button.icon().pixmap(24).toImage()
    welcome.set_theme(DARK)
    assert button.icon().pixmap(24).toImage() != before


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_the_button_that_has_the_focus(
    welcome: WelcomeView, key: Qt.Key, qtbot: QtBot
) -> None:
    for text, signal in (("Try the sample", "samples_requested"), ("New project", "new_requested")):
        button = _button(welcome, text)
        button.setFocus()
        with qtbot.waitSignal(getattr(welcome, signal)):
            QTest.keyClick(button, key)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_focused_button_has_the_background_that_its_text_is_for(
    robot: Robot, theme: Theme
) -> None:
    choice: Literal["light", "dark"] = "dark" if theme.is_dark else "light"
    robot.window.apply_settings(replace(robot.window.settings, theme=choice))
    robot.settle()
    button = _button(robot.window, "Try the sample")
    assert button.isDefault() or button.hasFocus()
    picture = button.grab().toImage()
    assert picture.pixelColor(picture.width() - 20, picture.height() // 2).name() == theme.raised
