"""The window and the safety of the project: who has it, where it lies, backups, going back."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from segmark.core.label import LabelSet
from segmark.gui.acts.guard import LockChoice, ask_about_lock
from segmark.gui.base.message_box import MessageBox
from segmark.gui.dialogs.restore import RestoreDialog
from segmark.store.file.backup import Reason, list_backups
from segmark.store.file.lock import Holder, lock_path
from segmark.store.store import Store

from tests.factories import label, make_project, peek
from tests.gui.modal import when_modal
from tests.gui.robot import Robot, wait_for
from tests.places import ROOT
from tests.without_rights import a_user_without_the_right
from tests.working import connection

_HOLDING = """
import sys
from pathlib import Path
from segmark.store.file.lock import take
held = take(Path(sys.argv[1]), "wren")
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def labelled(project: Path) -> Path:
    with make_project(project, "Ship sails\nIt did.", "Two") as store:
        label(store, "ada", 1, "headline", 0, 10)
    return project


@pytest.fixture
def robot(qtbot: QtBot) -> Robot:
    return Robot(qtbot)


def _idle(robot: Robot) -> None:
    wait_for(robot, lambda: not robot.window.background.running)


def test_an_odd_lock_file_does_not_keep_the_window_from_opening(
    robot: Robot, labelled: Path
) -> None:
    lock_path(labelled).write_text('{"process": "abc"}', "utf-8")
    robot.open(labelled)
    assert robot.window.session
    assert not robot.window.session.store.read_only
    assert "news.segmark-lock could not be read" in robot.window.status.message


def test_while_the_window_is_open_a_file_says_so_and_then_it_goes(
    robot: Robot, labelled: Path
) -> None:
    robot.open(labelled)
    assert lock_path(labelled).exists()
    robot.open(labelled)
    assert robot.window.notice.text == ""
    robot.close()
    assert not lock_path(labelled).exists()


