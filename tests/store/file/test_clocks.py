"""Clocks that are set back, stop or change their zone: the order of the log is its number's."""

import time
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from segmark.core.history import History
from segmark.session.session import Session
from segmark.store import annotations as annotations_module
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import label, make_project, peek
from tests.working import over

_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_clock_that_is_set_back_spoils_neither_the_order_nor_undo(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = count()

    def now() -> str:
        return (_NOON - timedelta(days=next(back))).isoformat(timespec="milliseconds")

    monkeypatch.setattr(annotations_module, "now", now)
    with make_project(project, "one two three four") as store:
        for start, end in ((0, 3), (4, 7), (8, 13)):
            label(store, "mira", 1, "caption", start, end)
    times = [row[0] for row in peek(project, "SELECT made_at FROM edit ORDER BY number")]
    assert times == sorted(times, reverse=True)
    assert check(project).damage == ()
    with Store.open(project) as store:
        mira = store.annotations("mira")
        log = list(mira.log())
        assert [entry.edit.added[0].start for entry in log] == [0, 4, 8]
        assert mira.history() == History.of(log)
        session = Session(store, "mira")
        session.open(1)
        for left in (2, 1, 0):
            session.undo()
            assert len(session.spans) == left


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_suspended_laptop_and_a_clock_set_back_count_as_a_pause(project: Path) -> None:
    clock = _Clock()
    with make_project(project, "one two") as store:
        session = Session(store, "mira", clock=clock)
        session.open(1)
        # Ten seconds of work, a night with the lid closed, five seconds, an hour back, five more.
        for clock.now in (100.0, 110.0, 110.0 + 9 * 3600, 115.0 + 9 * 3600):
            session.input()
        session.label("headline", over(session, "one"))
        for clock.now in (115.0 + 8 * 3600, 120.0 + 8 * 3600):
            session.input()
        session.label("caption", over(session, "two"))
        assert store.statistics("mira").active_seconds == pytest.approx(10 + 30 + 5 + 0 + 5)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone can't be changed here")
def test_another_time_zone_changes_no_time_that_is_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_project(project, "one two three") as store:
        for zone, start in (("Pacific/Kiritimati", 0), ("Pacific/Niue", 4)):
            with monkeypatch.context() as patch:
                patch.setenv("TZ", zone)
                time.tzset()
                label(store, "mira", 1, "caption", start, start + 3)
    monkeypatch.undo()
    time.tzset()
    first, second = (
        datetime.fromisoformat(row[0])
        for row in peek(project, "SELECT made_at FROM edit ORDER BY number")
    )
    assert timedelta(0) <= second - first < timedelta(minutes=5)
    assert first.utcoffset() == timedelta(0)
