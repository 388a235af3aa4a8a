"""The command palette in the real window: commands, pages, sites, help."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.gui.dialogs.help_window import HelpWindow
from segmark.gui.dialogs.palette import CommandPalette

from tests.gui.modal import when_modal
from tests.gui.robot import Robot


@pytest.fixture
def robot(qtbot: QtBot, project: Path, tmp_path: Path, label_set: LabelSet) -> Robot:
    for site, title in (("varn.example", "Ferry sails again"), ("orren.example", "Court rules")):
        folder = tmp_path / site
        folder.mkdir()
        (folder / "page.html").write_text(f"<title>{title}</title><p>{title}.</p><p>End.</p>")
    robot = Robot(qtbot).create(project, label_set)
    return robot.load(tmp_path / "varn.example", tmp_path / "orren.example")


def _with_palette(robot: Robot, use: Callable[[CommandPalette], object]) -> None:
    """Open the palette by its key and use it; it is closed afterwards in any case."""
    when_modal(CommandPalette, use)
    robot.press("Ctrl+K")
    robot.settle()


def _choose(palette: CommandPalette, words: str) -> None:
    QTest.keyClicks(palette.field, words)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


def test_a_command_is_run_by_a_few_of_its_letters(robot: Robot) -> None:
    _with_palette(robot, lambda palette: _choose(palette, "flag the pa"))
    assert robot.state.flagged


def test_commands_are_listed_with_their_keys(robot: Robot) -> None:
    def use(palette: CommandPalette) -> None:
        QTest.keyClicks(palette.field, "write a note")
        assert palette.titles[0] == "Page: Write a note"
        row = palette.list.topLevelItem(0)
        assert row
        assert row.text(1) == "N"

    _with_palette(robot, use)


def test_down_takes_the_next_one_and_esc_none(robot: Robot) -> None:
    def use(palette: CommandPalette) -> None:
        QTest.keyClicks(palette.field, "page")
        second = palette.titles[1]
        QTest.keyClick(palette.field, Qt.Key.Key_Down)
        current = palette.list.currentItem()
        assert current
        assert current.text(0) == second
        QTest.keyClick(palette.field, Qt.Key.Key_Escape)
        assert palette.chosen is None

    _with_palette(robot, use)
    assert not robot.state.flagged


def test_a_page_is_found_by_its_title_and_opened(robot: Robot) -> None:
    def use(palette: CommandPalette) -> None:
        QTest.keyClicks(palette.field, "court rul")
        robot.qtbot.waitUntil(lambda: "Page: Court rules" in palette.titles)
        assert palette.titles == ["Page: Court rules"]
        QTest.keyClick(palette.field, Qt.Key.Key_Return)

    _with_palette(robot, use)
    assert robot.page.info.title == "Court rules"


def test_a_site_narrows_the_list(robot: Robot) -> None:
    _with_palette(robot, lambda palette: _choose(palette, "site orren"))
    assert robot.window.panels.pages.header.shown.site == "orren.example"


@pytest.mark.qt_log_ignore("raise", extend=True)
def test_a_page_of_the_help_is_opened(robot: Robot) -> None:
    _with_palette(robot, lambda palette: _choose(palette, "help page keys"))
    [help_window] = robot.window.findChildren(HelpWindow)
    assert help_window.current == "keys.md"
    help_window.close()


def test_what_fits_nothing_says_so(robot: Robot) -> None:
    def use(palette: CommandPalette) -> None:
        QTest.keyClicks(palette.field, "zqzq")
        assert palette.titles == []
        assert palette.nothing.isVisible()
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        assert palette.isVisible()

    _with_palette(robot, use)


def test_it_works_without_a_project(qtbot: QtBot) -> None:
    robot = Robot(qtbot)

    def use(palette: CommandPalette) -> None:
        assert any(title.startswith("File: New project") for title in palette.titles)
        assert not any("Flag the page" in title for title in palette.titles)

    _with_palette(robot, use)
