"""Which page is a newer version of which."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from segmark.core.annotation import Status
from segmark.core.page_change import remove_pages
from segmark.store.store import Store

from tests.articles import article, framed
from tests.factories import label, make_page, make_project, settle

URL = "https://example.org/news/1"


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    with make_project(project) as store:
        yield store


def add(store: Store, text: str, source: str = "news/a.txt", url: str = "") -> int:
    """Add a page as loading does; its number."""
    page = make_page(text, source=source, url=url)
    with store.write():
        earlier = store.versions.find_earlier(page)
        store.pages.add(page, text.encode())
        number = store.pages.number_of(page.id)
        assert number
        if earlier:
            store.versions.link(number, earlier)
    return number


def test_a_page_follows_the_last_one_of_the_same_name(store: Store) -> None:
    add(store, "One")
    add(store, "Another", "news/b.txt")
    add(store, "Two")
    add(store, "Three")
    assert [store.versions.earlier(page) for page in (1, 2, 3, 4)] == [None, None, 1, 3]
    assert [store.versions.latest(page) for page in (1, 2, 3, 4)] == [4, 2, 4, 4]


def test_an_address_tells_more_than_a_name(store: Store) -> None:
    add(store, "One", "news/index.html", URL)
    add(store, "Two", "other/saved.html", URL)
    add(store, "Three", "news/index.html", "https://example.org/news/2")
    assert [store.versions.earlier(page) for page in (2, 3)] == [1, None]


def test_where_one_has_no_address_the_name_tells(store: Store) -> None:
    add(store, "One", "news/a.html")
    add(store, "Two", "news/a.html", URL)
    add(store, "Three", "news/a.html")
    assert [store.versions.earlier(page) for page in (2, 3)] == [1, 2]


def test_records_are_known_by_their_address_alone(store: Store) -> None:
    add(store, "One", "news/dump.jsonl:1")
    add(store, "Two", "news/dump.jsonl:1")
    add(store, "Three", "news/dump.jsonl:1", URL)
    add(store, "Four", "news/dump.jsonl:2", URL)
    assert [store.versions.earlier(page) for page in (2, 3, 4)] == [None, None, 3]


def test_other_articles_of_the_same_name_or_address_are_other_pages(store: Store) -> None:
    add(store, framed(article(1), "Sport"), url=URL)
    add(store, framed(article(2), "Sport"), url=URL)
    add(store, framed(article(1), "Weather"), url=URL)
    assert [store.versions.earlier(page) for page in (2, 3)] == [None, 1]


def test_what_is_no_address_links_nothing(store: Store) -> None:
    add(store, "One", "news/dump.jsonl:1", "n/a")
    add(store, "Two", "news/dump.jsonl:2", "n/a")
    assert store.versions.earlier(2) is None


def test_labels_come_from_the_last_version_that_has_some(store: Store) -> None:
    for text in ("One", "Two", "Three", "Four"):
        add(store, text)
    assert store.versions.labelled_earlier(4, "mira") is None
    label(store, "mira", 1, "headline")
    label(store, "mira", 2, "headline")
    label(store, "jan", 3, "headline")
    assert store.versions.labelled_earlier(4, "mira") == 2
    assert store.versions.labelled_earlier(4, "jan") == 3
    assert store.versions.labelled_earlier(1, "mira") is None


def test_labels_wait_to_be_carried_to_the_newest_version_that_was_not_begun(store: Store) -> None:
    for name in ("news/a.txt", "news/b.txt", "news/c.txt"):
        add(store, f"One {name}", name)
        add(store, f"Two {name}", name)
    add(store, "Three", "news/a.txt")
    for page in (1, 3, 5):
        label(store, "mira", page, "headline")
    settle(store, "mira", 4, Status.SKIPPED)
    assert list(store.versions.to_carry("mira")) == [(6, 5), (7, 1)]
    label(store, "mira", 6, "caption")
    assert list(store.versions.to_carry("mira")) == [(7, 1)]
    assert list(store.versions.to_carry("jan")) == []


def test_a_version_that_was_removed_is_passed_over(store: Store) -> None:
    for text in ("One", "Two", "Three"):
        add(store, text)
    label(store, "mira", 1, "headline")
    removing = remove_pages(1, removed=True)
    store.annotations("mira").change_pages([3], removing)
    assert store.versions.latest(1) == 2
    assert list(store.versions.to_carry("mira")) == [(2, 1)]
