"""Reading a queue: the numbers of the pages that fit a filter, in an order.

Queues are a hot path, in hand-written SQL: SQLite sorts and packs a million numbers by itself.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import accumulate
from typing import overload

from segmark.core.annotation import Status
from segmark.core.queue import PageFilter, PageOrder, Queue, Sort, Strategy
from segmark.store.errors import DamagedError, StoreError
from segmark.store.file.connection import Database
from segmark.store.page_query import IS_FINISHED, KEPT, WHO, Where, order_by, where
from segmark.store.project_values import (
    CARETS,
    UNFOLDED,
    keep_entry,
    keep_value,
    read_dictionary,
    read_value,
)
from segmark.store.word_index import WordIndex

#: Page numbers per group of the counters, as in the schema.
GROUP = 256
_ORDER = "queue"  # its name among the values of a project
_MOST_LEFT = 1_000  # pages of an annotator
_NEWEST = f"(SELECT coalesce(max(number), 0) FROM edit WHERE annotator = {WHO})"
#: The most pages that are spread over their sites unless another order is chosen. Reading so many
#: takes a fifth of a second.
_MOST_SPREAD = 100_000
_PART = 64 * GROUP  # page numbers read together, in load order
_LAST_NUMBER = 0xFFFF_FFFF  # eight digits are kept of each


class LoadOrder(Sequence[int]):
    """A snapshot of the numbers of all pages, read where they are accessed."""

    def __init__(self, database: Database) -> None:
        self._db = database
        counted = database.execute("SELECT number, pages FROM page_group ORDER BY number")
        self._groups: list[tuple[int, int]] = counted.fetchall()
        self._starts: list[int] = [0, *accumulate(pages for _, pages in self._groups)]
        self._read: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> list[int]: ...
    def __getitem__(self, at: int | slice) -> int | list[int]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        place = bisect_right(self._starts, at) - 1
        return self._numbers(self._groups[place][0])[at - self._starts[place]]

    def place(self, number: int) -> int | None:
        """The index of a page; None if it is not among them."""
        group = number // GROUP
        index = bisect_left(self._groups, (group,))
        if index == len(self._groups) or self._groups[index][0] != group:
            return None
        numbers = self._numbers(group)[: self._groups[index][1]]
        at = bisect_left(numbers, number)
        return self._starts[index] + at if number in numbers[at : at + 1] else None

    def _numbers(self, group: int) -> list[int]:
        if group not in self._read:
            rows = self._db.execute(
                f"""SELECT number FROM page WHERE number >= ? AND number < ? AND {KEPT}
                ORDER BY number""",
                [group * GROUP, (group + 1) * GROUP],
            ).fetchall()
            self._read[group] = [row[0] for row in rows]
        return self._read[group]


def read_queue(
    database: Database,
    annotator: str,
    shown: PageFilter,
    order: PageOrder = PageOrder(),  # noqa: B008 - a value that never changes
    keep: int | None = None,
) -> Generator[Queue, None, None]:
    """Yield the pages that fit the filter, as far as they are read, until all are.

    It is the same queue each time, with more pages. In load order, the first pages are there at
    once. ``keep`` is a page that is always in the queue.

    SQLite packs the numbers, so that a thread that reads a million of them does not hold up others.

    Raises:
        StoreError: the filter searches texts, and there is no word index.
    """
    if shown.whole_text and not WordIndex(database).wanted:
        raise StoreError("the word index, which finds pages by their text, is not built yet")
    fits = where(annotator, shown)
    if keep is not None:
        fits = Where([f"{fits.sql} OR page.number = :keep"], fits.values | {"keep": keep})
    queue = Queue(site_by_site=order.strategy is Strategy.SITE_BY_SITE)
    sorting, first = order_by(order)
    for condition, numbers in _parts(database, order, shown):
        row = database.execute(
            f"""SELECT coalesce(group_concat(number, ''), ''),
                coalesce(group_concat(finished, ''), ''), coalesce(group_concat(first, ''), '')
            FROM (SELECT printf('%08x', page.number) AS number, {IS_FINISHED} AS finished,
                    {first} AS first
                FROM page WHERE {condition} AND ({fits.sql}) ORDER BY {sorting})""",
            fits.values | numbers,
        ).fetchone()
        queue.extend(*row)
        yield queue


def _parts(
    database: Database, order: PageOrder, shown: PageFilter
) -> list[tuple[str, dict[str, int]]]:
    """The conditions of the parts in which a queue is read, with their values.

    Filters that few pages fit are read in one part.
    """
    few = shown.status not in (None, Status.NEW) or shown.site is not None or shown.whole_text
    marked = shown.flagged or shown.noted or shown.near or shown.suggested or shown.removed
    marked = marked or shown.work is not None or shown.asked is not None
    if (order.sort, order.strategy) != (Sort.LOADED, Strategy.IN_ORDER) or few or marked:
        return [("1", {})]
    last = database.execute("SELECT max(number) FROM page").fetchone()[0] or 0
    if last > _LAST_NUMBER:
        raise DamagedError.of(database.path)
    condition = "page.number BETWEEN :first AND :last"
    begins = range(0, last + 1, _PART)
    return [(condition, {"first": begin, "last": begin + _PART - 1}) for begin in begins]


def kept_order(database: Database) -> PageOrder:
    """The order in which pages come in the project.

    As long as nobody has chosen one, pages of several sites are spread over the sites: suggestions
    learn more from them. Very many pages come in load order, which needs no reading.
    """
    value = read_value(database, _ORDER)
    if value is None:
        several, few = database.execute(
            """SELECT (SELECT min(site) FROM page) < (SELECT max(site) FROM page),
                coalesce(max(number), 0) <= ? FROM page""",
            [_MOST_SPREAD],
        ).fetchone()
        return PageOrder(strategy=Strategy.SPREAD) if several and few else PageOrder()
    kept = json.loads(value)
    return PageOrder(Sort(kept["sort"]), Strategy(kept["strategy"]), int(kept["seed"]))


def keep_order(database: Database, order: PageOrder) -> None:
    """Set the order in which pages come."""
    keep_value(database, _ORDER, json.dumps(asdict(order)))


def leave_at(database: Database, annotator: str, page: int) -> None:
    """Keep the page that is open when the project is closed."""
    database.execute(
        f"""INSERT OR REPLACE INTO left_at SELECT number, :page, {_NEWEST} FROM annotator
        WHERE name = :who""",
        {"who": annotator, "page": page},
    )


def leave_carets(database: Database, annotator: str, carets: Mapping[int, int]) -> None:
    """Keep the caret's offset on each page, in the order in which the pages were left.

    Only the pages that were left last are kept.
    """
    _keep_by_page(database, CARETS, annotator, carets)


def left_carets(database: Database, annotator: str) -> dict[int, int]:
    """The caret's offset on the pages that the annotator left last."""
    found = read_dictionary(database, CARETS).get(annotator)
    with suppress(ValueError, TypeError):
        return {int(page): int(offset) for page, offset in found or ()}
    return {}


