"""PageListReader: reads the pages that fit a filter, beside the window where there are many."""

import logging
import threading
from dataclasses import dataclass
from queue import SimpleQueue

from PySide6.QtCore import QObject, Qt, Signal

from segmark.core.queue import PageFilter, PageOrder, Queue
from segmark.store.errors import StoreError
from segmark.store.store import Store

_log = logging.getLogger(__name__)

#: A project of so few pages is read at once, in less time than anybody notices.
_FEW_PAGES = 2_000
_PATIENCE = 5.0  # seconds that the window waits for what it can't go on without


@dataclass(frozen=True, slots=True, eq=False)
class QueueRequest:
    """What is to be read: which pages in which order, and one that is to be among them."""

    shown: PageFilter
    order: PageOrder
    keep: int | None = None


class PageListReader(QObject):
    """Reads one queue at a time; what was asked for before is dropped, and stopped if it runs.

    Signals:
        read: the request, the queue, how many of its pages are read, and whether these are all.
            The queue is the same object each time, and grows.
        failed: why it could not be read, in one line.
    """

    read = Signal(object, object, int, bool)
    failed = Signal(str)

    _came = Signal(object, object, int, bool)
    _broke = Signal(object, str)

    def __init__(self, store: Store, annotator: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._annotator = annotator
        self._latest: QueueRequest | None = None
        self._whole = threading.Event()
        self._whole.set()
        self._asked: SimpleQueue[QueueRequest | None] = SimpleQueue()
        self._other: Store | None = None  # the thread's own
        self._thread: threading.Thread | None = None
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._broke.connect(self._give_up, Qt.ConnectionType.QueuedConnection)
        self._ready: tuple[QueueRequest, Queue] | None = None  # whole, and not yet handed over

    def ask(self, request: QueueRequest) -> None:
        """Read this, and nothing that was asked for before; at once where there are few pages."""
        self._latest, self._ready = request, None
        if self._other is not None:
            self._other.interrupt()
        if self._store.pages.count() <= _FEW_PAGES:
            self._whole.set()
            try:
                queue = self._store.pages.queue(
                    self._annotator, request.shown, request.order, request.keep
                )
            except StoreError as error:
                self.failed.emit(str(error))
            else:
                self.read.emit(request, queue, len(queue), True)
            return
        self._whole.clear()
        self._asked.put(request)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="page list", daemon=True)
            self._thread.start()

    def drop(self) -> None:
        """What was asked for is not wanted any more."""
        self._latest = self._ready = None
        self._whole.set()
        if self._other is not None:
            self._other.interrupt()

    def wait(self) -> None:
        """Return once the queue that was asked for is whole, and was handed over."""
        if not self._whole.wait(_PATIENCE):
            _log.warning("the page list was not ready in time")
        if self._ready is not None:
            request, queue = self._ready
            self._take(request, queue, len(queue), whole=True)

    def close(self) -> None:
        """Stop reading; nothing is handed over any more."""
        self.drop()
        self._asked.put(None)
        if self._thread is not None:
            self._thread.join(_PATIENCE)

    def _take(self, request: QueueRequest, queue: Queue, count: int, whole: bool) -> None:
        if request is not self._latest or (whole and self._ready is None):
            return
        if whole:
            self._ready = None
        self.read.emit(request, queue, count, whole)

    def _give_up(self, request: QueueRequest, why: str) -> None:
        if request is self._latest:
            self.failed.emit(why)

    def _work(self) -> None:
        try:
            with Store.open_for_reading(self._store.path) as store:
                self._other = store
                while (request := self._asked.get()) is not None:
                    if request is self._latest:
                        self._read(store, request)
        except StoreError as error:
            self._whole.set()
            self._broke.emit(self._latest, str(error))
        except Exception:
            # Labelling goes on in load order.
            self._whole.set()
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
                    self._came.emit(request, queue, len(queue), False)
                count = len(queue)
        except StoreError as error:
            if request is self._latest:
                self._whole.set()
                self._broke.emit(request, str(error))
            return
        if request is self._latest:
            self._ready = request, queue
            self._whole.set()
            self._came.emit(request, queue, count, True)
