"""WordIndexer: builds the word index that the text search needs."""

from pathlib import Path

from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.session.session import Session
from segmark.store.store import Store


class WordIndexer:
    """Indexes one project at a time in the background, even after the project is closed."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._header = window.panels.pages.header
        self._project: Path | None = None  # the project that is being indexed

    def index(self, session: Session) -> None:
        """Index the words of the session's project, and then let the list search its text."""
        project, status = session.store.path, self._window.status
        if session.store.read_only:
            self._header.search_text(ready=False)
            status.show_message("The text can't be indexed: the project is for reading only.")
        elif self._project is None:
            self._start(project)
        elif self._project != project:
            self._header.search_text(ready=False)
            status.show_message("Another project is being indexed; search again later.")

    def _start(self, project: Path) -> None:
        def work(progress: Progress) -> bool:
            from segmark.jobs.index_words import index_words

            with Store.open(project) as store:
                store.write_in_bulk()
                index_words(store, progress, rest=True)
            return True

        self._project = project
        self._window.do_in_background(
            "Indexing the text",
            work,
            self._end,
            failed=self._fail,
            cancelled=self._end,
            show_progress=True,
        )

    def _fail(self, line: str) -> None:
        self._end()
        self._window.warn("Index", line)

    def _end(self, ready: bool = False) -> None:
        project, self._project = self._project, None
        if project and self._window.session_on(project):
            self._header.search_text(ready=ready)
