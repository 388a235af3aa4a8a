"""DisplacementWatch: loses nothing when the open project's file is renamed, replaced or removed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer
from PySide6.QtWidgets import QMessageBox

from segmark.environment import settings
from segmark.gui.base.message_box import MessageBox
from segmark.gui.base.plain_words import plain_words
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.notice_bar import Notice
from segmark.store.errors import StoreError
from segmark.store.file.backup import free_name
from segmark.store.file.displaced import Displaced, Displacement
from segmark.store.file.reading import may_read
from segmark.store.store import Store

_WATCH_AFTER = 500  # milliseconds: the page comes first
_TITLE = "Where to go on"


class DisplacementWatch(QObject):
    """Watches the file of an open project; the store itself checks it before every act.

    Attributes:
        saved: the file that the work was saved to, or that was renamed; None before that.
    """

    def __init__(
        self, window: MainWindow, store: Store, open_path: Callable[[Path], object]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._open_path = open_path
        self._watcher: QFileSystemWatcher | None = None
        self._begin = QTimer(self, singleShot=True, interval=_WATCH_AFTER)
        self._begin.timeout.connect(self._watch)
        self.saved: Path | None = None
        if not self._store.read_only:
            window.displaced.connect(self.look)
            self._begin.start()

    def close(self) -> None:
        """End, and save what would be lost with the connection."""
        self._begin.stop()
        if not self._store.read_only:
            self.look()
        self.deleteLater()

    def look(self) -> None:
        """Check whether the file is still in its place; act if it is not."""
        if self.saved:
            return
        if found := self._store.displaced:
            self._store.read_only = f"its file was {found.what.name.lower()} while it was open"
            self._window.stop_writing()
            self._rescue(found)
        elif self._watcher:
            self._watch_paths(self._watcher)

    def _watch(self) -> None:
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self.look)
        self._watcher.directoryChanged.connect(self.look)
        self._watch_paths(self._watcher)
        self.look()

    def _watch_paths(self, watcher: QFileSystemWatcher) -> None:
        path = self._store.path.absolute()
        watched = {*watcher.files(), *watcher.directories()}
        # A file that was replaced is no longer watched, so it is added again.
        for name in (str(path), str(path.parent)):
            if name not in watched and may_read(Path(name)):
                watcher.addPath(name)

    def _rescue(self, found: Displaced) -> None:
        """Bring everything to where it can be opened, and tell the annotator."""
        name = found.path.name
        try:
            if found.now and self._brought_home(found):
                self.saved = found.now
            else:
                if found.what is Displacement.REPLACED:
                    self._store.set_log_aside()
                self.saved = self._save(found.path)
        except StoreError as error:
            self._show(
                f"{name} was {found.what.name.lower()} while it was open, and your work could not "
                f"be saved: {error}. Do not close this window before it is.",
                "Try again",
                partial(self._rescue, found),
            )
            return
        if self.saved == found.now:
            self._show(
                f"{name} was renamed to {self.saved.name} while it was open. "
                "All your work is in it.",
                f"Go on in {self.saved.name}",
                partial(self._open_path, self.saved),
            )
            return
        what = {Displacement.REPLACED: "replaced by another file"}.get(
            found.what, found.what.name.lower()
        )
        self._show(
            f"{name} was {what} while it was open. All your work is saved in {self.saved}.",
            f"{_TITLE}…",
            partial(self._choose, found, self.saved),
        )

    def _brought_home(self, found: Displaced) -> bool:
        try:
            self._store.bring_home(found)
        except StoreError:
            return False
        return True

    def _save(self, project: Path) -> Path:
        """Save the work beside the project, or else in the program's own folder.

        Raises:
            StoreError: neither is possible.
        """
        last = StoreError(f"{project}: there is no folder to save it in")
        for folder in (project.absolute().parent, settings.data_folder()):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                path = free_name(folder, f"{project.stem}-recovered", project.suffix)
                self._store.save_to(path)
            except OSError as error:
                last = StoreError(f"{folder}: {error.strerror}")
            except StoreError as error:
                last = error
            else:
                return path
        raise last

    def _show(self, words: str, button: str, act: Callable[[], object]) -> None:
        self._window.notice.show_notice(Notice(words, button, act))

    def _choose(self, found: Displaced, saved: Path) -> None:
        """Ask which file to go on in."""
        path = found.path
        box = MessageBox(QMessageBox.Icon.Question, _TITLE, "", parent=self._window)
        there = path.exists()
        words = (
            f"{path.name} now holds other work. {saved.name} holds yours."
            if there
            else f"{path.name} is gone. {saved.name} holds all its pages and your work."
        )
        box.setText(plain_words(words))
        go_on = box.addButton(f"Go on in {saved.name}", QMessageBox.ButtonRole.AcceptRole)
        second = box.addButton(
            f"Merge my work into {path.name}" if there else f"Put it back as {path.name}",
            QMessageBox.ButtonRole.ActionRole,
        )
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(go_on)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is go_on:
            self._open_path(saved)
        elif clicked is second:
            (self.merge if there else self.put_back)(path, saved)

    def merge(self, path: Path, saved: Path) -> None:
        """Bring the work into the file that replaced the project, and open that."""
        from segmark.store.safety.merging import merge

        session = self._window.session
        own = session.annotator if session else ""
        try:
            done = self._window.wait_for(
                "Merging", lambda _progress: merge(saved, path, own), f"Merging {saved.name} …"
            )
        except StoreError as error:
            self._window.warn(_TITLE, str(error))
            return
        window = self._window
        if self._open_path(path) and done:
            if not done.is_whole:
                window.warn(_TITLE, f"{done} {saved.name} still holds all of it.")
            window.status.show_message(str(done))

    def put_back(self, path: Path, saved: Path) -> None:
        """Give the saved file the project's old name, and open it."""
        try:
            if path.exists():
                raise FileExistsError(f"{path}: there is a file again")
            saved.rename(path)
        except OSError as error:
            self._window.warn(_TITLE, f"{path}: {error.strerror or error}")
            return
        self._open_path(path)