def test_the_window_is_not_told_of_itself_whatever_the_project_is_called(
    robot: Robot, labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(labelled.parent)
    for name in (Path(labelled.name), labelled, Path("..", labelled.parent.name, labelled.name)):
        robot.open(name)
        assert robot.window.notice.text == ""
        assert robot.session.store.read_only == ""
    robot.press("Down B")
    assert peek(labelled, "SELECT count(*) FROM span") == [(2,)]


def test_a_damaged_project_is_named_as_such_in_the_window(
    robot: Robot, labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot.open(labelled)
    told: list[str] = []
    monkeypatch.setattr(MessageBox, "show_words", lambda *words: told.append(words[2]))
    for table in ("page_text", "annotation"):
        [(root,)] = peek(labelled, "SELECT rootpage FROM sqlite_schema WHERE name = ?", table)
        [(size,)] = peek(labelled, "PRAGMA page_size")
        copy = labelled.with_name(f"{table}.segmark")
        content = bytearray(labelled.read_bytes())
        content[(root - 1) * size : root * size] = b"\xff" * size
        copy.write_bytes(content)
        robot.program.projects.open_path(copy)
        robot.settle()
        assert "the file is damaged; go back to a backup" in told[-1]


@pytest.fixture
def held_by_wren(labelled: Path) -> Iterator["subprocess.Popen[str]"]:
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLDING, str(labelled)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.communicate()


def test_the_second_window_is_told_and_may_read(
    qtbot: QtBot, labelled: Path, held_by_wren: "subprocess.Popen[str]"
) -> None:
    told: list[Holder] = []

    def read(_window: object, _path: Path, holder: Holder) -> LockChoice:
        told.append(holder)
        return LockChoice.READ

    robot = Robot(qtbot, ask=read).open(labelled)
    notice = robot.window.notice
    assert [holder.process for holder in told] == [held_by_wren.pid]
    assert "wren on this computer since" in notice.text
    assert notice.isVisible()
    assert robot.labelled == [("headline", "Ship sails")]
    actions = robot.window.actions_by_id
    for name in ("label.as.body", "label.clear", "page.done", "edit.undo", "file.load"):
        assert not actions[name].isEnabled(), name
    assert actions["go.next_block"].isEnabled()
    robot.press("Down B Return D")
    assert peek(labelled, "SELECT count(*) FROM edit") == [(1,)]
    assert "reading only" in robot.window.windowTitle()


def test_the_second_window_may_leave_it_alone(
    qtbot: QtBot, labelled: Path, held_by_wren: "subprocess.Popen[str]"
) -> None:
    robot = Robot(qtbot, ask=lambda *_: LockChoice.LEAVE)
    assert not robot.program.projects.open_path(labelled)
    assert robot.window.session is None
    assert lock_path(labelled).exists()


def test_what_a_killed_window_left_is_taken_over_without_a_question(
    robot: Robot, labelled: Path, held_by_wren: "subprocess.Popen[str]"
) -> None:
    held_by_wren.kill()
    held_by_wren.wait()
    robot.open(labelled).press("Down B")
    assert ("body", "It did.") in robot.labelled


@pytest.mark.parametrize(
    ("host", "buttons"), [("elsewhere", {"read", "take", "cancel"}), ("", {"read", "cancel"})]
)
def test_the_question_names_the_holder(
    robot: Robot, labelled: Path, host: str, buttons: set[str]
) -> None:
    import platform

    holder = Holder("wren", host or platform.node(), 1, "", "2026-03-01T08:00:00+00:00")
    seen: list[tuple[str, set[str]]] = []

    def answer(box: QMessageBox) -> None:
        names = {button.text().replace("&", "").split()[0].lower() for button in box.buttons()}
        seen.append((box.informativeText(), {name.replace("open", "read") for name in names}))
        box.reject()

    when_modal(QMessageBox, answer)
    assert ask_about_lock(robot.window, labelled, holder) is LockChoice.LEAVE
    [(words, names)] = seen
    assert "wren" in words
    assert names == buttons


def test_a_synced_folder_is_named_and_a_local_copy_offered(
    robot: Robot, labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (labelled.parent / ".stfolder").mkdir()
    robot.open(labelled)
    notice = robot.window.notice
    robot.qtbot.waitUntil(lambda: "a folder that Syncthing syncs" in notice.text)
    local = tmp_path.with_name(f"{tmp_path.name}-local")
    local.mkdir()
    chosen = (str(local / "copy.segmark"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen)
    notice.button.click()
    robot.settle()
    assert robot.session.store.path == local / "copy.segmark"
    assert robot.labelled == [("headline", "Ship sails")]
    assert notice.text == ""
    robot.press("Down B")
    assert peek(labelled, "SELECT count(*) FROM span") == [(1,)]


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such rights there")
def test_a_project_that_cannot_be_written_is_shown_and_a_copy_offered(
    robot: Robot, label_set: LabelSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(prefix="segmark-test-") as name:
        folder, local = Path(name, "theirs"), Path(name, "mine")
        project = folder / "news.segmark"
        for each, mode in ((folder, 0o755), (local, 0o777), (Path(name), 0o755)):
            each.mkdir(exist_ok=True)
            each.chmod(mode)
        with make_project(project, "Ship sails\nIt did.") as store:
            label(store, "ada", 1, "headline", 0, 10)
        project.chmod(0o444)
        chosen = (str(local / "copy.segmark"), "")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen)
        notice = robot.window.notice
        with a_user_without_the_right():
            assert robot.program.projects.open_path(project)
            robot.settle()
            assert notice.text == "news.segmark is open for reading only: the file is read-only."
            robot.press("Down B")
            assert robot.labelled == [("headline", "Ship sails")]
            notice.button.click()
            robot.settle()
            assert robot.session.store.path == local / "copy.segmark"
            assert notice.text == ""
            robot.press("Down B")
            assert robot.labelled == [("headline", "Ship sails"), ("body", "It did.")]
            robot.close()
        assert list(folder.iterdir()) == [project]


def test_the_backup_of_the_day_is_made_beside_the_labelling(robot: Robot, labelled: Path) -> None:
    robot.open(labelled)
    robot.watch.back_up_if_due()
    robot.press("Down B")
    _idle(robot)
    robot.watch.back_up_if_due()
    _idle(robot)
    assert [backup.reason for backup in list_backups(labelled)] == [Reason.DAILY]
    assert ("body", "It did.") in robot.labelled


def test_a_daily_backup_that_fails_is_told_once_and_can_be_tried_again(
    robot: Robot, labelled: Path
) -> None:
    robot.open(labelled)
    in_the_way = labelled.with_suffix(".backups")
    in_the_way.touch()
    notice = robot.window.notice
    robot.watch.back_up_if_due()
    _idle(robot)
    assert "The daily backup was not made" in notice.text
    in_the_way.unlink()
    notice.button.click()
    _idle(robot)
    assert notice.text == ""
    assert len(list_backups(labelled)) == 1


def test_one_goes_back_to_a_backup_by_the_menu_with_a_preview(
    robot: Robot, labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot.open(labelled)
    robot.window.run("file.back_up")
    _idle(robot)
    robot.press("Down B")
    previews: list[str] = []

    def choose(dialog: RestoreDialog) -> int:
        wait_for(robot, dialog.go_back.isEnabled)
        previews.append(dialog.preview.text())
        return 1

    monkeypatch.setattr(RestoreDialog, "exec", choose)
    robot.window.run("file.restore")
    robot.settle()
    assert "ada: 2 spans and 0 done pages now, 1 and 0 in the backup." in previews[0]
    assert robot.labelled == [("headline", "Ship sails")]
    assert {backup.reason for backup in list_backups(labelled)} == {Reason.ASKED, Reason.RESTORE}
    robot.press("Down B")
    assert len(robot.labelled) == 2


def test_enter_in_the_restore_dialog_restores_nothing(robot: Robot, labelled: Path) -> None:
    robot.open(labelled)
    robot.window.run("file.back_up")
    _idle(robot)
    robot.press("Down B")

    def press_enter(dialog: RestoreDialog) -> None:
        wait_for(robot, dialog.go_back.isEnabled)
        QTest.keyClick(dialog, Qt.Key.Key_Enter)

    when_modal(RestoreDialog, press_enter)
    robot.window.run("file.restore")
    assert len(robot.labelled) == 2


def _leave_lock(project: Path) -> None:
    """The lock of a window that was killed."""
    child = subprocess.run(
        [sys.executable, "-c", _HOLDING, str(project)],
        input="", capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    assert child.stdout == "held\n"
    assert lock_path(project).exists()


def test_a_project_that_was_not_closed_properly_is_looked_over_beside_the_window(
    robot: Robot, labelled: Path
) -> None:
    _leave_lock(labelled)
    [(root,)] = peek(labelled, "SELECT rootpage FROM sqlite_schema WHERE name = 'carried'")
    [(size,)] = peek(labelled, "PRAGMA page_size")
    robot.open(labelled)
    notice = robot.window.notice
    with labelled.open("rb+") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    wait_for(robot, lambda: "was not closed properly, and is damaged" in notice.text)
    assert notice.button.text() == "Restore a backup…"


def test_a_project_that_is_whole_is_looked_over_without_a_word(
    robot: Robot, labelled: Path
) -> None:
    _leave_lock(labelled)
    robot.open(labelled)
    assert robot.watch.check_is_due
    robot.watch.check()
    assert "Looking over the project" in [task.name for task in robot.window.background.running]
    _idle(robot)
    assert robot.window.notice.text == ""


def test_a_project_that_was_closed_properly_is_not_looked_over(
    robot: Robot, labelled: Path
) -> None:
    robot.open(labelled)
    assert not robot.watch.check_is_due


def test_a_project_without_backups_says_so(robot: Robot, labelled: Path) -> None:
    dialog = RestoreDialog(labelled, robot.window.background, robot.window)
    assert dialog.preview.text() == "There is no backup yet."
    assert not dialog.go_back.isEnabled()
    assert dialog.path is None
    dialog.deleteLater()


def test_a_full_disk_stops_labelling_with_a_message_and_it_goes_on_when_there_is_room(
    robot: Robot, project: Path, label_set: LabelSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(project, "\n".join(f"line {number}" for number in range(2_000))).close()
    store = Store.open(project)
    robot.program.projects.show_store(store)
    [pages] = connection(store).execute("PRAGMA page_count").fetchone()
    connection(store).execute(f"PRAGMA max_page_count = {pages}")
    told: list[str] = []
    monkeypatch.setattr(MessageBox, "show_words", lambda *words: told.append(words[2]))
    for _ in range(300):
        robot.press("H")
        if told:
            break
    saved = list(robot.spans)
    assert "the disk is full; everything saved before is kept" in told[0]
    robot.press("H")
    assert len(told) == 2
    assert list(robot.spans) == saved
    assert peek(project, "SELECT count(*) FROM span") == [(len(saved),)]
    robot.press("N")
    robot.type("long " * 900)
    robot.press("Esc")
    assert len(told) == 3
    assert robot.session.state.note == ""
    connection(store).execute(f"PRAGMA max_page_count = {pages + 1000}")
    robot.press("H")
    assert len(robot.spans) == len(saved) + 1
    assert robot.session.state.note == ("long " * 900).strip()
