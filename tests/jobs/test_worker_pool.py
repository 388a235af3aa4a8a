"""Worker processes: order, and what becomes of a task whose process dies."""

import os
import signal
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing

import pytest
from segmark.jobs.worker_pool import WorkerDiedError, WorkerPool

Numbers = list[int]


def doubling(deadly: int) -> Callable[[Numbers], Numbers]:
    """Doubles numbers; one of them ends the process."""

    def work(numbers: Numbers) -> Numbers:
        if deadly in numbers:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return [2 * number for number in numbers]

    return work


def never_begins() -> Callable[[Numbers], Numbers]:
    os._exit(1)


def one_by_one(numbers: Numbers, alone: Callable[[Numbers], Numbers]) -> Numbers:
    done = []
    for number in numbers:
        try:
            done += alone([number])
        except WorkerDiedError:
            done.append(-1)
    return done


def test_results_come_in_the_order_of_the_tasks() -> None:
    with closing(WorkerPool(3, doubling, (-1,))) as pool:
        tasks = ([number, number + 1] for number in range(40))
        assert list(pool.map(tasks)) == [[2 * n, 2 * n + 2] for n in range(40)]


def test_a_task_whose_process_dies_is_rescued_and_no_other_is_lost() -> None:
    with closing(WorkerPool(2, doubling, (7,), rescue=one_by_one)) as pool:
        found = list(pool.map([n, n + 1] for n in range(0, 20, 2)))
    assert [number for pair in found for number in pair] == [
        -1 if number == 7 else 2 * number for number in range(20)
    ]


def test_a_process_that_dies_ends_the_work_without_a_rescue() -> None:
    with closing(WorkerPool(2, doubling, (0,))) as pool, pytest.raises(BrokenProcessPool):
        list(pool.map([[0]]))


def test_processes_that_cannot_start_end_the_work() -> None:
    with (
        closing(WorkerPool(2, never_begins, (), rescue=one_by_one)) as pool,
        pytest.raises(BrokenProcessPool),
    ):
        list(pool.map([[1], [2]]))
