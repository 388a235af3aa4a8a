"""The command that exports the open project; the dialog is imported when it opens."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.gui.acts.last_choices import LastChoices
from segmark.gui.window.main_window import MainWindow
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.export.options import ExportOptions


class ExportActs:
    """The command that exports one open project."""

    def __init__(self, window: MainWindow, project: Path, last: LastChoices) -> None:
        self._window = window
        self._project = project
        self._last = last

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"file.export": self.export}

    def export(self) -> None:
        """Open the export dialog with the options that were used last."""
        from segmark.export.options import ExportOptions
        from segmark.gui.export.dialog import ExportDialog

        window, project = self._window, self._project
        folder = window.settings.folders.get("export")
        choice = self._last.export or ExportOptions()
        if choice.folder is None and folder:
            choice = replace(choice, folder=Path(folder))
        dialog = ExportDialog(lambda: Store.open_or_read(project), choice, window.theme, window)
        dialog.exported.connect(self._keep)
        dialog.exec()
        dialog.deleteLater()

    def _keep(self, choice: "ExportOptions") -> None:
        self._last.export = choice
        if choice.folder:
            self._last.keep_folder("export", choice.folder)
