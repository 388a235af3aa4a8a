"""Learning and suggesting beside the window: what the process of ``suggest_beside`` does.

One thread listens, so that the process ends with the window; one suggests; one learns, where there
is need, what other sites will teach before long.
"""

import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue

from segmark.environment import log
from segmark.jobs.suggesting.cross_site import Elsewhere, Learnt
from segmark.jobs.suggesting.finished_pages import FinishedPages
from segmark.jobs.suggesting.learner import Learner
from segmark.jobs.suggesting.protocol import Made, Read, SuggestNow, WorkerRequest
from segmark.store.store import Store

_log = logging.getLogger(__name__)

_PATIENCE = 0.4  # seconds that closing waits for what is being learnt
_QUIET = 3.0  # seconds without a question after which what was learnt is kept in the project
_YIELDING = 10  # how far the window goes before it, where both want the processor
_TURN = 0.0005  # seconds that a thread computes before another one has its turn


@dataclass(frozen=True, slots=True)
class _Rest:
    """There is time to keep what was learnt."""


_Requests = SimpleQueue[WorkerRequest | _Rest | None]


def suggest(window: Connection, project: Path, annotator: str) -> None:
    """What the process does; its main thread only listens, so that it ends with the window."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window decides when it stops
    log.setup()
    if hasattr(os, "nice"):
        os.nice(_YIELDING)
    requests: _Requests = SimpleQueue()
    worker = threading.Thread(target=_work, args=(window, project, annotator, requests))
    worker.daemon = True
    worker.start()
    with suppress(EOFError, OSError):
        while (request := window.recv()) is not None:
            requests.put(request)
        requests.put(None)
        worker.join(_PATIENCE)
    # What the threads have not finished is not needed, and training can't be interrupted.
    os._exit(0)


def _work(window: Connection, project: Path, annotator: str, requests: _Requests) -> None:
    """Answer until there is nothing more to answer; ends the process where it can't."""
    # Of two threads that compute the one that suggests must not wait long for its turn.
    sys.setswitchinterval(_TURN)
    try:
        with Store.open(project) as store:
            far = _FarAhead(project, annotator, requests)
            learner = Learner(store, annotator, far.learnt)
            while (request := _newest(requests, learner)) is not None:
                if isinstance(request, _Rest):
                    learner.keep()
                    continue
                if made := _made(learner, request):
                    window.send(made)
                if learner.must_look_elsewhere:
                    far.look(request.page)
            learner.keep()
    except Exception:
        _log.exception("suggestions stopped")
        os._exit(1)


def _newest(requests: _Requests, learner: Learner) -> WorkerRequest | _Rest | None:
    """What was asked for last, a question before all else; what was left needs no answer."""
    try:
        waiting = [requests.get(timeout=_QUIET if learner.has_more_to_keep() else None)]
    except Empty:
        return _Rest()
    while not requests.empty():
        waiting.append(requests.get())
    if None in waiting:
        return None
    return next((one for one in reversed(waiting) if isinstance(one, SuggestNow)), waiting[-1])


def _made(learner: Learner, request: WorkerRequest) -> Made | None:
    try:
        if isinstance(request, SuggestNow):
            return Made(request, learner.offer(request.page))
        if isinstance(request, Read):
            learner.read(request.page, request.following)
        else:
            learner.look_ahead(request.page, request.following)
    except Exception:
        # The next page may be another matter.
        _log.exception("no suggestions for page %d", request.page)
    return None


class _FarAhead:
    """Learns in a thread what other sites teach, before it comes into force.

    Attributes:
        learnt: what it has learnt.
    """

    def __init__(self, project: Path, annotator: str, requests: _Requests) -> None:
        self.learnt = Learnt()
        self._project = project
        self._annotator = annotator
        self._requests = requests
        self._page = 0
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def look(self, page: int) -> None:
        """Look whether there is anything to learn, and learn it, for the page's site first."""
        self._page = page
        self._wanted.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        try:
            with Store.open(self._project) as store:
                finished = FinishedPages(store, self._annotator)
                elsewhere = Elsewhere(store, self._annotator, finished, self.learnt)
                while self._wanted.wait():
                    self._wanted.clear()
                    finished.refresh()
                    elsewhere.learn_ahead(finished.page(self._page).info.site)
                    self._requests.put(_Rest())
        except Exception:
            # It is learnt when it is needed, then.
            _log.exception("nothing is learnt far ahead")
