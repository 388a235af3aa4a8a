"""Each act does what it says, once, on the page that is meant."""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QListWidget
from pytestqt.qtbot import QtBot
from segmark.core.annotation import Status
from segmark.gui.queue.model import ROW
from segmark.gui.termination import Termination
from segmark.store.pages import PageRow
from segmark.store.store import Store

from tests.factories import make_project
from tests.gui.robot import LEFT, NONE, Robot, wait_for

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PAGES = ("Ferry sails\nIt did.\nIt did so.\nAnd on.", "Two\nlines", "Three", "Four", "Five")


@pytest.fixture
def robot(qtbot: QtBot, project: Path) -> Robot:
    make_project(project, *PAGES).close()
    return Robot(qtbot).open(project)


def _statuses(robot: Robot) -> dict[Status, int]:
    counts = robot.session.store.progress(robot.session.annotator).by_status
    return {status: count for status, count in counts.items() if count}


# A key that is held


@pytest.mark.parametrize(
    ("key", "status"), [(Qt.Key.Key_Return, Status.DONE), (Qt.Key.Key_S, Status.SKIPPED)]
)
def test_a_held_key_finishes_or_skips_one_page(robot: Robot, key: Qt.Key, status: Status) -> None:
    robot.hold(key, repeats=5)
    assert _statuses(robot)[status] == 1
    robot.hold(key, repeats=5)
    assert _statuses(robot)[status] == 2


def test_a_held_key_labels_one_block_and_clears_one(robot: Robot) -> None:
    robot.hold(Qt.Key.Key_H, repeats=3)
    assert robot.labelled == [("headline", "Ferry sails")]
    robot.press("H")
    robot.hold(Qt.Key.Key_Delete, repeats=3)
    assert len(robot.labelled) == 2


def test_a_held_key_that_moves_the_caret_goes_on(robot: Robot) -> None:
    robot.hold(Qt.Key.Key_Down, repeats=2)
    assert robot.line == "And on."


def test_a_held_space_presses_a_button_once(robot: Robot) -> None:
    button = robot.window.panels.labels.button("body")
    button.setFocus()
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    robot.send_key(QEvent.Type.KeyPress, Qt.Key.Key_Space, 1_000)
    for time in (1_250, 1_283):
        robot.send_key(QEvent.Type.KeyRelease, Qt.Key.Key_Space, time)
        button.setFocus()
        robot.send_key(QEvent.Type.KeyPress, Qt.Key.Key_Space, time)
    robot.send_key(QEvent.Type.KeyRelease, Qt.Key.Key_Space, 1_300)
    assert len(pressed) == 1


def test_a_held_enter_does_not_answer_the_dialog_that_it_opened(robot: Robot) -> None:
    dialog = QDialog(robot.window)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok, dialog)
    buttons.accepted.connect(dialog.accept)
    QListWidget(dialog).setFocus()
    dialog.open()
    wait_for(robot, dialog.isActiveWindow)
    for repeats in (True, False):
        assert dialog.isVisible()
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, NONE, "", repeats)
        QApplication.sendEvent(dialog.windowHandle(), event)
    assert dialog.result() == QDialog.DialogCode.Accepted


# The page that is meant


@pytest.mark.parametrize("held", [CTRL, SHIFT, CTRL | SHIFT])
def test_an_opened_page_is_selected_alone_whatever_is_held(
    robot: Robot, held: Qt.KeyboardModifier
) -> None:
    window = robot.window.windowHandle()
    for opened in (2, 3):
        # Qt takes the modifiers that are held from the last key event.
        QTest.keyEvent(QTest.KeyAction.Press, window, Qt.Key.Key_Control, held)
        assert QApplication.keyboardModifiers() == held
        robot.session.step_page(1)
        robot.settle()
        assert robot.window.panels.pages.selected == [opened]
    QTest.keyEvent(QTest.KeyAction.Release, window, Qt.Key.Key_Control)


