"""What the commands do to keep the work safe: back up, go back to a backup, copy.

What they need is imported where they begin: the program would start later.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from segmark.core.progress import Progress
from segmark.gui.acts.projects import ProjectActs
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow
from segmark.store.errors import StoreError

if TYPE_CHECKING:
    from segmark.store.file.backup import Backup


class SafetyActs:
    """The commands that keep the work safe, for one window."""

    def __init__(self, window: MainWindow, projects: ProjectActs) -> None:
        self._window = window
        self._projects = projects
        self.guard = projects.guard
        window.add_handlers(self.handlers())

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What to call for each command, by the command's id."""
        return {
            "file.back_up": self.back_up,
            "file.restore": self.restore,
            "file.copy": self._projects.work_on_copy,
        }

    def back_up(self) -> None:
        """Make a backup now, beside the labelling."""
        session = self._window.session
        if session is None:
            return
        project = session.store.path

        def work(_progress: Progress) -> "Backup":
            from segmark.store.file.backup import Reason, back_up

            return back_up(project, Reason.ASKED)

        task = Task("Backup", work)
        task.finished.connect(
            lambda made: self._window.status.tell(f"Backup made: {made.path.name}")
        )
        task.failed.connect(
            lambda line: QMessageBox.warning(self._window, "Backup", plain_words(line))
        )
        self._window.task_progress.follow(task)
        self._window.background.start(task)

    def restore(self) -> None:
        """Choose a backup by what would change, and go back to it."""
        from segmark.gui.dialogs.restore import RestoreDialog

        session = self._window.session
        if session is None:
            return
        project = session.store.path
        dialog = RestoreDialog(project, self._window.background, self._window)
        chosen = dialog.path if dialog.exec() else None
        dialog.deleteLater()
        if chosen:
            self._go_back(project, chosen)

    def _go_back(self, project: Path, backup: Path) -> None:
        from segmark.gui.base.waiting import wait_for

        window = self._window
        self._projects.close()

        def work(_progress: Progress) -> "Path | None":
            from segmark.store.safety.restoring import restore

            return restore(project, backup)

        words = f"Going back to {backup.name} …"
        try:
            kept = wait_for(Task("Restoring", work), words, window.background, window)
        except StoreError as error:
            QMessageBox.warning(window, "Restore a backup", plain_words(str(error)))
        else:
            told = f" What was there is kept as {kept.name}." if isinstance(kept, Path) else ""
            window.status.tell(f"Restored: {backup.name}.{told}")
        self._projects.open_path(project)
