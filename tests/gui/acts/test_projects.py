"""Projects in the real window: recent ones, drops, pasting, samples, looks."""

import os
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QProgressDialog
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.gui.base.theme import DARK
from segmark.gui.dialogs.new_project import NewProjectDialog, project_path
from segmark.gui.load.paste_dialog import PasteDialog
from segmark.gui.window import geometry
from segmark.store.file.backup import Reason, list_backups
from segmark.store.store import Store
from sqlite_utils import Database

from tests.factories import extra_migration, make_project
from tests.gui.modal import when_modal
from tests.gui.robot import Robot, wait_for
from tests.without_rights import a_user_without_the_right


@pytest.fixture
def robot(qtbot: QtBot, project: Path, label_set: LabelSet) -> Robot:
    return Robot(qtbot).create(project, label_set)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text("Headline\n\nBody text.", encoding="utf-8")
    return path


def test_files_dropped_on_the_window_are_loaded_and_the_first_is_shown(
    robot: Robot, page: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    robot.drop(page, empty)
    wait_for(robot, lambda: robot.session.open_page is not None)
    assert robot.page.info.source.endswith("/page.txt")
    assert robot.window.status.message == "1 page added, 1 rejected."


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX has these")
def test_what_is_no_file_is_named_when_it_is_dropped_and_stops_nothing(
    robot: Robot, page: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    os.mkfifo(folder / "pipe.txt")
    (folder / "zeros.txt").symlink_to("/dev/zero")
    (folder / "again").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    robot.drop(folder, folder / "pipe.txt", Path("/tmp/a\0b"), page)
    wait_for(robot, lambda: robot.session.open_page is not None)
    assert robot.window.status.message.startswith("1 page added, 5 rejected")


@pytest.mark.parametrize("link", ["file:", "file://", "https://varn.example/a.html"])
def test_a_dropped_link_without_a_path_loads_nothing(
    robot: Robot, page: Path, monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    monkeypatch.chdir(page.parent)
    robot.drop_links(QUrl(link))
    assert robot.session.store.pages.count() == 0


def test_a_project_dropped_on_the_window_is_opened(
    robot: Robot, tmp_path: Path, label_set: LabelSet, qtbot: QtBot
) -> None:
    other = tmp_path / "other.segmark"
    Store.create(other, label_set).close()
    robot.drop(other)
    assert robot.session.store.path == other


def test_an_older_project_is_updated_behind_a_dialog_while_the_window_lives(
    robot: Robot, tmp_path: Path
) -> None:
    other = tmp_path / "older.segmark"
    make_project(other, "Ship sails").close()
    told = _told_while_opening(robot, other)
    assert told == ["older.segmark was made by an older version. It is backed up and updated …"]
    assert robot.session.store.path == other
    assert [backup.reason for backup in list_backups(other)] == [Reason.MIGRATION]


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights there")
def test_an_older_project_that_cannot_be_written_is_copied_behind_a_dialog(robot: Robot) -> None:
    with tempfile.TemporaryDirectory(prefix="segmark-test-") as name:
        Path(name).chmod(0o755)
        other = Path(name, "older.segmark")
        make_project(other, "Ship sails").close()
        other.chmod(0o444)
        with a_user_without_the_right():
            told = _told_while_opening(robot, other)
            assert robot.session.store.path == other
            assert robot.session.store.read_only == "the file is read-only"
            assert robot.page.text == "Ship sails"
            robot.close()
        assert list(Path(name).iterdir()) == [other]
    words = "older.segmark can't be written. It is read from a copy, which is made …"
    assert told == [words]


def _told_while_opening(robot: Robot, older: Path) -> list[str]:
    """Open an older project, and return the words of the dialogs meanwhile."""
    window_lives = threading.Event()
    told = list[str]()

    def step(database: Database) -> None:
        assert window_lives.wait(30)
        database.execute("CREATE TABLE later (x)")

    def look() -> None:
        told.extend(dialog.labelText() for dialog in robot.window.findChildren(QProgressDialog))
        window_lives.set()

    with extra_migration(step):
        QTimer.singleShot(100, look)
        assert robot.program.projects.open_path(older)
        robot.settle()
    return told


def test_an_older_project_that_cannot_be_backed_up_leaves_what_is_open(
    robot: Robot, tmp_path: Path, project: Path
) -> None:
    other = tmp_path / "older.segmark"
    make_project(other, "Ship sails").close()
    other.with_suffix(".backups").touch()
    told = list[str]()

    def read(box: QMessageBox) -> None:
        told.append(box.text())
        box.accept()

    with extra_migration(lambda database: database.execute("CREATE TABLE later (x)")):
        when_modal(QMessageBox, read)
        assert not robot.program.projects.open_path(other)
    assert "no backup could be made" in told[0]
    assert robot.session.store.path == project


def test_recent_projects_stand_in_the_menu_and_on_the_welcome_view(
    robot: Robot, project: Path, tmp_path: Path, label_set: LabelSet, qtbot: QtBot
) -> None:
    other = tmp_path / "other.segmark"
    Store.create(other, label_set).close()
    robot.open(other)
    menu = robot.window.bars.recent
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == [str(project)]
    menu.actions()[0].trigger()
    robot.settle()
    assert robot.session.store.path == project
    robot.close()
    again = Robot(qtbot)
    assert again.window.settings.recent == (str(project), str(other))


def test_the_clipboard_becomes_a_page(robot: Robot, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("Pasted headline\n\nwith a non\u00a0breaking space")
    when_modal(PasteDialog, PasteDialog.accept)
    robot.press("Ctrl+V")
    assert robot.page.text == "Pasted headline\n\nwith a non\u00a0breaking space"
    assert robot.page.info.site == ""


def test_dropping_pages_without_a_project_asks_for_one(
    qtbot: QtBot, page: Path, tmp_path: Path
) -> None:
    robot = Robot(qtbot)

    def accept(dialog: NewProjectDialog) -> None:
        field = dialog.focusWidget()
        assert field is not None
        QTest.keySequence(field, "Ctrl+A")
        QTest.keyClicks(field, str(tmp_path / "made"))
        dialog.accept()

    when_modal(NewProjectDialog, accept)
    robot.drop(page)
    wait_for(robot, lambda: robot.session.open_page is not None)
    assert robot.session.store.path == tmp_path / "made.segmark"


@pytest.mark.parametrize("begun", ["", " ", "/", "~/", "..", "/tmp/", "~nobody-of-this-name"])
def test_a_path_that_is_only_begun_names_no_project(begun: str, tmp_path: Path) -> None:
    assert project_path(begun, tmp_path) is None


def test_the_sample_pages_open_from_the_welcome_view(qtbot: QtBot) -> None:
    robot = Robot(qtbot)
    robot.program.projects.open_samples()
    wait_for(robot, lambda: robot.window.session is not None and bool(robot.session.open_page))
    wait_for(robot, lambda: not robot.window.background.running)
    assert robot.session.store.pages.count() == 4
    # The page of the lesson in the help, and not the first by name.
    assert robot.page.info.source.endswith("harbour.txt")


def test_the_theme_changes_everything_at_once_and_is_kept(robot: Robot, page: Path) -> None:
    robot.load(page)
    robot.press("H")
    light = robot.view.viewport().grab().toImage().pixelColor(300, 300)
    robot.window.apply_settings(replace(robot.window.settings, theme="dark"))
    robot.settle()
    assert robot.window.theme is DARK
    dark = robot.view.viewport().grab().toImage().pixelColor(300, 300)
    assert light.lightness() > 200 > 80 > dark.lightness()


def test_the_window_remembers_its_size_and_panels(
    robot: Robot, project: Path, qtbot: QtBot
) -> None:
    robot.window.resize(781, 577)
    robot.settle()
    robot.close()
    again = Robot(qtbot)
    geometry.restore(again.window, again.window.panels.folding, again.window.settings)
    assert (again.window.width(), again.window.height()) == (781, 577)


@pytest.mark.parametrize(("width", "height"), [(900, 600), (1280, 820)])
def test_everything_has_its_place_in_a_small_window(
    robot: Robot, page: Path, width: int, height: int
) -> None:
    robot.load(page)
    robot.window.resize(width, height)
    robot.settle()
    assert (robot.window.width(), robot.window.height()) == (width, height)
    assert robot.view.viewport().width() >= 320
    for name in ("headline", "comment"):
        button = robot.window.panels.labels.button(name)
        inside = button.mapTo(robot.window, button.rect().bottomRight())
        assert robot.window.rect().contains(inside)
