"""Shows the figures of the open project, and keeps them up to date.

The dialog is imported when it opens, so that the program starts sooner.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.session.events import Edited, PagesChanged, SessionEvent
from segmark.session.session import Session
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.gui.figures.dialog import FiguresDialog
    from segmark.store.figures.figures import Figures

#: Figures, the colours of people by name, and the seconds that counting took.
_Counted = tuple["Figures", dict[str, str], float]
_DELAY = 500  # milliseconds from a change until the figures are counted, at least
_SHARE = 20  # the delay is at least this many times as long as the last count took


class FiguresActs(QObject):
    """The command that opens the figures, for one session.

    Attributes:
        dialog: the open figures; None when they are closed.
    """

    def __init__(
        self, window: MainWindow, session: Session, dialog: "FiguresDialog | None" = None
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.dialog: FiguresDialog | None = None
        self._counting = False
        self._stale = False
        self._soon = QTimer(self, singleShot=True, interval=_DELAY)
        self._soon.timeout.connect(self.count)
        session.subscribe(self._on_event)
        if dialog:
            self._use(dialog)
            self.count()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"view.figures": self.show}

    def show(self) -> None:
        """Open the figures in a window of their own, or raise it, and count again."""
        from segmark.gui.figures.dialog import FiguresDialog

        window, session = self._window, self._session
        dialog = self.dialog or self._use(
            FiguresDialog(
                session.store.path.name, session.store.label_set, lambda: window.theme, window
            )
        )
        dialog.show()
        dialog.activateWindow()
        self.count()

    def count(self) -> None:
        """Count in the background, or again after the count that is running; show the figures."""
        if self._counting:
            self._stale = True
            return
        self._counting, self._stale = True, False
        project, annotator = self._session.store.path, self._session.annotator

        def work(_progress: Progress) -> _Counted:
            begun = time.monotonic()
            with Store.open_or_read(project) as store:
                figures = store.figures(store.annotators() or [annotator])
                return figures, store.people.colours(), time.monotonic() - begun

        self._window.do_in_background(
            "Counting", work, self._show_figures, failed=self._show_problem, ended=self._on_counted
        )

    def release(self) -> "FiguresDialog | None":
        """Let go of the dialog and return it: it stays open for the project's next session."""
        dialog, self.dialog = self.dialog, None
        self._soon.stop()
        if dialog:
            dialog.refresh_requested.disconnect(self.count)
            dialog.finished.disconnect(self._forget)
        self.deleteLater()
        return dialog

    def close(self) -> None:
        """Close the dialog: the project is being closed."""
        if self.dialog:
            self.dialog.reject()
        self.release()

    def _use(self, dialog: "FiguresDialog") -> "FiguresDialog":
        self.dialog = dialog
        dialog.refresh_requested.connect(self.count)
        dialog.finished.connect(self._forget)
        return dialog

    def _show_figures(self, found: _Counted) -> None:
        figures, colours, seconds = found
        self._soon.setInterval(max(_DELAY, round(1_000 * _SHARE * seconds)))
        if self.dialog:
            self.dialog.show_figures(figures, colours)

    def _show_problem(self, line: str) -> None:
        if self.dialog:
            self.dialog.show_problem(line)

    def _on_counted(self) -> None:
        self._counting = False
        if self._stale and self.dialog:
            self._soon.start()

    def _on_event(self, event: SessionEvent) -> None:
        counts = isinstance(event, PagesChanged) or (
            isinstance(event, Edited) and event.edit.before.status is not event.edit.after.status
        )
        if counts and self.dialog and not self._soon.isActive():
            self._soon.start()

    def _forget(self) -> None:
        dialog, self.dialog = self.dialog, None
        self._soon.stop()
        if dialog:
            dialog.deleteLater()
