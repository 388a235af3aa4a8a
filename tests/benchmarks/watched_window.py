"""The real window, with a stopwatch: when the page is painted, and when nothing is left to do."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject
from PySide6.QtTest import QTest
from segmark.gui.application import Program, make_program
from segmark.store.store import Store

from tests.benchmarks.made_projects import ANNOTATOR


@dataclass(slots=True)
class Times:
    """Seconds of many runs of one act, painted and idle; ``cpu`` is the window's thread alone."""

    painted: list[float] = field(default_factory=list)
    painted_cpu: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    idle_cpu: list[float] = field(default_factory=list)


class _Paints(QObject):
    """Counts the times that a widget is painted."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


class WatchedWindow:
    """The program's window on a project, shown on no screen; its settings lie in the folder."""

    def __init__(self, folder: Path) -> None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["SEGMARK_CONFIG"] = str(folder / "settings")
        self.program: Program = make_program(ANNOTATOR)
        self.window = self.program.window
        self.view = self.window.view
        self._loop = QEventLoop()
        self._paints = _Paints()
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        self.view.viewport().installEventFilter(self._paints)

    def show(self, store: Store) -> None:
        """Work on a project from now on."""
        self.program.projects.show_store(store)
        self.settle()

    def settle(self) -> None:
        """Do what is left to do."""
        while self._loop.processEvents():
            pass

    def time(self, act: Callable[[], object], times: Times) -> None:
        """Do something that repaints the page, and take its times.

        The page is painted by the first events after the act, as in the program's own loop; what
        the window puts off until then counts for idle only.
        """
        self.settle()
        before, begun, cpu = self._paints.count, time.perf_counter(), time.thread_time()
        act()
        QCoreApplication.sendPostedEvents()
        painted, used = time.perf_counter(), time.thread_time()
        if self._paints.count == before:
            raise RuntimeError("the page was not painted after the act")
        self.settle()
        times.idle.append(time.perf_counter() - begun)
        times.idle_cpu.append(time.thread_time() - cpu)
        times.painted.append(painted - begun)
        times.painted_cpu.append(used - cpu)

    def close(self) -> None:
        """Close window and project."""
        self.window.close()
        self.settle()
