"""Suggestions for the window: a worker process makes them, the window shows them."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from segmark.core.annotation import Status
from segmark.jobs.suggesting.page_suggestions import PageSuggestions
from segmark.jobs.suggesting.shipped_prior import helps
from segmark.jobs.suggesting.verdicts import Verdicts
from segmark.session.events import Edited, PageOpened, SessionEvent
from segmark.session.session import Session
from segmark.store.errors import StoreError

if TYPE_CHECKING:
    from segmark.jobs.suggesting.client import SuggestionClient
    from segmark.jobs.suggesting.protocol import SuggestNow, WorkerRequest

_log = logging.getLogger(__name__)

_PAUSE_MS = 300  # without an act, until the worker prepares the next page
GAVE_UP = (
    "Suggestions are off: the process that makes them stopped twice. You can go on labelling; "
    "suggestions come back when you open the project again."
)


class SuggestionService(QObject):
    """Requests suggestions for the page that a session opens, and passes them on.

    The worker process runs only while suggestions are on and there is something to make them from.
    It starts after the first page is painted.

    A page keeps its first suggestions while it is open, and for good once it is started: nothing
    changes while the annotator reads it.

    Args:
        put_off: does a function after the first page is painted.

    Attributes:
        suggesting: the suggestions of the open page.

    Signals:
        changed: the open suggestions changed.
        message: a one-line message for the annotator.
    """

    changed = Signal()
    message = Signal(str)
    _answered = Signal(object)

    def __init__(
        self,
        session: Session,
        verdicts: Verdicts,
        parent: QObject | None = None,
        *,
        wanted: bool = True,
        put_off: Callable[[Callable[[], object]], object] = lambda work: work(),
    ) -> None:
        super().__init__(parent)
        self._put_off = put_off
        self.suggesting = PageSuggestions(
            session, verdicts, wanted=wanted, changed=self.changed.emit
        )
        self.suggesting.awaited = not session.store.read_only
        self._session = session
        self._client: SuggestionClient | None = None
        self._asked: SuggestNow | None = None  # the request whose answer is awaited
        self._due = False  # whether a request will follow once the page is painted
        self._early: Callable[[], object] | None = None  # the act that waits for the answer
        self._turn = 0
        self._gave_up = False
        self._stopped = False
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)
        # The process starts after a page is painted.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._begin)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_ahead)
        session.subscribe(self._on_event)

    def stop(self) -> None:
        """Stop the process; drop what it is making."""
        self._stopped = True
        self._end()

    def want(self, wanted: bool) -> None:
        """Set whether to show suggestions to this annotator."""
        self.suggesting.want(wanted)
        self._gave_up, self.suggesting.awaited = False, not self._session.store.read_only
        if self.suggesting.on:
            self._ask()
        else:
            self._end()

    def refresh(self) -> None:
        """Make the suggestions of the open page again, with the project's policy as it is now."""
        self.want(self.suggesting.wanted)

    def when_made(self, act: Callable[[], object]) -> bool:
        """Run an act once the suggestions of the open page are made; False if nothing is awaited.

        It takes the place of an act that waits already. An edit or another page drops it.
        """
        if self._asked is None and not self._due:
            return False
        self._early = act
        return True

    def _on_event(self, event: SessionEvent) -> None:
        self._early = None
        opened = self._session.open_page
        if self._stopped or opened is None or not self.suggesting.on:
            return
        status = opened.annotation.state.status
        match event:
            case PageOpened():
                self._asked = None
                self._pause.stop()
                # A started page keeps its first suggestions, whatever the model learnt since.
                self._due = status is Status.NEW or (
                    status is Status.STARTED and not self.suggesting.offered
                )
                if self._due:
                    self._put_off(self._ask)
                else:
                    self._put_off((self._pause if self._client else self._soon).start)
            case Edited() if not status.finished:
                self._pause.start()

    def _ask(self) -> None:
        """Request the suggestions of the open page."""
        from segmark.jobs.suggesting.protocol import SuggestNow

        opened, self._due = self._session.open_page, False
        if opened is None or self._stopped:
            return
        self._turn += 1
        self._asked = SuggestNow(opened.number, self._turn)
        if self._client:
            self._client.send(self._asked)
        else:
            self._soon.start()

    def _look_ahead(self) -> None:
        """Prepare for the next page, as if the open page were finished as it is now."""
        from segmark.jobs.suggesting.protocol import LookAhead

        self._ask_for_next(LookAhead)

    def _read_ahead(self) -> None:
        """Prepare for the next page what does not depend on the labels of the open page."""
        from segmark.jobs.suggesting.protocol import Prefetch

        self._ask_for_next(Prefetch)

    def _ask_for_next(self, request: "Callable[[int, int], WorkerRequest]") -> None:
        """Send a request about the open page and the page that comes next."""
        opened = self._session.open_page
        if opened is None or self._client is None or self._asked:
            return
        following = self._session.navigation.expected(opened.number)
        if following is not None and following != opened.number:
            self._client.send(request(opened.number, following))

    def _begin(self) -> None:
        """Start the process if there is anything to suggest from."""
        session, store = self._session, self._session.store
        off = self._stopped or self._gave_up or not self.suggesting.on or store.read_only
        known = helps(store.label_set) or store.suggestions.has_any_to_make(session.annotator)
        if off or not known:
            self._asked = self._early = None
        elif self._client is None:
            from segmark.jobs.suggesting.client import SuggestionClient

            self._client = SuggestionClient(
                session.store.path, session.annotator, self._answered.emit
            )
            if self._asked:
                self._client.send(self._asked)
            else:
                self._look_ahead()

    def _end(self) -> None:
        self._due, self._asked, self._early = False, None, None
        self._soon.stop()
        self._pause.stop()
        if self._client:
            self._client.stop()
            self._client = None

    def _take(self, answer: object) -> None:
        from segmark.jobs.suggesting.protocol import GaveUp, Suggested

        if self._stopped:
            return
        match answer:
            case GaveUp():
                self._end()
                self._gave_up, self.suggesting.awaited = True, False
                self.message.emit(GAVE_UP)
            case Suggested(request, offer) if request == self._asked:
                early, self._asked, self._early = self._early, None, None
                try:
                    self.suggesting.offer(request.page, offer)
                except StoreError as error:
                    _log.warning("suggestions not kept: %s", error)
                if early:
                    early()
                self._read_ahead()
                # Not at once: an annotator who is already done would wait for it.
                self._pause.start()
