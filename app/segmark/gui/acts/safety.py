"""The commands that keep the project safe: back up, restore a backup, work on a copy.

Dialogs and backups are imported when they are needed, so that the program starts sooner.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.store.errors import StoreError

if TYPE_CHECKING:
    from segmark.store.file.backup import Backup


class SafetyActs:
    """The commands that keep the open project safe.

    ``close`` closes it, ``open_path`` opens a project.
    """

    def __init__(
        self,
        window: MainWindow,
        project: Path,
        close: Callable[[], object],
        open_path: Callable[[Path], object],
    ) -> None:
        self._window = window
        self._project = project
        self._close = close
        self._open_path = open_path

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {
            "file.back_up": self.back_up,
            "file.restore": self.restore,
            "file.copy": self.work_on_copy,
        }

    def back_up(self) -> None:
        """Make a backup in the background."""
        project, status = self._project, self._window.status

        def work(_progress: Progress) -> "Backup":
            from segmark.store.file.backup import Reason, back_up

            return back_up(project, Reason.ASKED)

        self._window.do_in_background(
            "Backup",
            work,
            lambda made: status.show_message(f"Backup made: {made.path.name}"),
            show_progress=True,
        )

    def restore(self) -> None:
        """Ask for a backup, with a preview of the changes, and restore it."""
        from segmark.gui.dialogs.restore import RestoreDialog

        dialog = RestoreDialog(self._project, self._window.background, self._window)
        chosen = dialog.path if dialog.exec() else None
        dialog.deleteLater()
        if chosen:
            self._restore(chosen)

    def work_on_copy(self) -> None:
        """Copy the project, and open the copy."""
        from segmark.gui.acts.copy import ask_for_copy

        if copy := ask_for_copy(self._window, self._project):
            self._open_path(copy)

    def _restore(self, backup: Path) -> None:
        window, project = self._window, self._project
        self._close()

        def work(_progress: Progress) -> Path | None:
            from segmark.store.safety.restoring import restore

            return restore(project, backup)

        try:
            kept = window.wait_for("Restoring", work, f"Going back to {backup.name} …")
        except StoreError as error:
            window.warn("Restore a backup", str(error))
        else:
            old = f" The replaced file is kept as {kept.name}." if kept else ""
            window.status.show_message(f"Restored: {backup.name}.{old}")
        self._open_path(project)
