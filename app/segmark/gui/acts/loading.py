"""The commands that load pages, with the report and the questions afterwards.

Dialogs and loaders are imported when they are needed, so that the program starts sooner.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from segmark.core.progress import Progress
from segmark.gui.acts.last_choices import LastChoices
from segmark.gui.window.main_window import MainWindow
from segmark.loading.rejection import LoadError
from segmark.session.session import Session

if TYPE_CHECKING:
    from segmark.jobs.loading.report import LoadReport
    from segmark.loading.options import LoadOptions

_PAGES = (
    "Pages (*.html *.htm *.xhtml *.mhtml *.txt *.text *.jsonl *.ndjson *.json *.csv *.tsv *.parquet"
    " *.conll *.iob *.iob2 *.bio *.warc *.arc *.wacz *.eml *.mbox *.zip *.tar *.tgz *.gz *.zst);;"
    "All files (*)"
)


class LoadActs:
    """The commands that load pages into the open project.

    ``session`` returns the session. If no project is open, it asks for a new one, and returns None
    if the user cancels.
    """

    def __init__(
        self, window: MainWindow, session: Callable[[], Session | None], last: LastChoices
    ) -> None:
        self._window = window
        self._session = session
        self._last = last
        empty = window.empty_project
        empty.load_requested.connect(lambda: self.choose_files())
        empty.folder_requested.connect(lambda: self.choose_folder())
        empty.paste_requested.connect(self.paste)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {
            "file.load": self.choose_files,
            "file.load_folder": self.choose_folder,
            "file.load_options": self.choose_options,
            "file.paste": self.paste,
        }

    def choose_files(self, options: "LoadOptions | None" = None) -> None:
        """Ask for files and load them."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Load pages", str(self._last.folder("load")), _PAGES
        )
        if names:
            self._last.keep_folder("load", Path(names[0]).parent)
            self.load([Path(name) for name in names], options=options)

    def choose_folder(self, options: "LoadOptions | None" = None) -> None:
        """Ask for a folder and load everything in it."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Load folder", str(self._last.folder("load"))
        )
        if name:
            self._last.keep_folder("load", Path(name))
            self.load([Path(name)], options=options)

    def choose_options(self) -> None:
        """Ask for options and then for files; the options are kept for the next time."""
        session = self._session()
        if session is None:
            return
        from segmark.gui.load.options_dialog import LoadOptionsDialog
        from segmark.loading.options import LOAD_ALL

        options = self._last.loading or LOAD_ALL
        dialog = LoadOptionsDialog(
            session.store.label_set, session.annotator, options, self._window.theme, self._window
        )
        accepted, chosen, of_folder = bool(dialog.exec()), dialog.options, dialog.of_folder
        dialog.deleteLater()
        if accepted:
            self._last.loading = chosen
            choose = self.choose_folder if of_folder else self.choose_files
            choose(chosen)

    def load(
        self,
        paths: Sequence[Path],
        *,
        show_first: bool = False,
        options: "LoadOptions | None" = None,
    ) -> None:
        """Load files and folders in the background.

        ``show_first`` opens the page of the first file when all files are loaded.
        """
        session = self._session()
        if session is None:
            return
        project, annotator = session.store.path, session.annotator

        def work(progress: Progress) -> "LoadReport":
            from segmark.jobs.loading.worker import load_in_worker
            from segmark.loading.options import LOAD_ALL

            chosen = options or LOAD_ALL
            labels = replace(chosen.labels, annotator=chosen.labels.annotator or annotator)
            return load_in_worker(project, paths, progress, replace(chosen, labels=labels))

        def then(report: "LoadReport") -> None:
            current = self._window.session_on(project)
            if report.survey.refused and current:
                self._ask_about_labels(current, report, show_first, paths, options)
            else:
                self.show_report(project, report, show_first=show_first)

        self._window.do_in_background(
            "Loading",
            work,
            then,
            failed=partial(self._window.warn, "Load pages"),
            cancelled=lambda: self._show_cancelled(project),
            show_progress=True,
        )

    def paste(self) -> None:
        """Show the text of the clipboard, and make it a page."""
        session = self._session()
        if session is None:
            return
        from segmark.gui.load.paste_dialog import PasteDialog
        from segmark.jobs.loading.pages import add_text

        dialog = PasteDialog(QGuiApplication.clipboard().text(), self._window)
        accepted = dialog.exec()
        text, name = dialog.text, dialog.name
        dialog.deleteLater()
        if not accepted:
            return
        try:
            report = add_text(session.store, text, name)
        except LoadError as error:
            self._window.warn("Paste text as a page", str(error))
            return
        self.show_report(session.store.path, report, show_first=True)

    def show_report(self, project: Path, report: "LoadReport", *, show_first: bool) -> None:
        """Show which pages were loaded into a project, and which were not and why."""
        from segmark.gui.load.report import show_left_out, summary

        window = self._window
        window.status.show_message(f"{summary(report)}.")
        if session := window.session_on(project):
            window.show_project()
            if report.predicted and window.suggestions:
                window.suggestions.refresh()
            number = session.store.pages.number_of(report.first) if report.first else None
            if show_first and number:
                window.attempt(lambda: session.open(number))
            elif report.labelled and session.open_page:
                window.attempt(session.reload)
        show_left_out(report, window)

    def _ask_about_labels(
        self,
        session: Session,
        report: "LoadReport",
        show_first: bool,
        paths: Sequence[Path],
        options: "LoadOptions | None",
    ) -> None:
        """Ask how to map unknown labels, and load again."""
        from segmark.gui.load.label_questions import LabelQuestions
        from segmark.loading.options import LOAD_ALL

        asked = options or LOAD_ALL
        questions = LabelQuestions(report.survey, session.store.label_set, self._window)

        def again() -> None:
            answered = replace(asked, labels=questions.answered(asked.labels))
            self.load(paths, show_first=show_first, options=answered)

        questions.accepted.connect(again)
        questions.rejected.connect(
            partial(self.show_report, session.store.path, report, show_first=show_first)
        )
        questions.show()

    def _show_cancelled(self, project: Path) -> None:
        self._window.status.show_message("Loading was stopped; the pages that were read are kept.")
        if self._window.session_on(project):
            self._window.show_project()
