"""Shows the history of the open page, and the work of a day."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from segmark.core.history import PageHistory
from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.session.session import Session

if TYPE_CHECKING:
    from segmark.gui.history.day import DayDialog
    from segmark.store.figures.day import DayPage


class HistoryActs:
    """The commands that show the history of a page and the work of a day, for one session."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window = window
        self._session = session

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"page.history": self.show, "view.day": self.show_day}

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
            session.store.people.colours(),
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

    def show_day(self) -> None:
        """Show what the annotator did today, or on another day, and open a page of it."""
        from segmark.gui.history.day import DayDialog

        window, session = self._window, self._session
        dialog = DayDialog(datetime.now().astimezone().date(), window.theme, window)
        dialog.day_wanted.connect(lambda day: self._read_day(day, dialog))
        dialog.ask()
        accepted, number = dialog.exec(), dialog.chosen
        dialog.deleteLater()
        if accepted and number is not None:
            window.attempt(lambda: session.open(number))
            window.view.setFocus()

    def _read_day(self, day: date, dialog: "DayDialog") -> None:
        opener, annotator = self._session.store.opener, self._session.annotator

        def work(_progress: Progress) -> "tuple[date, tuple[DayPage, ...]]":
            with opener() as store:
                return day, store.day(day, annotator)

        self._window.do_in_background(
            "Read the work of a day", work, dialog.show_day, failed=dialog.words.setText
        )

    def _reading(self, page: int) -> Callable[[Progress], PageHistory]:
        opener = self._session.store.opener

        def work(_progress: Progress) -> PageHistory:
            with opener() as store:
                return store.page_history(page)

        return work
