"""Shows the history of the open page, and goes back to a moment of it."""

from collections.abc import Callable

from segmark.core.history import PageHistory
from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.session.session import Session


class HistoryActs:
    """The command that shows the history of a page, for one session."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window = window
        self._session = session

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"page.history": self.show}

    def show(self) -> None:
        """Show every act on the open page; going back to one is an act of its own."""
        from segmark.gui.history.dialog import PageHistoryDialog

        window, session = self._window, self._session
        opened = session.open_page
        if opened is None:
            return
        dialog = PageHistoryDialog(
            opened.page,
            session.store.label_set,
            window.theme,
            session.annotator,
            opened.annotation,
            session.store.read_only,
            window,
        )
        dialog.set_font(window.settings.font_family, window.view.font_size)
        window.do_in_background(
            "Read the history",
            self._reading(opened.number),
            dialog.show_history,
            failed=dialog.words.setText,
        )
        accepted, edit = dialog.exec(), dialog.edit
        dialog.deleteLater()
        if accepted and edit:
            window.attempt(lambda: session.do(edit))
            window.view.setFocus()

    def _reading(self, page: int) -> Callable[[Progress], PageHistory]:
        opener = self._session.store.opener

        def work(_progress: Progress) -> PageHistory:
            with opener() as store:
                return store.page_history(page)

        return work
