"""Active time: pauses are cut off at a limit."""

from segmark.session.time_at_work import ActiveTime


def _time(*inputs: float, idle_limit: float = 30.0) -> float:
    active = ActiveTime(idle_limit=idle_limit)
    for now in inputs:
        active.input(now)
    return active.take()


def test_time_is_counted_between_inputs() -> None:
    assert _time(100, 104, 109) == 9


def test_one_input_alone_is_no_time() -> None:
    assert _time(100) == 0


def test_a_long_pause_counts_as_the_limit() -> None:
    assert _time(0, 10, 4000, 4005) == 10 + 30 + 5
    assert _time(0, 10, 4000, idle_limit=60) == 10 + 60


def test_a_clock_that_stands_still_or_steps_back_takes_nothing_away() -> None:
    assert _time(10, 10, 8, 9) == 1


def test_time_that_is_taken_is_not_given_again() -> None:
    active = ActiveTime()
    active.input(0)
    active.input(5)
    assert active.take() == 5
    assert active.take() == 0
    active.input(7)
    assert active.take() == 2