@pytest.mark.parametrize("first", ["H", "Ctrl+Z", "F"])
def test_the_notice_of_a_removal_goes_when_it_can_no_longer_undo_it(
    robot: Robot, first: str
) -> None:
    robot.press("Ctrl+Shift+Delete")
    notice = robot.window.notice
    assert notice.text == "1 page removed."
    robot.press(first)
    assert not notice.isVisible()
    notice.button.click()
    assert robot.session.store.pages.is_removed(1) == (first != "Ctrl+Z")


def test_the_notice_of_a_removal_does_not_take_back_a_note(robot: Robot) -> None:
    robot.press("Ctrl+Shift+Delete N")
    robot.type("odd")
    robot.window.notice.button.click()
    assert robot.state.note == "odd"
    assert robot.session.store.pages.is_removed(1)


# A note that is being written


def test_a_note_is_saved_after_a_pause_and_until_then_the_window_says_so(robot: Robot) -> None:
    robot.press("N")
    assert "all saved" in robot.window.windowTitle()
    robot.type("odd ")
    assert robot.window.status.saved == "… Note not saved yet"
    assert "note not saved yet" in robot.window.windowTitle()
    wait_for(robot, lambda: robot.state.note == "odd")
    assert robot.window.status.saved == "✓ All saved"
    robot.type("page")
    wait_for(robot, lambda: robot.state.note == "odd page")
    assert "all saved" in robot.window.windowTitle()


def test_a_note_is_saved_when_the_session_of_the_user_ends(robot: Robot) -> None:
    application, request = robot.program.application, SIGNAL("commitDataRequest(QSessionManager&)")
    before = application.receivers(request)
    termination = Termination(application, robot.window)
    termination.listen()
    assert application.receivers(request) == before + 1
    robot.press("N")
    robot.type("odd")
    termination.store_note()  # Python can't make the manager that the signal carries
    assert robot.state.note == "odd"
    termination.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a signal ends a program there at once")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_note_is_saved_when_a_signal_ends_the_program(
    robot: Robot, project: Path, number: signal.Signals
) -> None:
    termination, ended = Termination(robot.program.application, robot.window), list[int]()
    termination.listen()
    termination.ended.connect(ended.append)
    robot.press("N")
    robot.type("odd")
    os.kill(os.getpid(), number)
    wait_for(robot, lambda: ended == [128 + number])
    assert not robot.window.isVisible()
    assert signal.getsignal(number) is signal.SIG_DFL
    with Store.open(project) as store:
        assert store.annotations("ada").get(1).state.note == "odd"


# Finished pages


@pytest.mark.parametrize(("key", "status"), [("Enter", Status.DONE), ("S", Status.SKIPPED)])
def test_r_reopens_a_finished_page_as_one_act(robot: Robot, key: str, status: Status) -> None:
    robot.press(f"H {key} A")
    assert robot.state.status is status
    robot.press("R")
    assert robot.state.status is Status.STARTED
    assert robot.labelled == [("headline", "Ferry sails")]
    assert robot.window.status.message == "Page reopened."
    robot.press("Ctrl+Z")
    assert robot.state.status is status
    robot.press("Ctrl+Y R")
    assert robot.state.status is Status.STARTED
    assert robot.window.status.message == "This page is not finished."


def test_r_reopens_the_finished_pages_among_those_selected(robot: Robot) -> None:
    robot.press("Enter S")
    assert robot.line == "Three"
    view = robot.window.panels.pages.view
    view.setFocus()
    view.selectAll()
    robot.press("R")
    assert _statuses(robot) == {Status.NEW: 3, Status.STARTED: 2}
    robot.press("Ctrl+Z")
    assert _statuses(robot) == {Status.NEW: 3, Status.DONE: 1, Status.SKIPPED: 1}


# Search


@pytest.mark.parametrize("after", ["Escape", "Escape F3"])
def test_a_label_key_after_a_search_labels_the_block_of_the_hit(robot: Robot, after: str) -> None:
    robot.press("Ctrl+F")
    robot.type("did")
    assert robot.selected == "did"
    robot.press(after)
    assert robot.selected == ""
    robot.press("H")
    block = "It did so." if "F3" in after else "It did."
    assert robot.labelled == [("headline", block)]