def leave_unfolded(
    database: Database, annotator: str, unfolded: Mapping[int, Sequence[range]]
) -> None:
    """Keep the blocks that the annotator unfolded, by page, as ``leave_carets`` does."""
    bounds = {page: [[run.start, run.stop] for run in runs] for page, runs in unfolded.items()}
    _keep_by_page(database, UNFOLDED, annotator, bounds)


def left_unfolded(database: Database, annotator: str) -> dict[int, tuple[range, ...]]:
    """The blocks that the annotator unfolded on the pages left last; they need not exist."""
    found = read_dictionary(database, UNFOLDED).get(annotator)
    with suppress(ValueError, TypeError):
        return {
            int(page): tuple(range(int(start), int(stop)) for start, stop in bounds)
            for page, bounds in found or ()
        }
    return {}


def _keep_by_page(
    database: Database, name: str, annotator: str, values: Mapping[int, object]
) -> None:
    last = list(values.items())[-_MOST_LEFT:]
    keep_entry(database, name, annotator, [list(each) for each in last])


def left_at(database: Database, annotator: str) -> int | None:
    """The page that was open when the project was closed; None if work was done since."""
    row = database.execute(
        f"SELECT page FROM left_at WHERE annotator = {WHO} AND after = {_NEWEST}",
        {"who": annotator},
    ).fetchone()
    return row[0] if row else None
