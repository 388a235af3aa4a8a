"""Waiting for work that nothing else may go on beside: a dialog says what is being done."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressDialog, QWidget

from segmark.core.progress import Progress
from segmark.gui.base.tasks import Result, Task, TaskRunner
from segmark.store.errors import StoreError


class _WaitingDialog(QProgressDialog):
    """Where it has no Cancel, it stays until the work has ended, whatever is pressed."""

    def __init__(self, words: str, total: int, cancel: str, parent: QWidget) -> None:
        super().__init__(words, cancel, 0, total, parent)
        self._can_cancel = bool(cancel)
        if not cancel:
            self.setCancelButton(None)
        self.setWindowTitle("Segmark")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAutoClose(False)
        self.setAutoReset(False)

    def reject(self) -> None:
        """Esc does what Cancel does."""
        if self._can_cancel:
            self.cancel()
            self.canceled.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """To close it is to cancel."""
        event.ignore()
        self.reject()


def wait_for(
    title: str,
    work: Callable[[Progress], Result],
    words: str,
    background: TaskRunner,
    window: QWidget,
    *,
    total: int = 0,
    cancel: str = "",
) -> Result | None:
    """Do some work behind a modal dialog; return its result, or None when it was cancelled.

    ``words`` are shown in the dialog. ``total`` is what the work counts to, 0 if it does not
    count; ``cancel`` is the text of the button that stops it, "" for no such button.

    Raises:
        StoreError: it failed; the line says why.
    """
    task = Task(title, work)
    dialog, loop = _WaitingDialog(words, total, cancel, window), QEventLoop()
    results, problems = list[Result](), list[str]()
    if total:
        task.progressed.connect(lambda done, _total, _text: dialog.setValue(done))
    task.finished.connect(results.append)
    task.failed.connect(problems.append)
    task.ended.connect(loop.quit)
    if cancel:
        dialog.canceled.connect(task.cancel)
    dialog.show()  # at once: nothing else is to be begun meanwhile
    background.start(task)
    loop.exec()
    dialog.hide()
    dialog.deleteLater()
    if problems:
        raise StoreError(problems[0])
    return results[0] if results else None
