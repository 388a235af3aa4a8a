"""Background tasks: functions that run in threads, with progress and cancellation.

The threads are Python's, not Qt's: they run Python code without an event loop, can be joined with a
timeout, and the interpreter waits for them at exit instead of destroying them. All signals are
emitted in the window's thread, so any callable can be connected. However often a task reports its
progress, the signal is emitted at most twenty times a second.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from segmark.core.progress import Progress
from segmark.environment.log import log_path
from segmark.gui.base.elided_label import ElidedLabel
from segmark.gui.base.fitting import text_size

_log = logging.getLogger(__name__)
_BAR = 23  # the width of the bar in average characters
_UPDATES_PER_SECOND = 20
Result = TypeVar("Result")


class CancelledError(BaseException):
    """Raised inside a cancelled task; not an ``Exception``, so that no handler swallows it."""


def one_line(error: BaseException) -> str | None:
    """The one-line message for the user about an error, or None for an unexpected one.

    Expected errors are those of the operating system and this program's own exceptions.
    """
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if type(error).__module__.partition(".")[0] == "segmark":
        return " ".join(str(error).split())
    return None


class Task(QObject):
    """A function that runs in the background; it is passed a ``Progress`` and returns the result.

    Signals:
        progressed: steps done, their total or None, the current step.
        finished: the result.
        failed: a one-line message for the user.
        cancelled: the task stopped because it was cancelled.
        ended: emitted after any of these three.
    """

    progressed = Signal(object, object, str)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    ended = Signal()

    _done = Signal(object, object)

    def __init__(self, name: str, function: Callable[[Progress], object]) -> None:
        super().__init__()
        self.name = name
        self._function = function
        self._stop = threading.Event()
        self._silent = False
        self._latest: tuple[int, int | None, str] | None = None
        self._shown: tuple[int, int | None, str] | None = None
        self._done.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the task to stop; it stops when it next reports its progress."""
        self._stop.set()

    def abandon(self) -> None:
        """Cancel, and emit no more signals, because the listeners are about to be destroyed."""
        self.cancel()
        self._silent = True

    @property
    def cancelling(self) -> bool:
        """Whether the task was asked to stop."""
        return self._stop.is_set()

    def _report(self, done: int, total: int | None = None, text: str = "") -> None:
        if self._stop.is_set():
            raise CancelledError(self.name)
        self._latest = (done, total, text)

    def run(self) -> None:
        """Run the function in the calling thread; ``TaskRunner`` calls this in a new thread."""
        result, error = None, None
        try:
            self._report(0)
            result = self._function(self._report)
        except BaseException as raised:
            error = raised
            if not isinstance(raised, CancelledError) and one_line(raised) is None:
                _log.error("%s failed", self.name, exc_info=raised)
        self._done.emit(result, error)

    def emit_progress(self) -> None:
        """Emit ``progressed`` if the progress has changed."""
        if self._latest is not None and self._latest != self._shown:
            self._shown = self._latest
            self.progressed.emit(*self._shown)

    def _end(self, result: object, error: BaseException | None) -> None:
        if self._silent:
            return
        self.emit_progress()
        if error is None:
            self.finished.emit(result)
        elif isinstance(error, CancelledError):
            self.cancelled.emit()
        else:
            self.failed.emit(one_line(error) or self._unexpected(error))
        self.ended.emit()

    def _unexpected(self, error: BaseException) -> str:
        return (
            f"{self.name} stopped at an unexpected error ({type(error).__name__}). "
            f"No labels are lost. The details are in {log_path()}."
        )


class TaskRunner(QObject):
    """Runs tasks in threads. Close it before its window is destroyed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[Task, threading.Thread] = {}
        self._timer = QTimer(self, interval=1000 // _UPDATES_PER_SECOND)
        self._timer.timeout.connect(self._emit_progress)
        if application := QCoreApplication.instance():
            application.aboutToQuit.connect(self.close)

    @property
    def running(self) -> tuple[Task, ...]:
        """The tasks that have not ended, oldest first."""
        return tuple(self._running)

    def do_in_background(
        self,
        title: str,
        work: Callable[[Progress], Result],
        then: Callable[[Result], object] | None = None,
        *,
        failed: Callable[[str], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        ended: Callable[[], object] | None = None,
    ) -> Task:
        """Do some work in a thread and call ``then`` with its result, in the window's thread.

        ``failed`` is called with a one-line message, ``ended`` after any of the three outcomes. A
        method of a ``QObject`` that has been destroyed meanwhile is not called.
        """
        task = Task(title, work)
        for signal, slot in (
            (task.finished, then), (task.failed, failed), (task.cancelled, cancelled),
            (task.ended, ended),
        ):  # fmt: skip
            if slot:
                signal.connect(slot)
        return self.start(task)

    def start(self, task: Task) -> Task:
        """Run the task in a new thread and return it; connect its signals first."""
        thread = threading.Thread(target=task.run, name=task.name)
        self._running[task] = thread
        task.ended.connect(self._forget)
        self._timer.start()
        thread.start()
        return task

    def close(self, seconds: float = 10.0) -> bool:
        """Cancel all tasks, wait for them, and return whether all ended in time.

        These tasks emit no more signals. The interpreter waits at exit for those that did not end.
        """
        self._timer.stop()
        for task in self._running:
            task.abandon()
        until = time.monotonic() + seconds
        for task, thread in list(self._running.items()):
            thread.join(max(0.0, until - time.monotonic()))
            if not thread.is_alive():
                del self._running[task]
        return not self._running

    def _emit_progress(self) -> None:
        for task in self.running:
            task.emit_progress()

    def _forget(self) -> None:
        task = self.sender()
        if isinstance(task, Task):
            thread = self._running.pop(task, None)
            if thread:
                thread.join()
        if not self._running:
            self._timer.stop()


def progress_text(name: str, done: int, total: int | None, text: str) -> str:
    """The progress of a task as a line of text."""
    head = f"{name}: {text}" if text else name
    if total:
        return f"{head} – {done:,} of {total:,}"
    return f"{head} – {done:,}" if done else f"{head} …"


class TaskProgress(QWidget):
    """The progress of a task in the status bar; hidden while no task runs.

    Attributes:
        line, bar, cancel_button: the parts, from left to right.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self.line = ElidedLabel(self)
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setAccessibleName("Progress")
        self.bar.setFixedWidth(text_size(self, _BAR, 0).width())
        self.cancel_button = QToolButton(self)
        self.cancel_button.setText("Cancel")
        self.cancel_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel_button.clicked.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.line, self.bar, self.cancel_button):
            row.addWidget(widget)
        self.hide()

    def follow(self, task: Task) -> None:
        """Show this task until it ends, instead of the previous one."""
        self._task = task
        task.progressed.connect(self._show)
        task.ended.connect(self._on_ended)
        self.cancel_button.setEnabled(not task.cancelling)
        self._show(0, None, "")
        self.show()

    def _show(self, done: int, total: int | None, text: str) -> None:
        task = self._task
        if task is None or self.sender() not in (None, task):
            return
        if not task.cancelling:
            self.line.setText(progress_text(task.name, done, total, text))
        # Qt counts in 32 bits, and shows the range 0 to 0 as "busy".
        self.bar.setRange(0, 1000 if total else 0)
        self.bar.setValue(min(1000, done * 1000 // total) if total else 0)

    def _on_cancel(self) -> None:
        if self._task:
            self._task.cancel()
            self.cancel_button.setEnabled(False)
            self.line.setText(f"{self._task.name}: stopping …")

    def _on_ended(self) -> None:
        if self.sender() is self._task:
            self._task = None
            self.hide()
