"""Work that would hold up the window: done in threads, with progress and a way to cancel.

The threads are Python's own, not Qt's: what runs in them is Python and needs no event loop, they
can be joined with a time limit, and one that is still busy when the program ends is waited for
instead of being destroyed under its work. Every signal is emitted in the window's thread, so any
callable can be connected; how far the work is is looked at twenty times a second, however often
it reports.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from segmark.core.progress import Progress
from segmark.environment.log import log_path

_log = logging.getLogger(__name__)
_LOOKS_PER_SECOND = 20
Result = TypeVar("Result")


class CancelledError(BaseException):
    """Raised inside the work when it was cancelled; not an ``Exception``, so nothing eats it."""


def one_line(error: BaseException) -> str | None:
    """What a person is told of an error, or None when it was not foreseen.

    Foreseen are the system's errors with a file and those that this program names itself.
    """
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if type(error).__module__.partition(".")[0] == "segmark":
        return " ".join(str(error).split())
    return None


class Task(QObject):
    """A piece of work: a function that is given ``Progress`` and returns the result.

    Signals:
        progressed: done, total or None, what is being done.
        finished: the result. ``failed``: one line for the person. ``cancelled``.
        ended: after any of these three.
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
        """Ask the work to stop; it does so where it next reports its progress."""
        self._stop.set()

    def abandon(self) -> None:
        """Cancel, and emit nothing any more: whoever listened is about to go."""
        self.cancel()
        self._silent = True

    @property
    def cancelling(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def _report(self, done: int, total: int | None = None, text: str = "") -> None:
        if self._stop.is_set():
            raise CancelledError(self.name)
        self._latest = (done, total, text)

    def run(self) -> None:
        """Do the work in the calling thread; ``TaskRunner`` calls it in one of its own."""
        result, error = None, None
        try:
            self._report(0)
            result = self._function(self._report)
        except BaseException as raised:
            error = raised
            if not isinstance(raised, CancelledError) and one_line(raised) is None:
                _log.error("%s failed", self.name, exc_info=raised)
        self._done.emit(result, error)

    def look(self) -> None:
        """Emit how far the work is, if that is news."""
        if self._latest is not None and self._latest != self._shown:
            self._shown = self._latest
            self.progressed.emit(*self._shown)

    def _end(self, result: object, error: BaseException | None) -> None:
        if self._silent:
            return
        self.look()
        if error is None:
            self.finished.emit(result)
        elif isinstance(error, CancelledError):
            self.cancelled.emit()
        else:
            self.failed.emit(one_line(error) or self._unforeseen(error))
        self.ended.emit()

    def _unforeseen(self, error: BaseException) -> str:
        return (
            f"{self.name} stopped at an error that was not foreseen ({type(error).__name__}). "
            f"Nothing that was labelled is lost. The details are in {log_path()}."
        )


class TaskRunner(QObject):
    """The tasks that are running. Close it before its window goes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[Task, threading.Thread] = {}
        self._timer = QTimer(self, interval=1000 // _LOOKS_PER_SECOND)
        self._timer.timeout.connect(self._look)
        if application := QCoreApplication.instance():
            application.aboutToQuit.connect(self.close)

    @property
    def running(self) -> tuple[Task, ...]:
        """The tasks that have not ended, the oldest first."""
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
        """Run the task in a thread of its own; connect its signals first."""
        thread = threading.Thread(target=task.run, name=task.name)
        self._running[task] = thread
        task.ended.connect(self._forget)
        self._timer.start()
        thread.start()
        return task

    def close(self, seconds: float = 10.0) -> bool:
        """Cancel what runs and wait for it; whether all of it ended in time.

        No signal of these tasks comes any more. What does not end is waited for when the
        interpreter exits.
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

    def _look(self) -> None:
        for task in self.running:
            task.look()

    def _forget(self) -> None:
        task = self.sender()
        if isinstance(task, Task):
            thread = self._running.pop(task, None)
            if thread:
                thread.join()
        if not self._running:
            self._timer.stop()


def progress_text(name: str, done: int, total: int | None, text: str) -> str:
    """The line that says how far a task is."""
    head = f"{name}: {text}" if text else name
    if total:
        return f"{head} – {done:,} of {total:,}"
    return f"{head} – {done:,}" if done else f"{head} …"


class TaskProgress(QWidget):
    """How far a task is, for the status bar: a line, a bar and Cancel; hidden when none runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self._line = QLabel(self)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(self, textVisible=False)
        self._bar.setAccessibleName("Progress")
        self._bar.setFixedWidth(140)
        self._cancel = QToolButton(self)
        self._cancel.setText("Cancel")
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._cancel.clicked.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._line, self._bar, self._cancel):
            row.addWidget(widget)
        self.hide()

    def follow(self, task: Task) -> None:
        """Show this task until it ends, instead of the one shown before."""
        self._task = task
        task.progressed.connect(self._show)
        task.ended.connect(self._on_ended)
        self._cancel.setEnabled(not task.cancelling)
        self._show(0, None, "")
        self.show()

    def _show(self, done: int, total: int | None, text: str) -> None:
        task = self._task
        if task is None or self.sender() not in (None, task):
            return
        if not task.cancelling:
            self._line.setText(progress_text(task.name, done, total, text))
        # Qt counts in 32 bits, and takes 0 to 0 for "busy".
        self._bar.setRange(0, 1000 if total else 0)
        self._bar.setValue(min(1000, done * 1000 // total) if total else 0)

    def _on_cancel(self) -> None:
        if self._task:
            self._task.cancel()
            self._cancel.setEnabled(False)
            self._line.setText(f"{self._task.name}: stopping …")

    def _on_ended(self) -> None:
        if self.sender() is self._task:
            self._task = None
            self.hide()
