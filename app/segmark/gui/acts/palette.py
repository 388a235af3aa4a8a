"""The command palette: what it offers, and finding pages for it beside the window."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Lock

from segmark.core.progress import Progress
from segmark.core.queue import PageFilter
from segmark.gui.dialogs.help_pages import HelpPages
from segmark.gui.dialogs.palette import Choice, CommandPalette
from segmark.gui.window.main_window import MainWindow
from segmark.store.store import Store

_MAX_SITES = 500
_MAX_PAGES = 20
_LEAST = 2  # letters that pages are searched by


def show_palette(window: MainWindow, show_help: Callable[[str], object]) -> None:
    """Open the palette, and run what is chosen once it is closed.

    ``show_help`` shows a page of the help, given by the name of its file.
    """
    palette = CommandPalette([*_commands(window), *_sites(window), *_help(show_help)], window)
    finder = _PageFinder(window, palette)
    palette.searched.connect(finder.find)
    palette.exec()
    finder.stop()
    palette.deleteLater()
    if palette.chosen:
        palette.chosen.act()


def _commands(window: MainWindow) -> Iterator[Choice]:
    actions = window.actions_by_id
    for name in actions:
        if actions[name].isEnabled():
            command = actions.command(name)
            title = f"{command.menu}: {command.title}" if command.menu else command.title
            yield Choice(title, ", ".join(actions.keys_text(name)), partial(window.run, name))


def _sites(window: MainWindow) -> Iterator[Choice]:
    session = window.session
    for site in session.store.pages.sites(_MAX_SITES) if session else ():
        narrow = partial(window.panels.pages.header.narrow, PageFilter(site=site))
        yield Choice(f"Site: {site}", "only its pages", narrow)


def _help(show_help: Callable[[str], object]) -> Iterator[Choice]:
    pages = HelpPages()
    for name in pages:
        yield Choice(f"Help page: {pages.title(name)}", "", partial(show_help, name))


class _PageFinder:
    """Finds pages by their title, site or file, in a thread with a connection of its own."""

    def __init__(self, window: MainWindow, palette: CommandPalette) -> None:
        self._window = window
        self._palette = palette
        self._words = ""
        self._reading: Store | None = None
        self._lock = Lock()

    def find(self, words: str) -> None:
        """Find pages for these words in place of earlier ones."""
        self.stop()
        session = self._window.session
        if session is None or len(words) < _LEAST:
            return
        self._words, path = words, session.store.path

        def work(_progress: Progress) -> list[tuple[int, str, str]]:
            with Store.open_for_reading(path) as store:
                self._read_with(store)
                try:
                    return store.pages.find(words, _MAX_PAGES) if words == self._words else []
                finally:
                    self._read_with(None)

        self._window.do_in_background(
            "Find pages", work, partial(self._show, words), failed=lambda _why: None
        )

    def stop(self) -> None:
        """Stop searching."""
        self._words = ""
        with self._lock:
            if self._reading is not None:
                self._reading.interrupt()

    def _read_with(self, store: Store | None) -> None:
        """Note which connection is searching, while it is open."""
        with self._lock:
            self._reading = store

    def _show(self, words: str, found: list[tuple[int, str, str]]) -> None:
        session = self._window.session
        if session and words == self._words:
            self._palette.show_pages(
                words,
                [
                    Choice(
                        f"Page: {title or source}",
                        source,
                        partial(self._window.attempt, partial(session.open, number)),
                    )
                    for number, title, source in found
                ],
            )
