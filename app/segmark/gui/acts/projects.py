"""The commands that create and open projects, and the start and end of their acts.

Dialogs are imported when they open, so that the program starts sooner.
"""

import os
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.core.label import LabelSet
from segmark.environment import settings
from segmark.environment.label_sets import NEWS_LABELS, read_label_set
from segmark.environment.resource_path import sample_pages
from segmark.gui.acts.guard import AskAboutLock, ProjectGuard, ask_about_lock
from segmark.gui.acts.last_choices import LastChoices
from segmark.gui.acts.session_acts import SessionActs
from segmark.gui.acts.watch import ProjectWatch
from segmark.gui.window.main_window import MainWindow
from segmark.session.session import Session
from segmark.store.errors import NotAtOnceError, StoreError
from segmark.store.file.project_file import SUFFIX
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.core.guideline import Example
    from segmark.gui.acts.displacement import DisplacementWatch
    from segmark.gui.acts.loading import LoadActs
    from segmark.gui.acts.word_index import WordIndexer
    from segmark.gui.figures.dialog import FiguresDialog

_PROJECTS = f"Segmark projects (*{SUFFIX})"


def _prepare(path: Path) -> Callable[[], Store]:
    """Do the slow part of opening a project, and return the function that opens it."""
    with Store.open_or_read(path) as store:
        return store.opener


