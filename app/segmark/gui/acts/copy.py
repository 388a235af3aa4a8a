"""A copy of the open project in a folder that the user chooses."""

from contextlib import suppress
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from segmark.environment import settings
from segmark.gui.window.main_window import MainWindow
from segmark.store.errors import StoreError
from segmark.store.file.copying import copy_project
from segmark.store.file.project_file import SUFFIX

_TITLE = "Work on a copy"


def ask_for_copy(window: MainWindow, project: Path) -> Path | None:
    """Ask for the path of a copy, and make it; return None if it was not made."""
    folder = settings.data_folder()
    with suppress(OSError):  # then the user chooses another folder
        folder.mkdir(parents=True, exist_ok=True)
    name, _ = QFileDialog.getSaveFileName(
        window, _TITLE, str(folder / project.name), f"Segmark projects (*{SUFFIX})"
    )
    if not name:
        return None
    copy = Path(name).with_suffix(SUFFIX)
    try:
        window.wait_for(
            "Copying", lambda _progress: copy_project(project, copy), f"Copying {project.name} …"
        )
    except StoreError as error:
        window.warn(_TITLE, str(error))
        return None
    return copy
