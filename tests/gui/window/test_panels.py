"""The panels around the page: their titles, the brush, the popup of the status filter."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel
from pytestqt.qtbot import QtBot

from tests.colour_vision import contrast
from tests.factories import make_project
from tests.gui.robot import Robot, wait_for


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, "Ship sails\nIt did.", "Two").close()
    return Robot(qtbot).open(project)


def dock(robot: Robot, name: str) -> QDockWidget:
    found = robot.window.findChild(QDockWidget, f"dock.{name}")
    assert isinstance(found, QDockWidget)
    return found


def test_a_panel_on_a_tab_does_not_repeat_its_title(robot: Robot) -> None:
    tabbed = [
        one
        for one in robot.window.findChildren(QDockWidget)
        if robot.window.tabifiedDockWidgets(one)
    ]
    for panel in tabbed:
        assert panel.titleBarWidget().height() <= 1, panel.windowTitle()
    assert dock(robot, "pages").titleBarWidget() is None


def test_a_panel_whose_neighbour_is_hidden_has_its_title_again(robot: Robot) -> None:
    outline, guideline = dock(robot, "outline"), dock(robot, "guideline")
    robot.window.tabifyDockWidget(outline, guideline)
    robot.settle()
    assert outline.titleBarWidget() is not None
    guideline.hide()
    robot.settle()
    assert outline.titleBarWidget() is None
    guideline.show()
    robot.settle()
    assert outline.titleBarWidget() is not None


@pytest.mark.parametrize("points", [7.0, 9.0, 16.0])
@pytest.mark.parametrize("size", [(640, 400), (900, 600), (1400, 900)])
def test_the_hint_of_the_brush_is_in_view_with_every_font(
    robot: Robot, size: tuple[int, int], points: float
) -> None:
    panel = robot.window.panels.labels
    font = panel.font()
    font.setPointSizeF(points)
    panel.setFont(font)
    robot.window.resize(*size)
    robot.click_label("ticker")
    robot.settle()
    [hint] = [one for one in panel.findChildren(QLabel) if one.text().startswith("Brush")]
    seen = hint.visibleRegion().boundingRect()
    assert seen.height() >= hint.heightForWidth(hint.width())
    assert QRect(QPoint(), panel.size()).contains(
        QRect(hint.mapTo(panel, QPoint()), hint.size()).adjusted(1, 1, -1, -1)
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_label_in_hand_has_an_outline_that_is_seen(robot: Robot, theme: str) -> None:
    if robot.window.theme.name != theme:
        robot.window.run("view.theme")
    robot.click_label("body")
    image = robot.window.panels.labels.button("body").grab().toImage()
    edge = image.pixelColor(image.width() // 2, 0).name()
    assert contrast(edge, robot.window.theme.panel) >= 3


@pytest.mark.qt_log_ignore("raise", "grabbing", "propagateSizeHints", extend=True)
def test_the_entries_of_the_status_filter_are_whole_in_a_narrow_list(robot: Robot) -> None:
    robot.window.resizeDocks([dock(robot, "pages")], [10], Qt.Orientation.Horizontal)
    robot.settle()
    status = robot.window.panels.pages.header.status
    status.showPopup()
    robot.settle()
    view = status.view()
    assert view.viewport().width() >= view.sizeHintForColumn(0)
    assert view.verticalScrollBar().maximum() == 0
    status.hidePopup()


def test_a_page_at_a_scale_of_one_and_a_half_has_no_line_between_margin_and_text(
    robot: Robot,
) -> None:
    view = robot.view
    image = QImage(view.size() * 1.5, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(1.5)
    image.fill(QColor("black"))  # what a window has where nothing is painted
    for width in range(701, 709):
        view.resize(width, view.height())
        robot.settle()
        view.render(image, QPoint())
        row = image.height() - 30
        edge = round(view.viewport().x() * 1.5)
        seen = {image.pixelColor(x, row).name() for x in range(edge - 6, edge + 6)}
        assert seen == {robot.window.theme.page}


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_of_a_notice(robot: Robot, key: Qt.Key) -> None:
    robot.window.run("list.remove")
    assert robot.session.store.pages.is_removed(1)
    robot.window.notice.button.setFocus()
    QTest.keyClick(robot.window.notice.button, key)
    wait_for(robot, lambda: not robot.session.store.pages.is_removed(1))


def test_names_of_files_are_copied_from_the_page_and_from_the_list(robot: Robot) -> None:
    robot.window.run("list.copy_names")
    clipboard = QApplication.clipboard()
    assert clipboard.text() == robot.page.info.source
    assert robot.page.info.source in robot.window.status.message
    pages = robot.window.panels.pages
    pages.view.setFocus()
    pages.view.selectAll()
    robot.window.run("list.copy_names")
    assert len(clipboard.text().splitlines()) == 2


def test_the_hint_of_the_brush_does_not_cover_the_panel_below(robot: Robot) -> None:
    robot.window.resize(1280, 800)
    robot.settle()
    robot.window.brush.use("body")
    robot.settle()
    assert dock(robot, "labels").geometry().bottom() < dock(robot, "outline").geometry().top()
    robot.window.brush.use(None)
    robot.settle()
    assert dock(robot, "labels").geometry().bottom() < dock(robot, "outline").geometry().top()
