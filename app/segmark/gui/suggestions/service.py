"""Suggestions for the window: made in a process beside it, shown when they are there."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from segmark.core.annotation import Status
from segmark.jobs.suggesting.page_suggestions import PageSuggestions
from segmark.jobs.suggesting.verdicts import Verdicts
from segmark.session.events import Edited, PageOpened, SessionEvent
from segmark.session.session import Session
from segmark.store.errors import StoreError

if TYPE_CHECKING:
    from segmark.jobs.suggesting.client import SuggestionClient
    from segmark.jobs.suggesting.protocol import SuggestNow, WorkerRequest

_log = logging.getLogger(__name__)

_PAUSE_MS = 300  # without an act, after which what the next page needs is made ready
GAVE_UP = (
    "Suggestions are off: what makes them ended twice by itself. Labelling goes on as before; "
    "they come back when the project is opened again."
)


class SuggestionService(QObject):
    """Has suggestions made for the page that a session opens, and hands them over.

    There is a process for it only while suggestions are on and there is something to make them
    from, and not before the first page is painted.

    A page keeps the suggestions that it was shown with, as long as it is open and ever after it
    was begun: nothing changes under the annotator's hand.

    Attributes:
        suggesting: the suggestions of the open page.

    Signals:
        changed: the open suggestions are others.
        told: a line for the annotator.
    """

    changed = Signal()
    told = Signal(str)
    _answered = Signal(object)

    def __init__(
        self,
        session: Session,
        verdicts: Verdicts,
        parent: QObject | None = None,
        *,
        wanted: bool = True,
    ) -> None:
        super().__init__(parent)
        self.suggesting = PageSuggestions(
            session, verdicts, wanted=wanted, changed=self.changed.emit
        )
        self.suggesting.awaited = not session.store.read_only
        self._session = session
        self._beside: SuggestionClient | None = None
        self._asked: SuggestNow | None = None  # what is waited for
        self._turn = 0
        self._gave_up = False
        self._stopped = False
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)
        # The process is not started before the page is painted.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._begin)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_ahead)
        session.subscribe(self._on_event)

    def stop(self) -> None:
        """End the process; what it is making is dropped."""
        self._stopped = True
        self._end()

    def want(self, wanted: bool) -> None:
        """Show suggestions to this annotator or not."""
        self.suggesting.want(wanted)
        self._gave_up, self.suggesting.awaited = False, not self._session.store.read_only
        if self.suggesting.on:
            self._ask()
        else:
            self._end()

    def make_anew(self) -> None:
        """Make the suggestions of the open page again, after the policy changed."""
        self.want(self.suggesting.wanted)

    def _on_event(self, event: SessionEvent) -> None:
        opened = self._session.open_page
        if self._stopped or opened is None or not self.suggesting.on:
            return
        status = opened.annotation.state.status
        match event:
            case PageOpened():
                self._asked = None
                self._pause.stop()
                # A page that was begun keeps what was suggested first, whatever was learnt since.
                if status is Status.NEW or (
                    status is Status.STARTED and not self.suggesting.offered
                ):
                    self._ask()
                else:
                    (self._pause if self._beside else self._soon).start()
            case Edited() if not status.finished:
                self._pause.start()

    def _ask(self) -> None:
        """Have the suggestions of the open page made."""
        from segmark.jobs.suggesting.protocol import SuggestNow

        opened = self._session.open_page
        if opened is None or self._stopped:
            return
        self._turn += 1
        self._asked = SuggestNow(opened.number, self._turn)
        if self._beside:
            self._beside.send(self._asked)
        else:
            self._soon.start()

    def _look_ahead(self) -> None:
        """Have made ready what finishing the open page as it stands will ask for."""
        from segmark.jobs.suggesting.protocol import LookAhead

        self._ask_for_following(LookAhead)

    def _read_ahead(self) -> None:
        """Have made ready what finishing the open page will ask for, however it is labelled."""
        from segmark.jobs.suggesting.protocol import Prefetch

        self._ask_for_following(Prefetch)

    def _ask_for_following(self, request: "Callable[[int, int], WorkerRequest]") -> None:
        """Have something done for the open page and the one that comes next."""
        opened = self._session.open_page
        if opened is None or self._beside is None or self._asked:
            return
        following = self._session.navigation.expected(opened.number)
        if following is not None and following != opened.number:
            self._beside.send(request(opened.number, following))

    def _begin(self) -> None:
        """Start the process if it has anything to do."""
        session = self._session
        if self._stopped or self._gave_up or not self.suggesting.on or session.store.read_only:
            return
        if self._beside is None and session.store.suggestions.has_any_to_make(session.annotator):
            from segmark.jobs.suggesting.client import SuggestionClient

            self._beside = SuggestionClient(
                session.store.path, session.annotator, self._answered.emit
            )
            if self._asked:
                self._beside.send(self._asked)
            else:
                self._look_ahead()

    def _end(self) -> None:
        self._asked = None
        self._soon.stop()
        self._pause.stop()
        if self._beside:
            self._beside.stop()
            self._beside = None

    def _take(self, answer: object) -> None:
        from segmark.jobs.suggesting.protocol import GaveUp, Suggested

        if self._stopped:
            return
        match answer:
            case GaveUp():
                self._end()
                self._gave_up, self.suggesting.awaited = True, False
                self.told.emit(GAVE_UP)
            case Suggested(request, offer) if request == self._asked:
                self._asked = None
                try:
                    self.suggesting.offer(request.page, offer)
                except StoreError as error:
                    _log.warning("suggestions not kept: %s", error)
                self._read_ahead()
                # Not at once: who is done already would wait for what is not needed.
                self._pause.start()
