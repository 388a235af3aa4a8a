"""ProjectWatch: watches the open project: its location, its daily backup, its file."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from segmark.core.progress import Progress
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.notice_bar import Notice
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.store.file.backup import Backup

#: Milliseconds from opening to the daily backup, and between two checks whether it is due.
_FIRST_BACKUP = 20_000
_BETWEEN_BACKUPS = 600_000
#: Milliseconds until a project that was not closed properly is checked: the page comes first.
_CHECK_AFTER = 2_000


class ProjectWatch(QObject):
    """Watches one open project, and shows notices about it."""

    def __init__(self, window: MainWindow, store: Store, *, left_open: bool) -> None:
        """Start; ``left_open`` means that the project was not closed properly the last time."""
        super().__init__(window)
        self._window = window
        self._project = store.path
        self._first = QTimer(self, singleShot=True, interval=_FIRST_BACKUP)
        self._next = QTimer(self, interval=_BETWEEN_BACKUPS)
        for timer in (self._first, self._next):
            timer.timeout.connect(self.back_up_if_due)
        self._check = QTimer(self, singleShot=True, interval=_CHECK_AFTER)
        self._check.timeout.connect(self.check)
        if store.read_only:
            words = f"is open for reading only: {store.read_only}."
            window.notice.show_notice(self._notice(words, "Work on a copy…"))
        else:
            window.after_paint.do(self._look_at_place)
        if not store.read_only:
            self._first.start()
            self._next.start()
        if left_open:
            self._check.start()

    @property
    def check_is_due(self) -> bool:
        """Whether a check of the file is scheduled."""
        return self._check.isActive()

    def close(self) -> None:
        """Stop: the project is being closed."""
        for timer in (self._first, self._next, self._check):
            timer.stop()
        self.deleteLater()

    def back_up_if_due(self) -> None:
        """Make the daily backup in the background, if the project changed since the last one."""
        project = self._project

        def work(_progress: Progress) -> "Backup | None":
            from segmark.store.file.backup import back_up_daily

            return back_up_daily(project)

        self._window.do_in_background("Backup", work, failed=self._on_backup_failed)

    def check(self) -> None:
        """Check the file for damage in the background."""
        project = self._project

        def work(progress: Progress) -> str:
            from segmark.store.safety.check import quick_problem

            return quick_problem(project, progress)

        self._window.do_in_background(
            "Looking over the project",
            work,
            self._on_checked,
            failed=self._window.status.show_message,
        )

    def _on_checked(self, problem: str) -> None:
        window = self._window
        if problem and window.session_on(self._project):
            words = (
                f"{self._project.name} was not closed properly, and is damaged: {problem}. "
                "Go back to a backup, or save what is healthy with: segmark check --repair"
            )
            restore = Notice(words, "Restore a backup…", lambda: window.run("file.restore"))
            window.notice.show_notice(restore)

    def _on_backup_failed(self, line: str) -> None:
        self._next.stop()
        self._window.notice.show_notice(
            Notice(f"The daily backup was not made. {line}", "Try again", self._try_again)
        )

    def _try_again(self) -> None:
        self._window.notice.show_notice(None)
        self._next.start()
        self.back_up_if_due()

    def _look_at_place(self) -> None:
        from segmark.store.file.place import risky_place

        if self._window.session_on(self._project) and (place := risky_place(self._project)):
            words = f"lies on {place.name}. {place.danger}"
            self._window.notice.show_notice(self._notice(words, "Work on a local copy…"))

    def _notice(self, words: str, button: str) -> Notice:
        name = self._project.name
        return Notice(f"{name} {words}", button, lambda: self._window.run("file.copy"))
