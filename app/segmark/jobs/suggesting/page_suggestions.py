"""The suggestions of the open page: accept, reject and navigate them, and store their verdicts."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from segmark.core.annotation import Status
from segmark.core.caret import Selection, next_unlabelled, previous_unlabelled
from segmark.core.edit import accept, change_state
from segmark.core.suggestion import Suggestion, still_open
from segmark.jobs.suggesting.verdicts import Verdicts
from segmark.session.events import Edited, PageOpened, SessionEvent
from segmark.session.session import Session
from segmark.store.suggestions import NOTHING, Offer
from segmark.suggestion.likely_text import likely_text, walk_stops


def is_blind(page_id: str, seed: str, share: float) -> bool:
    """Whether a page's suggestions are kept back, to measure how good unseen suggestions are.

    The result depends only on the page's id and the project's seed; ``share`` is the share of
    blind pages, 0 to 1.
    """
    digest = sha256(f"blind\0{seed}\0{page_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


class PageSuggestions:
    """The suggestions of the session's open page.

    ``accept`` and ``reject`` take the selection and return the selection to set afterwards. New
    suggestions are passed to ``offer``. ``verdicts.store`` is the session's ``in_transaction``;
    ``changed`` is called whenever the open suggestions change.

    Attributes:
        policy: how the project uses suggestions.
        wanted: whether the annotator wants to see suggestions.
        awaited: whether new suggestions are made for every page that is not started. Earlier ones
            of such a page are then not shown, because they would soon change.
    """

    def __init__(
        self,
        session: Session,
        verdicts: Verdicts,
        *,
        wanted: bool = True,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self._session = session
        self._verdicts = verdicts
        self._changed = changed
        self.wanted = wanted
        self.awaited = False
        self.policy = session.store.suggestions.policy
        session.subscribe(self._on_event)

    @property
    def on(self) -> bool:
        """Whether the project uses suggestions and the annotator wants them."""
        return self.wanted and self.policy.on

    @property
    def open(self) -> tuple[Suggestion, ...]:
        """The suggestions of the open page that have no verdict yet, in page order."""
        opened = self._session.open_page
        return still_open(self._verdicts.offer.shown, opened.annotation) if opened else ()

    @property
    def opening_caret(self) -> Selection:
        """The caret when the page opens: at the first suggestion, else where the session puts it.

        A page that the annotator comes back to opens where it was left.
        """
        session, waiting = self._session, self.open
        if not waiting or not session.opens_at_work or session.left_caret:
            return session.opening_caret
        if self.policy.least_sure_first:
            return Selection.at(_next_by_doubt(waiting, None, 1))
        return Selection.at(waiting[0].span.start)

    @property
    def offer_made(self) -> Offer:
        """What was suggested on the open page, shown or kept back."""
        return self._verdicts.offer

    @property
    def offered(self) -> bool:
        """Whether suggestions were made for the open page, shown or kept back."""
        return bool(self._verdicts.offer.suggestions)

    def want(self, wanted: bool) -> None:
        """Set whether this annotator wants suggestions, and read the project's policy again.

        The suggestions of the open page are removed; they have to be offered again.
        """
        self.wanted = wanted
        self.policy = self._session.store.suggestions.policy
        self._show(NOTHING)

    def next_unsettled(self, selection: Selection, step: int) -> int | None:
        """Return where the next (+1) or previous (-1) thing to settle begins; wraps around.

        That is an open suggestion, or a block with neither a label nor a suggestion, menus and the
        like left out (``walk_stops``). If the policy says so, suggestions come first, in order of
        confidence, the lowest first.
        """
        opened, waiting = self._session.open_page, self.open
        if opened is None:
            return None
        if waiting and self.policy.least_sure_first:
            return _next_by_doubt(waiting, self.at(selection), step)
        spans = sorted([*opened.annotation.spans, *(one.span for one in waiting)])
        find = next_unlabelled if step > 0 else previous_unlabelled
        stops = walk_stops(opened.page)
        block = find(opened.page, spans, selection.caret, among=stops, wrap=True)
        found = [one.span.start for one in waiting] + ([] if block is None else [block])
        ahead = [at for at in found if (at - selection.caret) * step > 0]
        return min(ahead or found, key=lambda at: at * step, default=None)

    def next_likely(self, selection: Selection, step: int) -> int | None:
        """Return where the next (+1) or previous (-1) block that reads like text begins."""
        opened = self._session.open_page
        here = opened.page.block_at(selection.caret) if opened else None
        if opened is None or here is None:
            return None
        likely = likely_text(opened.page)
        ahead = [index for index in likely if (index - here) * step > 0]
        found = min(ahead, key=lambda index: index * step, default=None)
        return None if found is None else opened.page.blocks[found].start

    def at(self, selection: Selection) -> Suggestion | None:
        """Return the open suggestion at the caret, or else the first one in its block."""
        opened = self._session.open_page
        if opened is None:
            return None
        offset, waiting = selection.caret, self.open
        here = [one for one in waiting if one.span.start <= offset <= one.span.end]
        if here:
            return here[-1]
        index = opened.page.block_at(offset)
        if index is None:
            return None
        block = opened.page.blocks[index]
        inside = (one for one in waiting if block.start <= one.span.start < block.end)
        return next(inside, None)

    def offer(self, number: int, offer: Offer) -> None:
        """Show and store the suggestions for a page, if it is still open and not finished.

        A page that was drawn for an audit keeps those of the draw, which are not shown.
        """
        opened = self._session.open_page
        if opened is None or opened.number != number or opened.annotation.state.status.finished:
            return
        if not self.on or not (offer.suggestions or self._verdicts.offer.suggestions):
            return
        if self._session.store.audits.holds(opened.page.id, self._session.annotator):
            self._show(self._offered(number))
            return
        with self._session.store.write():
            self._session.store.suggestions.keep_offer(number, self._session.annotator, offer)
        self._show(offer)

    def accept(self, selection: Selection) -> Selection:
        """Accept the suggestion at the caret, and go to the next open one."""
        one, opened = self.at(selection), self._session.open_page
        if one is None or opened is None:
            return self._next(selection)
        self._session.do(
            accept(
                opened.page.text, opened.annotation, self._session.store.label_set, [one.span],
                f"Accept {self._name(one)}",
            )
        )  # fmt: skip
        return self._next(Selection.at(one.span.start))

    def reject(self, selection: Selection) -> Selection:
        """Reject the suggestion at the caret, and go to the next open one."""
        one, opened = self.at(selection), self._session.open_page
        if one is None or opened is None:
            return self._next(selection)
        state = opened.annotation.state
        rejected = tuple(sorted({*state.rejected, one.span}))
        started = Status.STARTED if state.status is Status.NEW else state.status
        self._session.do(
            change_state(
                opened.annotation,
                f"Reject {self._name(one)}",
                replace(state, rejected=rejected, status=started),
            )
        )
        return self._next(Selection.at(one.span.start))

    def _name(self, one: Suggestion) -> str:
        return self._session.store.label_set.name_of(one.span.label)

    def accept_all(self) -> int:
        """Accept all open suggestions of the page in one edit, and return how many there were."""
        return self._accept_all("Accept all suggestions", None)

    def finish(self) -> bool:
        """Accept all and mark the page done in one edit, then open the next unfinished page.

        False if there is none.
        """
        self._accept_all("Accept all, page done", Status.DONE)
        return self._session.step_unfinished(1)

    def _accept_all(self, title: str, status: Status | None) -> int:
        opened, waiting = self._session.open_page, self.open
        if opened is not None:
            spans = [one.span for one in waiting]
            text, labels = opened.page.text, self._session.store.label_set
            self._session.do(accept(text, opened.annotation, labels, spans, title, status))
        return len(waiting)

    def _next(self, selection: Selection) -> Selection:
        """Return the next open suggestion after the caret, wrapping around; else the selection."""
        starts = [one.span.start for one in self.open]
        after = [start for start in starts if start > selection.caret]
        there = next(iter(after or starts), None)
        return selection if there is None else Selection.at(there)

    def _show(self, offer: Offer) -> None:
        opened = self._session.open_page
        self._verdicts.begin(offer, opened.annotation if opened else None)
        self._changed()

    def _on_event(self, event: SessionEvent) -> None:
        opened = self._session.open_page
        if opened is None:
            return
        match event:
            case PageOpened(number):
                outdated = self.awaited and opened.annotation.state.status is Status.NEW
                self._show(self._offered(number) if self.on and not outdated else NOTHING)
            case Edited() if self._verdicts.offer.suggestions:
                self._verdicts.update(opened.annotation)
                self._changed()

    def _offered(self, number: int) -> Offer:
        session = self._session
        return session.store.suggestions.offered(number, session.annotator) or NOTHING


def _next_by_doubt(waiting: tuple[Suggestion, ...], here: Suggestion | None, step: int) -> int:
    """Return where the next suggestion begins in order of confidence, the lowest first."""
    order = sorted(waiting, key=lambda one: (one.confidence, one.span))
    at = order.index(here) + step if here else (0 if step > 0 else -1)
    return order[at % len(order)].span.start
