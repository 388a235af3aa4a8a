"""The suggestions of the page that an annotator is on: accepting, refusing, what became of them."""

import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from app.core.annotation import Annotation, Status
from app.core.caret import Selection
from app.core.edit import accept, change_state
from app.core.span import Span
from app.core.suggestion import Suggestion, still_open, verdict
from app.session import Edited, Event, PageOpened, Session
from app.store.suggestions import Judged, Offer


def is_blind(page_id: str, seed: str, share: float) -> bool:
    """Whether a page's suggestions are kept back, to measure how good they are without being seen.

    Decided by the page's id and the project's seed alone; ``share`` of all pages are, 0 to 1.
    """
    digest = sha256(f"blind\0{seed}\0{page_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


class Suggesting:
    """What is suggested on the session's open page.

    Acts take the selection and return where it is to be afterwards. Whoever makes suggestions
    hands them over with ``offer``; ``changed`` is called whenever the open ones are others.
    """

    def __init__(self, session: Session, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session
        self._clock = clock
        self._offer = Offer(())
        self._shown_at = 0.0
        self._settled: dict[Span, float] = {}
        self.changed: Callable[[], None] = lambda: None
        session.subscribe(self._on_event)

    @property
    def open(self) -> tuple[Suggestion, ...]:
        """The suggestions of the open page that wait for a verdict, in page order."""
        opened = self._session.open_page
        if opened is None or self._offer.blind:
            return ()
        return still_open(self._offer.suggestions, opened.annotation)

    @property
    def offered(self) -> bool:
        """Whether suggestions were made for the open page, shown or kept back."""
        return bool(self._offer.suggestions)

    def least_sure(self) -> Suggestion | None:
        """The open suggestion with the least confidence."""
        return min(self.open, key=lambda one: one.confidence, default=None)

    def at(self, selection: Selection) -> Suggestion | None:
        """The open suggestion at the caret, or in its block."""
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
        """Take what is suggested for a page, and keep it; nothing happens if it was left."""
        opened = self._session.open_page
        if opened is None or opened.number != number or opened.annotation.state.status.finished:
            return
        with self._session.store.write():
            self._session.store.suggestions.keep_offer(number, self._session.annotator, offer)
        self._show(offer)

    def accept(self, selection: Selection) -> Selection:
        """Label the suggestion at the caret as suggested, and go to the next open one."""
        one, opened = self.at(selection), self._session.open_page
        if one is None or opened is None:
            return self._next(selection)
        self._session.do(
            accept(
                opened.page.text, opened.annotation, self._session.labels, [one.span],
                f"Accept {one.span.label}",
            )
        )  # fmt: skip
        return self._next(Selection.at(one.span.start))

    def reject(self, selection: Selection) -> Selection:
        """Refuse the suggestion at the caret, and go to the next open one."""
        one, opened = self.at(selection), self._session.open_page
        if one is None or opened is None:
            return self._next(selection)
        state = opened.annotation.state
        rejected = tuple(sorted({*state.rejected, one.span}))
        started = Status.STARTED if state.status is Status.NEW else state.status
        self._session.do(
            change_state(
                opened.annotation,
                f"Reject {one.span.label}",
                replace(state, rejected=rejected, status=started),
            )
        )
        return self._next(Selection.at(one.span.start))

    def accept_all(self) -> int:
        """Accept every open suggestion of the page in one act; how many there were."""
        return self._accept_all("Accept all suggestions", None)

    def finish(self) -> bool:
        """Accept all and mark the page done in one act, then open the next that is not.

        False when it was the last.
        """
        self._accept_all("Accept all, page done", Status.DONE)
        return self._session.step_unfinished(1)

    def _accept_all(self, title: str, status: Status | None) -> int:
        opened, waiting = self._session.open_page, self.open
        if opened is not None:
            spans = [one.span for one in waiting]
            text, labels = opened.page.text, self._session.labels
            self._session.do(accept(text, opened.annotation, labels, spans, title, status))
        return len(waiting)

    def _next(self, selection: Selection) -> Selection:
        """The next open suggestion after the caret, round the end; else where it is."""
        starts = [one.span.start for one in self.open]
        after = [start for start in starts if start > selection.caret]
        there = next(iter(after or starts), None)
        return selection if there is None else Selection.at(there)

    def _show(self, offer: Offer) -> None:
        self._offer, self._shown_at, self._settled = offer, self._clock(), {}
        self.changed()

    def _on_event(self, event: Event) -> None:
        opened = self._session.open_page
        if opened is None:
            return
        match event:
            case PageOpened(number):
                offered = self._session.store.suggestions.offered(number, self._session.annotator)
                self._show(offered or Offer(()))
            case Edited(edit, _):
                self._time(opened.annotation)
                finished = edit.after.status.finished
                if finished and not edit.before.status.finished:
                    self._judge(opened.number, opened.annotation)
                if self._offer.suggestions:
                    self.changed()

    def _time(self, annotation: Annotation) -> None:
        """Note when each suggestion got its verdict; one that is open again has none."""
        seconds = self._clock() - self._shown_at
        for one in self._offer.suggestions:
            if verdict(one, annotation) is None:
                self._settled.pop(one.span, None)
            else:
                self._settled.setdefault(one.span, seconds)

    def _judge(self, number: int, annotation: Annotation) -> None:
        judged = [
            Judged(one.span, found, None if self._offer.blind else self._settled.get(one.span))
            for one in self._offer.suggestions
            if (found := verdict(one, annotation)) is not None
        ]
        if judged:
            with self._session.store.write():
                self._session.store.suggestions.judge(number, self._session.annotator, judged)
