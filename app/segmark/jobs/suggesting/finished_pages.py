"""A cache of the pages that an annotator has finished, to learn from.

The pages are read once. After that the cache follows the log, so that another finished page costs
no more than that page, however many there are.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from segmark.core.page import Page
from segmark.core.span import Span
from segmark.loading.html.declared import declared
from segmark.store.errors import StoreError
from segmark.store.store import Store
from segmark.store.suggestions import FinishedPage
from segmark.suggestion.example import TrainingExample

_log = logging.getLogger(__name__)

#: The number of a page, and its spans.
FinishedSpans = tuple[int, tuple[Span, ...]]

_MOST_PAGES = 300  # whose texts are cached at once


class FinishedPages:
    """One annotator's finished pages; call ``refresh`` to bring them up to date.

    Skipped and started pages are not included, nor are other annotators' labels.

    Attributes:
        revision: increases whenever anything may have changed.
    """

    def __init__(self, store: Store, annotator: str) -> None:
        self._store = store
        self._annotator = annotator
        self.revision = 0
        self._line = 0  # of the log, up to which it was read
        self._finished: dict[int, FinishedPage] = {}
        self._by_site: dict[str, list[FinishedPage]] = {}
        self._spans: dict[int, tuple[Span, ...]] = {}
        self._pages: OrderedDict[int, Page | None] = OrderedDict()

    def refresh(self) -> None:
        """Read what has changed since the last time."""
        suggestions, who, before = self._store.suggestions, self._annotator, self._line
        self._line = suggestions.last_line
        if before == self._line:
            return
        touched = suggestions.changed_between(who, before, self._line) if before else None
        if touched is None:
            for cache in (self._finished, self._spans, self._pages):
                cache.clear()
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
        """Return the finished pages of a site, the most recently changed first."""
        own = sorted(
            self._by_site.get(site, ()), key=lambda one: (one.changed_at, one.number), reverse=True
        )
        return [self.with_spans(one.number) for one in own[:most]]

    def count(self, site: str) -> int:
        """Return how many pages of a site are finished."""
        return len(self._by_site.get(site, ()))

    def in_order(self) -> list[tuple[int, str]]:
        """Return all finished pages with their sites, in the order in which they were begun.

        The list only grows at its end while pages are finished in that order.
        """
        begun = sorted(self._finished.values(), key=lambda one: one.begun)
        return [(one.number, one.site) for one in begun]

    def page(self, number: int) -> Page:
        """Return a page of the project, finished or not.

        Raises:
            StoreError: there is no such page, or its text is damaged.
        """
        page = self._cached(number)
        return page if page else self._read(number)

    def words(self, number: int, span: Span) -> str:
        """Return the text of a span of a page, in one line.

        Raises:
            StoreError: as of ``page``.
        """
        return " ".join(self.page(number).text[span.start : span.end].split())

    def with_spans(self, number: int) -> FinishedSpans:
        """Return a finished page's number and spans."""
        if number not in self._spans:
            annotation = self._store.annotations(self._annotator).get(number)
            self._spans[number] = annotation.spans
        return number, self._spans[number]

    def training_examples(self, pages: Sequence[FinishedSpans]) -> list[TrainingExample]:
        """Return the pages as training examples, without those that are damaged."""
        read = ((self._cached(number), spans) for number, spans in pages)
        return [TrainingExample(page, spans) for page, spans in read if page]

    def _read(self, number: int) -> Page:
        """Return a page with what its source declares."""
        page = self._store.pages.get(number)
        if page.info.media != "html":
            return page
        try:
            source = self._store.pages.source(number)
        except StoreError:
            _log.warning("the source of page %d is damaged; what it declares is not used", number)
            return page
        return replace(page, declared=declared(source, page.info.encoding))

    def _cached(self, number: int) -> Page | None:
        if number not in self._pages:
            try:
                self._pages[number] = self._read(number)
            except StoreError:
                _log.warning("page %d is damaged; nothing is learnt from it", number)
                self._pages[number] = None
            if len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number]


def version_of(pages: Sequence[FinishedSpans]) -> str:
    """Return a hash that identifies these pages, with these spans and in this order."""
    plain = [(number, [(s.start, s.end, s.label) for s in spans]) for number, spans in pages]
    return sha256(repr(plain).encode()).hexdigest()
