"""AfterFirstPaint: puts work off that is not on the first picture of a window."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class AfterFirstPaint(QObject):
    """Does work once its window has been painted for the first time; at once if it has been.

    Between two pieces of work, the window handles its input.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._painted = False
        self._waiting: deque[Callable[[], object]] = deque()
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._do_one)
        window.installEventFilter(self)

    def do(self, work: Callable[[], object]) -> None:
        """Do some work after the first paint."""
        if self._painted and not self._waiting:
            work()
        else:
            self._waiting.append(work)

    def finish(self) -> None:
        """Do now what is still waiting, because something needs it."""
        while self._waiting:
            self._waiting.popleft()()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt calls this for every event of the window, until it is painted."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._painted = True
            self._next.start()
        return False

    def _do_one(self) -> None:
        if self._waiting:
            self._waiting.popleft()()
            self._next.start()
