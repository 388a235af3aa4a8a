"""The queue: which pages of a project are shown, in which order, and which one is next.

Pages are given by their number in load order. Filter and order are values; the store reads a
``Queue`` for them, which answers at once, however many pages it holds.
"""

import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

from segmark.core.annotation import Status

_TODO, _FINISHED = b"0", b"1"
_FIRST_OF_SITE = b"1"


class Sort(StrEnum):
    """The sort order of pages; equal pages come in load order."""

    LOADED = "loaded"
    SITE = "site"
    SHORTEST = "shortest"
    LONGEST = "longest"
    SHUFFLED = "shuffled"


class Strategy(StrEnum):
    """How the sorted pages are arranged by site."""

    IN_ORDER = "in-order"  # not at all
    SPREAD = "spread"  # a page of each site before a second one of any
    SITE_BY_SITE = "site-by-site"  # one site after the other, beginning with that of the first page


class PageWork(StrEnum):
    """What the annotator did on a page."""

    MINE = "by-me"  # it is started, done or skipped
    TODAY = "finished-today"  # it got its present status, done or skipped, today
    CHANGED = "changed-after-done"  # its labels were changed after it was done first


class Asked(StrEnum):
    """What became of a question that somebody asked about a page."""

    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class PageOrder:
    """The order of pages; each ``seed`` gives another shuffled order."""

    sort: Sort = Sort.LOADED
    strategy: Strategy = Strategy.IN_ORDER
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ListedPages:
    """Pages that a program chose, by their ids, and what they are called, such as ``audit 1``."""

    name: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageFilter:
    """Which pages an annotator is shown; None and "" let every page through.

    Attributes:
        status: of the annotator's annotation; a page that nobody opened is ``new``.
        words: each must occur in title, first line, site, source, address or note. With
            ``whole_text``, each must begin a word of title, source, address or text, or all must
            occur in the note.
        site, language: as loaded or set.
        source: the file, or a folder above it.
        flagged, noted, near, suggested: whether the page must have a flag, a note, the article of
            an earlier page, suggestions.
        label: a label that the annotator used on the page.
        work: what the annotator did on the page.
        asked: a question that anybody asked about the page.
        listed: only these pages.
        removed: only removed pages, in place of the others.
    """

    status: Status | None = None
    words: str = ""
    site: str | None = None
    language: str | None = None
    source: str | None = None
    flagged: bool | None = None
    noted: bool | None = None
    near: bool | None = None
    suggested: bool | None = None
    label: str | None = None
    work: PageWork | None = None
    asked: Asked | None = None
    listed: ListedPages | None = None
    removed: bool = False
    whole_text: bool = False


class Queue(Sequence[int]):
    """The numbers of pages in their order, and which of them are finished.

    It is a snapshot, of five bytes a page: pages that no longer fit the filter stay in it until it
    is read again.
    """

    def __init__(self, *, site_by_site: bool = False) -> None:
        self._numbers = array("I")
        self._finished = bytearray()
        self._sites = bytearray()
        self._site_by_site = site_by_site
        self._near = 0  # where a page was found last; the next one is usually near

    @classmethod
    def of(cls, numbers: Sequence[int]) -> "Queue":
        """These pages in this order, all of them finished."""
        made = cls()
        made._numbers.extend(numbers)
        made._finished += _FINISHED * len(numbers)
        made._sites += _FIRST_OF_SITE * len(numbers)
        return made

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> list[int]: ...
    def __getitem__(self, at: int | slice) -> int | list[int]:
        return self._numbers[at].tolist() if isinstance(at, slice) else self._numbers[at]

    def extend(self, numbers: str, finished: str, firsts: str) -> None:
        """Add pages at the end.

        Args:
            numbers: the numbers of the pages, in eight hexadecimal digits each.
            finished: for each page ``1`` if it is done or skipped, else ``0``.
            firsts: for each page ``1`` if it is the first of its site, else ``0``.
        """
        more = array("I", bytes.fromhex(numbers))
        if sys.byteorder == "little":
            more.byteswap()
        self._numbers.extend(more)
        self._finished += finished.encode()
        self._sites += firsts.encode()

    @property
    def left(self) -> int:
        """The number of pages that are not finished."""
        return self._finished.count(_TODO)

    def place(self, number: int) -> int | None:
        """The index of a page; None if it is not in the queue."""
        first = max(0, self._near - 64)
        for begin, end in ((first, first + 4096), (0, len(self))):
            try:
                self._near = self._numbers.index(number, begin, end)
            except ValueError:
                continue
            return self._near
        return None

    def mark(self, number: int, *, finished: bool) -> None:
        """Set whether a page is finished."""
        at = self.place(number)
        if at is not None:
            self._finished[at : at + 1] = _FINISHED if finished else _TODO

    def neighbour(self, number: int, step: int) -> int | None:
        """The page after (+1) or before (-1) another one; None at the end.

        From a page that is not in the queue, it is the first page.
        """
        here = self.place(number)
        there = 0 if here is None else here + step
        return self._numbers[there] if 0 <= there < len(self) else None

    def unfinished(self, number: int, step: int) -> int | None:
        """The nearest page after (+1) or before (-1) another one that is not finished.

        The search wraps around once, first within the site if sites are finished one by one. From a
        page that is not in the queue, it begins at the first page. None if all others are finished.
        """
        here = self.place(number)
        if here is None:
            here, step = -1, 1
        for begin, end in self._ahead(here, step):
            find = self._finished.find if step > 0 else self._finished.rfind
            at = find(_TODO, begin, end)
            if at >= 0:
                return self._numbers[at]
        return None

    def _ahead(self, here: int, step: int) -> list[tuple[int, int]]:
        """The ranges to search, in order."""
        first, last = 0, len(self)
        after, before = (here + 1, last), (0, max(0, here))
        if self._site_by_site and here >= 0:
            first = max(0, self._sites.rfind(_FIRST_OF_SITE, 0, here + 1))
            found = self._sites.find(_FIRST_OF_SITE, here + 1)
            last = last if found < 0 else found
            ranges = [(here + 1, last), (first, here), (last, len(self)), (0, first)]
            if step < 0:
                ranges = [(first, here), (here + 1, last), (0, first), (last, len(self))]
            return ranges
        return [after, before] if step > 0 else [before, after]
