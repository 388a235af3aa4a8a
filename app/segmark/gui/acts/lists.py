"""What the commands do with the pages that are selected in the list, and with the list itself."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox

from segmark.core import page_change
from segmark.core.page_change import PageChange
from segmark.core.progress import Progress
from segmark.gui.base.plain_words import plain_words
from segmark.gui.base.tasks import Task
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.notice_bar import Notice, NoticeBar
from segmark.session.session import Session
from segmark.store.annotations import ManyAct
from segmark.store.store import Store

#: An act on so few pages is done at once.
_FEW_PAGES = 1_000
_MOST_SITES = 500
_INDEXING = "Indexing the text"
_MENU = ("list.skip", "list.flag", "list.unflag", "list.site", "", "list.remove", "list.restore")


class ListActs:
    """The commands of the page list, for one window. ``notice`` is the strip above the page."""

    def __init__(self, window: MainWindow, notice: NoticeBar) -> None:
        self._window = window
        self._notice = notice
        self._list = window.panels.pages
        self._indexed: Path | None = None  # the project whose words are, or were, being indexed
        window.add_handlers(self.handlers())
        window.session_changed.connect(self._join)
        self._list.menu_wanted.connect(self.show_menu)
        self._list.told.connect(window.status.tell)
        self._list.header.index_wanted.connect(self.index_words)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What to call for each command, by the command's id."""
        return {
            "list.search": self._list.header.search,
            "list.filter": self._list.header.open_filters,
            "list.order": self._list.header.order.open_menu,
            "list.skip": lambda: self._change(page_change.skip_pages),
            "list.flag": self.flag,
            "list.unflag": lambda: self._change(partial(page_change.flag_pages, flagged=False)),
            "list.site": self.give_site,
            "list.remove": self.remove,
            "list.restore": lambda: self._change(partial(page_change.remove_pages, removed=False)),
        }

    def show_menu(self, at: QPoint) -> None:
        """The menu of the selected pages, at a point of the screen."""
        if self._window.session is None:
            return
        menu = QMenu(self._window)
        for name in _MENU:
            if name:
                menu.addAction(self._window.actions_by_id[name])
            else:
                menu.addSeparator()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def flag(self) -> None:
        """Flag the selected pages; where all of them are, take the flags off."""
        if not self._change(partial(page_change.flag_pages, flagged=True), quiet=True):
            self._change(partial(page_change.flag_pages, flagged=False))

    def give_site(self) -> None:
        """Ask for a site, and give it to the selected pages."""
        session, pages = self._window.session, self._pages()
        if session is None or not pages:
            return
        sites = session.store.pages.sites(_MOST_SITES)
        own = session.store.pages.rows(session.annotator, pages[:1])[0].site
        at = sites.index(own) if own in sites else 0
        what = f"Site of {page_change.pages(len(pages))}:"
        site, given = QInputDialog.getItem(self._window, "Give a site", what, sites, at, True)
        if given:
            self._change(partial(page_change.give_site, site=site.strip()), pages)

    def remove(self) -> None:
        """Remove the selected pages, and offer to bring them back."""
        changed = self._change(partial(page_change.remove_pages, removed=True))
        if changed:
            words = f"{page_change.pages(changed)} removed.".capitalize()
            self._notice.show_notice(Notice(words, "Undo", self._bring_back))

    def _bring_back(self) -> None:
        self._notice.show_notice(None)
        self._window.run("edit.undo")

    def _pages(self) -> Sequence[int]:
        """The selected pages, or else the one that is open."""
        session = self._window.session
        selected = self._list.selected
        opened = [session.open_page.number] if session and session.open_page else []
        return selected if len(selected) > 1 or self._list.view.hasFocus() else opened or selected

    def _change(
        self,
        make: Callable[[int], PageChange],
        pages: Sequence[int] | None = None,
        *,
        quiet: bool = False,
    ) -> int:
        """Change the selected pages; how many were not so already."""
        session = self._window.session
        chosen = self._pages() if pages is None else pages
        if session is None or not chosen:
            return 0
        change = make(len(chosen))
        changed = session.change_pages(chosen, change)
        if changed or not quiet:
            done = f"Done: {change.title}." if changed else "Nothing changed."
            self._window.status.tell(done)
        return changed

    # Work beside the window

    def _join(self) -> None:
        session = self._window.session
        self._notice.show_notice(None)
        if session is not None:
            session.carry_out = partial(self._carry_out, session)

    def _carry_out(self, session: Session, pages: int, act: ManyAct) -> int:
        """Do an act on many pages; on very many in a thread, behind a dialog that can stop it."""
        if pages <= _FEW_PAGES:
            return act(session.store.annotations(session.annotator), None)
        from segmark.gui.base.waiting import wait_for

        path, annotator = session.store.path, session.annotator

        def work(progress: Progress) -> int:
            with Store.open(path) as store:
                return act(store.annotations(annotator), progress)

        words = f"Changing {page_change.pages(pages)} …"
        task, background = Task("Pages", work), self._window.background
        changed = wait_for(task, words, background, self._window, total=pages, cancel="Cancel")
        return changed if isinstance(changed, int) else 0

    def index_words(self) -> None:
        """Make the index of words beside the labelling; the text can be searched once it is."""
        session, header = self._window.session, self._list.header
        if session is None:
            return
        if session.store.read_only:
            header.search_text(ready=False)
            self._window.status.tell("The text can't be indexed: the project is for reading only.")
            return
        path = session.store.path
        if any(task.name == _INDEXING for task in self._window.background.running):
            if self._indexed != path:
                header.search_text(ready=False)
                self._window.status.tell("Another project is being indexed; search again later.")
            return
        self._indexed = path

        def ended(*, ready: bool) -> None:
            if self._window.session is session:
                header.search_text(ready=ready)

        def work(progress: Progress) -> None:
            from segmark.jobs.index_words import index_words

            with Store.open(path) as store:
                store.write_in_bulk()
                index_words(store, progress, rest=True)

        task = Task(_INDEXING, work)
        task.finished.connect(lambda _: ended(ready=True))
        task.cancelled.connect(lambda: ended(ready=False))
        task.failed.connect(lambda _: ended(ready=False))
        task.failed.connect(
            lambda line: QMessageBox.warning(self._window, "Index", plain_words(line))
        )
        self._window.task_progress.follow(task)
        self._window.background.start(task)
