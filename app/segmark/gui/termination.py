"""Termination: closes the window properly when the system ends the program or the session."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication

from segmark.gui.window.main_window import MainWindow

_SIGNALS = [
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
]


class Termination(QObject):
    """Stores a note that is being written, and closes the window.

    Labels are stored with each act and need no such care. A second signal ends the program at once.

    Signals:
        ended: the window was closed for a signal; carries the exit status of the program.
    """

    ended = Signal(int)

    def __init__(self, application: QApplication, window: MainWindow) -> None:
        super().__init__(window)
        self._application = application
        self._window = window
        # Python runs handlers between two of its own instructions, but Qt may wait for events. So
        # a signal also writes into a socket, which wakes Qt up.
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def listen(self) -> None:
        """Handle signals, and the end of the user's session, from now on."""
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, _ignore)
        self._application.commitDataRequest.connect(self.store_note)

    def close(self) -> None:
        """Leave signals to the system again."""
        signal.set_wakeup_fd(-1)
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def store_note(self) -> None:
        """Store a note that is being written: the session of the user may end."""
        self._window.panels.note.store()

    def _read(self) -> None:
        number = self._reader.recv(1)[0]
        if number not in _SIGNALS:
            return
        self.close()
        self._window.close()
        # By convention: what a shell reports for a program that a signal has ended.
        self.ended.emit(128 + number)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the signal is handled when Qt wakes up."""
