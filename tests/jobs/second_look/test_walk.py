from pathlib import Path

import pytest
from segmark.core.caret import Selection
from segmark.core.page_change import remove_pages
from segmark.jobs.second_look.review import Review, review, review_in_process
from segmark.jobs.second_look.walk import SecondLook
from segmark.session.session import Session
from segmark.store.store import Store

from tests.news_project import SILENT, SPOILT_PAGES, SWAPPED, span_of


@pytest.fixture
def session(store: Store) -> Session:
    return Session(store, "ada")


@pytest.fixture
def look(store: Store, session: Session) -> SecondLook:
    return SecondLook(session, review(store, "ada").groups)


def ignore(done: int, total: int | None = None, text: str = "") -> None:
    pass


def page_of(look: SecondLook) -> int | None:
    return look.current.page if look.current else None


def test_a_walk_opens_the_page_of_each_place_and_wraps_around(
    look: SecondLook, session: Session
) -> None:
    assert sorted(look.pages) == [SILENT, SWAPPED]
    assert (look.current, look.number) == (None, 0)
    pages = [place.page for place in (look.step(1), look.step(1), look.step(1)) if place]
    assert pages == [*look.pages, look.pages[0]]
    assert session.open_page
    assert session.open_page.number == look.pages[0]


def test_backwards_a_walk_begins_at_the_last_place(look: SecondLook) -> None:
    look.step(-1)
    assert page_of(look) == look.pages[-1]


def test_what_is_called_right_is_settled_and_undo_opens_it_again(
    look: SecondLook, session: Session
) -> None:
    first = look.step(1)
    assert first
    assert look.call_right()
    assert session.undo_title == "It is right"
    assert not look.is_open(first)
    assert not look.call_right()
    session.undo()
    assert look.is_open(first)
    session.redo()
    assert not look.is_open(first)


def test_what_was_called_right_is_left_out_by_the_next_review(
    look: SecondLook, store: Store
) -> None:
    while look.step(1):
        assert look.call_right()
    again = review(store, "ada")
    assert (again.groups, again.pages) == ((), SPOILT_PAGES)


def test_a_place_whose_label_was_put_right_is_settled(look: SecondLook, session: Session) -> None:
    place = look.step(1)
    while place and place.page != SWAPPED:
        place = look.step(1)
    assert place
    caption = span_of(SWAPPED, "caption")
    session.label("caption", Selection(caption.start, caption.end))
    assert not look.is_open(place)
    assert page_of(look) == SWAPPED
    look.step(1)
    assert page_of(look) == SILENT


def test_a_walk_ends_when_everything_is_settled(look: SecondLook) -> None:
    for _ in look.places:
        assert look.step(1)
        assert look.call_right()
    assert look.step(1) is None
    assert look.step(-1) is None


def test_a_removed_page_is_passed_over(look: SecondLook, session: Session) -> None:
    session.change_pages([SWAPPED], remove_pages(1, removed=True))
    look.step(1)
    assert page_of(look) == SILENT
    look.step(1)
    assert page_of(look) == SILENT


def test_a_process_finds_the_same_and_reports_its_progress(project: Path, store: Store) -> None:
    told = list[tuple[int, int | None, str]]()

    def progress(done: int, total: int | None = None, text: str = "") -> None:
        told.append((done, total, text))

    assert review_in_process(project, "ada", None, progress) == review(store, "ada")
    named = [(total, text) for _, total, text in told if text]
    assert set(named) == {(SPOILT_PAGES, "news.example")}


def test_one_site_alone_can_be_looked_at(store: Store) -> None:
    assert review(store, "ada", "other.example") == Review("ada", 0, (), (), ())
    assert review(store, "ada", "news.example").groups == review(store, "ada").groups


def test_a_review_can_be_stopped_between_pages(store: Store) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, total: int | None = None, text: str = "") -> None:
        raise StopError

    with pytest.raises(StopError):
        review(store, "ada", progress=stop)
