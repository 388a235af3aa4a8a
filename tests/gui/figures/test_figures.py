"""The figures of a project: the dialog, its plots and keys."""

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.page_change import remove_pages, skip_pages
from segmark.gui.base.theme import DARK, LIGHT, Theme
from segmark.gui.figures.bars import day_bars, site_bars, status_colour
from segmark.gui.figures.dialog import FiguresDialog
from segmark.gui.figures.plot import DayPlot, RowPlot
from segmark.reports.figures_text import as_json
from segmark.store.figures.figures import Day, SiteProgress
from segmark.store.store import Store

from tests.factories import make_project
from tests.gui.robot import Robot
from tests.made_figures import worked_on


@pytest.fixture
def worked(project: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch, worked_on(project, patch):
        return project


def opened(robot: Robot) -> FiguresDialog:
    """The dialog that the key opens, once it shows figures."""
    robot.press("Ctrl+I")
    dialog = robot.figures
    assert dialog is not None
    robot.qtbot.waitUntil(lambda: dialog.work is not None)
    robot.qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def shown(robot: Robot) -> FiguresDialog | None:
    return robot.figures


def press(dialog: FiguresDialog, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(dialog.focusWidget() or dialog, key)


def sites(count: int) -> list[SiteProgress]:
    by_status = dict.fromkeys(Status, 1)
    return [SiteProgress(f"site{at}", by_status) for at in range(count)]


def test_the_window_and_the_command_tell_the_same_figures(
    qtbot: QtBot, worked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    robot = Robot(qtbot).open(worked)
    dialog = opened(robot)
    assert cli.run(["stats", str(worked), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert dialog.figures
    assert as_json(worked.name, dialog.figures) == found
    everybody = found["everybody"]
    assert [bar.words for bar in dialog.sites.bars][:2] == [
        "ferry.example: 2 done, 1 started, 0 skipped, 0 new",
        "(no site): 0 done, 0 started, 1 skipped, 0 new",
    ]
    assert [bar.figure for bar in dialog.spans.bars] == [*map(str, everybody["spans"].values())]
    assert [bar.words for bar in dialog.days.bars] == [
        "2026-03-02: 3 done, 0 skipped",
        "2026-03-03: 0 done, 0 skipped",
        "2026-03-04: 1 done, 1 skipped",
    ]
    bands = [str(band["pages"]) for band in everybody["seconds_per_page"]["bands"]]
    assert [bar.figure for bar in dialog.times.bars] == bands
    assert "5 pages, 80% finished: 3 done, 1 started, 1 skipped, 0 new." in dialog.words.text()


def test_keys_lead_through_the_plots_copy_them_and_close_the_window(
    qtbot: QtBot, worked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    robot = Robot(qtbot).open(worked)
    dialog = opened(robot)
    qtbot.waitUntil(lambda: dialog.sites.current == 0)
    press(dialog, Qt.Key.Key_Down)
    assert dialog.described.text().startswith("(no site): 0 done")
    assert dialog.sites.current == 1
    press(dialog, Qt.Key.Key_Tab)
    assert dialog.described.text().startswith("ada: 3 done, 1 skipped, 0 started; 0:01:50 at work")
    press(dialog, Qt.Key.Key_Tab, Qt.Key.Key_End)
    assert dialog.described.text() == "comment: 0 spans"
    press(dialog, Qt.Key.Key_Tab)
    assert dialog.described.text() == "2026-03-04: 1 done, 1 skipped"
    press(dialog, Qt.Key.Key_Left)
    assert dialog.described.text() == "2026-03-03: 0 done, 0 skipped"
    press(dialog, Qt.Key.Key_Tab)
    assert dialog.described.text() == "under 10 s: 0 done pages"
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert cli.run(["stats", str(worked)]) == 0
    assert QGuiApplication.clipboard().text() == capsys.readouterr().out
    press(dialog, Qt.Key.Key_Escape)
    assert shown(robot) is None
    assert not dialog.isVisible()


def test_each_annotators_figures_can_be_looked_at_alone(qtbot: QtBot, worked: Path) -> None:
    robot = Robot(qtbot).open(worked)
    dialog = opened(robot)
    assert [dialog.whose.itemText(at) for at in range(3)] == ["everybody", "ada", "jan"]
    dialog.whose.setFocus()
    press(dialog, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert dialog.sites.bars[0].words == "ferry.example: 1 done, 1 started, 0 skipped, 1 new"
    press(dialog, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not robot.window.background.running)
    assert dialog.whose.currentText() == "jan"
    assert [bar.name for bar in dialog.annotators.bars] == ["ada", "jan"]


def test_one_annotator_has_nobody_to_be_told_from(qtbot: QtBot, project: Path) -> None:
    make_project(project, "One", "Two").close()
    dialog = opened(Robot(qtbot).open(project))
    assert not dialog.whose.isVisible()
    assert not dialog.annotators.isVisible()
    assert "No page is finished yet." in dialog.days.accessibleDescription()


def test_a_page_that_is_finished_is_counted_while_the_window_is_open(
    qtbot: QtBot, project: Path
) -> None:
    make_project(project, "One", "Two", "Three").close()
    robot = Robot(qtbot).open(project)
    dialog = opened(robot)
    assert dialog.sites.bars[0].figure == "0 of 3"
    robot.press("Return")
    qtbot.waitUntil(lambda: dialog.sites.bars[0].figure == "1 of 3")
    robot.press("S")
    qtbot.waitUntil(lambda: dialog.sites.bars[0].figure == "2 of 3")
    assert dialog.days.bars[-1].figure == "2"
    robot.press("Ctrl+Z")
    qtbot.waitUntil(lambda: dialog.sites.bars[0].figure == "1 of 3")


def test_acts_on_many_pages_are_counted_too(qtbot: QtBot, project: Path) -> None:
    make_project(project, "One", "Two", "Three").close()
    robot = Robot(qtbot).open(project)
    dialog = opened(robot)
    robot.session.change_pages([2, 3], skip_pages(2))
    qtbot.waitUntil(lambda: dialog.sites.bars[0].figure == "2 of 3")
    robot.session.change_pages([3], remove_pages(1, True))
    qtbot.waitUntil(lambda: dialog.sites.bars[0].figure == "1 of 2")
    assert dialog.days.bars[-1].figure == "1"


def test_the_window_goes_with_its_project_and_stays_for_another_annotator(
    qtbot: QtBot, worked: Path, tmp_path: Path
) -> None:
    make_project(tmp_path / "other.segmark", "One").close()
    robot = Robot(qtbot, annotator=None).open(worked)
    dialog = opened(robot)
    robot.window.apply_settings(replace(robot.window.settings, annotator="wren"))
    robot.program.projects.follow_annotator()
    assert shown(robot) is dialog
    robot.press("Return")
    qtbot.waitUntil(lambda: len(dialog.annotators.bars) == 3)
    robot.open(tmp_path / "other.segmark")
    assert shown(robot) is None
    assert opened(robot).sites.bars[0].figure == "0 of 1"
    robot.program.projects.close()
    assert shown(robot) is None
    assert not robot.window.actions_by_id["view.figures"].isEnabled()


def test_the_key_brings_an_open_window_to_the_front_instead_of_another(
    qtbot: QtBot, worked: Path
) -> None:
    robot = Robot(qtbot).open(worked)
    dialog = opened(robot)
    assert opened(robot) is dialog


def test_a_window_that_is_closed_before_all_is_counted_is_calm(qtbot: QtBot, worked: Path) -> None:
    robot = Robot(qtbot).open(worked)
    robot.press("Ctrl+I")
    dialog = robot.figures
    assert dialog
    dialog.reject()
    qtbot.waitUntil(lambda: not robot.window.background.running)
    robot.settle()
    assert shown(robot) is None


def test_a_project_that_can_not_be_counted_says_why_and_keeps_what_was_shown(
    qtbot: QtBot, worked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot = Robot(qtbot).open(worked)
    dialog = opened(robot)
    monkeypatch.setattr(Store, "open_or_read", lambda _path: Store.open(worked / "gone.segmark"))
    press(dialog, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "gone.segmark" in dialog.words.text())
    assert dialog.sites.bars[0].figure == "2 of 3"


def test_the_plots_follow_the_theme(qtbot: QtBot, worked: Path) -> None:
    robot = Robot(qtbot).open(worked)
    robot.window.run("view.theme")
    first = robot.window.theme
    dialog = opened(robot)
    robot.window.run("view.theme")
    second = robot.window.theme
    assert first is not second
    done = status_colour(Status.DONE, second)
    qtbot.waitUntil(lambda: dialog.sites.bars[0].parts[0][1] == done)


def test_an_empty_project_is_told_what_to_do(qtbot: QtBot, project: Path) -> None:
    make_project(project).close()
    dialog = opened(Robot(qtbot).open(project))
    assert "no pages yet. Load some" in dialog.words.text()
    assert dialog.sites.accessibleDescription() == "No page is loaded yet."
    dialog.grab()


# The plots


def drawn(widget: QWidget, width: int = 400) -> set[int]:
    """The colours that a widget paints."""
    widget.resize(width, widget.sizeHint().height())
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_site_is_drawn_in_the_colours_of_its_statuses(qtbot: QtBot, theme: Theme) -> None:
    plot = RowPlot("Sites", "None", whole=1.0)
    qtbot.addWidget(plot)
    plot.show_bars(site_bars(sites(3), theme), theme)
    assert {status_colour(status, theme).rgb() for status in Status} <= drawn(plot)
    plot.show_bars(site_bars([SiteProgress("x", dict.fromkeys(Status, 0))], theme), theme)
    assert status_colour(Status.DONE, theme).rgb() not in drawn(plot)


def test_of_very_many_sites_the_rest_is_one_bar() -> None:
    bars = site_bars(sites(2_000), LIGHT)
    assert len(bars) == 101
    assert bars[-1].name == "1,900 other sites"
    assert bars[-1].figure == "3,800 of 7,600"


def test_rows_scroll_to_where_the_keys_lead(qtbot: QtBot, project: Path) -> None:
    make_project(project, "One").close()
    robot = Robot(qtbot).open(project)
    dialog = opened(robot)
    dialog.resize(620, 400)
    dialog.sites.show_bars(site_bars(sites(300), LIGHT), LIGHT)
    robot.settle()
    press(dialog, Qt.Key.Key_End)
    last = dialog.sites.place(100).center()
    assert dialog.sites.visibleRegion().contains(last)
    press(dialog, Qt.Key.Key_Home)
    assert not dialog.sites.visibleRegion().contains(last)
    assert dialog.sites.visibleRegion().contains(dialog.sites.place(0).center())


@pytest.mark.qt_log_ignore("raise", extend=True)
def test_what_is_under_the_pointer_is_said(qtbot: QtBot) -> None:
    plot, said = RowPlot("Sites", "None", whole=1.0), list[str]()
    qtbot.addWidget(plot)
    plot.described.connect(said.append)
    plot.show_bars(site_bars(sites(3), LIGHT), LIGHT)
    plot.resize(plot.sizeHint())
    plot.show()
    # The pointer may have been anywhere over the new window.
    QTest.mouseMove(plot, plot.place(0).center())
    qtbot.waitUntil(lambda: said[-1:] == [plot.bars[0].words])
    said.clear()
    place = plot.place(1).center()
    QTest.mouseMove(plot, place)
    qtbot.waitUntil(lambda: said == [plot.bars[1].words])
    QApplication.sendEvent(
        plot, QHelpEvent(QHelpEvent.Type.ToolTip, place, plot.mapToGlobal(place))
    )
    assert QToolTip.text() == "site1: 1 done, 1 started, 1 skipped, 1 new"
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.place(2).center())
    assert plot.current == 2


@pytest.mark.parametrize("count", [1, 5, 60, 400])
def test_as_many_of_the_last_days_are_drawn_as_there_is_room_for(qtbot: QtBot, count: int) -> None:
    first = date(2025, 1, 1).toordinal()
    days = [Day(date.fromordinal(first + at), 1, 1) for at in range(count)]
    plot = DayPlot("Days", "None")
    qtbot.addWidget(plot)
    plot.show_bars(day_bars(days, LIGHT), LIGHT)
    assert status_colour(Status.SKIPPED, LIGHT).rgb() in drawn(plot)
    places = [plot.place(at) for at in range(count)]
    seen = [place for place in places if not place.isEmpty()]
    assert places[-1] == seen[-1]
    assert seen[-1].right() < 400
    assert len(seen) == min(count, 392 // 9)
    assert all(a.right() < b.left() for a, b in pairwise(seen))
