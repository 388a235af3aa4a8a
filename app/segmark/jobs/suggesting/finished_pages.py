"""The pages that an annotator has finished, kept at hand to learn from.

They are read once and then kept in step with the log, so that a page more costs no more than that
page, however many there are.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256

from segmark.core.page import Page
from segmark.core.span import Span
from segmark.store.errors import StoreError
from segmark.store.store import Store
from segmark.store.suggestions import FinishedPage
from segmark.suggestion.example import Example

_log = logging.getLogger(__name__)

#: A page's number, and the spans that it is labelled with.
FinishedSpans = tuple[int, tuple[Span, ...]]

_MOST_PAGES = 300  # whose texts are at hand at once


class FinishedPages:
    """One annotator's finished pages; ``refresh`` brings them up to what the project says.

    Never those that are skipped or begun, and only what the annotator has labelled.

    Attributes:
        revision: goes up whenever anything may be otherwise than before.
    """

    def __init__(self, store: Store, annotator: str) -> None:
        self._store = store
        self._annotator = annotator
        self.revision = 0
        self._line = 0  # of the log, up to which all is read
        self._finished: dict[int, FinishedPage] = {}
        self._by_site: dict[str, list[FinishedPage]] = {}
        self._spans: dict[int, tuple[Span, ...]] = {}
        self._pages: OrderedDict[int, Page | None] = OrderedDict()

    def refresh(self) -> None:
        """Read what was done since the last time."""
        suggestions, who, before = self._store.suggestions, self._annotator, self._line
        self._line = suggestions.last_line
        if before == self._line:
            return
        touched = suggestions.changed_between(who, before, self._line) if before else None
        if touched is None:
            for known in (self._finished, self._spans, self._pages):
                known.clear()
        else:
            for number in touched:
                self._finished.pop(number, None)
                self._spans.pop(number, None)
        self.revision += 1
        self._finished |= {one.number: one for one in suggestions.finished(who, touched)}
        self._by_site = {}
        for one in sorted(self._finished.values(), key=lambda one: one.begun):
            self._by_site.setdefault(one.site, []).append(one)

    def newest(self, site: str, most: int) -> list[FinishedSpans]:
        """The finished pages of a site, the one that was changed last first."""
        own = sorted(
            self._by_site.get(site, ()), key=lambda one: (one.changed_at, one.number), reverse=True
        )
        return [self.labelled(one.number) for one in own[:most]]

    def count(self, site: str) -> int:
        """How many pages of a site are finished."""
        return len(self._by_site.get(site, ()))

    def of_many_sites(self, most: int, of_each: int) -> list[tuple[int, str]]:
        """The first pages that were begun, with their sites; so many of each site at most.

        What was begun first stays first, so that the list only grows while pages are finished in
        the order in which they were begun.
        """
        first = (one for pages in self._by_site.values() for one in pages[:of_each])
        in_order = sorted(first, key=lambda one: one.begun)
        return [(one.number, one.site) for one in in_order[:most]]

    def page(self, number: int) -> Page:
        """A page of the project, finished or not.

        Raises:
            StoreError: there is none, or its text is damaged.
        """
        page = self._at_hand(number)
        return page if page else self._store.pages.get(number)

    def labelled(self, number: int) -> FinishedSpans:
        """A finished page with its spans."""
        if number not in self._spans:
            annotation = self._store.annotations(self._annotator).get(number)
            self._spans[number] = annotation.spans
        return number, self._spans[number]

    def examples(self, pages: Sequence[FinishedSpans]) -> list[Example]:
        """What is to be learnt from these pages. A damaged one teaches nothing and is left out."""
        read = ((self._at_hand(number), spans) for number, spans in pages)
        return [Example(page, spans) for page, spans in read if page]

    def _at_hand(self, number: int) -> Page | None:
        if number not in self._pages:
            try:
                self._pages[number] = self._store.pages.get(number)
            except StoreError:
                _log.warning("page %d is damaged; nothing is learnt from it", number)
                self._pages[number] = None
            if len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number]


def version_of(pages: Sequence[FinishedSpans]) -> str:
    """What tells these pages, labelled like this and in this order, from any others."""
    plain = [(number, [(s.start, s.end, s.label) for s in spans]) for number, spans in pages]
    return sha256(repr(plain).encode()).hexdigest()
