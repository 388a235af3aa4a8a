"""The commands of the page list, for one session."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog

from segmark.core import page_change
from segmark.core.page_change import PageChange
from segmark.gui.acts.word_index import WordIndexer
from segmark.gui.base.plain_words import in_stored_order
from segmark.gui.window.main_window import MainWindow
from segmark.gui.window.undo_notice import UndoNotice
from segmark.session.session import Session

_MAX_SITES = 500
_MAX_COPIED = 1_000  # file names


class ListActs:
    """Acts on the pages that are selected in the list, and on the list itself."""

    def __init__(self, window: MainWindow, session: Session, indexer: WordIndexer) -> None:
        self._window = window
        self._session = session
        self._indexer = indexer
        self._list = window.panels.pages
        self._removal = UndoNotice(window, session)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The function of each command, by the command's id."""
        return {
            "list.search": self._list.header.search,
            "list.filter": self._list.header.open_filters,
            "list.order": self._list.header.order.open_menu,
            "list.skip": lambda: self._change(page_change.skip_pages),
            "list.reopen": lambda: self._change(page_change.reopen_pages),
            "list.flag": self.flag,
            "list.unflag": lambda: self._change(partial(page_change.flag_pages, flagged=False)),
            "list.site": self.give_site,
            "list.remove": self.remove,
            "list.restore": lambda: self._change(partial(page_change.remove_pages, removed=False)),
            "list.copy_names": self.copy_names,
            "list.index": partial(self._indexer.index, self._session),
        }

    def flag(self) -> None:
        """Flag the selected pages, or remove their flags if all of them are flagged."""
        if not self._change(partial(page_change.flag_pages, flagged=True), quiet=True):
            self._change(partial(page_change.flag_pages, flagged=False))

    def give_site(self) -> None:
        """Ask for a site, and set it for the selected pages."""
        pages, store = self._pages(), self._session.store
        if not pages:
            return
        sites = store.pages.sites(_MAX_SITES)
        own = store.pages.rows(self._session.annotator, pages[:1])[0].site
        at = sites.index(own) if own in sites else 0
        what = f"Site of {page_change.pages(len(pages))}:"
        site, given = QInputDialog.getItem(self._window, "Give a site", what, sites, at, True)
        if given:
            self._change(partial(page_change.give_site, site=site.strip()), pages)

    def copy_names(self) -> None:
        """Copy the names of the files of the selected pages, one a line, in load order."""
        numbers = self._pages()
        copied = self._session.store.pages.rows(self._session.annotator, numbers[:_MAX_COPIED])
        if not copied:
            return
        QGuiApplication.clipboard().setText("\n".join(row.source for row in copied))
        what = copied[0].source if len(copied) == 1 else f"the names of {len(copied):,} files"
        more = f" Only the first {_MAX_COPIED:,} are copied." if len(numbers) > _MAX_COPIED else ""
        self._window.status.show_message(f"Copied {in_stored_order(what)}.{more}")

    def remove(self) -> None:
        """Remove the selected pages, and offer to restore them."""
        changed = self._change(partial(page_change.remove_pages, removed=True))
        if changed:
            self._removal.show(f"{page_change.pages(changed)} removed.".capitalize())

    def _pages(self) -> Sequence[int]:
        """The selected pages, or else the open one."""
        selected, opened = self._list.selected, self._session.open_page
        if len(selected) > 1 or self._list.view.hasFocus() or opened is None:
            return selected
        return [opened.number]

    def _change(
        self,
        make: Callable[[int], PageChange],
        pages: Sequence[int] | None = None,
        *,
        quiet: bool = False,
    ) -> int:
        """Change the selected pages, and return how many of them changed."""
        chosen = self._pages() if pages is None else pages
        if not chosen:
            return 0
        change = make(len(chosen))
        changed = self._session.change_pages(chosen, change)
        if changed or not quiet:
            done = f"Done: {change.title}." if changed else "Nothing changed."
            self._window.status.show_message(done)
        return changed
