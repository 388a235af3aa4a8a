"""What shows the figures of the project that is open, and keeps them up to date.

The dialog is imported where it opens: the program would start later.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from segmark.core.progress import Progress
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow
from segmark.session.events import Edited, PagesChanged, SessionEvent
from segmark.session.session import Session
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.gui.figures.dialog import FiguresDialog
    from segmark.store.figures.figures import Figures

_REST = 500  # milliseconds from a change to the counting, at least
_SHARE = 20  # and so many times as long as the counting took last


class FiguresActs(QObject):
    """The command that opens the figures, for one window.

    Attributes:
        dialog: the figures' own window; None when it is not open.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: FiguresDialog | None = None
        self._shown: Session | None = None
        self._counting: Task | None = None
        self._stale = False
        self._soon = QTimer(self, singleShot=True, interval=_REST)
        self._soon.timeout.connect(self.count)
        window.add_handlers(self.handlers())
        window.session_changed.connect(self._on_session)
        window.happened.connect(self._on_event)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What to call for each command, by the command's id."""
        return {"view.figures": self.show}

    def show(self) -> None:
        """Open the figures beside the window, or bring them to the front, counted anew."""
        from segmark.gui.figures.dialog import FiguresDialog

        window, session = self._window, self._window.session
        if session is None:
            return
        if self.dialog is None:
            name = session.store.path.name
            self.dialog = FiguresDialog(name, session.labels, lambda: window.theme, window)
            self.dialog.refresh_requested.connect(self.count)
            self.dialog.finished.connect(self._forget)
            self._shown = session
        self.dialog.show()
        self.dialog.activateWindow()
        self.count()

    def count(self) -> None:
        """Count beside the window, and show it; once more after the count that is running."""
        session = self._shown
        if session is None or self._counting:
            self._stale = self._counting is not None
            return
        self._stale = False
        project, annotator = session.store.path, session.annotator

        def work(_progress: Progress) -> tuple["Figures", float]:
            begun = time.monotonic()
            with Store.open_or_read(project) as store:
                return store.figures(store.annotators() or [annotator]), time.monotonic() - begun

        task = Task("Counting", work)
        task.finished.connect(lambda found: self._take(session, *found))
        task.failed.connect(lambda line: self._tell(session, line))
        task.ended.connect(self._counted)
        self._counting = task
        self._window.background.start(task)

    def _take(self, session: Session, figures: "Figures", seconds: float) -> None:
        self._soon.setInterval(max(_REST, round(1_000 * _SHARE * seconds)))
        if self.dialog and session is self._shown:
            self.dialog.show_figures(figures)

    def _tell(self, session: Session, line: str) -> None:
        if self.dialog and session is self._shown:
            self.dialog.show_problem(line)

    def _counted(self) -> None:
        self._counting = None
        if self._stale and self.dialog:
            self._soon.start()

    def _on_event(self, event: SessionEvent) -> None:
        if self._shown is None:
            return
        settled = isinstance(event, PagesChanged) or (
            isinstance(event, Edited) and event.edit.before.status is not event.edit.after.status
        )
        if settled and not self._soon.isActive():
            self._soon.start()

    def _on_session(self) -> None:
        """Close the figures of a project that is open no more; go on with another annotator."""
        session, dialog = self._window.session, self.dialog
        if dialog is None or self._shown is None or session is self._shown:
            return
        if session is None or session.store.path != self._shown.store.path:
            dialog.reject()
        else:
            self._shown = session
            self.count()

    def _forget(self) -> None:
        dialog, self.dialog, self._shown = self.dialog, None, None
        self._soon.stop()
        if dialog:
            dialog.deleteLater()
