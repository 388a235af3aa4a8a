"""The annotator of the tests: presses keys and moves the mouse in the real window."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from segmark.core.annotation import State
from segmark.core.label import LabelSet
from segmark.core.page import Page
from segmark.core.span import Span
from segmark.gui.acts.guard import AskAboutLock, ask_about_lock
from segmark.gui.acts.watch import ProjectWatch
from segmark.gui.application import Program, make_program
from segmark.gui.figures.dialog import FiguresDialog
from segmark.gui.page.column import NORMAL
from segmark.gui.suggestions.compare_dialog import CompareDialog
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import without_suggestions

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def in_characters(widget: QWidget, width: int, height: int) -> QSize:
    """A size in pixels; with a larger font than usual, the size of as many characters."""
    metrics = widget.fontMetrics()
    across, down = metrics.averageCharWidth() / 6, metrics.lineSpacing() / 14
    return QSize(round(max(1, across) * width), round(max(1, down) * height))


class Robot:
    """One annotator in one window; every act waits until the window shows its result."""

    def __init__(
        self, qtbot: QtBot, annotator: str | None = "ada", ask: AskAboutLock = ask_about_lock
    ) -> None:
        self.qtbot = qtbot
        self.program: Program = make_program(annotator, ask)
        self.window = self.program.window
        self.view = self.window.view
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    # Projects and pages

    def create(self, project: Path, labels: LabelSet) -> "Robot":
        self.program.projects.show_store(without_suggestions(Store.create(project, labels)))
        return self

    def open(self, project: Path) -> "Robot":
        self.program.projects.show_store(Store.open(project))
        self.settle()
        return self

    def load(self, *paths: Path, show_first: bool = False) -> "Robot":
        self.program.projects.load(paths, show_first=show_first)
        self.qtbot.waitUntil(lambda: not self.window.background.running)
        self.settle()
        return self

    def drop(self, *paths: Path) -> None:
        self.drop_links(*(QUrl.fromLocalFile(str(path)) for path in paths))

    def drop_links(self, *links: QUrl) -> None:
        data = QMimeData()
        data.setUrls(links)
        middle, copy = self.window.rect().center(), Qt.DropAction.CopyAction
        QApplication.sendEvent(self.window, QDragEnterEvent(middle, copy, data, LEFT, NONE))
        QApplication.sendEvent(self.window, QDropEvent(QPointF(middle), copy, data, LEFT, NONE))
        self.qtbot.waitUntil(lambda: not self.window.background.running)
        self.settle()

    def resize(self, width: int, height: int) -> None:
        """Resize the window to pixels; with a larger font than usual, to as many characters.

        The page's font grows in proportion.
        """
        size = in_characters(self.window, width, height)
        self.view.set_font_size(max(NORMAL, round(NORMAL * size.width() / width)))
        self.window.resize(size)
        self.settle()

    def close(self) -> None:
        self.window.close()
        self.settle()

    # Keys

    def press(self, keys: str, widget: QWidget | None = None) -> "Robot":
        """Press keys one after the other, written like ``Down T Ctrl+Shift+End``."""
        if not self.window.isActiveWindow():
            self.window.activateWindow()
            self.qtbot.waitUntil(self.window.isActiveWindow)
        for name in keys.split():
            target = widget or self.window.focusWidget() or self.view
            QTest.keySequence(target, QKeySequence.fromString(name))
            self.settle()
        return self

    def hold(self, key: Qt.Key, repeats: int) -> None:
        """Hold a key down on X11 with a busy window: Qt misses that its presses are repeats.

        Each repeat is a release and a press with the same time stamp.
        """
        time = 1_000
        for number in range(repeats + 1):
            if number:
                time += 33
                self.send_key(QEvent.Type.KeyRelease, key, time)
            self.send_key(QEvent.Type.ShortcutOverride, key, time)
            QTest.keyPress(QApplication.focusWidget() or self.view, key)
            self.settle()
        self.send_key(QEvent.Type.KeyRelease, key, time + 20)

    def send_key(self, kind: QEvent.Type, key: Qt.Key, time: int) -> None:
        """Send a key event to the window, as the platform does."""
        event = QKeyEvent(kind, key, NONE)
        event.setTimestamp(time)
        QApplication.sendEvent(self.window.windowHandle(), event)

    def type(self, text: str) -> None:
        field = QApplication.focusWidget()
        assert field is not None
        QTest.keyClicks(field, text)
        self.settle()

    # Mouse

    def click(self, text: str, *, times: int = 1, held: Qt.KeyboardModifier = NONE) -> None:
        """Click on the first letter of a text."""
        point = self.point(text)
        viewport = self.view.viewport()
        QTest.mouseClick(viewport, LEFT, held, point)
        if times > 1:
            QTest.mouseDClick(viewport, LEFT, held, point)
            # Qt's own release would put the third click off until it is none any more.
            self._send(viewport, QEvent.Type.MouseButtonRelease, point, held)
        if times > 2:
            QTest.mouseClick(viewport, LEFT, held, point)
        self.settle()

    def drag(self, first: str, last: str, *, held: Qt.KeyboardModifier = NONE) -> None:
        """Drag from the first letter of one text to the end of another."""
        viewport = self.view.viewport()
        self._send(viewport, QEvent.Type.MouseButtonPress, self.point(first), held)
        end, after = self.point(last, len(last) - 1), self.point(last, len(last))
        if after.y() == end.y():
            # A letter can be narrower than these pixels, and what follows it is not dragged over.
            end.setX(max(end.x(), min(end.x() + 6, after.x() - 4)))
        self._finish_drag(viewport, end, held)

    def click_margin(self, text: str) -> None:
        QTest.mouseClick(self.view.margin, LEFT, NONE, self.margin_point(text))
        self.settle()

    def drag_margin(self, first: str, last: str) -> None:
        """Drag over blocks in the margin; the wheel brings the last one into view."""
        margin = self.view.margin
        self._send(margin, QEvent.Type.MouseButtonPress, self.margin_point(first), NONE)
        self._finish_drag(margin, self.margin_point(last), NONE)

    def click_label(self, name: str) -> None:
        """Click on a label's button, after opening its panel and scrolling to it."""
        button = self.window.panels.show_label_button(name)
        self.settle()
        QTest.mouseClick(button, LEFT)
        self.settle()

    def _finish_drag(self, widget: QWidget, end: QPoint, held: Qt.KeyboardModifier) -> None:
        for distance in (24, 12, 0):
            self._send(widget, QEvent.Type.MouseMove, end - QPoint(distance, 0), held)
        self._send(widget, QEvent.Type.MouseButtonRelease, end, held)
        self.settle()

    def _send(
        self, widget: QWidget, kind: QEvent.Type, point: QPoint, held: Qt.KeyboardModifier
    ) -> None:
        """A mouse event with modifier keys, which ``QTest.mouseMove`` can't send."""
        moving = kind == QEvent.Type.MouseMove
        button = Qt.MouseButton.NoButton if moving else LEFT
        down = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
        place = QPointF(point)
        event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, down, held)
        QApplication.sendEvent(widget, event)

    def settle(self) -> None:
        """Let the window process its events."""
        for _ in range(3):
            QApplication.processEvents()

    # What is there

    @property
    def session(self) -> Session:
        assert self.window.session is not None
        return self.window.session

    @property
    def watch(self) -> ProjectWatch:
        assert self.program.projects.watch is not None
        return self.program.projects.watch

    @property
    def figures(self) -> FiguresDialog | None:
        """The open figures."""
        acts = self.program.projects.acts
        return acts.figures.dialog if acts else None

    @property
    def comparison(self) -> CompareDialog | None:
        """The open comparison of models."""
        acts = self.program.projects.acts
        return acts.comparing.dialog if acts else None

    @property
    def page(self) -> Page:
        assert self.session.open_page is not None
        return self.session.open_page.page

    @property
    def spans(self) -> Sequence[Span]:
        return self.session.spans

    @property
    def state(self) -> State:
        return self.session.state

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """Label and text of each span of the page."""
        text = self.page.text
        return [(span.label, text[span.start : span.end]) for span in self.spans]

    @property
    def selected(self) -> str:
        start, end = sorted(self.view.selection)
        return self.page.text[start:end]

    @property
    def line(self) -> str:
        """The block that the caret is in."""
        index = self.page.block_at(self.view.selection[1])
        assert index is not None
        block = self.page.blocks[index]
        return self.page.text[block.start : block.end]

    def block(self, text: str) -> int:
        index = self.page.block_at(self.page.text.index(text))
        assert index is not None
        return index

    def point(self, text: str, letter: int = 0) -> QPoint:
        """A point of the viewport in the left half of a letter."""
        offset = self.page.text.index(text) + letter
        self._bring_into_view(offset)
        place = self.view.cursorRect(self.view._cursor(offset, offset))
        return QPoint(place.x() + 2, place.center().y())

    def margin_point(self, text: str) -> QPoint:
        index = self.block(text)
        self._bring_into_view(self.page.blocks[index].start)
        band = self.view.band(index)
        assert band is not None
        inside = self.view.viewport().mapToGlobal(QPoint(0, int(sum(band) / 2)))
        return QPoint(24, self.view.margin.mapFromGlobal(inside).y())

    def _bring_into_view(self, offset: int) -> None:
        index = self.page.block_at(offset)
        if self.view.band(index) is None:
            self.view.places.reveal(offset)
            self.settle()


def wait_for(robot: Robot, condition: Callable[[], bool]) -> None:
    """Wait for something that happens in the background."""
    robot.qtbot.waitUntil(condition)
    robot.settle()
