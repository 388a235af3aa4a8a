"""A session among its pages: what comes next by a queue, acts on many pages, where one left off."""

from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.core.page_change import flag_pages, give_site, remove_pages, skip_pages
from segmark.core.queue import PageFilter, PageOrder, Sort
from segmark.session.events import PageOpened, PagesChanged, SessionEvent
from segmark.session.session import Session
from segmark.store.errors import StoreError
from segmark.store.store import Store

from tests.factories import add_pages, label, settle
from tests.working import before, number_of, shown, work_on


@pytest.fixture
def session(story_store: Store) -> Session:
    return work_on(story_store)


def _follow(
    session: Session, shown: PageFilter, order: PageOrder, *, from_start: bool = False
) -> None:
    queue = session.store.pages.queue(session.annotator, shown, order)
    session.navigation.follow(queue, filtered=shown != PageFilter(), from_start=from_start)


def test_next_and_done_go_by_the_queue(session: Session) -> None:
    _follow(session, PageFilter(), PageOrder(Sort.SHORTEST))  # 3, 2, 1
    session.open(3)
    assert session.step_page(1)
    assert number_of(session) == 2
    session.finish()
    assert number_of(session) == 1
    session.finish()
    assert number_of(session) == 3
    assert not session.step_page(-1)
    assert not session.finish()


def test_a_page_outside_the_filter_is_left_for_the_first_one_inside(session: Session) -> None:
    label(session.store, "mira", 3, "body")
    _follow(session, PageFilter(label="body"), PageOrder())
    assert session.step_page(1)
    assert number_of(session) == 3


@pytest.mark.parametrize("order", [None, PageOrder(Sort.SHORTEST), PageOrder(Sort.LONGEST)])
@pytest.mark.parametrize("from_start", [False, True])
def test_which_page_comes_next_is_known_before(
    session: Session, order: PageOrder | None, from_start: bool
) -> None:
    if order:
        _follow(session, PageFilter(), order, from_start=from_start)
    for _ in range(2):
        number = number_of(session)
        assert number
        expected = session.navigation.expected(number)
        assert session.navigation.expected(number) == expected
        assert session.finish()
        assert number_of(session) == expected


def test_undo_makes_a_page_one_to_come_again(session: Session) -> None:
    _follow(session, PageFilter(), PageOrder())
    session.finish()
    session.finish()
    session.undo()
    assert number_of(session) == 2
    session.open(1)
    session.step_unfinished(1)
    assert number_of(session) == 2


def test_many_pages_are_changed_and_undone_with_the_open_one_among_them(session: Session) -> None:
    told: list[SessionEvent] = []
    session.subscribe(told.append)
    assert session.change_pages([1, 2], flag_pages(2, flagged=True)) == 2
    assert session.state.flagged
    assert told == [PageOpened(1), PagesChanged()]
    session.label("body", before(session, "Menu"))
    session.undo()
    assert session.undo_title == "Flag 2 pages"
    assert session.undo() is None
    assert [row.flagged for row in session.store.pages.rows("mira", [1, 2, 3])] == [0, 0, 0]
    assert session.redo_title == "Flag 2 pages"
    session.redo()
    assert [row.flagged for row in session.store.pages.rows("mira", [1, 2, 3])] == [1, 1, 0]


def test_nothing_is_told_where_nothing_changed(session: Session) -> None:
    told: list[SessionEvent] = []
    session.subscribe(told.append)
    assert session.change_pages([1, 2], flag_pages(2, flagged=False)) == 0
    assert told == []


def test_the_page_after_a_removed_one_is_opened(session: Session) -> None:
    session.change_pages([1, 2], remove_pages(2, removed=True))
    assert number_of(session) == 3
    session.change_pages([3], remove_pages(1, removed=True))
    assert number_of(session) is None
    session.undo()
    assert number_of(session) is None
    assert session.open_first()
    assert number_of(session) == 3


def test_what_somebody_else_removed_can_not_be_labelled(session: Session) -> None:
    with Store.open(session.store.path) as other:
        other.annotations("jan").change_pages([1], remove_pages(1, removed=True))
    with pytest.raises(StoreError, match="restore it first"):
        session.label("body", before(session, "Menu"))
    assert shown(session) == "Menu\nShip sails\n\nIt did.\nIt did so.\nAnd on.\n"


def test_pages_given_another_site_show_it(session: Session) -> None:
    session.change_pages([1, 2, 3], give_site(3, "varn"))
    assert session.open_page
    assert session.open_page.page.info.site == "varn"


def test_one_goes_on_at_the_page_that_was_open_and_not_yet_worked_on(
    session: Session, project: Path
) -> None:
    session.label("body", before(session, "Menu"))
    session.open(3)
    session.leave()
    with Store.open(project) as store:
        again = Session(store, "mira")
        assert again.open_first()
        assert number_of(again) == 3
        # Whatever is done after that counts more than where one left off before.
        again.open(2)
        again.label("body", before(again, "Two"))
    with Store.open(project) as store:
        later = Session(store, "mira")
        later.open_first()
        assert number_of(later) == 2


def test_one_goes_on_after_the_last_page_and_not_after_many_that_were_skipped(
    session: Session, project: Path
) -> None:
    add_pages(session.store, "Four", "Five")
    settle(session.store, "mira", 1, Status.DONE)
    session.open(2)
    session.change_pages([4, 5], skip_pages(2))
    with Store.open(project) as store:
        again = Session(store, "mira")
        again.open_first()
        assert number_of(again) == 2
