"""Whatever is pressed, clicked, chosen or resized, the window stays up and its work stays right."""

import os
import random
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot
from segmark.core.span import faults
from segmark.gui.application import Program, make_program
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import LABELS, make_project

_TEXTS = (
    "Menu\nShip sails\n\nIt did.\nIt did so.\nAnd on.\n",
    "😀 astral\nשלום world\n\te\u0301 combining\n\u202eevil\u202c\n" + "long " * 3_000,
    "One line",
    "\n".join(f"line {number}" for number in range(400)),
)
_KEYS = (  # noqa: SIM905 - as they stand on the key sheet
    "H C B T M 1 2 3 4 5 0 Delete Down Up Left Right J K Tab Shift+Tab Shift+Down Shift+Up "
    "Shift+Left Ctrl+Shift+Right Home End Ctrl+End Ctrl+Home PgUp PgDown [ ] { } Shift+B Shift+H "
    "D A Alt+Left Alt+Right S F Return Ctrl+Return Space X Ctrl+Space Ctrl+Z Ctrl+Y Ctrl+Shift+Z "
    "Ctrl+A Ctrl+C Esc Ctrl++ Ctrl+- Ctrl+0 N Ctrl+F F3 Shift+F3 Backspace Ctrl+S Ctrl+Shift+T "
    "Ctrl+Shift+D Ctrl+Shift+A W Q Z ? F1 Ctrl+, Ctrl+E Ctrl+O Ctrl+N Ctrl+V"
).split()
_LEFT = Qt.MouseButton.LeftButton
_HELD = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
#: What ends the program, leaves it for another one, or changes the screen that others share.
_LEFT_ALONE = {"file.quit", "help.log", "view.full_screen", "file.samples"}

#: Threads that learn what to suggest, beside those of the tasks.
_LEARNERS = 1

_ENDINGS = (".txt", ".html", ".html.gz", ".json", ".jsonl", ".warc", ".zip", ".exe", "")
_contents = st.binary(max_size=300) | st.text(max_size=300).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
_places = st.tuples(st.floats(0, 1), st.floats(0, 1))


