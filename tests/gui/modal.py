"""Answering modal dialogs: a test acts on the dialog while the program waits for it."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QDeadlineTimer, QTimer
from PySide6.QtWidgets import QApplication, QDialog

_PATIENCE = 30_000
_INTERVAL = 10

Dialog = TypeVar("Dialog", bound=QDialog)


def when_modal(kind: type[Dialog], act: Callable[[Dialog], object]) -> None:
    """Act on the next modal dialog of a kind, as soon as it is active.

    The dialog is closed afterwards if the act left it open, also if the act failed: otherwise the
    program would wait for ever. If no such dialog opens, nothing happens.
    """
    timer, deadline = QTimer(QApplication.instance(), interval=_INTERVAL), QDeadlineTimer(_PATIENCE)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind) and dialog.isActiveWindow():
            _stop(timer)
            try:
                act(dialog)
            finally:
                if dialog.isVisible():
                    dialog.reject()
        elif deadline.hasExpired():
            _stop(timer)
            if isinstance(dialog, QDialog):
                dialog.reject()

    timer.timeout.connect(look)
    timer.start()


def _stop(timer: QTimer) -> None:
    timer.stop()
    timer.deleteLater()
