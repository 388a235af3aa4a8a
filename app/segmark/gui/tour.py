"""The tour: drives the real window by keys and mouse through the main job, on the sample pages.

It leaves numbered screenshots, the project and its export, and checks the export. It needs no
display, and uses temporary settings instead of the user's.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from segmark.core.page import Page
from segmark.core.span import Span
from segmark.environment import settings
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.environment.resource_path import sample_pages
from segmark.environment.settings import Settings
from segmark.gui import qt_log
from segmark.gui.application import Program, make_program
from segmark.store.store import Store

_SIZE = (1280, 800)
_PATIENCE = 20.0  # seconds to wait for the window

#: The expected spans of harbour.txt in the export: label, first and last line, counted from 1.
_EXPECTED = (
    ("ticker", 2, 2),
    ("headline", 4, 4),
    ("caption", 7, 7),
    ("body", 12, 30),
    ("comment", 32, 32),
)

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class TourError(Exception):
    """The tour failed; one line says where."""


def take_tour(out: Path) -> Iterator[str]:
    """Take the tour, and yield one line for each step.

    Raises:
        TourError: the folder can't be used, or a step failed.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        _clear(out)
    except OSError as error:
        raise TourError(f"{out}: {error.strerror or error}; choose another folder") from error
    qt_log.install()
    with tempfile.TemporaryDirectory(prefix="segmark-tour-") as folder:
        before = os.environ.get("SEGMARK_CONFIG")
        os.environ["SEGMARK_CONFIG"] = folder
        try:
            settings.save(Settings(annotator="tour", theme="light"))
            yield from _Tour(make_program(), out).steps()
        finally:
            if before is None:
                del os.environ["SEGMARK_CONFIG"]
            else:
                os.environ["SEGMARK_CONFIG"] = before


def _clear(out: Path) -> None:
    """Remove the files of an earlier tour, and nothing else."""
    for old in (*out.glob("[0-9][0-9]-*.png"), *out.glob("tour.segmark*")):
        old.unlink()
    if (out / "export" / "pages.jsonl").is_file():
        shutil.rmtree(out / "export")


