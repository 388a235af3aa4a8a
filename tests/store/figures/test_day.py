"""The work of a day: which pages, how many acts, how long, and how it agrees with the filters."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.core.page_change import join_people, remove_pages, skip_pages
from segmark.core.queue import PageFilter, PageOrder, PageWork
from segmark.session.session import Session
from segmark.store.figures.day import DayPage
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import alter, alter_log, label, make_project, peek, settle

TODAY = datetime.now().astimezone().date()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def store(project: Path) -> Store:
    """Five pages that nobody has worked on."""
    return make_project(project, *(f"Ferry {number} sails\nIt did." for number in range(1, 6)))


def utc(day: date, seconds: float) -> str:
    """A time so many seconds after the beginning of a day here, as the tables keep it."""
    midnight = datetime(day.year, day.month, day.day).astimezone()
    return (
        (midnight + timedelta(seconds=seconds)).astimezone(UTC).isoformat(timespec="milliseconds")
    )


def rows(store: Store, day: date = TODAY, who: str | None = "ada") -> list[tuple[int, int, float]]:
    return [(one.number, one.acts, one.seconds) for one in store.day(day, who)]


def one(store: Store, day: date = TODAY) -> DayPage:
    (found,) = store.day(day, "ada")
    return found


def test_the_time_of_each_page_is_counted_as_it_is_saved(store: Store, project: Path) -> None:
    clock = [0.0]
    with store:
        session = Session(store, "ada", clock=lambda: clock[0])
        for number in (2, 1, 2):
            session.open(number)
            session.input()
            clock[0] += 10
            session.input()
            session.flag()
            clock[0] += 5
            session.input()
        session.leave()
        assert rows(store) == [(2, 2, 30.0), (1, 1, 15.0)]
        assert all(page.timed for page in store.day(TODAY, "ada"))
        assert peek(project, "SELECT sum(active_seconds) FROM annotation") == [(45.0,)]
    assert check(project).is_well


def test_a_day_holds_its_own_acts_and_time(store: Store, project: Path) -> None:
    with store:
        label(store, "ada", 1, "headline")
        label(store, "ada", 2, "headline")
        store.annotations("ada").add_active_time(1, 40)
        store.annotations("ada").add_active_time(2, 50)
        alter(project, "UPDATE project SET value = '2020' WHERE name = 'times_since'")
        for number, seconds in ((1, -1), (2, 0)):
            alter_log(project, "made_at = ? WHERE page = ?", utc(TODAY, seconds), number)
            quarter = utc(TODAY, -900 if seconds else 0)
            alter(project, "UPDATE time_at_work SET quarter = ? WHERE page = ?", quarter, number)
        assert rows(store, YESTERDAY) == [(1, 1, 40.0)]
        assert rows(store) == [(2, 1, 50.0)]
        assert rows(store, TODAY + timedelta(days=1)) == []


def test_of_acts_before_times_were_counted_none_is_known(store: Store, project: Path) -> None:
    with store:
        label(store, "ada", 1, "headline")
        alter_log(project, "made_at = ?", "2020-02-02T12:00:00.000+00:00")
        assert not one(store, date(2020, 2, 2)).timed


def test_acts_on_many_pages_and_pages_that_were_only_looked_at_count(store: Store) -> None:
    with store:
        session = Session(store, "ada")
        session.change_pages([1, 2], skip_pages(2))
        session.undo()
        label(store, "ada", 3, "headline")
        session.change_pages([3], remove_pages(1, removed=True))
        assert [row[:2] for row in rows(store)] == [(1, 2), (2, 2), (3, 2)]
        assert [page.removed for page in store.day(TODAY, "ada")] == [False, False, True]
        assert rows(store, who="ben") == []


def test_a_page_with_time_and_no_act_is_there(store: Store, project: Path) -> None:
    with store:
        label(store, "ada", 1, "headline")
        alter_log(project, "made_at = '2020-02-02T12:00:00.000+00:00'")
        store.annotations("ada").add_active_time(1, 12)
        assert rows(store) == [(1, 0, 12.0)]
        assert one(store).first is None


def test_the_day_agrees_with_the_filters(store: Store) -> None:
    def shown(work: PageWork) -> set[int]:
        return set(store.pages.queue("ada", PageFilter(work=work), PageOrder()))

    with store:
        settle(store, "ada", 1, Status.DONE)
        label(store, "ada", 2, "headline", 0, 5)
        settle(store, "ada", 2, Status.DONE)
        label(store, "ada", 2, "body", 6, 7)
        label(store, "ada", 3, "headline")
        settle(store, "ben", 4, Status.DONE)
        Session(store, "ada").change_pages([5], skip_pages(1))
        day = store.day(TODAY, "ada")
        assert {page.number for page in day if page.status.finished} == shown(PageWork.TODAY)
        assert {page.number for page in day} == shown(PageWork.MINE)
        assert shown(PageWork.CHANGED) == {2} <= {page.number for page in day}
        ben, ada = store.people.find("ben"), store.people.find("ada")
        assert ben
        assert ada
        Session(store, "ada").change_people(join_people(ben, ada, keep_labels_of=ada))
        day = store.day(TODAY, "ada")
        assert {page.number for page in day if page.status.finished} == shown(PageWork.TODAY)
        assert {page.number for page in day} == shown(PageWork.MINE) == {1, 2, 3, 4, 5}


def test_more_time_by_day_than_in_all_is_damage(store: Store, project: Path) -> None:
    with store:
        label(store, "ada", 1, "headline")
        store.annotations("ada").add_active_time(1, 12)
    alter(project, "UPDATE time_at_work SET seconds = 60")
    assert check(project).damage == (
        "Page 1: the time at work by day is more than there was in all.",
    )
