"""Learning and suggesting beside the window, in a process of its own: the window's half.

In a thread it would take turns with the window at every step of Python, and key presses would wait
for it. The process shares nothing with the window but the project file; it loads no Qt, and it ends
when the window does, however that ends.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from segmark.jobs.suggesting.protocol import GaveUp, SuggestNow, WorkerReply, WorkerRequest

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_log = logging.getLogger(__name__)

_PATIENCE = 2.0  # seconds that closing waits for the process to put away what it has learnt
_STARTS = 2


class SuggestBeside:
    """Has suggestions made in a process that it starts, and starts again once if it ends.

    ``take`` is called with every answer, in another thread. No method but ``stop`` ever waits.
    """

    def __init__(self, project: Path, annotator: str, take: Callable[[WorkerReply], None]) -> None:
        self._project = project
        self._annotator = annotator
        self._take = take
        self._requests: deque[WorkerRequest | None] = deque()
        self._last: SuggestNow | None = None
        self._stopped = False
        self._answered = False
        self._process: BaseProcess | None = None
        self._bell: Connection | None = None
        self._rung = False
        # A daemon: no crash of the window may leave a program behind that nobody sees.
        self._thread = threading.Thread(target=self._run, name="suggestions", daemon=True)
        self._thread.start()

    def ask(self, request: WorkerRequest) -> None:
        """Have something done; of several questions only the last is answered."""
        self._put(request)

    def stop(self) -> None:
        """End the process, and wait for it."""
        self._stopped = True
        self._put(None)
        self._thread.join(2 * _PATIENCE)
        if self._thread.is_alive() and self._process:  # it is frozen and takes no word
            self._process.kill()
            self._thread.join(_PATIENCE)

    def _put(self, request: WorkerRequest | None) -> None:
        self._requests.append(request)
        bell = self._bell
        if bell and not self._rung:  # one ring is enough; so the bell never blocks
            self._rung = True
            with suppress(OSError):
                bell.send_bytes(b"")

    def _run(self) -> None:
        try:
            for _ in range(_STARTS):
                self._work()
                if self._stopped:
                    return
        except Exception:
            _log.exception("no process that suggests can be started")
        self._take(GaveUp())

    def _work(self) -> None:
        """Start the process, and talk to it until it ends."""
        # Imported here: the window's thread would pay for it.
        from multiprocessing import get_context

        spawn = get_context("spawn")
        heard, self._bell = spawn.Pipe(duplex=False)
        here, there = spawn.Pipe()
        arguments = (there, self._project, self._annotator)
        process = spawn.Process(target=_begin, args=arguments, daemon=True)
        process.start()
        self._process = process
        there.close()
        with suppress(EOFError, OSError):
            if self._last:
                here.send(self._last)
            self._talk(here, heard)
        if self._stopped and self._answered:  # before it has nothing to put away
            process.join(_PATIENCE)
        process.kill()
        process.join()
        if not self._stopped:
            _log.error("the process that suggests ended by itself, with %s", process.exitcode)
        self._bell = None
        here.close()

    def _talk(self, process: "Connection", bell: "Connection") -> None:
        """Hand on requests and answers until it is to stop.

        Raises:
            EOFError, OSError: the process has ended.
        """
        from multiprocessing.connection import wait

        while True:
            self._rung = False
            while self._requests:
                request = self._requests.popleft()
                if isinstance(request, SuggestNow):
                    self._last = request
                process.send(request)
                if request is None:
                    return
            for ready in wait([process, bell]):
                if ready is bell:
                    bell.recv_bytes()
                else:
                    self._take(process.recv())
                    self._answered = True


def _begin(window: "Connection", project: Path, annotator: str) -> None:
    """What the process does."""
    # Imported here: the trainer is never loaded in the window's process.
    from segmark.jobs.suggesting.worker import suggest

    suggest(window, project, annotator)
