"""Compares models with labels, in a window beside the one for labelling.

The dialog is imported when it opens, so that the program starts sooner.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from segmark.core.progress import Progress
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow
from segmark.session.session import Session
from segmark.store.store import Store
from segmark.store.suggestions import Policy

if TYPE_CHECKING:
    from segmark.core.queue import ListedPages
    from segmark.gui.suggestions.compare_dialog import CompareDialog
    from segmark.jobs.scoring.compared_models import Compared

_COMPARING = "Comparing models"
_FILES = (
    "Predictions (*.jsonl *.ndjson *.json *.csv *.tsv *.parquet *.conll *.iob *.iob2 *.bio *.spacy"
    " *.zip *.gz *.zst);;All files (*)"
)


class CompareActs(QObject):
    """The command that compares models, for one session.

    Args:
        window: the window for labelling.
        session: its session.
        list_pages: puts pages in the page list.
        use_policy: makes the project use suggestions so.
        folder: the folder that is offered for files.
        keep_folder: remembers it.

    Attributes:
        dialog: the open comparison; None when it is closed.
    """

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        *,
        list_pages: "Callable[[ListedPages], object]",
        use_policy: Callable[[Policy], object],
        folder: Callable[[], Path],
        keep_folder: Callable[[Path], object],
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._list_pages, self._use_policy = list_pages, use_policy
        self._folder, self._keep_folder = folder, keep_folder
        self.dialog: CompareDialog | None = None
        self._files = list[Path]()
        self._task: Task | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"suggest.compare": self.show}

    def show(self) -> None:
        """Open the comparison in a window of its own, or raise it, and compare again."""
        dialog = self.dialog or self._open()
        dialog.show()
        dialog.activateWindow()
        self.compare()

    def compare(self) -> None:
        """Score the models beside the window; what runs already is stopped."""
        from segmark.jobs.scoring.compared_models import compare_models, compared_people

        self.stop()
        if self.dialog is None:
            return
        project, files = self._session.store.path, tuple(self._files)
        self.dialog.show_people(compared_people(self._session.store, self._session.annotator))
        whose = self.dialog.labels.currentData() or ""

        def work(progress: Progress) -> "Compared":
            with Store.open_or_read(project) as store:
                return compare_models(store, whose, files, progress)

        self.dialog.wait()
        task = Task(_COMPARING, work)
        self._task = task
        task.progressed.connect(self._if_current(task, self.dialog.show_progress))
        task.finished.connect(self._if_current(task, self.dialog.show_compared))
        task.failed.connect(self._if_current(task, self.dialog.show_reason))
        self._window.background.start(task)

    def stop(self) -> None:
        """Stop the comparison that runs."""
        task, self._task = self._task, None
        if task:
            task.cancel()

    def close(self) -> None:
        """Close the dialog: the session ends."""
        if self.dialog:
            self.dialog.reject()
        self.deleteLater()

    def _if_current(self, task: Task, show: Callable[..., object]) -> Callable[..., None]:
        """Show what comes of a task only while no other one has taken its place."""

        def shown(*values: object) -> None:
            if self._task is task and self.dialog:
                show(*values)

        return shown

    def _open(self) -> "CompareDialog":
        from segmark.gui.suggestions.compare_dialog import CompareDialog

        store = self._session.store
        dialog = CompareDialog(
            store.suggestions.policy.model or next(iter(store.suggestions.models()), ""),
            self._title_of,
            can_choose=not store.read_only,
            parent=self._window,
        )
        dialog.compare_requested.connect(self.compare)
        dialog.stop_requested.connect(self._stopped)
        dialog.files_requested.connect(self._choose_files)
        dialog.model_chosen.connect(
            lambda name: self._use_policy(replace(store.suggestions.policy, model=name))
        )
        dialog.page_requested.connect(self._open_page)
        dialog.list_requested.connect(self._list_pages)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        return dialog

    def _stopped(self) -> None:
        self.stop()
        if self.dialog:
            self.dialog.show_reason("The comparison was stopped.")

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self.dialog, "Add predictions", str(self._folder()), _FILES
        )
        if names:
            self._keep_folder(Path(names[0]).parent)
            self._files += [path for path in map(Path, names) if path not in self._files]
            self.compare()

    def _open_page(self, page: str) -> None:
        number = self._session.store.pages.number_of(page)
        if number is not None:
            self._window.attempt(partial(self._session.open, number))

    def _title_of(self, page: str) -> str:
        number = self._session.store.pages.number_of(page)
        rows = self._session.store.pages.rows(self._session.annotator, [number] if number else [])
        return rows[0].title if rows else page

    def _forget(self) -> None:
        dialog, self.dialog = self.dialog, None
        self._files.clear()
        self.stop()
        if dialog:
            dialog.deleteLater()
