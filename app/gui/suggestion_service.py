"""Suggestions for the window: made in a thread beside it, shown when they are there."""

import logging
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.core.annotation import Status
from app.session import Event, PageOpened, Session
from app.store.errors import StoreError
from app.store.store import Store
from app.store.suggestions import Offer
from app.suggesting import Suggesting

if TYPE_CHECKING:
    from app.learning import Learner

_log = logging.getLogger(__name__)

_PATIENCE = 2.0  # seconds that closing waits for what is being learnt


class SuggestionService(QObject):
    """Has suggestions made for the page that a session opens, and hands them over.

    One thread for each project, with a connection of its own; training leaves Python's lock to the
    window. What was asked for last is made first: a page that was left needs none.

    ``wanted`` is whether the annotator is to see any.

    Attributes:
        suggesting: the suggestions of the open page.

    Signals:
        changed: the open suggestions are others.
    """

    changed = Signal()
    _made = Signal(object, int, object)

    def __init__(
        self, session: Session, parent: QObject | None = None, *, wanted: bool = True
    ) -> None:
        super().__init__(parent)
        self.suggesting = Suggesting(session, wanted=wanted)
        self.suggesting.changed = self.changed.emit
        self._session = session
        self._wanted: SimpleQueue[int | None] = SimpleQueue()
        self._stopped = threading.Event()
        self._made.connect(self._take, Qt.ConnectionType.QueuedConnection)
        # Not before the page is painted: the two would be at odds over Python's lock.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        # A daemon: no crash of the window may leave a program behind that nobody sees.
        self._thread = threading.Thread(
            target=self._work,
            args=(session.store.path, session.annotator),
            name="suggestions",
            daemon=True,
        )
        session.subscribe(self._on_event)
        if not session.store.read_only:
            self._thread.start()

    def stop(self) -> None:
        """End the thread; what it is making is dropped."""
        self._stopped.set()
        self._wanted.put(None)
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    def want(self, wanted: bool) -> None:
        """Show suggestions to this annotator or not."""
        self.suggesting.want(wanted)
        self._ask()

    def make_anew(self) -> None:
        """Make the suggestions of the open page again, after the policy changed."""
        self.want(self.suggesting.wanted)

    def _on_event(self, event: Event) -> None:
        opened = self._session.open_page
        if not isinstance(event, PageOpened) or opened is None:
            return
        status = opened.annotation.state.status
        # A page that was begun keeps what was suggested first, whatever was learnt since.
        if status is Status.NEW or (status is Status.STARTED and not self.suggesting.offered):
            self._soon.start()

    def _ask(self) -> None:
        opened = self._session.open_page
        if opened and self.suggesting.on and not self._stopped.is_set():
            self._wanted.put(opened.number)

    def _take(self, session: Session, number: int, offer: Offer) -> None:
        if session is self._session and not self._stopped.is_set():
            try:
                self.suggesting.offer(number, offer)
            except StoreError as error:
                _log.warning("suggestions not kept: %s", error)

    def _work(self, project: Path, annotator: str) -> None:
        try:
            number = self._next()
            if number is None:
                return
            # The trainer is loaded when a page is shown, not while the program starts.
            from app.learning import Learner

            with Store.open(project) as store:
                learner = Learner(store, annotator)
                while number is not None:
                    self._make(learner, number)
                    number = self._next()
        except Exception:
            # Labelling goes on without suggestions.
            _log.exception("suggestions stopped")

    def _next(self) -> int | None:
        """The page that was asked for last; None when it is time to stop."""
        number = self._wanted.get()
        while not self._wanted.empty():
            number = self._wanted.get()
        return None if self._stopped.is_set() else number

    def _make(self, learner: "Learner", number: int) -> None:
        try:
            offer = learner.offer(number)
        except Exception:
            # The next page may be another matter.
            _log.exception("no suggestions for page %d", number)
            return
        if not self._stopped.is_set():
            self._made.emit(self._session, number, offer)
