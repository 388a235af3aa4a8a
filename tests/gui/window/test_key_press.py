"""What a key press costs: what it asks the project, and what it repaints."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.core.edit import change_state
from segmark.store.store import Store

from tests.factories import add_pages, label, make_project
from tests.gui.robot import Robot
from tests.working import connection

_BLOCKS = [f"Block {number}." for number in range(1, 13)]
_PAGES = ("\n\n".join(_BLOCKS), "Two\n\nThree", "Four")
#: Asks SQLite whether another connection wrote since; reads no table.
_ASK = "PRAGMA data_version"


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Iterator[Robot]:
    make_project(project, *_PAGES).close()
    robot = Robot(qtbot).open(project)
    robot.press("1")  # the first act of an annotator adds the annotator
    yield robot
    robot.close()


class _Paints(QObject):
    """The widgets that are painted, and which part of each."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[QWidget, QRect] = {}
        self.laid_out: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            part = event.rect()  # type: ignore[attr-defined]
            self.parts[watched] = part.united(self.parts.get(watched, QRect()))
        if event.type() == QEvent.Type.LayoutRequest:
            self.laid_out.append(watched)
        return False


@contextmanager
def _painted(application: QApplication) -> Iterator[_Paints]:
    paints = _Paints()
    application.installEventFilter(paints)
    yield paints
    application.removeEventFilter(paints)


def _statements(robot: Robot, keys: str) -> list[str]:
    run: list[str] = []
    database = connection(robot.session.store)
    database.set_trace_callback(run.append)
    robot.press(keys)
    database.set_trace_callback(None)
    return run


def _list(robot: Robot, name: str) -> QAbstractItemView:
    views = robot.window.findChildren(QAbstractItemView)
    return next(view for view in views if view.accessibleName() == name)


def _row(robot: Robot, page: int) -> tuple[Status, int]:
    row = robot.window.panels.pages.view.model().index(page - 1, 0).data(0x0100)
    return row.status, row.spans


# Statements


@pytest.mark.parametrize("key", ["B", "0", "Shift+M", "F", "Ctrl+Z", "Shift+Delete"])
def test_after_an_act_the_project_is_not_read_again(robot: Robot, key: str) -> None:
    robot.press("B T B")
    robot.view.select(0, 0)
    robot.settle()
    run = _statements(robot, key)
    end = run.index("COMMIT")
    assert len(run) > end + 1
    assert set(run[end + 1 :]) == {_ASK}
    assert len(run[end + 1 :]) <= 2


def test_a_label_key_reads_little_in_its_transaction(robot: Robot) -> None:
    run = _statements(robot, "T")
    run = run[: run.index("COMMIT")]
    assert run[0] == "BEGIN IMMEDIATE"
    reads = [one for one in run if one.lstrip().startswith("SELECT")]
    assert len(reads) <= 2


def test_moving_the_caret_reads_nothing(robot: Robot) -> None:
    assert _statements(robot, "Down Down Up Shift+Down Esc") == []


# What another window or program wrote


def test_pages_that_another_program_added_are_counted_with_the_next_act(
    robot: Robot, project: Path
) -> None:
    assert robot.window.status.page == "Page 1 of 3"
    with Store.open(project) as store:
        add_pages(store, "Five", "Six")
    robot.press("B")
    assert robot.window.status.page == "Page 1 of 5"


def test_what_another_window_did_is_undone_first(robot: Robot, project: Path) -> None:
    robot.press("Ctrl+Z")
    assert not robot.window.actions_by_id["edit.undo"].isEnabled()
    with Store.open(project) as store:
        label(store, "ada", 2, "body")
    robot.press("F")
    robot.press("Ctrl+Z Ctrl+Z")
    with Store.open(project) as store:
        assert store.annotations("ada").get(2).spans == ()


def test_a_page_that_another_window_finished_is_counted_and_marked_with_the_next_act(
    robot: Robot, project: Path
) -> None:
    assert _row(robot, 2) == (Status.NEW, 0)
    with Store.open(project) as store:
        annotations = store.annotations("ada")
        label(store, "ada", 2, "body")
        before = annotations.get(2)
        done = change_state(before, "Page done", type(before.state)(Status.DONE))
        assert done
        annotations.save(2, done)
    robot.press("B")
    assert _row(robot, 2) == (Status.DONE, 1)
    counts = [each.text() for each in robot.window.panels.pages.findChildren(QLabel)]
    assert "1 of 3 finished\n1 new · 1 started · 1 done" in counts


def test_progress_follows_each_change_of_status(robot: Robot) -> None:
    def counts() -> str:
        texts = [each.text() for each in robot.window.panels.pages.findChildren(QLabel)]
        return next(text for text in texts if "finished" in text)

    assert counts() == "0 of 3 finished\n2 new · 1 started"
    robot.press("Return")
    assert counts() == "1 of 3 finished\n2 new · 1 done"
    robot.press("S")
    assert counts() == "2 of 3 finished\n1 new · 1 done · 1 skipped"
    robot.press("Ctrl+Z")
    assert counts() == "1 of 3 finished\n2 new · 1 done"
    robot.press("Ctrl+Z")
    assert counts() == "0 of 3 finished\n2 new · 1 started"
    robot.press("Ctrl+Z")
    assert counts() == "0 of 3 finished\n3 new"
    robot.press("Ctrl+Shift+Z")
    assert counts() == "0 of 3 finished\n2 new · 1 started"


# Repainting


def test_a_new_span_repaints_the_outline_from_its_row_on(robot: Robot) -> None:
    robot.press("B T B T")
    outline = _list(robot, "Spans of the page")
    above = outline.visualRect(outline.model().index(3, 0)).top()
    with _painted(robot.program.application) as paints:
        robot.press("C")
    part = paints.parts[outline.viewport()]
    assert part.top() >= above
    assert outline.model().rowCount() == 6
    assert outline not in paints.parts


def test_an_act_repaints_one_row_of_the_page_list_and_lays_nothing_out(robot: Robot) -> None:
    robot.press("B T")
    pages = robot.window.panels.pages.view
    with _painted(robot.program.application) as paints:
        robot.press("C")
    assert paints.parts[pages.viewport()].height() <= pages.rowHeight(0)
    assert robot.window not in paints.laid_out
    assert robot.window.menuBar() not in paints.parts
    assert robot.window.bars.tools not in paints.parts


def test_the_outline_is_right_after_every_kind_of_change(robot: Robot) -> None:
    outline = _list(robot, "Spans of the page")

    def shown() -> list[str]:
        model = outline.model()
        return [model.index(row, 0).data().split("  ")[0] for row in range(model.rowCount())]

    for keys in ("B T M H C", "Up Up 0", "Up Up Up T", "Shift+M", "Ctrl+Z", "Ctrl+A 0", "Ctrl+Z"):
        robot.press(keys)
        assert shown() == [name for name, _ in robot.labelled]
        before = _on_screen(robot, outline)
        outline.viewport().update()
        robot.settle()
        assert _on_screen(robot, outline) == before


def _on_screen(robot: Robot, widget: QWidget) -> QImage:
    """What the screen shows of a widget; ``grab`` would paint it again."""
    place = QRect(widget.mapTo(robot.window, QPoint()), widget.size())
    return robot.window.screen().grabWindow(robot.window.winId()).toImage().copy(place)
