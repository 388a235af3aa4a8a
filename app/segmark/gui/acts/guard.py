"""ProjectGuard: watches over the open project: who else has it, where it lies, its backups."""

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox

from segmark.core.progress import Progress
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.notice_bar import Notice
from segmark.store.file import lock
from segmark.store.file.lock import Holder, ProjectLock
from segmark.store.file.place import risky_place
from segmark.store.store import Store

if TYPE_CHECKING:
    from segmark.store.file.backup import Backup

#: Milliseconds after opening and between two looks whether the backup of the day is due.
_FIRST_LOOK = 20_000
_BETWEEN_LOOKS = 600_000
#: Milliseconds until a project that was not closed properly is looked over: the page comes first.
_CHECK_AFTER = 2_000


class LockChoice(Enum):
    """What a person wants who is told that somebody has the project open."""

    READ = auto()
    TAKE_OVER = auto()
    LEAVE = auto()


AskAboutLock = Callable[[MainWindow, Path, Holder], LockChoice]


def ask_person(window: MainWindow, project: Path, holder: Holder) -> LockChoice:
    """Say who has the project open, and ask what to do.

    Only a lock of another computer can be taken over: here one sees whether the holder still runs.
    """
    box = QMessageBox(QMessageBox.Icon.Information, "Open project", "", parent=window)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"{project.name} is open in another window.")
    told = f"{holder} has it open. You can look at it here; what you see follows their work."
    if not holder.is_here:
        told += f" Take it over only if Segmark no longer runs on {holder.host}."
    box.setInformativeText(told)
    read = box.addButton("Open for &reading only", QMessageBox.ButtonRole.AcceptRole)
    take = None
    if not holder.is_here:
        take = box.addButton("&Take over", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(read)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is read:
        return LockChoice.READ
    return LockChoice.TAKE_OVER if take is not None and clicked is take else LockChoice.LEAVE


class ProjectGuard(QObject):
    """Watches over the project of one window.

    Attributes:
        notice: the strip above the page.
        ask: how the person is asked about a project that somebody else has open.
    """

    def __init__(self, window: MainWindow, copy: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._copy = copy
        self._lock: ProjectLock | None = None
        self.notice = window.notice
        self.ask: AskAboutLock = ask_person
        self._first = QTimer(self, singleShot=True, interval=_FIRST_LOOK)
        self._next = QTimer(self, interval=_BETWEEN_LOOKS)
        for timer in (self._first, self._next):
            timer.timeout.connect(self.back_up_if_due)
        self._check = QTimer(self, singleShot=True, interval=_CHECK_AFTER)
        self._check.timeout.connect(self.look_over)
        window.installEventFilter(self)

    def admit(self, store: Store, annotator: str) -> Store | None:
        """The store to work on; for reading only, or None, where somebody else has it open.

        A store that is not admitted is closed.

        Raises:
            StoreError: the project can't be opened for reading.
        """
        if self._lock and self._lock.is_on(store.path) and not store.read_only:
            return store
        held = None if store.read_only else lock.take(store.path, annotator)
        if isinstance(held, Holder):
            answer = self.ask(self._window, store.path, held)
            if answer is not LockChoice.TAKE_OVER:
                store.close()
            if answer is LockChoice.LEAVE:
                return None
            if answer is LockChoice.READ:
                store = Store.open_for_reading(store.path, f"{held} has it open")
                held = None
            else:
                held = lock.take(store.path, annotator, from_others=True)
        self.release()
        self._lock = held if isinstance(held, ProjectLock) else None
        return store

    def watch(self, store: Store) -> None:
        """Say what the person has to know of this project, and look after its backups."""
        self.notice.show_notice(self._notice_of(store))
        if not store.read_only:
            self._first.start()
            self._next.start()
        if self._lock and self._lock.left_by:
            self._check.start()

    def release(self) -> None:
        """Let go of the project."""
        self._first.stop()
        self._next.stop()
        self._check.stop()
        if self._lock:
            self._lock.release()
            self._lock = None

    def back_up_if_due(self) -> None:
        """Begin the backup of the day, if something changed since the last one."""
        session = self._window.session
        if session is None or session.store.read_only:
            return
        project = session.store.path

        def work(_progress: Progress) -> "Backup | None":
            from segmark.store.file.backup import back_up_daily

            return back_up_daily(project)

        task = Task("Backup", work)
        task.failed.connect(self._not_backed_up)
        self._window.background.start(task)

    def look_over(self) -> None:
        """Look quickly whether the file is whole; it was not closed properly the last time."""
        session = self._window.session
        if session is None:
            return
        project = session.store.path

        def work(progress: Progress) -> str:
            from segmark.store.safety.check import quick_problem

            return quick_problem(project, progress)

        task = Task("Looking over the project", work)
        task.finished.connect(lambda problem: self._looked_over(project, problem))
        task.failed.connect(self._window.status.tell)
        self._window.background.start(task)

    def _looked_over(self, project: Path, problem: str) -> None:
        session = self._window.session
        if problem and session and session.store.path == project:
            told = (
                f"{project.name} was not closed properly, and is damaged: {problem}. "
                "Go back to a backup, or save what is healthy with: segmark check --repair"
            )
            restore = Notice(told, "Restore a backup…", lambda: self._window.run("file.restore"))
            self.notice.show_notice(restore)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let go of the project when the window closes."""
        if watched is self._window and event.type() == QEvent.Type.Close:
            self.release()
        return super().eventFilter(watched, event)

    def _not_backed_up(self, line: str) -> None:
        self._next.stop()
        self.notice.show_notice(
            Notice(f"The daily backup was not made. {line}", "Try again", self._try_again)
        )

    def _try_again(self) -> None:
        self.notice.show_notice(None)
        self._next.start()
        self.back_up_if_due()

    def _notice_of(self, store: Store) -> Notice | None:
        if store.read_only:
            told = f"{store.path.name} is open for reading only: {store.read_only}."
            return Notice(told, "Work on a copy…", self._copy)
        if place := risky_place(store.path):
            told = f"{store.path.name} lies on {place.name}. {place.danger}"
            return Notice(told, "Work on a local copy…", self._copy)
        return None
