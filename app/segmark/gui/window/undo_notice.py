"""UndoNotice: tells at the top of the window what an act did, and offers to undo it."""

from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.notice_bar import Notice
from segmark.session.session import Session


class UndoNotice:
    """A notice with a button that undoes the last act, as long as it is the last one."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window, self._session = window, session
        self._shown: tuple[int | None, Notice] | None = None  # an act, and the offer to undo it
        session.subscribe(lambda _event: self._drop())

    def show(self, words: str) -> None:
        """Show what the last act did."""
        notice = Notice(words, "Undo", self._undo)
        self._shown = self._session.last_act, notice
        self._window.notice.show_notice(notice)

    def _undo(self) -> None:
        self._window.panels.note.store()  # a note that is being written would be an act of its own
        if self._shown:
            self._window.run("edit.undo")

    def _drop(self) -> None:
        """Drop the notice once its act is not the one that undo would undo."""
        if self._shown and self._session.last_act != self._shown[0]:
            self._window.notice.drop(self._shown[1])
            self._shown = None