class _Tour:
    """One tour through one window."""

    def __init__(self, program: Program, out: Path) -> None:
        self._program = program
        self._window = program.window
        self._view = program.window.view
        self._out = out
        self._screenshots = 0

    def steps(self) -> Iterator[str]:
        window = self._window
        window.resize(*_SIZE)
        window.show()
        window.activateWindow()
        try:
            yield self._screenshot("welcome")
            yield from self._load()
            yield from self._label_by_keys()
            yield from self._undo_and_find()
            yield from self._label_by_mouse()
            yield from self._look_around()
            yield from self._export()
        finally:
            window.close()
            window.deleteLater()
            QApplication.processEvents()

    # The job

    def _load(self) -> Iterator[str]:
        store = Store.create(self._out / "tour.segmark", read_label_set(NEWS_LABELS))
        self._program.projects.show_store(store)
        yield self._screenshot("empty-project")
        files = sample_pages()
        self._drop(files)
        self._wait(lambda: store.pages.count() == len(files), "the pages to be loaded")
        self._wait(lambda: self._page_is(files[0].name), "the first page")
        yield self._screenshot("page")

    def _label_by_keys(self) -> Iterator[str]:
        self._keys("Down T H")
        yield self._screenshot("ticker-and-headline")
        self._keys("Down C Down Down")
        self._press(Qt.Key.Key_End, _CTRL | _SHIFT)
        yield self._screenshot("selection")
        self._keys("B M")
        yield self._screenshot("labelled")

    def _undo_and_find(self) -> Iterator[str]:
        spans = self._spans()
        self._press(Qt.Key.Key_Z, _CTRL)
        self._check(self._spans() != spans, "undo changed nothing")
        self._press(Qt.Key.Key_Z, _CTRL | _SHIFT)
        self._check(self._spans() == spans, "redo did not bring back what undo took")
        self._press(Qt.Key.Key_F, _CTRL)
        field = _text_field(QApplication.focusWidget())
        QTest.keyClicks(field, "harbour")
        yield self._screenshot("find")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        self._press(Qt.Key.Key_Return)
        self._wait(lambda: self._page_is(sample_pages()[1].name), "the second page")

    def _label_by_mouse(self) -> Iterator[str]:
        """Label the second page: ticker and headline by the margin, the standfirst by the brush."""
        self._press(Qt.Key.Key_Home, _CTRL)  # the page opens at its headline
        self._drag_margin("Breaking", "Northmoor Rovers")
        self._keys("T")
        self._drag_margin("Night school for stargazers:", "the observatory on")
        self._keys("H")
        yield self._screenshot("margin")
        body = self._window.panels.show_label_button("body")
        QApplication.processEvents()
        QTest.mouseClick(body, Qt.MouseButton.LeftButton)
        self._drag_text("After nine dark years")
        yield self._screenshot("brush")
        self._press(Qt.Key.Key_Escape)
        labels = [span.label for span in self._spans()]
        self._check(labels == ["ticker", "headline", "body"], f"the mouse labelled {labels}")

    def _look_around(self) -> Iterator[str]:
        window = self._window
        window.run("view.theme")
        yield self._screenshot("dark")
        window.run("view.theme")
        window.resize(900, 600)
        yield self._screenshot("small-window")
        window.resize(*_SIZE)
        yield self._dialog("help.keys", "keys")
        yield self._dialog("file.settings", "settings")

    def _export(self) -> Iterator[str]:
        folder = self._out / "export"

        def export(dialog: QWidget) -> None:
            field = _text_field(dialog.findChild(QLineEdit, "folder"))
            QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.SelectAll))
            field.insert(str(folder.absolute()))  # QTest can't type letters beyond ASCII
            button = _button(dialog, "Export")
            self._wait(button.isEnabled, "the export to be ready")
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            self._wait(_button(dialog, "Open folder").isVisible, "the export")

        yield self._dialog("file.export", "export", export)
        self._check_export(folder / "pages.jsonl")
        yield f"{folder / 'pages.jsonl'}: as expected"

    def _check_export(self, file: Path) -> None:
        records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        record: dict[str, Any] = records[0]
        lines, starts = record["text"].split("\n"), [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        expected = [
            {"start": starts[first - 1], "end": starts[last] - 1, "label": label}
            for label, first, last in _EXPECTED
        ]
        self._check(record["spans"] == expected, f"the export holds {record['spans']}")
        self._check(record["meta"]["status"] == "done", "the page was not marked done")

    # Keys, mouse, screenshots

    def _keys(self, names: str) -> None:
        for name in names.split():
            self._press(getattr(Qt.Key, f"Key_{name}"))

    def _press(
        self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(self._view, key, held)
        QApplication.processEvents()

    def _drag_margin(self, first: str, last: str) -> None:
        margin, viewport = self._view.margin, self._view.viewport()

        def point(text: str) -> QPoint:
            middle = viewport.mapToGlobal(QPoint(0, sum(self._band(text)) // 2))
            return QPoint(margin.width() // 2, margin.mapFromGlobal(middle).y())

        self._drag(margin, point(first), lambda: point(last))

    def _drag_text(self, text: str) -> None:
        """Drag over a whole block, from its first word to beyond the end of its last line."""
        view = self._view
        half = view.fontMetrics().height() // 2

        def end() -> QPoint:
            return QPoint(view.viewport().width() - half, self._band(text)[1] - half)

        start = QPoint(2 * half, self._band(text)[0] + half)
        self._drag(view.viewport(), start, end)

    def _drag(self, widget: QWidget, start: QPoint, find_end: Callable[[], QPoint]) -> None:
        """Drag to a point that is found, and scrolled to, while the button is held."""
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(widget, left, Qt.KeyboardModifier.NoModifier, start)
        end = find_end()
        for step in range(1, 6):
            QTest.mouseMove(widget, start + (end - start) * step / 5)
            QApplication.processEvents()
        QTest.mouseRelease(widget, left, Qt.KeyboardModifier.NoModifier, end)
        QApplication.processEvents()

    def _drop(self, files: list[Path]) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        middle = QPoint(self._window.width() // 2, self._window.height() // 2)
        held = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(self._window, QDragEnterEvent(middle, copy, data, *held))
        QApplication.sendEvent(self._window, QDropEvent(QPointF(middle), copy, data, *held))

    def _dialog(
        self, command: str, name: str, use: Callable[[QWidget], object] = lambda _: None
    ) -> str:
        """Open a modal dialog by its command, use it, take a screenshot and close it."""
        taken: list[str | Exception] = []

        def meet() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                return
            try:
                use(dialog)
                QTest.qWait(150)
                taken.append(self._screenshot(name, dialog))
            except Exception as error:
                taken.append(error)
            finally:
                self._wait(lambda: dialog.close() and not dialog.isVisible(), "the dialog to close")

        QTimer.singleShot(200, meet)
        self._window.run(command)
        result = taken[0] if taken else TourError(f"{command} opened no dialog")
        if isinstance(result, Exception):
            raise result
        return result

    def _screenshot(self, name: str, widget: QWidget | None = None) -> str:
        QTest.qWait(50)
        self._screenshots += 1
        path = self._out / f"{self._screenshots:02}-{name}.png"
        if not (widget or self._window).grab().save(str(path)):
            raise TourError(f"{path}: the screenshot was not written; choose a folder with room")
        return str(path)

    # State of the window

    def _page(self) -> Page:
        session = self._window.session
        if session is None or session.open_page is None:
            raise TourError("no page is open")
        return session.open_page.page

    def _page_is(self, name: str) -> bool:
        session = self._window.session
        opened = session.open_page if session else None
        return opened is not None and opened.page.info.source.endswith(name)

    def _spans(self) -> tuple[Span, ...]:
        return self._window.session.spans if self._window.session else ()

    def _block(self, text: str) -> int:
        page = self._page()
        return page.block_at(page.text.index(text)) or 0

    def _band(self, text: str) -> tuple[int, int]:
        """The top and bottom of a block, which is scrolled into view if any of it is outside."""
        index, height = self._block(text), self._view.viewport().height()
        band = self._view.band(index)
        if band is None or band[0] < 0 or band[1] > height:
            self._view.places.reveal(self._page().blocks[index].start)
            QApplication.processEvents()
            band = self._view.band(index)
        if band is None:
            raise TourError(f"“{text}” is not in view")
        return max(0, int(band[0])), min(height, int(band[1]))

    def _wait(self, until: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not until():
            if time.monotonic() > deadline:
                raise TourError(f"waited too long for {what}")
            QTest.qWait(10)

    def _check(self, holds: bool, problem: str) -> None:
        if not holds:
            raise TourError(f"the tour failed: {problem}")


def _text_field(widget: QWidget | None) -> QLineEdit:
    if not isinstance(widget, QLineEdit):
        raise TourError("there is no text field")
    return widget


def _button(dialog: QWidget, text: str) -> QPushButton:
    for button in dialog.findChildren(QPushButton):
        if button.text().replace("&", "") == text:
            return button
    raise TourError(f"{dialog.windowTitle()} has no button {text}")