class AnyInput(RuleBasedStateMachine):
    """A person who does anything at all, in any order."""

    @initialize()
    def open_a_project(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._threads = threading.active_count()  # with those that earlier tests left
        self._dropped = 0
        self._project = Path(self._folder.name, "news.segmark")
        make_project(self._project, *_TEXTS).close()
        self._program: Program = make_program("ada")
        self._window = self._program.window
        self._program.projects.show_store(Store.open(self._project))
        self._window.show()
        # Dialogs and menus are looked at and closed: a person who changes their mind.
        self._closing = QTimer(self._window, interval=0)
        self._closing.timeout.connect(_close_dialogs)
        self._closing.start()
        self._settle()
        self._timers = _counts(self._window, QTimer)

    @rule(keys=st.lists(st.sampled_from(_KEYS), min_size=1, max_size=6))
    def press(self, keys: list[str]) -> None:
        for key in keys:
            target = self._window.focusWidget() or self._window.view
            QTest.keySequence(target, QKeySequence(key))
            self._settle()

    @rule(text=st.text(max_size=8))
    def paste_and_write_a_note(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._window.panels.note.edit()
        QTest.keyClicks(self._window.panels.note, "a note")
        self._window.view.setFocus()
        self._settle()

    @rule(contents=st.lists(_contents, max_size=3), ending=st.sampled_from(_ENDINGS))
    def drop(self, contents: list[bytes], ending: str) -> None:
        """Files of any kind, their folder, and what is no file at all."""
        self._dropped += 1
        folder = Path(self._folder.name, f"dropped{self._dropped}")
        folder.mkdir()
        for number, content in enumerate(contents):
            (folder / f"{number}{ending}").write_bytes(content)
        data = QMimeData()
        urls = [QUrl.fromLocalFile(str(path)) for path in (*folder.iterdir(), folder)]
        data.setUrls([*urls, QUrl("http://192.0.2.1/page.html"), QUrl("javascript:ran()")])
        middle, copy, none = self._window.rect().center(), Qt.DropAction.CopyAction, _HELD[0]
        QApplication.sendEvent(self._window, QDragEnterEvent(middle, copy, data, _LEFT, none))
        QApplication.sendEvent(self._window, QDropEvent(QPointF(middle), copy, data, _LEFT, none))
        self._settle()

    @rule(place=_places, held=st.sampled_from(_HELD), times=st.integers(1, 3))
    def click(self, place: tuple[float, float], held: Qt.KeyboardModifier, times: int) -> None:
        viewport = self._window.view.viewport()
        QTest.mouseClick(viewport, _LEFT, held, self._point(place))
        if times > 1:
            QTest.mouseDClick(viewport, _LEFT, held, self._point(place))
        self._settle()

    @rule(first=_places, last=_places)
    def drag(self, first: tuple[float, float], last: tuple[float, float]) -> None:
        viewport = self._window.view.viewport()
        QTest.mousePress(viewport, _LEFT, pos=self._point(first))
        QTest.mouseMove(viewport, self._point(last))
        QTest.mouseRelease(viewport, _LEFT, pos=self._point(last))
        self._settle()

    @rule(place=_places)
    def click_the_margin(self, place: tuple[float, float]) -> None:
        height = self._window.view.margin.height()
        QTest.mouseClick(self._window.view.margin, _LEFT, pos=QPoint(20, int(place[1] * height)))
        self._settle()

    @rule(chosen=st.integers(0, 10_000))
    def choose_from_the_menus(self, chosen: int) -> None:
        names = sorted(set(self._window.actions_by_id) - _LEFT_ALONE)
        self._window.actions_by_id[names[chosen % len(names)]].trigger()
        self._settle()

    @rule(width=st.integers(640, 1600), height=st.integers(400, 1000))
    def resize(self, width: int, height: int) -> None:
        self._window.resize(width, height)
        self._settle()

    @rule(number=st.integers(1, len(_TEXTS)))
    def open_a_page(self, number: int) -> None:
        session = self._window.session
        if session:
            session.open(number)
        self._settle()

    @invariant()
    def the_work_is_right(self) -> None:
        window = self._window
        session = window.session
        assert session
        assert check(self._project).damage == ()  # the log leads to what is stored, among it
        opened = session.open_page
        if opened is None:  # all pages were removed
            assert session.store.pages.count() == 0
            return
        assert faults(opened.page.text, session.spans, LABELS.names) == []
        assert set(window.view.spans_in_view()) <= set(session.spans)
        assert session.store.annotations("ada").get(opened.number) == opened.annotation
        length = len(opened.page.text)
        assert all(0 <= place <= length for place in window.view.selection)

    @invariant()
    def nothing_piles_up(self) -> None:
        _delete_what_is_to_go()
        dialogs = Counter(
            type(widget) for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog)
        )
        assert [kind for kind, count in dialogs.items() if count > 1] == []
        # Each text field that came blinks.
        assert _counts(self._window, QTimer).total() <= self._timers.total() + 20
        names = sorted(thread.name for thread in threading.enumerate())
        running = len(self._window.background.running)
        assert len(names) <= self._threads + running + _LEARNERS, names

    def teardown(self) -> None:
        self._closing.stop()
        self._settle()
        self._window.close()
        self._settle()
        assert check(self._project).damage == ()
        self._window.deleteLater()
        _delete_what_is_to_go()
        assert threading.active_count() <= self._threads
        self._folder.cleanup()

    def _point(self, place: tuple[float, float]) -> QPoint:
        size = self._window.view.viewport().size()
        return QPoint(int(place[0] * size.width()), int(place[1] * size.height()))

    def _settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()


def _close_dialogs() -> None:
    popup = QApplication.activePopupWidget()
    if isinstance(popup, QMenu):
        popup.close()
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.reject()


def _counts(parent: QObject, kind: type[QObject]) -> "Counter[str]":
    """How many there are of each class, in the parent and all that it holds."""
    return Counter(type(each).__name__ for each in parent.findChildren(kind))


def _delete_what_is_to_go() -> None:
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


# The offscreen platform has no stack of windows, and no keyboard to grab.
@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_what_opens_and_closes_leaves_no_widget_timer_or_thread_behind(
    qtbot: QtBot, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("getOpenFileNames", "getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    make_project(project, *_TEXTS).close()
    program = make_program("ada")
    window = program.window
    qtbot.addWidget(window)
    closing = QTimer(window, interval=0)
    closing.timeout.connect(_close_dialogs)
    closing.start()
    window.show()
    counts = list["Counter[str]"]()
    for _ in range(4):
        program.projects.show_store(Store.open(project))
        for command in sorted(set(window.actions_by_id) - _LEFT_ALONE - {"file.copy"}):
            window.actions_by_id[command].trigger()
            qtbot.waitUntil(lambda: not window.background.running)
            _delete_what_is_to_go()
        program.projects.show_store(Store.open(project))
        _delete_what_is_to_go()
        threads = Counter(thread=threading.active_count())
        counts.append(_counts(window, QWidget) + _counts(window, QTimer) + threads)
    # What is made once and kept is there after the first rounds.
    assert counts[3] - counts[2] == Counter()
    window.close()


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_the_window_stays_up_whatever_is_done_to_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    examples = int(os.environ.get("SEGMARK_ANY_INPUT", "12"))
    run_state_machine_as_test(
        AnyInput,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_stays_flat_however_many_pages_are_opened(qtbot: QtBot, project: Path) -> None:
    chance = random.Random(1)
    texts = ["\n".join(f"page {page}, line {line}" for line in range(12)) for page in range(40)]
    make_project(project, *texts).close()
    program = make_program("ada")
    qtbot.addWidget(program.window)
    program.projects.show_store(Store.open(project))
    program.window.show()
    session = program.window.session
    assert session
    sizes = []
    turns = int(os.environ.get("SEGMARK_PAGES_OPENED", "500"))
    for turn in range(turns):
        session.open(chance.randrange(1, 41))
        QTest.keySequence(program.window.view, QKeySequence("Down"))
        QApplication.processEvents()
        if turn in (turns // 3, turns - 1):
            sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
    assert sizes[1] - sizes[0] < 6_000_000
    program.window.close()
