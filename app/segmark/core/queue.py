"""The queue: which pages of a project there are to see, in which order, and what comes next.

Pages are named by their number in load order. Filter and order are values; the store reads a
``Queue`` by them, which then answers at once however many pages it holds.
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
    """What pages are sorted by; pages that are alike in it come in load order."""

    LOADED = "loaded"
    SITE = "site"
    SHORTEST = "shortest"
    LONGEST = "longest"
    SHUFFLED = "shuffled"


class Strategy(StrEnum):
    """How the sorted pages are arranged by their sites."""

    IN_ORDER = "in-order"  # not at all
    SPREAD = "spread"  # a page of each site before a second one of any
    SITE_BY_SITE = "site-by-site"  # one after the other, that of the first page first


@dataclass(frozen=True, slots=True)
class PageOrder:
    """In which order pages come; ``seed`` tells one shuffled order from another."""

    sort: Sort = Sort.LOADED
    strategy: Strategy = Strategy.IN_ORDER
    seed: int = 0


@dataclass(frozen=True, slots=True)
class PageFilter:
    """Which pages are shown to an annotator; None and "" let every page through.

    Attributes:
        status: of the annotator's annotation; a page that nobody opened is ``new``.
        words: each of them is somewhere in title, first line, site, source or address. With
            ``whole_text`` each begins a word of title, source, address or text.
        site, language: as they were loaded or given.
        source: the file, or a folder above it.
        flagged, near, suggested: whether the page is to be flagged, to hold the same article as an
            earlier page, to have suggestions.
        label: the annotator has a span of this label on it.
        removed: the pages that were removed, and no others.
    """

    status: Status | None = None
    words: str = ""
    site: str | None = None
    language: str | None = None
    source: str | None = None
    flagged: bool | None = None
    near: bool | None = None
    suggested: bool | None = None
    label: str | None = None
    removed: bool = False
    whole_text: bool = False


class Queue(Sequence[int]):
    """The numbers of pages in their order, and which of them are finished.

    It holds five bytes for each page. It is a picture of one moment: pages stay in it when they
    no longer fit the filter, until it is read anew.
    """

    def __init__(self, *, site_by_site: bool = False) -> None:
        self._numbers = array("I")
        self._finished = bytearray()
        self._sites = bytearray()
        self._site_by_site = site_by_site
        self._near = 0  # where a page was found last; the next one asked for is mostly near

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
            numbers: each in eight hexadecimal digits, one after the other.
            finished: for each ``1`` if it is done or skipped, else ``0``.
            firsts: for each ``1`` if a site begins with it, else ``0``.
        """
        more = array("I", bytes.fromhex(numbers))
        if sys.byteorder == "little":
            more.byteswap()
        self._numbers.extend(more)
        self._finished += finished.encode()
        self._sites += firsts.encode()

    def place(self, number: int) -> int | None:
        """Where a page stands, from 0; None where it is not in the queue."""
        first = max(0, self._near - 64)
        for begin, end in ((first, first + 4096), (0, len(self))):
            try:
                self._near = self._numbers.index(number, begin, end)
            except ValueError:
                continue
            return self._near
        return None

    def mark(self, number: int, *, finished: bool) -> None:
        """Take note that a page is finished now, or is no longer."""
        at = self.place(number)
        if at is not None:
            self._finished[at : at + 1] = _FINISHED if finished else _TODO

    def neighbour(self, number: int, step: int) -> int | None:
        """The page after (+1) or before (-1) another one; None at the end.

        From a page that is not in the queue one comes to its first page.
        """
        here = self.place(number)
        there = 0 if here is None else here + step
        return self._numbers[there] if 0 <= there < len(self) else None

    def unfinished(self, number: int, step: int) -> int | None:
        """The nearest page after (+1) or before (-1) another one that is not finished.

        The search goes round the end once, and round the end of the site first where sites are
        finished one by one. From a page that is not in the queue it begins at the first one; None
        where all others are finished.
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
        """The stretches to search, in their order."""
        first, last = 0, len(self)
        after, before = (here + 1, last), (0, max(0, here))
        if self._site_by_site and here >= 0:
            first = max(0, self._sites.rfind(_FIRST_OF_SITE, 0, here + 1))
            found = self._sites.find(_FIRST_OF_SITE, here + 1)
            last = last if found < 0 else found
            stretches = [(here + 1, last), (first, here), (last, len(self)), (0, first)]
            if step < 0:
                stretches = [(first, here), (here + 1, last), (0, first), (last, len(self))]
            return stretches
        return [after, before] if step > 0 else [before, after]
