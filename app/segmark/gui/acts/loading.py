"""What the commands do to load pages, and what is told and asked afterwards.

Dialogs and loading are imported where they begin: the program would start later.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMessageBox

from segmark.core.progress import Progress
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from segmark.gui.load.options_dialog import LoadOptions
    from segmark.jobs.loading.report import LoadReport

_PAGES = (
    "Pages (*.html *.htm *.xhtml *.mhtml *.txt *.text *.jsonl *.ndjson *.json *.csv *.tsv *.parquet"
    " *.conll *.iob *.iob2 *.bio *.warc *.arc *.zip *.tar *.tgz *.gz *.zst);;All files (*)"
)


class LoadActs:
    """The commands that load pages into the project of one window.

    ``new`` asks for a project where none is open; ``folder`` is where to begin to look, and
    ``remember`` is told where somebody found what he looked for.
    """

    def __init__(
        self,
        window: MainWindow,
        new: Callable[[], bool],
        folder: Callable[[], Path],
        remember: Callable[[Path], None],
    ) -> None:
        self._window = window
        self._new = new
        self._folder = folder
        self._remember = remember
        self._options: LoadOptions | None = None
        window.add_handlers(self.handlers())

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What to call for each command, by the command's id."""
        return {
            "file.load": self.choose_files,
            "file.load_folder": self.choose_folder,
            "file.load_options": self.choose_options,
        }

    def choose_files(self, options: "LoadOptions | None" = None) -> None:
        """Ask for files and load them."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Load pages", str(self._folder()), _PAGES
        )
        if names:
            self._remember(Path(names[0]).parent)
            self.load([Path(name) for name in names], options=options)

    def choose_folder(self, options: "LoadOptions | None" = None) -> None:
        """Ask for a folder and load all that is in it."""
        name = QFileDialog.getExistingDirectory(self._window, "Load folder", str(self._folder()))
        if name:
            self._remember(Path(name))
            self.load([Path(name)], options=options)

    def choose_options(self) -> None:
        """Ask how to load, and then what; the window keeps the answers for the next time."""
        if self._window.session is None and not self._new():
            return
        session = self._window.session
        if session is None:
            return
        from segmark.gui.load.options_dialog import LoadOptions, LoadOptionsDialog

        options = self._options or LoadOptions()
        dialog = LoadOptionsDialog(
            session.labels, session.annotator, options, self._window.theme, self._window
        )
        accepted, chosen, of_folder = bool(dialog.exec()), dialog.options, dialog.of_folder
        dialog.deleteLater()
        if accepted:
            self._options = chosen
            choose = self.choose_folder if of_folder else self.choose_files
            choose(chosen)

    def load(
        self,
        paths: Sequence[Path],
        *,
        show_first: bool = False,
        options: "LoadOptions | None" = None,
    ) -> None:
        """Load files and folders beside the labelling; without a project, ask for one first.

        ``show_first`` opens the page of the first file when all are in.
        """
        window = self._window
        if window.session is None and not self._new():
            return
        if window.session is None:
            return
        project, annotator = window.session.store.path, window.session.annotator

        def work(progress: Progress) -> "LoadReport":
            from segmark.jobs.loading.worker import load_beside
            from segmark.loading.feed import ALL

            choice, table = (options.choice, options.table) if options else (ALL, None)
            whose = replace(choice.labels, annotator=choice.labels.annotator or annotator)
            return load_beside(project, paths, progress, replace(choice, labels=whose), table)

        task = Task("Loading", work)
        task.finished.connect(
            lambda report: self._loaded(project, report, show_first, paths, options)
        )
        task.failed.connect(
            lambda line: QMessageBox.warning(window, "Load pages", plain_words(line))
        )
        task.cancelled.connect(lambda: self._stopped(project))
        window.task_progress.follow(task)
        window.background.start(task)

    def tell(self, project: Path, report: "LoadReport", *, show_first: bool) -> None:
        """Show what was loaded into a project, and say what was not."""
        from segmark.gui.load.report import show_left_out, summary

        window = self._window
        window.status.tell(f"{summary(report)}.")
        session = window.session
        if session and session.store.path == project:
            window.show_project()
            if report.predicted and window.suggestions:
                window.suggestions.make_anew()
            number = session.store.pages.number_of(report.first) if report.first else None
            if show_first and number:
                window.attempt(lambda: session.open(number))
            elif report.labelled and session.open_page:
                window.attempt(session.reload)
        show_left_out(report, window)

    def _loaded(
        self,
        project: Path,
        report: "LoadReport",
        show_first: bool,
        paths: Sequence[Path],
        options: "LoadOptions | None",
    ) -> None:
        survey, session = report.survey, self._window.session
        if not survey.refused or session is None or session.store.path != project:
            self.tell(project, report, show_first=show_first)
            return
        from segmark.gui.load.label_questions import LabelQuestions
        from segmark.gui.load.options_dialog import LoadOptions

        asked, given = (
            options or LoadOptions(),
            LabelQuestions(survey, session.labels, self._window),
        )

        def again() -> None:
            choice = replace(asked.choice, labels=given.answered(asked.choice.labels))
            self.load(paths, show_first=show_first, options=replace(asked, choice=choice))

        given.accepted.connect(again)
        given.rejected.connect(lambda: self.tell(project, report, show_first=show_first))
        given.show()

    def _stopped(self, project: Path) -> None:
        window = self._window
        window.status.tell("Loading was stopped; the pages that were read are kept.")
        if window.session and window.session.store.path == project:
            window.show_project()
