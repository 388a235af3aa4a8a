"""LookActs: shows the page as it looked, in the person's own browser."""

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from segmark.core.progress import Progress
from segmark.export.page_look import HERE
from segmark.gui.window.main_window import MainWindow
from segmark.session.session import Session


class LookActs:
    """Writes the open page as a file that can neither load nor run anything, and opens it.

    The files are in a folder of their own, readable by their owner alone, until the window closes.
    """

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window = window
        self._session = session
        self._folder: Path | None = None
        self._remove: Callable[[], object] | None = None
        window.closing.connect(self._clear)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {"view.look": self.show}

    def show(self) -> None:
        """Open the page in the browser, at the caret."""
        from segmark.jobs.page_look import look_of

        session, caret = self._session, self._window.view.selection[1]
        if session.open_page is None:
            return
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="segmark-look-"))
            # Also if the window is never closed.
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, True)
        number, project, who = session.open_page.number, session.store.path, session.annotator
        file = self._folder / f"page-{number}.html"

        def work(_progress: Progress) -> Path:
            made = look_of(project, who, number, caret)
            file.write_text(made, encoding="utf-8", errors="replace")
            return file

        self._window.do_in_background("Page as it looked", work, self._open)

    def _open(self, file: Path) -> None:
        address = QUrl.fromLocalFile(str(file))
        address.setFragment(HERE)
        if QDesktopServices.openUrl(address):
            self._window.status.show_message("The page is in your browser, open at the caret.")
        else:
            self._window.status.show_message(
                f"No browser could be started; open this file in one: {file}"
            )

    def _clear(self) -> None:
        if self._remove is not None:
            self._remove()
        self._folder = None
