"""What the commands do with projects: make, open, paste, export.

Dialogs, pasting and export are imported where they begin: the program would start later.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

from segmark.core.label import LabelSet
from segmark.environment import settings
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.environment.resource_path import resource_path
from segmark.gui.acts.guard import ProjectGuard
from segmark.gui.acts.loading import LoadActs
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow
from segmark.loading.rejection import LoadError
from segmark.session.session import Session
from segmark.store.errors import NotAtOnceError, StoreError
from segmark.store.file.project_file import SUFFIX
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.jobs.exporting.exporting import ExportChoice

_PROJECTS = f"Segmark projects (*{SUFFIX})"


def _made_ready(path: Path) -> Callable[[], Store]:
    """Do what takes long about opening a project; what is returned opens it then."""
    with Store.open_or_read(path) as store:
        return store.opener


class ProjectActs:
    """The commands that make, open and fill projects, for one window.

    ``annotator`` is who labels, whatever the settings say; None to go by them.
    """

    def __init__(self, window: MainWindow, annotator: str | None = None) -> None:
        self._window = window
        self._annotator = annotator
        self._choice: ExportChoice | None = None
        self.guard = ProjectGuard(window, self.work_on_copy)
        self.loading = LoadActs(
            window, self.new, partial(self._folder, "load"), partial(self._remember, "load")
        )
        window.add_handlers(self.handlers())
        window.files_dropped.connect(self._on_drop)
        window.bars.recent.aboutToShow.connect(self._fill_recent)
        welcome, empty = window.welcome, window.empty_project
        welcome.samples_requested.connect(self.open_samples)
        welcome.new_requested.connect(self.new)
        welcome.open_requested.connect(self.open)
        welcome.recent_requested.connect(self.open_path)
        welcome.recent_removed.connect(self._forget)
        welcome.set_recent(window.settings.recent)
        empty.load_requested.connect(lambda: self.loading.choose_files())
        empty.folder_requested.connect(lambda: self.loading.choose_folder())
        empty.paste_requested.connect(self.paste)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What to call for each command, by the command's id."""
        return {
            "file.new": self.new,
            "file.open": self.open,
            "file.paste": self.paste,
            "file.samples": self.open_samples,
            "file.export": self.export,
        }

    # Opening

    def show_store(self, store: Store) -> bool:
        """Work on this project from now on; False where somebody has it and it is left alone."""
        window = self._window
        name = settings.annotator_name(window.settings, self._annotator)
        admitted = self.guard.admit(store, name)
        if admitted is None:
            return False
        window.close_project()
        window.apply_settings(window.settings.with_recent(admitted.path))
        window.set_session(Session(admitted, name))
        self.guard.watch(admitted)
        return True

    def close(self) -> None:
        """Close the project and show the welcome view."""
        self._window.close_project()
        self.guard.release()
        self._window.set_session(None)

    def work_on_copy(self) -> None:
        """Make a copy of the project, and work on that."""
        from segmark.gui.acts.copy import ask_for_copy

        window, session = self._window, self._window.session
        if session is None:
            return
        if copy := ask_for_copy(window, window.background, session.store.path):
            self.open_path(copy)

    def take_annotator(self) -> None:
        """Go on as the annotator that the settings name now."""
        session = self._window.session
        name = settings.annotator_name(self._window.settings, self._annotator)
        if session and session.annotator != name:
            session.leave()
            self._window.set_session(Session(session.store, name))

    def open_path(self, path: Path) -> bool:
        """Open a project; a problem is shown and leaves what is open."""
        try:
            return self.show_store(self._opened(path))
        except StoreError as error:
            QMessageBox.warning(self._window, "Open project", plain_words(str(error)))
            return False

    def _opened(self, path: Path) -> Store:
        """The project; what takes long about opening it is done beside the window.

        Raises:
            StoreError: it can't be opened, brought up to date or copied.
        """
        try:
            return Store.open_or_read(path, at_once=True)
        except NotAtOnceError as error:
            from segmark.gui.base.waiting import wait_for

            task = Task("Opening", lambda _progress: _made_ready(path))
            words = f"{path.name} {error.told} …"
            opened = wait_for(task, words, self._window.background, self._window)
            return cast("Callable[[], Store]", opened)()

    def new(self) -> bool:
        """Ask for a new project and open it."""
        from segmark.gui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self._folder("project"), self._window.theme, self._window)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        path, labels = dialog.path, dialog.label_set
        dialog.deleteLater()
        if not accepted or path is None or labels is None:
            return False
        self._remember("project", path.parent)
        return self._create(path, labels)

    def open(self) -> None:
        """Ask for a project and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open project", str(self._folder("project")), _PROJECTS
        )
        if name:
            self._remember("project", Path(name).parent)
            self.open_path(Path(name))

    def open_samples(self) -> None:
        """Open the project of the sample pages, made where the program keeps its own files."""
        path = settings.data_folder() / f"samples{SUFFIX}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            opened = self.open_path(path)
        else:
            opened = self._create(path, read_label_set(NEWS_LABELS))
        if opened:
            self.load([resource_path("pages")])

    def _create(self, path: Path, labels: LabelSet) -> bool:
        try:
            self.show_store(Store.create(path, labels))
        except StoreError as error:
            QMessageBox.warning(self._window, "New project", plain_words(str(error)))
            return False
        return True

    def _fill_recent(self) -> None:
        menu, session = self._window.bars.recent, self._window.session
        menu.clear()
        here = str(session.store.path.absolute()) if session else ""
        for name in self._window.settings.recent:
            if name != here and Path(name).is_file():
                menu.addAction(name, partial(self.open_path, Path(name)))
        if menu.isEmpty():
            menu.addAction("No other project was open lately").setEnabled(False)

    def _forget(self, path: Path) -> None:
        window = self._window
        window.apply_settings(window.settings.without_recent(path))
        window.welcome.set_recent(window.settings.recent)

    # Loading

    def load(self, paths: Sequence[Path], *, show_first: bool = False) -> None:
        """Load files and folders, as ``LoadActs`` does."""
        self.loading.load(paths, show_first=show_first)

    def paste(self) -> None:
        """Make a page of the clipboard's text, after showing it."""
        if self._window.session is None and not self.new():
            return
        session = self._window.session
        if session is None:
            return
        from segmark.gui.load.paste_dialog import PasteDialog
        from segmark.jobs.loading.pages import add_text

        dialog = PasteDialog(QGuiApplication.clipboard().text(), self._window)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        text, name = dialog.text, dialog.name
        dialog.deleteLater()
        if not accepted:
            return
        try:
            report = add_text(session.store, text, name)
        except LoadError as error:
            QMessageBox.warning(self._window, "Paste text as a page", plain_words(str(error)))
            return
        self.loading.tell(session.store.path, report, show_first=True)

    def _on_drop(self, paths: list[Path]) -> None:
        projects = [path for path in paths if path.suffix == SUFFIX]
        if projects:
            self.open_path(projects[0])
        if pages := [path for path in paths if path.suffix != SUFFIX]:
            self.load(pages, show_first=True)

    # Exporting

    def export(self) -> None:
        """Open the export dialog."""
        session = self._window.session
        if session is None:
            return
        from segmark.gui.export.dialog import ExportDialog
        from segmark.jobs.exporting.exporting import ExportChoice

        window, project = self._window, session.store.path
        folder = window.settings.folders.get("export")
        choice = self._choice or ExportChoice()
        if choice.folder is None and folder:
            choice = replace(choice, folder=Path(folder))
        dialog = ExportDialog(lambda: Store.open_or_read(project), choice, window.theme, window)
        dialog.exported.connect(self._exported)
        dialog.exec()
        dialog.deleteLater()

    def _exported(self, choice: "ExportChoice") -> None:
        self._choice = choice
        if choice.folder:
            self._remember("export", choice.folder)

    def _folder(self, purpose: str) -> Path:
        kept = self._window.settings.folders.get(purpose)
        return Path(kept) if kept and Path(kept).is_dir() else Path.home()

    def _remember(self, purpose: str, folder: Path) -> None:
        window = self._window
        folders = {**window.settings.folders, purpose: str(folder)}
        window.apply_settings(replace(window.settings, folders=folders))
