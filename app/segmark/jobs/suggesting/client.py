"""The client of the worker process that makes suggestions: the window's side.

In a thread of the window, the work would compete with it for the interpreter lock, and key presses
would have to wait. The process shares nothing with the window but the project file. It loads no Qt,
and it ends when the window does, in whatever way that ends.
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

_PATIENCE = 2.0  # seconds that closing waits for the process to save what it has learnt
_STARTS = 2


class SuggestionClient:
    """Starts a process that makes suggestions, and starts it once more if it ends by itself.

    ``on_reply`` is called with every reply, in another thread. Only ``stop`` ever waits.
    """

    def __init__(
        self, project: Path, annotator: str, on_reply: Callable[[WorkerReply], None]
    ) -> None:
        self._project = project
        self._annotator = annotator
        self._on_reply = on_reply
        self._requests: deque[WorkerRequest | None] = deque()
        self._last: SuggestNow | None = None
        self._stopped = False
        self._answered = False
        self._process: BaseProcess | None = None
        self._bell: Connection | None = None
        self._rung = False
        # A daemon: a crash of the window must not leave a process behind that nobody sees.
        self._thread = threading.Thread(target=self._run, name="suggestions", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The id of the process; None before it has started."""
        return self._process.pid if self._process else None

    def send(self, request: WorkerRequest) -> None:
        """Send a request; of several ``SuggestNow`` only the last is answered."""
        self._put(request)

    def stop(self) -> None:
        """End the process, and wait until it has ended."""
        self._stopped = True
        self._put(None)
        self._thread.join(2 * _PATIENCE)
        if self._thread.is_alive() and self._process:  # it hangs and reads no message
            self._process.kill()
            self._thread.join(_PATIENCE)

    def _put(self, request: WorkerRequest | None) -> None:
        self._requests.append(request)
        bell = self._bell
        if bell and not self._rung:  # one byte string wakes the thread, so this never blocks
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
            _log.exception("the process that makes suggestions can't be started")
        self._on_reply(GaveUp())

    def _work(self) -> None:
        """Start the process, and exchange messages with it until it ends."""
        # Imported here to keep the window's start fast.
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
            self._exchange(here, heard)
        if self._stopped and self._answered:  # before its first reply it has nothing to save
            process.join(_PATIENCE)
        process.kill()
        process.join()
        if not self._stopped:
            _log.error("the process that suggests ended by itself, with %s", process.exitcode)
        self._bell = None
        here.close()

    def _exchange(self, process: "Connection", bell: "Connection") -> None:
        """Pass on requests and replies until the process is to stop.

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
                    self._on_reply(process.recv())
                    self._answered = True


def _begin(window: "Connection", project: Path, annotator: str) -> None:
    """Run the worker; the target of the process."""
    # Imported here: the window's process must never load the CRF library.
    from segmark.jobs.suggesting.worker import run

    run(window, project, annotator)
