"""File › Manage people: names and colours are changed, two people are joined, and it is undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QPushButton
from pytestqt.qtbot import QtBot
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.span import Span
from segmark.gui.dialogs.settings import SettingsDialog
from segmark.gui.people.dialog import PeopleDialog
from segmark.gui.people.join import JoinDialog

from tests.factories import label, make_project, settle
from tests.gui.modal import when_modal
from tests.gui.robot import Robot


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    """Ada works in the window; both labelled the first page, ben finished the second."""
    with make_project(project, "Ferry sails\nIt did.", "Another page", "A third page") as store:
        label(store, "ada", 1, "headline", 0, 11)
        label(store, "ben", 1, "body", 12, 19)
        label(store, "ben", 2, "body")
        settle(store, "ben", 2, Status.DONE)
    return Robot(qtbot).open(project)


def in_dialog(robot: Robot, act: Callable[[PeopleDialog], object]) -> None:
    seen = list[PeopleDialog]()

    def look(dialog: PeopleDialog) -> None:
        seen.append(dialog)
        act(dialog)

    when_modal(PeopleDialog, look)
    robot.window.run("file.people")
    robot.settle()
    assert seen


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def rows(robot: Robot, dialog: PeopleDialog) -> list[tuple[str, ...]]:
    """The rows of the list, once the pages are counted."""

    def read() -> list[tuple[str, ...]]:
        rows = range(dialog.people.rowCount())
        found = [[dialog.people.item(row, column) for column in range(3)] for row in rows]
        return [tuple(item.text() for item in items if item) for items in found]

    robot.qtbot.waitUntil(lambda: "…" not in {row[1] for row in read()}, timeout=30_000)
    return read()


def rename(dialog: PeopleDialog, row: int, name: str) -> None:
    dialog.people.setCurrentCell(row, 0)

    def write(asked: QInputDialog) -> None:
        asked.setTextValue(name)
        asked.accept()

    when_modal(QInputDialog, write)
    click(dialog.rename)


def join(robot: Robot, dialog: PeopleDialog, row: int, act: Callable[[JoinDialog], object]) -> None:
    dialog.people.setCurrentCell(row, 0)

    def look(asked: JoinDialog) -> None:
        robot.qtbot.waitUntil(asked.join.isEnabled)
        act(asked)

    when_modal(JoinDialog, look)
    click(dialog.join)


def test_people_are_listed_with_their_colours(robot: Robot) -> None:
    def look(dialog: PeopleDialog) -> None:
        assert rows(robot, dialog) == [("ada", "1", ""), ("ben", "2", "")]
        items = [dialog.people.item(row, 0) for row in (0, 1)]
        dots = [item.icon().pixmap(16).toImage() for item in items if item]
        colours = [dot.pixelColor(dot.rect().center()).name() for dot in dots]
        assert colours == [one.colour for one in robot.session.store.people.all()]

    in_dialog(robot, look)


def test_ones_own_name_changes_in_the_window_and_back_by_ctrl_z(robot: Robot) -> None:
    def change(dialog: PeopleDialog) -> None:
        rename(dialog, 0, "Ada Lovelace")
        assert rows(robot, dialog)[0] == ("Ada Lovelace", "1", "ada")

    in_dialog(robot, change)
    assert robot.session.annotator == "Ada Lovelace"
    robot.session.open(1)
    assert robot.spans == (Span(0, 11, "headline"),)
    robot.press("Ctrl+Z")
    robot.qtbot.waitUntil(lambda: robot.session.annotator == "ada")
    robot.press("Ctrl+Y")
    robot.qtbot.waitUntil(lambda: robot.session.annotator == "Ada Lovelace")


def test_another_person_is_joined_after_a_look_at_what_clashes(robot: Robot) -> None:
    def see(asked: JoinDialog) -> None:
        assert asked.clashes.count() == 1
        line = asked.clashes.item(0).text()
        assert "ben: 1 span, started · ada: 1 span, started · 0 spans alike" in line
        assert "2 pages of ben go to ada. 1 of them ada labelled differently" in asked.words.text()
        assert asked.kept.name == "ada"
        asked.keep.setCurrentIndex(1)
        click(asked.join)

    in_dialog(robot, lambda dialog: join(robot, dialog, 1, see))
    store = robot.session.store
    assert store.annotators() == ["ada"]
    robot.session.open(1)
    assert robot.spans == (Span(12, 19, "body"),)
    assert store.annotations("ada").get(2).state.status is Status.DONE
    robot.press("Ctrl+Z")
    robot.qtbot.waitUntil(lambda: store.annotators() == ["ada", "ben"])
    assert robot.spans == (Span(0, 11, "headline"),)


def test_undo_says_which_acts_it_passes_over_after_a_join(robot: Robot, project: Path) -> None:
    join_words = ["--join", "ben", "ada", "--keep", "ada", "--annotator", "mira"]
    assert cli.run(["people", str(project), *join_words]) == 0
    passed_over = "What ben did before the join stays: Page › History…"
    robot.press("Ctrl+Z")
    assert robot.window.status.message.startswith("Undone: ")
    assert passed_over in robot.window.status.message
    robot.press("Ctrl+Z")
    assert robot.window.status.message.startswith("There is nothing to undo.")
    assert passed_over in robot.window.status.message


def test_whoever_joins_themselves_goes_on_as_the_other(robot: Robot) -> None:
    in_dialog(robot, lambda dialog: join(robot, dialog, 0, lambda asked: click(asked.join)))
    assert robot.session.annotator == "ben"
    robot.session.open(2)
    assert robot.state.status is Status.DONE
    assert robot.session.undo_title == "Join ada with ben"
    robot.press("Ctrl+Z")
    robot.qtbot.waitUntil(lambda: robot.session.annotator == "ada")


def test_a_rename_by_another_program_is_followed(
    robot: Robot, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["people", str(project), "--rename", "ada", "Ada L"]) == 0
    robot.press("D")
    robot.qtbot.waitUntil(lambda: robot.session.annotator == "Ada L")
    assert "Ada L" in capsys.readouterr().out


def test_the_settings_lead_to_the_people(robot: Robot) -> None:
    seen = list[str]()

    def look(settings: SettingsDialog) -> None:
        def see(dialog: PeopleDialog) -> None:
            seen.extend(row[0] for row in rows(robot, dialog))
            dialog.reject()

        when_modal(PeopleDialog, see)
        click(settings.general.people)
        settings.reject()

    when_modal(SettingsDialog, look)
    robot.window.run("file.settings")
    assert seen == ["ada", "ben"]
