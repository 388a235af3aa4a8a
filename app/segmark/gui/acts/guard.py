"""ProjectGuard: prevents two windows from writing to one project."""

from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import Qt

from segmark.gui.window.main_window import MainWindow
from segmark.store.file import lock
from segmark.store.file.lock import Holder, ProjectLock
from segmark.store.store import Store


class LockChoice(Enum):
    """What to do with a project that somebody else has open."""

    READ = auto()
    TAKE_OVER = auto()
    LEAVE = auto()


AskAboutLock = Callable[[MainWindow, Path, Holder], LockChoice]


def ask_about_lock(window: MainWindow, project: Path, holder: Holder) -> LockChoice:
    """Show who has the project open, and ask what to do.

    Only a lock of another computer can be taken over: on this computer, the program knows whether
    the holder still runs.
    """
    from PySide6.QtWidgets import QMessageBox

    from segmark.gui.base.message_box import MessageBox

    box = MessageBox(QMessageBox.Icon.Information, "Open project", "", parent=window)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"{project.name} is open in another window.")
    words = f"{holder} has it open. You can read it here, and you see their changes."
    if not holder.is_here:
        words += f" Take it over only if Segmark no longer runs on {holder.host}."
    box.setInformativeText(words)
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


class ProjectGuard:
    """Holds the lock of the project that one window has open.

    ``ask`` is called for a project that somebody else has open.
    """

    def __init__(self, window: MainWindow, ask: AskAboutLock = ask_about_lock) -> None:
        self._window = window
        self._ask = ask
        self._lock: ProjectLock | None = None

    @property
    def left_open(self) -> bool:
        """Whether the last window on the project did not close it properly."""
        return bool(self._lock and (self._lock.left_by or self._lock.problem))

    @property
    def lock_problem(self) -> str:
        """Why the lock file that was there could not be read, as a sentence; "" if it could."""
        return self._lock.problem if self._lock else ""

    def holds(self, project: Path) -> bool:
        """Whether this window has the project open for writing."""
        return self._lock is not None and self._lock.is_on(project)

    def admit(self, store: Store, annotator: str) -> Store | None:
        """Lock the project, and return the store to work on.

        If somebody else has the project open, that is a store for reading only or None, as ``ask``
        decides. A store that is not returned is closed.

        Raises:
            StoreError: the project can't be opened for reading.
        """
        if self.holds(store.path) and not store.read_only:
            return store
        held = None if store.read_only else lock.take(store.path, annotator)
        if isinstance(held, Holder):
            answer = self._ask(self._window, store.path, held)
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

    def release(self) -> None:
        """Release the lock of the project, if it is held."""
        if self._lock:
            self._lock.release()
            self._lock = None
