"""Navigation: which page comes before and after another one, for one annotator."""

from collections.abc import Callable

from segmark.core.queue import Queue
from segmark.store.store import Store


class Navigation:
    """Finds the neighbours of a page in the shown queue, or in load order without one.

    Attributes:
        queue: the pages of the list; None for all pages in load order.
        filtered: whether the queue holds only some of the pages.

    ``queue_ready`` returns once the queue is complete; it is called before the queue is used.
    """

    def __init__(
        self, store: Store, annotator: str, queue_ready: Callable[[], object] = lambda: None
    ) -> None:
        self.queue: Queue | None = None
        self.filtered = False
        self._queue_ready = queue_ready
        self._store = store
        self._annotator = annotator
        self._from_first = False

    def follow(self, queue: Queue | None, *, filtered: bool, from_start: bool) -> None:
        """Use another queue; ``from_start``: the next unfinished page is its first one."""
        self.queue, self.filtered = queue, filtered
        self._from_first = self._from_first or from_start

    def mark(self, number: int, *, finished: bool) -> None:
        """Record in the queue whether a page is finished."""
        if self.queue is not None:
            self.queue.mark(number, finished=finished)

    def place(self, number: int) -> tuple[int, int] | None:
        """The place of a page in the queue, from 1, and the number of pages in the queue.

        The place is 0 for a page that is not in the queue. None without a queue.
        """
        if self.queue is None:
            return None
        at = self.queue.place(number)
        return 0 if at is None else at + 1, len(self.queue)

    def neighbour(self, number: int, step: int) -> int | None:
        """Return the page after (+1) or before (-1) another one; None at the end."""
        self._queue_ready()
        if self.queue is None:
            return self._store.pages.neighbour(number, step)
        return self.queue.neighbour(number, step)

    def unfinished(self, number: int, step: int) -> int | None:
        """Return the nearest unfinished page after (+1) or before (-1) another one.

        The search wraps around once. The result is None if every other page is finished.
        """
        self._queue_ready()
        start = 0 if self._from_first and step > 0 else number
        self._from_first = False
        found = self._unfinished(start, step)
        return self._unfinished(number, step) if found == number else found

    def expected(self, number: int) -> int | None:
        """Return the page that ``unfinished`` will most likely return, without waiting."""
        if self.queue is None:
            return self._store.pages.unfinished(self._annotator, number, 1)
        found = self.queue.unfinished(0 if self._from_first else number, 1)
        return self.queue.unfinished(number, 1) if found == number else found

    def _unfinished(self, number: int, step: int) -> int | None:
        pages, queue = self._store.pages, self.queue
        if queue is None:
            return pages.unfinished(self._annotator, number, step)
        found = queue.unfinished(number, step)
        # The queue is a snapshot: another window or program may have finished the page since.
        while found is not None and not pages.is_open(self._annotator, found):
            queue.mark(found, finished=True)
            found = queue.unfinished(number, step)
        return found
