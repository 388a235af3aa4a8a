"""PageListReader: reads the pages that match a filter, in a thread if there are many."""

import logging
import threading
from dataclasses import dataclass
from queue import SimpleQueue

from PySide6.QtCore import QObject, Qt, Signal

from segmark.core.queue import PageFilter, PageOrder, Queue
from segmark.store.errors import StoreError
from segmark.store.store import Store

_log = logging.getLogger(__name__)

#: A project with at most so many pages is read in the window's thread without delay.
_FEW_PAGES = 2_000
_PATIENCE = 5.0  # the longest time in seconds that the window waits for a queue it needs


@dataclass(frozen=True, slots=True, eq=False)
class QueueRequest:
    """The pages to read, in which order, and the number of a page to include in any case."""

    shown: PageFilter
    order: PageOrder
    keep: int | None = None


class PageListReader(QObject):
    """Reads one queue at a time; a new request cancels the previous one.

    Signals:
        read: the request, the queue, the number of pages read, and whether the queue is complete.
            The queue is the same object each time, and grows.
        failed: the reason why it could not be read, in one line.
    """

    read = Signal(object, object, int, bool)
    failed = Signal(str)

    _read_in_thread = Signal(object, object, int, bool)
    _failed_in_thread = Signal(object, str)

    def __init__(self, store: Store, annotator: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._annotator = annotator
        self._latest: QueueRequest | None = None
        self._complete = threading.Event()
        self._complete.set()
        self._requests: SimpleQueue[QueueRequest | None] = SimpleQueue()
        self._other: Store | None = None  # the store of the thread
        self._thread: threading.Thread | None = None
        self._read_in_thread.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._failed_in_thread.connect(self._give_up, Qt.ConnectionType.QueuedConnection)
        self._ready: tuple[QueueRequest, Queue] | None = None  # complete, but not emitted yet

    def start(self, request: QueueRequest) -> None:
        """Read a queue instead of the previous request; if there are few pages, without delay."""
        self._latest, self._ready = request, None
        if self._other is not None:
            self._other.interrupt()
        if self._store.pages.count() <= _FEW_PAGES:
            self._complete.set()
            try:
                queue = self._store.pages.queue(
                    self._annotator, request.shown, request.order, request.keep
                )
            except StoreError as error:
                self.failed.emit(str(error))
            else:
                self.read.emit(request, queue, len(queue), True)
            return
        self._complete.clear()
        self._requests.put(request)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="page list", daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Cancel the current request."""
        self._latest = self._ready = None
        self._complete.set()
        if self._other is not None:
            self._other.interrupt()

    def wait(self) -> None:
        """Wait until the requested queue is complete and ``read`` was emitted for it."""
        if not self._complete.wait(_PATIENCE):
            _log.warning("the page list was not ready in time")
        if self._ready is not None:
            request, queue = self._ready
            self._take(request, queue, len(queue), complete=True)

    def close(self) -> None:
        """Stop reading and emit no more signals."""
        self.cancel()
        self._requests.put(None)
        if self._thread is not None:
            self._thread.join(_PATIENCE)

    def _take(self, request: QueueRequest, queue: Queue, count: int, complete: bool) -> None:
        if request is not self._latest or (complete and self._ready is None):
            return
        if complete:
            self._ready = None
        self.read.emit(request, queue, count, complete)

    def _give_up(self, request: QueueRequest, why: str) -> None:
        if request is self._latest:
            self.failed.emit(why)

    def _work(self) -> None:
        try:
            with Store.open_for_reading(self._store.path) as store:
                self._other = store
                while (request := self._requests.get()) is not None:
                    if request is self._latest:
                        self._read(store, request)
        except StoreError as error:
            self._complete.set()
            self._failed_in_thread.emit(self._latest, str(error))
        except Exception:
            # Labelling continues in load order.
            self._complete.set()
            _log.exception("the page list stopped")
        finally:
            self._other = None

    def _read(self, store: Store, request: QueueRequest) -> None:
        queue, count = Queue(), 0
        try:
            for queue in store.pages.queue_by_parts(
                self._annotator, request.shown, request.order, request.keep
            ):
                if request is not self._latest:
                    return
                if len(queue) > count:
                    self._read_in_thread.emit(request, queue, len(queue), False)
                count = len(queue)
        except StoreError as error:
            if request is self._latest:
                self._complete.set()
                self._failed_in_thread.emit(request, str(error))
            return
        if request is self._latest:
            self._ready = request, queue
            self._complete.set()
            self._read_in_thread.emit(request, queue, count, True)
