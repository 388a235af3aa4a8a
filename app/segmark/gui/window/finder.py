"""Find in page: the hits of the find bar, highlighted and counted in the view."""

from bisect import bisect_left
from collections.abc import Callable

from segmark.core.text.search import find_all
from segmark.gui.page.find_bar import FindBar
from segmark.gui.page.view import PageView

_MAX_HITS = 10_000  # more hits are neither highlighted nor counted


class Finder:
    """Connects a find bar to a view; offsets are code points of the page's text.

    ``show_range`` opens the folds that hide a range.
    """

    def __init__(
        self, view: PageView, bar: FindBar, show_range: Callable[[int, int], object]
    ) -> None:
        self._view = view
        self._bar = bar
        self._show_range = show_range
        self._text = ""
        self._hits: list[tuple[int, int]] = []
        #: The hit that is marked with the bar closed, by its start.
        self._marked: int | None = None
        bar.searched.connect(self._search)
        bar.step.connect(self.step)
        bar.closed.connect(self._leave)
        view.selection_changed.connect(self._on_moved)

    def set_text(self, text: str) -> None:
        """Search this text from now on."""
        self._text = text
        if self._bar.isVisible():
            self._search(self._bar.text, self._bar.match_case)
        else:
            self._clear_hits()

    def step(self, direction: int) -> None:
        """Go to the next (+1) or previous (-1) hit from the caret, wrapping around."""
        if not self._hits and self._bar.text:
            self._hits = self._find(self._bar.text, self._bar.match_case)
        if not self._hits:
            return
        anchor, caret = self._view.selection
        starts = [start for start, _ in self._hits]
        if direction > 0:
            at = bisect_left(starts, min(anchor, caret) + 1)
        else:
            at = bisect_left(starts, min(anchor, caret)) - 1
        self._show(at % len(self._hits))

    def _search(self, needle: str, match_case: bool) -> None:
        self._hits = self._find(needle, match_case)
        if not self._hits:
            self._view.set_hits((), None)
            self._bar.show_count(0, 0)
            return
        at = bisect_left(self._hits, (min(self._view.selection), 0))
        self._show(at % len(self._hits))

    def _find(self, needle: str, match_case: bool) -> list[tuple[int, int]]:
        if not needle.strip():
            return []
        return find_all(self._text, needle, match_case=match_case, limit=_MAX_HITS)

    def _show(self, at: int) -> None:
        start, end = self._hits[at]
        self._show_range(start, end)
        if self._bar.isVisible():
            self._view.set_hits(self._hits, at)
            self._view.select(start, end)
        else:
            # The keys act on the page: on the hit's block, not on the hit alone. Only the hit is
            # marked, and only until the caret moves on.
            self._view.select(start, start)
            self._view.set_hits(self._hits[at : at + 1], 0)
            self._marked = start
        self._bar.show_count(at + 1, len(self._hits), more=len(self._hits) == _MAX_HITS)

    def _on_moved(self) -> None:
        if self._marked is not None and self._view.selection != (self._marked, self._marked):
            self.unmark()

    def unmark(self) -> None:
        """Remove the mark of a hit that was reached with the bar closed."""
        if self._marked is not None:
            self._marked = None
            self._view.set_hits((), None)

    def _leave(self) -> None:
        """Put the caret into the block of the hit, with nothing selected."""
        start, end = sorted(self._view.selection)
        if (start, end) in self._hits:
            self._view.place(start, start)
        self._clear_hits()

    def _clear_hits(self) -> None:
        self._hits, self._marked = [], None
        self._view.set_hits((), None)
