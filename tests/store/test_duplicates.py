"""Pages with the same article: found, marked, and left out where one is enough."""

from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.core.record import Article, RecordFilter
from segmark.store.duplicates import NearDuplicate
from segmark.store.store import Store

from tests.articles import article, framed
from tests.factories import add_pages, alter, make_page, make_project, peek, settle

SHOWN = [
    framed(article(1), "Sport"),
    framed(article(2), "Sport"),
    framed(article(1), "Weather"),
    framed(article(1), "Opinion"),
    framed(article(2), "Weather"),
    "Short",
    "Shorter",
]


def compare(store: Store, at_most: int = 100) -> tuple[int, list[NearDuplicate]]:
    with store.write():
        return store.duplicates.compare_new(at_most)


@pytest.fixture
def store(project: Path) -> Store:
    return make_project(project, *SHOWN)


def test_pages_with_the_same_article_are_marked_with_the_first_of_them(store: Store) -> None:
    marked = [NearDuplicate(3, 1), NearDuplicate(4, 1), NearDuplicate(5, 2)]
    assert compare(store) == (7, marked)
    firsts = [store.duplicates.first_of(number) for number in range(1, 8)]
    one, two = make_page(SHOWN[0]).id, make_page(SHOWN[1]).id
    assert firsts == [None, None, one, one, two, None, None]
    assert store.duplicates.count() == 3


def test_pages_are_compared_once_in_as_many_steps_as_one_likes(store: Store) -> None:
    steps = [compare(store, 2) for _ in range(5)]
    assert [compared for compared, _ in steps] == [2, 2, 2, 1, 0]
    found = [(each.page, each.first) for _, near in steps for each in near]
    assert found == [(3, 1), (4, 1), (5, 2)]


def test_a_page_that_comes_later_is_compared_with_all_before_it(store: Store) -> None:
    compare(store)
    add_pages(store, framed(article(3), "Sport"), framed(article(2), "Letters"))
    assert compare(store) == (2, [NearDuplicate(9, 2)])


def test_what_a_site_puts_on_every_page_makes_no_duplicates(project: Path) -> None:
    policy = article(99, paragraphs=2)
    with make_project(project, *(f"{article(n, 4)}\n{policy}" for n in range(30))) as store:
        assert compare(store) == (30, [])
        assert max(peek(project, "SELECT count(*) FROM page_sketch GROUP BY hash"))[0] <= 20


def test_when_the_first_page_is_gone_the_others_stay_marked(store: Store) -> None:
    compare(store)
    alter(store.path, "DELETE FROM page WHERE number = 1")
    assert store.duplicates.first_of(3) == store.duplicates.first_of(4) == ""
    add_pages(store, framed(article(1), "Letters"))
    assert compare(store) == (1, [])


def exported(store: Store, **chosen: object) -> list[str]:
    """Pages by their places in ``SHOWN``, as they were exported, with who labelled them."""
    filter_ = RecordFilter(unique=True, **chosen)  # type: ignore[arg-type]
    records = list(store.records(filter_))
    assert store.count_records(filter_) == len(records)
    places = {make_page(text).id: place for place, text in enumerate(SHOWN, start=1)}
    return [f"{places[record.id]}{record.annotator}" for record in records]


def test_an_export_of_unique_pages_takes_the_first_page_of_each_article(store: Store) -> None:
    compare(store)
    everything = frozenset(Status)
    assert exported(store, statuses=everything) == ["1", "2", "6", "7"]
    whole = RecordFilter(statuses=everything)
    assert store.count_records(whole) == len(list(store.records(whole))) == 7


def test_an_export_of_unique_pages_takes_the_first_one_that_is_done(store: Store) -> None:
    compare(store)
    for number in (3, 4, 2, 5):
        settle(store, "mira", number, Status.DONE)
    settle(store, "jan", 4, Status.DONE)
    assert exported(store) == ["2mira", "3mira", "4jan"]
    assert exported(store, annotator="jan") == ["4jan"]


def test_records_tell_the_first_page_with_their_article(store: Store) -> None:
    compare(store)
    everything = RecordFilter(statuses=frozenset(Status))
    ids = {place: make_page(text).id for place, text in enumerate(SHOWN, start=1)}
    told = {record.id: record.article for record in store.records(everything)}
    assert told[ids[3]] == told[ids[4]] == Article(ids[1], "")
    assert told[ids[1]] is told[ids[6]] is None
    alter(store.path, "DELETE FROM page WHERE number = 1")
    told = {record.id: record.article for record in store.records(everything)}
    assert told[ids[3]] == told[ids[4]] == Article("page 1", "")
