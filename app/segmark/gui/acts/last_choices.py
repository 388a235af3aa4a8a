"""LastChoices: the last choices in dialogs, across projects."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from segmark.export.options import ExportOptions
    from segmark.loading.options import LoadOptions


class LastChoices:
    """The last folders, which the settings keep, and the last options, kept until the program ends.

    Attributes:
        loading: how pages were loaded; None before the options were used.
        export: what was exported; None before the first export.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.loading: LoadOptions | None = None
        self.export: ExportOptions | None = None

    def folder(self, purpose: str) -> Path:
        """Return the last folder for a purpose if it still exists, or the home folder."""
        kept = self._window.settings.folders.get(purpose, "")
        return Path(kept) if os.path.isdir(kept) else Path.home()

    def keep_folder(self, purpose: str, folder: Path) -> None:
        """Remember a folder for a purpose."""
        window = self._window
        folders = {**window.settings.folders, purpose: str(folder)}
        window.apply_settings(replace(window.settings, folders=folders))