def _marked(robot: Robot) -> set[str]:
    """The colours of hits that are on the screen."""
    image, theme = robot.view.viewport().grab().toImage(), robot.window.theme
    seen = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    return seen & {theme.hit, theme.current_hit}


@pytest.mark.parametrize("leave", ["Down", "Escape", "H", "Ctrl+A", "D"])
def test_with_the_bar_closed_only_the_hit_is_marked_until_one_goes_on(
    robot: Robot, leave: str
) -> None:
    robot.press("Ctrl+F")
    robot.type("did")
    assert _marked(robot) == {robot.window.theme.hit, robot.window.theme.current_hit}
    robot.press("Escape")
    assert _marked(robot) == set()
    robot.press("F3")
    assert _marked(robot) == {robot.window.theme.current_hit}
    robot.press(leave)
    assert _marked(robot) == set()
    robot.press("F3")
    assert (_marked(robot) == set()) == (leave == "D")


def test_closing_the_search_keeps_a_selection_that_is_no_hit(robot: Robot) -> None:
    robot.press("Ctrl+F")
    robot.type("did")
    robot.drag("Ferry", "sails")
    robot.window.find_bar.dismiss()
    assert robot.selected == "Ferry sails"


# The list of pages


def _rows(robot: Robot) -> list[PageRow]:
    model = robot.window.panels.pages.view.model()
    assert model is not None
    return [model.index(row, 0).data(ROW) for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("keys", "page", "status", "spans"),
    [
        ("H", 1, Status.STARTED, 1),
        ("H Enter", 1, Status.DONE, 1),
        ("H S", 1, Status.SKIPPED, 1),
        ("Enter A R", 1, Status.STARTED, 0),
        ("H Enter Ctrl+Z", 1, Status.STARTED, 1),
        ("Enter Enter Ctrl+Z Ctrl+Z", 1, Status.NEW, 0),
        ("Enter H Enter D Ctrl+Z", 2, Status.STARTED, 1),
    ],
)
def test_the_row_of_a_page_shows_an_act_at_once(
    robot: Robot, keys: str, page: int, status: Status, spans: int
) -> None:
    assert {row.status for row in _rows(robot)} == {Status.NEW}
    painted = dict[int, PageRow]()

    def repaint(first: QModelIndex, _last: QModelIndex) -> None:
        painted[first.row() + 1] = first.data(ROW)

    model = robot.window.panels.pages.view.model()
    assert model is not None
    model.dataChanged.connect(repaint)
    robot.press(keys)
    assert (painted[page].status, painted[page].spans) == (status, spans)


# Coming back to a page


def test_a_page_opens_where_the_annotator_left_it(
    robot: Robot, project: Path, qtbot: QtBot
) -> None:
    robot.press("Down Down D Down A")
    assert robot.line == "It did so."
    robot.press("D")
    assert robot.line == "lines"
    robot.session.reload()
    assert robot.line == "lines"
    robot.press("A Up")
    robot.close()
    again = Robot(qtbot).open(project)
    assert again.line == "It did."
    again.press("D")
    assert again.line == "lines"
    again.close()
    another = Robot(qtbot, "bob").open(project)
    assert another.line == "Ferry sails"


_STORY = """<title>Ferry sails again after weeks - Tidewire</title>
<ul>{menu}</ul><h1>Ferry sails again after weeks</h1>{story}"""


def _load_story(robot: Robot, folder: Path) -> None:
    menu = "".join(f"<li>Section {number}</li>" for number in range(60))
    story = "".join(f"<p>Paragraph {number} of the story.</p>" for number in range(60))
    page = folder / "story.html"
    page.write_text(_STORY.format(menu=menu, story=story))
    robot.load(page, show_first=True)


def _top_line(robot: Robot) -> str:
    row = robot.view.places.rows[0]
    return robot.page.text[row.start : row.end]


@pytest.mark.parametrize("folded", [False, True])
def test_a_page_opens_at_its_headline_with_a_line_of_context_above(
    robot: Robot, tmp_path: Path, folded: bool
) -> None:
    robot.window.apply_settings(replace(robot.window.settings, folded=folded))
    _load_story(robot, tmp_path)
    assert robot.line == "Ferry sails again after weeks"
    assert _top_line(robot).endswith("Section 59")
    robot.press("Down Down A D")
    assert robot.line == "Paragraph 1 of the story."


