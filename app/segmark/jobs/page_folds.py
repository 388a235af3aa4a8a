"""PageFolds: the folds of the session's open page, and what the annotator has opened."""

from collections.abc import Callable, Sequence

from segmark.core.fold import Fold, Folding, fold, fold_at, hiding, is_long, refold, successive_runs
from segmark.core.page import Page
from segmark.core.span import Span, named
from segmark.jobs.suggesting.page_suggestions import PageSuggestions
from segmark.session.events import Edited, PageOpened, SessionEvent
from segmark.session.session import Session
from segmark.suggestion.likely_text import likely_text

#: A block is not folded if what is suggested for it, a label or none, is wrong with this
#: probability. Likely text is shown for any doubt.
_UNSURE = 0.15


class PageFolds:
    """The folds of the session's open page.

    Pages are folded when they open, and when their suggestions arrive. Afterwards an act only opens
    folds: nothing is hidden while the annotator works, unless the annotator folds it. What the
    annotator has opened stays open on its page, also in later sessions.

    Make it after ``suggesting``, because it follows the same session. ``changed`` is called when
    the folds of the open page have changed.

    Attributes:
        folds: sorted and disjoint.
        wanted: whether pages open folded, unless they are short.
    """

    def __init__(
        self,
        session: Session,
        suggesting: PageSuggestions,
        *,
        wanted: bool = True,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self.folds: tuple[Fold, ...] = ()
        self.wanted = wanted
        self._session = session
        self._suggesting = suggesting
        self._changed = changed
        self._number = 0  # the page that is folded
        self._spans: tuple[Span, ...] = ()
        self._suggested: tuple[Span, ...] = ()
        self._offer = suggesting.offer_made
        self._likely: frozenset[int] = frozenset()
        self._unsure: frozenset[int] = frozenset()
        session.subscribe(self._on_event)

    def at(self, block: int) -> Fold | None:
        """Return the fold that hides a block."""
        at = fold_at(self.folds, block)
        return None if at is None else self.folds[at]

    def toggle_all(self) -> bool:
        """Open all folds, or fold the page if there are none; False if there is nothing to fold."""
        number, page = self._open_page()
        if page is None:
            return False
        if self.folds:
            self._keep_opened(number, _all_blocks(page))
            self._set(())
            return True
        self._keep_opened(number, frozenset())
        self._set(self._all_folds(page))
        return bool(self.folds)

    def toggle_at(self, offset: int) -> bool:
        """Open the fold at an offset, or fold again what it belongs to; False for neither."""
        number, page = self._open_page()
        index = page.block_at(offset) if page else None
        if page is None or index is None:
            return False
        start, end, _ = page.blocks[index]
        if self.open(start, end):
            return True
        closed = hiding(self._all_folds(page, frozenset()), start, end)
        if not closed:
            return False
        self._keep_opened(number, self._opened_on(number, page) - _blocks(page, closed))
        others = (one for one in self.folds if not hiding(closed, one.start, one.stop))
        self._set(tuple(sorted([*others, *closed], key=lambda one: one.start)))
        return True

    def open(self, start: int, end: int) -> bool:
        """Open the folds that hide a part of a range of offsets; False if there are none."""
        number, page = self._open_page()
        found = hiding(self.folds, start, end)
        if page and found:
            self._keep_opened(number, self._opened_on(number, page) | _blocks(page, found))
            self._set(tuple(one for one in self.folds if one not in found))
        return bool(found)

    def update(self) -> None:
        """Take the labels and suggestions of the page as they are now."""
        number, page = self._open_page()
        if page is None or number != self._number:
            return  # the page is being opened
        if self._suggesting.offer_made is not self._offer:
            self._fold(page)
            return
        before = {*self._spans, *self._suggested}
        self._read()
        changed = before ^ {*self._spans, *self._suggested}
        if changed and self.folds:
            start, end = min(span.start for span in changed), max(span.end for span in changed)
            self._set(refold(self.folds, self._folding(page), page.blocks_in(start, end)))

    def _on_event(self, event: SessionEvent) -> None:
        number, page = self._open_page()
        match event:
            case PageOpened() if page:
                self._number = number
                self._fold(page)
            case Edited():
                self.update()

    def _open_page(self) -> tuple[int, Page | None]:
        opened = self._session.open_page
        return (opened.number, opened.page) if opened else (0, None)

    def _read(self) -> None:
        self._spans = self._session.spans
        self._suggested = tuple(one.span for one in self._suggesting.open)

    def _fold(self, page: Page) -> None:
        """Fold the page as it is now, except for what the annotator has opened."""
        self._offer = self._suggesting.offer_made
        self._read()
        self._judge(page)
        self._set(self._all_folds(page))

    def _all_folds(self, page: Page, opened: frozenset[int] | None = None) -> tuple[Fold, ...]:
        """The folds of the whole page; none if nothing at all speaks for any line of it."""
        folding = self._folding(page, opened)
        known = folding.spans or folding.suggested or self._likely or self._unsure
        return fold(folding) if known else ()

    def _folding(self, page: Page, opened: frozenset[int] | None = None) -> Folding:
        if opened is None:
            opened = self._opened_on(self._number, page)
        names = self._session.store.label_set.renamed
        return Folding(
            page, named(self._spans, names), named(self._suggested, names), self._likely,
            self._unsure | opened,
        )  # fmt: skip

    def _opened_on(self, number: int, page: Page) -> frozenset[int]:
        opened = self._session.unfolded.get(number)
        if opened is None:
            return frozenset() if self.wanted and is_long(page) else _all_blocks(page)
        every = range(len(page.blocks))
        return frozenset(
            index for run in opened for index in every[max(0, run.start) : max(0, run.stop)]
        )

    def _keep_opened(self, number: int, blocks: frozenset[int]) -> None:
        """Keep what the annotator has decided about a page; the page decided about last is last."""
        self._session.unfolded.pop(number, None)
        self._session.unfolded[number] = tuple(successive_runs(sorted(blocks)))

    def _judge(self, page: Page) -> None:
        """Take what speaks for the lines of the page: likely text, and the doubts of the model.

        Nothing of an offer that is kept back may be seen. Without doubts, all likely text is shown.
        """
        self._likely, self._unsure = likely_text(page), frozenset()
        if self._offer.blind:
            return
        doubts = self._offer.doubts
        if doubts is not None:
            self._likely = self._likely.intersection(doubts)
            self._unsure = frozenset(index for index, doubt in doubts.items() if doubt >= _UNSURE)
        kept_back = set(self._offer.suggestions).difference(self._offer.shown)
        self._unsure = self._unsure.union(
            index for one in kept_back for index in page.blocks_in(one.span.start, one.span.end)
        )

    def _set(self, folds: tuple[Fold, ...]) -> None:
        self.folds = folds
        self._changed()


def _blocks(page: Page, folds: Sequence[Fold]) -> frozenset[int]:
    """The blocks that the folds hide in whole or in part."""
    return frozenset(index for one in folds for index in page.blocks_in(one.start, one.stop))


def _all_blocks(page: Page) -> frozenset[int]:
    return frozenset(range(len(page.blocks)))
