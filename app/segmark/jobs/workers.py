"""Do many tasks in their order, in worker processes once that pays.

Starting processes takes as long as some hundred small tasks, so the first tasks are done here.
"""

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic

from segmark.jobs.worker_pool import Done, Work, WorkerDiedError, WorkerPool
from segmark.store.errors import StoreError

_BATCH_TASKS, _BATCH_BYTES = 20, 1 << 20  # at most, but for its last task
#: Processes start once slow tasks have taken so long here: about as long as they need to start.
_PATIENCE = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Workers:
    """The processes that do tasks.

    Attributes:
        processes: how many; 1 for none but this one.
        starting: that of ``WorkerPool``.
        patience: the seconds of slow tasks after which they are started.
    """

    processes: int = 1
    starting: Callable[[], AbstractContextManager[Any]] = nullcontext
    patience: float = _PATIENCE

    @property
    def here(self) -> bool:
        """Whether there is only this process; a thread can't start others without harm."""
        return self.processes == 1 or threading.current_thread() is not threading.main_thread()


#: No process but this one.
ALONE = Workers()


@dataclass(frozen=True, slots=True)
class WorkKind(Generic[Work, Done]):
    """How tasks are done.

    Attributes:
        begin: called with ``arguments`` in each process; returns what does a task there.
        size: of a task, in bytes.
        is_slow: whether tasks with this result are those that processes are for.
        lost: the result of a task whose process died.
    """

    begin: Callable[..., Callable[[Work], Done]]
    arguments: tuple[Any, ...]
    size: Callable[[Work], int]
    is_slow: Callable[[Done], bool]
    lost: Callable[[Work], Done]


def work_through(
    kind: WorkKind[Work, Done],
    work: Callable[[Work], Done],
    tasks: Iterable[Work],
    workers: Workers,
) -> Generator[Done]:
    """Yield the results of the tasks in their order; only a few are held at a time.

    ``work`` does a task here. Close it if you stop early.

    Raises:
        StoreError: the processes can't be started.
    """
    waiting, spent, here = iter(tasks), 0.0, workers.here
    while here or spent <= workers.patience:
        begun = perf_counter()
        try:
            task = next(waiting)
        except StopIteration:
            return
        result = work(task)
        if kind.is_slow(result):
            spent += perf_counter() - begun
        yield result

    def one_by_one(batch: list[Work], alone: Callable[[list[Work]], list[Done]]) -> list[Done]:
        found = list[Done]()
        for task in batch:
            try:
                found += alone([task])
            except WorkerDiedError:
                found.append(kind.lost(task))
        return found

    pool = WorkerPool[list[Work], list[Done]](
        workers.processes, _begin, (kind.begin, kind.arguments), workers.starting, one_by_one
    )
    with closing(pool):
        try:
            for batch in pool.map(_in_batches(waiting, kind.size)):
                yield from batch
        except BrokenProcessPool:
            raise StoreError("no processes can be started; try it with --processes 1") from None


def _begin(
    begin: Callable[..., Callable[[Work], Done]], arguments: tuple[Any, ...]
) -> Callable[[list[Work]], list[Done]]:
    work = begin(*arguments)
    return lambda batch: [work(task) for task in batch]


def _in_batches(tasks: Iterator[Work], size_of: Callable[[Work], int]) -> Iterator[list[Work]]:
    batch, size = list[Work](), 0
    for task in tasks:
        batch.append(task)
        size += size_of(task)
        if len(batch) >= _BATCH_TASKS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