class ProjectActs:
    """The commands that create, open and fill projects, for one window.

    ``annotator`` overrides the settings; None to use them. ``ask`` is called for a project that
    somebody else has open.

    Attributes:
        acts: the acts of the session; None if no project is open.
        watch: the watch over the open project; None if no project is open.
    """

    def __init__(
        self,
        window: MainWindow,
        annotator: str | None = None,
        ask: AskAboutLock = ask_about_lock,
    ) -> None:
        self._window = window
        self._annotator = annotator
        self._last = LastChoices(window)
        self._guard = ProjectGuard(window, ask)
        self.acts: SessionActs | None = None
        self.watch: ProjectWatch | None = None
        self._displacement: DisplacementWatch | None = None
        window.add_handlers(self.handlers())
        window.after_paint.do(lambda: window.add_handlers(self._loading.handlers()))
        window.closing.connect(self._end)
        window.files_dropped.connect(self._on_drop)
        window.bars.recent.aboutToShow.connect(self._fill_recent)
        welcome = window.welcome
        welcome.samples_requested.connect(self.open_samples)
        welcome.new_requested.connect(self.new)
        welcome.open_requested.connect(self.open)
        welcome.recent_requested.connect(self.open_path)
        welcome.recent_removed.connect(self._forget)
        welcome.set_recent(window.settings.recent)

    @cached_property
    def _loading(self) -> "LoadActs":
        from segmark.gui.acts.loading import LoadActs

        return LoadActs(self._window, self._session_or_new, self._last)

    @cached_property
    def _indexer(self) -> "WordIndexer":
        from segmark.gui.acts.word_index import WordIndexer

        return WordIndexer(self._window)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {
            "file.new": self.new,
            "file.open": self.open,
            "file.samples": self.open_samples,
        }

    # Start and end of a project

    def holds(self, project: Path) -> bool:
        """Whether this window has the project open for writing; may be called in any thread."""
        return self._guard.holds(project)

    def show_store(self, store: Store) -> bool:
        """Show a project in the window; False if it stays closed because somebody has it open."""
        window = self._window
        name = store.people.known_name(settings.annotator_name(window.settings, self._annotator))
        admitted = self._guard.admit(store, name)
        if admitted is None:
            return False
        self._end_acts()
        window.close_project()
        window.apply_settings(window.settings.with_recent(admitted.path))
        self._begin(admitted, name)
        self.watch = ProjectWatch(window, admitted, left_open=self._guard.left_open)
        if problem := self._guard.lock_problem:
            window.status.show_message(problem)
        window.after_paint.do(lambda: self._watch_place(admitted))
        return True

    def _watch_place(self, store: Store) -> None:
        from segmark.gui.acts.displacement import DisplacementWatch

        self._displacement = DisplacementWatch(self._window, store, self.open_path)

    def close(self) -> None:
        """Close the project and show the welcome view."""
        self._end()
        self._window.show_project()

    def follow_annotator(self) -> None:
        """Continue as the annotator in the settings, if that has changed."""
        session = self._window.session
        if session is None or self.acts is None:
            return
        name = settings.annotator_name(self._window.settings, self._annotator)
        name = session.store.people.known_name(name)
        if session.annotator != name:
            figures = self.acts.release()
            self._window.end_session()
            self._begin(session.store, name, figures)

    def _begin(self, store: Store, annotator: str, figures: "FiguresDialog | None" = None) -> None:
        self.acts = SessionActs(
            self._window,
            store,
            annotator,
            self._last,
            lambda: self._indexer,
            close=self.close,
            open_path=self.open_path,
            follow=self.follow_annotator,
            figures=figures,
        )

    def _end_acts(self) -> None:
        if self.acts:
            self.acts.close()
        if self.watch:
            self.watch.close()
        if self._displacement:
            self._displacement.close()
        self.acts = self.watch = self._displacement = None

    def _end(self) -> None:
        self._end_acts()
        self._window.close_project()
        self._guard.release()

    # Opening

    def open_path(self, path: Path) -> bool:
        """Open a project; on failure, show why and keep the open project."""
        try:
            return self.show_store(self._opened(path))
        except StoreError as error:
            self._window.warn("Open project", str(error))
            return False

    def _opened(self, path: Path) -> Store:
        """Open the store of a project, with slow work in the background.

        Raises:
            StoreError: the project can't be opened, migrated or copied.
        """
        try:
            return Store.open_or_read(path, at_once=True)
        except NotAtOnceError as error:
            words = f"{path.name} {error.explanation} …"
            opener = self._window.wait_for("Opening", lambda _progress: _prepare(path), words)
            return opener() if opener else Store.open_or_read(path)

    def new(self) -> bool:
        """Ask for a new project and open it."""
        from PySide6.QtWidgets import QDialog

        from segmark.gui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self._last.folder("project"), self._window.theme, self._window)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        path, labels, examples = dialog.path, dialog.label_set, dialog.examples
        dialog.deleteLater()
        if not accepted or path is None or labels is None:
            return False
        self._last.keep_folder("project", path.parent)
        return self._create(path, labels, examples)

    def open(self) -> None:
        """Ask for a project and open it."""
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open project", str(self._last.folder("project")), _PROJECTS
        )
        if name:
            self._last.keep_folder("project", Path(name).parent)
            self.open_path(Path(name))

    def open_samples(self) -> None:
        """Open the project of sample pages, in the folder of the program's own data."""
        path = settings.data_folder() / f"samples{SUFFIX}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._window.warn("Sample pages", f"{path.parent}: {error.strerror}")
            return
        if os.path.exists(path):
            opened = self.open_path(path)
        else:
            opened = self._create(path, read_label_set(NEWS_LABELS))
        if opened:
            self.load(sample_pages())

    def load(self, paths: Sequence[Path], *, show_first: bool = False) -> None:
        """Load files and folders; with ``show_first``, open the page of the first file."""
        self._loading.load(paths, show_first=show_first)

    def _create(self, path: Path, labels: LabelSet, examples: "Sequence[Example]" = ()) -> bool:
        try:
            store = Store.create(path, labels)
            if examples:
                from segmark.session.guideline_work import keep_waiting

                keep_waiting(store, examples)
            self.show_store(store)
        except StoreError as error:
            self._window.warn("New project", str(error))
            return False
        return True

    def _session_or_new(self) -> Session | None:
        """Return the session; if no project is open, ask for a new one."""
        if self._window.session is None:
            self.new()
        return self._window.session

    def _fill_recent(self) -> None:
        menu, session = self._window.bars.recent, self._window.session
        menu.clear()
        here = str(session.store.path.absolute()) if session else ""
        for name in self._window.settings.recent:
            if name != here and os.path.isfile(name):
                menu.addAction(name, partial(self.open_path, Path(name)))
        if menu.isEmpty():
            menu.addAction("No other project was open lately").setEnabled(False)

    def _forget(self, path: Path) -> None:
        window = self._window
        window.apply_settings(window.settings.without_recent(path))
        window.welcome.set_recent(window.settings.recent)

    def _on_drop(self, paths: list[Path]) -> None:
        projects = [path for path in paths if path.suffix == SUFFIX]
        if projects:
            self.open_path(projects[0])
        if pages := [path for path in paths if path.suffix != SUFFIX]:
            self.load(pages, show_first=True)
