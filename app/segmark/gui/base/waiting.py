"""Waiting for a task in a dialog, where nothing else may happen meanwhile."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressDialog, QWidget

from segmark.core.progress import Progress
from segmark.gui.base.tasks import Result, Task, TaskRunner
from segmark.store.errors import StoreError


class _WaitingDialog(QProgressDialog):
    """A progress dialog; without a Cancel button it stays open until the task has ended."""

    def __init__(self, text: str, total: int, cancel: str, parent: QWidget) -> None:
        super().__init__(text, cancel, 0, total, parent)
        self._can_cancel = bool(cancel)
        if not cancel:
            self.setCancelButton(None)
        self.setWindowTitle("Segmark")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAutoClose(False)
        self.setAutoReset(False)

    def show_progress(self, done: int, total: int | None, _text: str) -> None:
        """Show how much is done; the task may know better than its caller how much there is."""
        if total:
            self.setMaximum(total)
        self.setValue(done)

    def reject(self) -> None:
        """Cancel, if the dialog has a Cancel button."""
        if self._can_cancel:
            self.cancel()
            self.canceled.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cancel instead of closing."""
        event.ignore()
        self.reject()


def wait_for(
    title: str,
    work: Callable[[Progress], Result],
    text: str,
    background: TaskRunner,
    window: QWidget,
    *,
    total: int = 0,
    cancel: str = "",
) -> Result | None:
    """Run a function behind a modal dialog and return its result, or None if it was cancelled.

    Args:
        title: the name of the task.
        work: the function.
        text: the text of the dialog.
        background: runs the task.
        window: the parent of the dialog.
        total: about how many steps the function reports; 0 if it reports none.
        cancel: the text of the Cancel button; "" for no button.

    Raises:
        StoreError: the task failed; the message gives the reason.
    """
    task = Task(title, work)
    dialog, loop = _WaitingDialog(text, total, cancel, window), QEventLoop()
    results, problems = list[Result](), list[str]()
    if total:
        task.progressed.connect(dialog.show_progress)
    task.finished.connect(results.append)
    task.failed.connect(problems.append)
    task.ended.connect(loop.quit)
    if cancel:
        dialog.canceled.connect(task.cancel)
    dialog.show()  # immediately, so that nothing else can be started meanwhile
    background.start(task)
    loop.exec()
    dialog.hide()
    dialog.deleteLater()
    if problems:
        raise StoreError(problems[0])
    return results[0] if results else None