def test_a_setting_opens_pages_in_their_first_block(robot: Robot, tmp_path: Path) -> None:
    window = robot.window
    window.apply_settings(replace(window.settings, opens_at_work=False, folded=False))
    _load_story(robot, tmp_path)
    assert robot.line == _top_line(robot) == "Section 0"


def test_p_goes_to_the_next_and_previous_paragraph(robot: Robot, tmp_path: Path) -> None:
    page = tmp_path / "story.html"
    texts = [f"The ferry sailed {number} times in all, said the harbour." for number in range(3)]
    menu = "".join(f"<li>Section {number}</li>" for number in range(9))
    page.write_text(f"<p>{texts[0]}</p><ul>{menu}</ul><p>{texts[1]}</p><p>{texts[2]}</p>")
    robot.load(page, show_first=True)
    robot.press("P")
    assert robot.line == texts[1]
    robot.press("P P")
    assert robot.line == texts[2]
    assert robot.window.status.message == "There is no paragraph or caption below."
    robot.press("Shift+P Shift+P")
    assert robot.line == texts[0]
    robot.press("B Shift+P")  # the label went on to the menu
    assert robot.line == texts[0]
    robot.press("Shift+P")
    assert robot.window.status.message == "There is no paragraph or caption above."


def test_tab_passes_the_menus_of_a_page(robot: Robot, tmp_path: Path) -> None:
    page = tmp_path / "story.html"
    texts = [f"The ferry sailed {number} times in all, said the harbour." for number in range(2)]
    menu = "".join(f"<li>Section {number}</li>" for number in range(9))
    page.write_text(
        f"<ul>{menu}</ul><p>{texts[0]}</p><h2>Soon</h2><p>{texts[1]}</p><ul>{menu}</ul>"
    )
    robot.load(page, show_first=True)
    seen = [robot.press("Tab").line for _ in range(4)]
    assert seen == [texts[0], "Soon", texts[1], texts[0]]
    robot.press("B B B Tab")
    assert robot.window.status.message == "Every other block that reads like text has a label."
    assert robot.line == "Section 0"  # where the label left the caret


def test_undo_of_an_act_on_the_page_leaves_the_caret_alone(robot: Robot) -> None:
    robot.press("Down Down F Ctrl+Z")
    assert robot.line == "It did so."
    robot.press("Enter Ctrl+Z")
    assert robot.line == "It did so."


# The brush


def test_a_brush_click_labels_the_block_a_double_click_the_word(robot: Robot) -> None:
    robot.click_label("body")
    robot.click("did so")
    assert robot.labelled == [("body", "It did so.")]
    robot.press("Ctrl+Z")
    robot.click("did so", times=2)
    assert robot.labelled == [("body", "did")]
    robot.press("Ctrl+Z")
    assert robot.labelled == []


def test_a_brush_click_below_the_text_labels_nothing(robot: Robot) -> None:
    robot.click_label("body")
    viewport = robot.view.viewport()
    QTest.mouseClick(viewport, LEFT, pos=QPoint(100, viewport.height() - 10))
    assert robot.labelled == []


def test_a_click_without_the_brush_labels_nothing(robot: Robot) -> None:
    robot.click_label("body")
    robot.press("Escape")
    robot.click("did so")
    assert robot.labelled == []


@pytest.mark.parametrize("margin", [False, True])
def test_the_view_stays_where_it_is_after_a_long_brush_drag(
    robot: Robot, tmp_path: Path, margin: bool
) -> None:
    path = tmp_path / "long.txt"
    path.write_text("\n".join(f"Line {n} of many" for n in range(400)))
    robot.load(path, show_first=True)
    robot.click_label("body")
    if margin:
        robot.drag_margin("Line 2 of", "Line 200 of")
    else:
        robot.drag("Line 2 of", "Line 200 of")
    assert robot.labelled[0][1].endswith("Line 200 of many" if margin else "Line 200 of")
    offset = robot.page.text.index("Line 200")
    assert robot.view.places.line(offset) is not None
