"""Verdicts: what became of the suggestions on the open page, and how long each one took."""

import time
from collections.abc import Callable

from segmark.core.annotation import Annotation
from segmark.core.edit import Edit
from segmark.core.span import Span
from segmark.core.suggestion import verdict
from segmark.session.events import OpenPage
from segmark.store.store import Store
from segmark.store.suggestions import NOTHING, JudgedSuggestion, Offer


class Verdicts:
    """Times the verdicts on what is offered, and stores them when the page is finished.

    Made before its session, which calls ``store`` in the transaction of each edit.

    Attributes:
        offer: what is suggested on the open page.
    """

    def __init__(
        self, store: Store, annotator: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.offer = NOTHING
        self._suggestions = store.suggestions
        self._annotator = annotator
        self._clock = clock
        self._shown_at = 0.0
        self._seconds: dict[Span, float | None] = {}  # of those that have a verdict

    def begin(self, offer: Offer, annotation: Annotation | None) -> None:
        """Time the verdicts on this offer from now on; ``annotation`` is that of the open page."""
        self.offer, self._shown_at, self._seconds = offer, self._clock(), {}
        if annotation:
            # How long the verdicts before this moment took is not known any more.
            judged = (one.span for one in offer.suggestions if verdict(one, annotation))
            self._seconds = dict.fromkeys(judged)

    def update(self, annotation: Annotation) -> None:
        """Note when each suggestion got its verdict; one that is open again has none."""
        seconds = self._clock() - self._shown_at
        for one in self.offer.suggestions:
            if verdict(one, annotation) is None:
                self._seconds.pop(one.span, None)
            else:
                self._seconds.setdefault(one.span, seconds)

    def store(self, page: OpenPage, edit: Edit) -> None:
        """Store the verdicts if the edit finishes the page; ``page`` is the page after it."""
        if edit.before.status.finished or not edit.after.status.finished:
            return
        self.update(page.annotation)
        shown = set(self.offer.shown)
        judged = [
            JudgedSuggestion(one.span, found, self._seconds.get(one.span) if one in shown else None)
            for one in self.offer.suggestions
            if (found := verdict(one, page.annotation)) is not None
        ]
        self._suggestions.judge(page.number, self._annotator, judged)
