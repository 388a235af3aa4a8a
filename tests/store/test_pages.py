"""The pages of a project: adding, reading, listing, finding the next one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.page import Anchor, Page, PageInfo
from segmark.core.queue import PageFilter
from segmark.core.text.normalise import normalise, sha256_of
from segmark.store.errors import StoreError
from segmark.store.pages import PageRow
from segmark.store.store import Store

from tests.factories import LABELS, add_pages, alter, label, make_page, make_project, peek, settle
from tests.strategies import AWKWARD


def test_the_same_page_added_twice_is_one_page(project: Path) -> None:
    with make_project(project, "One") as store:
        with store.write():
            assert not store.pages.add(make_page("One"), b"One")
            assert store.pages.add(make_page("Two"), b"Two")
            assert not store.pages.add(make_page("Two"), b"Two")
        assert store.pages.count() == 2
        assert len(store.pages.numbers("mira", PageFilter())) == 2


def test_a_page_comes_back_as_it_was_added(project: Path) -> None:
    info = PageInfo(
        "varn/é.html", "varn.example", "https://varn.example/é?a=1", "Ship «sails»", "fr",
        "windows-1252", "html",
    )  # fmt: skip
    anchors = {0: Anchor("/html/body/h1"), 5: Anchor("/html/body/p[1]", ("léad", ""), ("a", "em"))}
    page = Page.of("0123456789abcdef", "Ship\nsails 🙂", info, anchors)
    source = b"\x00\xff<html>" * 100
    with Store.create(project, LABELS) as store, store.write():
        store.pages.add(page, source)
    with Store.open(project) as store:
        read = store.pages.get(1)
        assert read == page
        assert read.anchors == anchors
        assert store.pages.source(1) == source
        assert store.pages.number_of(page.id) == 1


def test_a_text_of_awkward_characters_comes_back_unchanged(project: Path) -> None:
    with make_project(project, AWKWARD) as store:
        assert store.pages.get(1).text == normalise(AWKWARD)
    [(stored, characters)] = peek(project, "SELECT text, characters FROM page_text, page")
    assert (stored, characters) == (normalise(AWKWARD), len(normalise(AWKWARD)))


def test_a_page_that_is_not_there_is_refused(project: Path) -> None:
    with make_project(project) as store:
        for read in (store.pages.get, store.pages.source):
            with pytest.raises(StoreError, match="there is no page 7"):
                read(7)
        assert store.pages.number_of("ffff") is None


def test_a_damaged_text_is_noticed(project: Path) -> None:
    with make_project(project, "Ship sails") as store:
        alter(store.path, "UPDATE page_text SET text = 'Ship Sails'")
        with pytest.raises(StoreError, match=r"\(pages/page\.txt\) is damaged: its checksum"):
            store.pages.get(1)


def test_the_checksum_is_stored_beside_the_text(project: Path) -> None:
    make_project(project, "Rémi\r\n🙂").close()
    assert peek(project, "SELECT sha256 FROM page") == [(sha256_of("Rémi\n🙂"),)]


# Lists


@pytest.fixture
def listed(project: Path) -> Store:
    """Five pages in three statuses, with signs in them that mean something to SQL."""
    store = Store.create(project, LABELS)
    with store.write():
        for page in (
            make_page("100% of ships", source="a/one.txt", site="varn.example"),
            make_page("1000 ships", source="a/two.txt"),
            make_page("Stop!", source="a/snake_case.txt"),
            make_page("First line\nmore ships", source="a/snakeXcase.txt", title="A Title"),
            make_page('\n  It\'s "quoted"; DROP\n', source="b/five.txt"),
        ):
            store.pages.add(page, b"")
    settle(store, "mira", 1, Status.DONE)
    label(store, "mira", 2, "body", 0, 4)
    settle(store, "mira", 3, Status.SKIPPED)
    settle(store, "mira", 3, Status.STARTED)
    settle(store, "jan", 4, Status.DONE)
    return store


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("ships", [1, 2]),
        ("SHIPS 100", [1, 2]),
        ("100%", [1]),
        ("%", [1]),
        ("e_c", [3]),
        ("_", [3]),
        ("!", [3]),
        ("!%", []),
        ("title", [4]),
        ("first", [4]),
        ("more", []),
        ("varn", [1]),
        ("b/five", [5]),
        ("it's", [5]),
        ('"quoted"; drop', [5]),
        ("  ships \t 1000 ", [2]),
        ("\\", []),
    ],
)
def test_a_list_is_narrowed_to_pages_with_all_the_words(
    listed: Store, words: str, numbers: list[int]
) -> None:
    assert list(listed.pages.numbers("mira", PageFilter(words=words))) == numbers


@pytest.mark.parametrize(
    ("annotator", "status", "numbers"),
    [
        ("mira", Status.NEW, [4, 5]),
        ("mira", Status.STARTED, [2, 3]),
        ("mira", Status.DONE, [1]),
        ("mira", Status.SKIPPED, []),
        ("jan", Status.DONE, [4]),
        ("jan", Status.NEW, [1, 2, 3, 5]),
        ("nobody", Status.NEW, [1, 2, 3, 4, 5]),
        ("nobody", Status.DONE, []),
    ],
)
def test_a_list_is_narrowed_to_a_status_of_the_annotator(
    listed: Store, annotator: str, status: Status, numbers: list[int]
) -> None:
    assert list(listed.pages.numbers(annotator, PageFilter(status))) == numbers


def test_a_list_is_narrowed_by_status_and_words_together(listed: Store) -> None:
    assert list(listed.pages.numbers("mira", PageFilter(Status.STARTED, "ships"))) == [2]
    assert list(listed.pages.numbers("mira", PageFilter(Status.NEW, "ships"))) == []


def test_a_row_shows_title_or_first_line_and_the_annotators_own_work(listed: Store) -> None:
    rows = listed.pages.rows("mira", [5, 4, 2, 1])
    assert [(row.number, row.title, row.status, row.spans) for row in rows] == [
        (1, "100% of ships", Status.DONE, 0),
        (2, "1000 ships", Status.STARTED, 1),
        (4, "A Title", Status.NEW, 0),
        (5, 'It\'s "quoted"; DROP', Status.NEW, 0),
    ]
    page = make_page("1000 ships")
    assert listed.pages.rows("jan", [2]) == [
        PageRow(
            number=2,
            id=page.id,
            title="1000 ships",
            site="",
            source="a/two.txt",
            status=Status.NEW,
            flagged=False,
            note="",
            spans=0,
            url="",
            language="",
        )
    ]
    assert listed.pages.rows("jan", []) == []


# The next page


def test_neighbours_are_the_pages_before_and_after(listed: Store) -> None:
    pages = listed.pages
    assert [pages.neighbour(number, 1) for number in range(6)] == [1, 2, 3, 4, 5, None]
    assert [pages.neighbour(number, -1) for number in range(1, 6)] == [None, 1, 2, 3, 4]
    assert [pages.position(number) for number in range(1, 6)] == [1, 2, 3, 4, 5]


_finished = st.sets(st.integers(1, 5))


@settings(max_examples=30)
@given(finished=_finished, here=st.integers(0, 5), step=st.sampled_from([1, -1]))
def test_the_next_unfinished_page_is_the_nearest_going_round_the_end(
    finished: set[int], here: int, step: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = tmp_path_factory.mktemp("unfinished") / "news.segmark"
    with make_project(project, "1", "2", "3", "4", "5") as store:
        for number in finished:
            settle(store, "mira", number, Status.DONE if number % 2 else Status.SKIPPED)
        round_trip = [(here + step * n) % 6 for n in range(1, 6)]
        open_ = [number for number in round_trip if number and number not in finished]
        expected = next((number for number in open_ if number != here), None)
        assert store.pages.unfinished("mira", here, step) == expected
        others = store.pages.unfinished("jan", here, step)
        assert others == next(n for n in round_trip if n)


def test_a_page_added_later_is_the_next_unfinished_one(project: Path) -> None:
    with make_project(project, "One") as store:
        settle(store, "mira", 1, Status.DONE)
        assert store.pages.unfinished("mira", 1, 1) is None
        add_pages(store, "Two")
        assert store.pages.unfinished("mira", 1, 1) == 2


# Many pages, of which some are gone


_MANY = 700  # more than two groups of the counters


@pytest.fixture(scope="module")
def gappy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[int], set[int]]]:
    """A project, the numbers of its pages and of those that are finished."""
    project = tmp_path_factory.mktemp("many") / "news.segmark"
    with make_project(project, *map(str, range(_MANY))) as store:
        settle(store, "mira", 1, Status.DONE)
        gone = {3, *range(250, 262), *range(300, 400), 512, _MANY}
        finished = {1, *range(20, 600)} - gone
        alter(
            project,
            "DELETE FROM page WHERE number IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(gone)),
        )
        alter(
            project,
            """INSERT INTO annotation SELECT value, annotator, status, flagged, note, rejected,
                active_seconds, changed_at, absent FROM annotation, json_each(?)""",
            json.dumps(sorted(finished - {1})),
        )
        yield store, sorted(set(range(1, _MANY + 1)) - gone), finished


def test_all_pages_are_listed_in_load_order_where_numbers_are_missing(
    gappy: tuple[Store, list[int], set[int]],
) -> None:
    store, numbers, _ = gappy
    listed = store.pages.numbers("mira", PageFilter())
    assert len(listed) == len(numbers)
    assert list(listed) == numbers
    assert listed[240:260] == numbers[240:260]
    with pytest.raises(IndexError):
        listed[len(numbers)]


def test_a_position_counts_the_pages_that_are_there(
    gappy: tuple[Store, list[int], set[int]],
) -> None:
    store, numbers, _ = gappy
    positions = [store.pages.position(number) for number in numbers]
    assert positions == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("here", [0, 1, 2, 19, 100, 255, 300, 511, 599, 600, 699])
@pytest.mark.parametrize("step", [1, -1])
def test_the_next_unfinished_page_is_found_over_many_finished_ones(
    gappy: tuple[Store, list[int], set[int]], here: int, step: int
) -> None:
    store, numbers, finished = gappy
    round_trip = [n for n in numbers if n > here] + [n for n in numbers if n < here]
    if step < 0:
        round_trip = [n for n in numbers if n < here][::-1] + [n for n in numbers if n > here][::-1]
    expected = next(n for n in round_trip if n not in finished)
    assert store.pages.unfinished("mira", here, step) == expected
