"""A copy of a project, made where a person says."""

from contextlib import suppress
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from segmark.environment import settings
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.tasks import Task, TaskRunner
from segmark.gui.base.waiting import wait_for
from segmark.store.errors import StoreError
from segmark.store.file.copying import copy_project
from segmark.store.file.project_file import SUFFIX


def ask_for_copy(window: QWidget, background: TaskRunner, project: Path) -> Path | None:
    """Ask where a copy is to be, and make it; None when it was not made."""
    folder = settings.data_folder()
    with suppress(OSError):  # then another one is to be chosen
        folder.mkdir(parents=True, exist_ok=True)
    name, _ = QFileDialog.getSaveFileName(
        window, "Work on a copy", str(folder / project.name), f"Segmark projects (*{SUFFIX})"
    )
    if not name:
        return None
    copy = Path(name).with_suffix(SUFFIX)
    task = Task("Copying", lambda _progress: copy_project(project, copy))
    try:
        wait_for(task, f"Copying {project.name} …", background, window)
    except StoreError as error:
        QMessageBox.warning(window, "Work on a copy", plain_words(str(error)))
        return None
    return copy
