"""The limit for the time of a page."""

import re
import signal
from contextlib import suppress
from threading import Thread

import pytest
from segmark.jobs.crawling.time_limit import PageTookTooLongError, time_limit

SHORT = 0.1  # seconds of the processor


def work_for_ever() -> None:
    while True:
        pass


def test_what_takes_long_is_stopped() -> None:
    with pytest.raises(PageTookTooLongError), time_limit(SHORT):
        work_for_ever()


def test_a_regular_expression_that_never_ends_is_stopped() -> None:
    with pytest.raises(PageTookTooLongError), time_limit(SHORT):
        re.match(r"(a+)+$", "a" * 60 + "b")


def test_a_handler_that_swallows_everything_only_delays_it() -> None:
    def work() -> None:
        with suppress(BaseException):
            work_for_ever()
        work_for_ever()

    with pytest.raises(PageTookTooLongError), time_limit(SHORT):
        work()


def test_what_is_done_in_time_is_left_alone_and_so_is_what_comes_later() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with time_limit(SHORT):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) is before


def test_without_a_limit_and_in_other_threads_nothing_is_stopped() -> None:
    done = list[int]()

    def work() -> None:
        with time_limit(1e-6):
            done.append(sum(range(1_000_000)))

    with time_limit(0):
        work_in_thread = Thread(target=work)
        work_in_thread.start()
        work_in_thread.join()
    assert len(done) == 1
