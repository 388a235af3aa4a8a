"""Worker processes that do tasks in their order, a few of them ahead of what is needed."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, Generic, TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

_AHEAD = 4  # tasks for each process that are begun before their results are needed


class WorkerDiedError(Exception):
    """A process ended in the middle of a task, such as by a crash or for want of memory."""


#: What a report says of such a task.
PROCESS_DIED = "its process ended, by a crash or for want of memory"

#: Does a task whose process died; it may give parts of it to the function, one at a time.
RescueWork = Callable[[Work, Callable[[Work], Done]], Done]


class WorkerPool(Generic[Work, Done]):
    """Processes that end with their parent, however that ends.

    Args:
        processes: how many.
        begin: called in each process; returns the function that does a task there.
        arguments: for ``begin``.
        starting: holds what would disturb a start, such as signals, for a moment.
        rescue: see ``RescueWork``; its function raises WorkerDiedError. Without it, a process that
            dies ends the work with BrokenProcessPool.
    """

    def __init__(
        self,
        processes: int,
        begin: Callable[..., Callable[[Work], Done]],
        arguments: tuple[Any, ...],
        starting: Callable[[], AbstractContextManager[Any]] = nullcontext,
        rescue: RescueWork[Work, Done] | None = None,
    ) -> None:
        self._processes = processes
        self._arguments = begin, arguments
        self._starting = starting
        self._rescue = rescue
        self._pool = self._started()

    def close(self) -> None:
        """End the processes and cancel their tasks."""
        self._pool.shutdown(cancel_futures=True)

    def map(self, tasks: Iterable[Work]) -> Iterator[Done]:
        """Yield the results in the order of the tasks; only a few tasks are held at a time."""
        waiting = deque[tuple[Work, Future[Done]]]()
        for task in tasks:
            waiting.append((task, self._submit(task)))
            if len(waiting) >= self._processes * _AHEAD:
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def _next(self, waiting: deque[tuple[Work, Future[Done]]]) -> Done:
        task, future = waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            if self._rescue is None:
                raise
        self._restart()
        result = self._rescue(task, self._alone)
        for number, (later, _) in enumerate(waiting):
            waiting[number] = later, self._submit(later)
        return result

    def _alone(self, task: Work) -> Done:
        """Do a task while the processes have no other.

        Raises:
            WorkerDiedError: its process died.
        """
        try:
            return self._submit(task).result()
        except BrokenProcessPool as error:
            self._restart()
            raise WorkerDiedError from error

    def _submit(self, task: Work) -> Future[Done]:
        # The first task starts the processes. One whose parent stops at that moment would fail
        # with a traceback, and Ctrl+C reaches all of them.
        with self._starting(), _sigint_ignored():
            try:
                return self._pool.submit(_do, task)
            except BrokenProcessPool as error:
                broken = Future[Done]()
                broken.set_exception(error)
                return broken

    def _started(self) -> ProcessPoolExecutor:
        # A forked process could use neither SQLite nor the threads of its parent.
        return ProcessPoolExecutor(
            self._processes, get_context("spawn"), initializer=_begin, initargs=self._arguments
        )

    def _restart(self) -> None:
        """Replace the processes after one of them died.

        Raises:
            BrokenProcessPool: they can't even start.
        """
        self._pool.shutdown(cancel_futures=True)
        self._pool = self._started()
        with self._starting(), _sigint_ignored():
            begun = self._pool.submit(os.getpid)
        begun.result()


#: What does a task in this process.
_of_process: list[Callable[[Any], Any]] = []


def _begin(begin: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    """Start a worker process."""
    Thread(target=_end_with_parent, daemon=True).start()
    _of_process.append(begin(*arguments))


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _do(task: Any) -> Any:  # noqa: ANN401 - whatever the tasks are
    return _of_process[0](task)


@contextmanager
def _sigint_ignored() -> Iterator[None]:
    """Ignore Ctrl+C, which a terminal sends to all processes: this one stops the others."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
