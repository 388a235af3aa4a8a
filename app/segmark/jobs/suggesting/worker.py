"""The worker process that learns and makes suggestions for the window; see ``SuggestionClient``.

One thread receives requests, so that the process ends with the window; one makes suggestions; one
trains the next cross-site models when they are due.
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
from segmark.jobs.suggesting.cross_site import CrossSiteModels, UnsavedModels
from segmark.jobs.suggesting.finished_pages import FinishedPages
from segmark.jobs.suggesting.learner import Learner
from segmark.jobs.suggesting.protocol import Prefetch, Suggested, SuggestNow, WorkerRequest
from segmark.store.store import Store

_log = logging.getLogger(__name__)

_PATIENCE = 0.4  # seconds that closing waits for the current training
_QUIET = 3.0  # seconds without a request after which new models are saved in the project
_NICENESS = 10  # lets the window go first when both need the processor
_SWITCH_INTERVAL = 0.0005  # seconds that a thread computes before another one has its turn


@dataclass(frozen=True, slots=True)
class _SaveModels:
    """There is time to save the new models."""


_Requests = SimpleQueue[WorkerRequest | _SaveModels | None]


def run(window: Connection, project: Path, annotator: str) -> None:
    """Run the worker; the main thread only receives, so that the process ends with the window."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the window decides when it stops
    log.setup()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    requests: _Requests = SimpleQueue()
    worker = threading.Thread(target=_work, args=(window, project, annotator, requests))
    worker.daemon = True
    worker.start()
    with suppress(EOFError, OSError):
        while (request := window.recv()) is not None:
            requests.put(request)
        requests.put(None)
        worker.join(_PATIENCE)
    # Unfinished work is not needed, and training can't be interrupted.
    os._exit(0)


def _work(window: Connection, project: Path, annotator: str, requests: _Requests) -> None:
    """Answer requests until there are no more; end the process if that is impossible."""
    # While another thread trains, the one that makes suggestions must not wait long for its turn.
    sys.setswitchinterval(_SWITCH_INTERVAL)
    try:
        with Store.open(project) as store:
            trainer = _CrossSiteTrainer(project, annotator, requests)
            learner = Learner(store, annotator, trainer.unsaved)
            while (request := _next(requests, learner)) is not None:
                if isinstance(request, _SaveModels):
                    learner.save()
                    continue
                if reply := _reply(learner, request):
                    window.send(reply)
                if learner.cross_site_is_due:
                    trainer.start(request.page)
            learner.save()
    except Exception:
        _log.exception("suggestions stopped")
        os._exit(1)


def _next(requests: _Requests, learner: Learner) -> WorkerRequest | _SaveModels | None:
    """Return the latest request, ``SuggestNow`` first; older ones are outdated and dropped."""
    try:
        waiting = [requests.get(timeout=_QUIET if learner.has_unsaved() else None)]
    except Empty:
        return _SaveModels()
    while not requests.empty():
        waiting.append(requests.get())
    if None in waiting:
        return None
    return next((one for one in reversed(waiting) if isinstance(one, SuggestNow)), waiting[-1])


def _reply(learner: Learner, request: WorkerRequest) -> Suggested | None:
    try:
        if isinstance(request, SuggestNow):
            return Suggested(request, learner.offer(request.page))
        if isinstance(request, Prefetch):
            learner.prefetch(request.page, request.following)
        else:
            learner.look_ahead(request.page, request.following)
    except Exception:
        # It may work for the next page.
        _log.exception("no suggestions for page %d", request.page)
    return None


class _CrossSiteTrainer:
    """Trains cross-site models in a thread, before they come into force.

    Attributes:
        unsaved: the models that it has trained.
    """

    def __init__(self, project: Path, annotator: str, requests: _Requests) -> None:
        self.unsaved = UnsavedModels()
        self._project = project
        self._annotator = annotator
        self._requests = requests
        self._page = 0
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, page: int) -> None:
        """Train the models that are due, that for the site of a page first."""
        self._page = page
        self._wanted.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        try:
            with Store.open(self._project) as store:
                finished = FinishedPages(store, self._annotator)
                models = CrossSiteModels(store, self._annotator, finished, self.unsaved)
                while self._wanted.wait():
                    self._wanted.clear()
                    finished.refresh()
                    models.train_ahead(finished.page(self._page).info.site)
                    self._requests.put(_SaveModels())
        except Exception:
            # The models are then trained when they are needed.
            _log.exception("cross-site models can't be trained ahead")
