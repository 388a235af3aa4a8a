"""How good suggestions were, counted from finished pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.span import Span
from segmark.store.figures.accuracy import Accuracy, JudgedPage, Stamps, Tally
from segmark.store.store import Store
from segmark.store.suggestions import Offer

from tests.factories import LABELS, settle
from tests.news_project import finish, gold, news_project, sure
from tests.working import with_suggestions

NAMES = tuple(label.name for label in LABELS)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    with news_project(project, pages=6) as store:
        yield store


def work(store: Store, number: int, offer: Offer, *, seconds: float) -> None:
    """Accept all that a page is offered after so many seconds, and finish it."""
    clock = Clock()
    session, suggesting = with_suggestions(store, "ada", clock=clock)
    session.open(number)
    suggesting.offer(number, offer)
    clock.now += seconds
    suggesting.finish()


def offer(store: Store, number: int, made: Offer, annotator: str = "ada") -> None:
    with store.write():
        store.suggestions.keep_offer(number, annotator, made)


def test_a_suggestion_was_right_if_its_very_span_is_labelled_so(store: Store) -> None:
    right, wrong = gold(1)[0], Span(gold(1)[1].start, gold(1)[1].end - 3, gold(1)[1].label)
    offer(store, 1, Offer(sure(right, wrong), blind=True))
    finish(store, 1, gold(1))
    accuracy = store.accuracy()
    assert accuracy.total == Tally(suggested=2, right=1, labelled=len(gold(1)))
    assert accuracy.total.precision == 0.5
    by_label = accuracy.by_label(NAMES)
    assert list(by_label) == list(NAMES)
    assert by_label[right.label] == Tally(1, 1, 1)
    assert by_label[wrong.label] == Tally(1, 0, 1)
    assert by_label["comment"] == Tally(0, 0, 1)


def test_pages_that_are_not_done_and_those_without_suggestions_count_nowhere(
    store: Store,
) -> None:
    for number, made in enumerate((sure(*gold(1)), sure(*gold(2)), ()), start=1):
        offer(store, number, Offer(made))
        finish(store, number, gold(number))
    settle(store, "ada", 1, Status.STARTED)
    settle(store, "ada", 2, Status.SKIPPED)
    finish(store, 4, gold(4))
    assert store.accuracy().total == Tally()
    assert store.certainty() == []


def test_blind_pages_are_counted_apart(store: Store) -> None:
    offer(store, 1, Offer(sure(gold(1)[0]), blind=True))
    offer(store, 2, Offer(sure(gold(2)[0])))
    finish(store, 1, gold(1)[1:])
    finish(store, 2, gold(2))
    accuracy = store.accuracy()
    assert accuracy.part(blind=True).total.precision == 0
    assert accuracy.part(blind=False).total.precision == 1
    assert len(accuracy.pages) == 2


def test_blind_pages_have_each_suggestion_and_what_people_labelled(store: Store) -> None:
    wrong = sure(gold(1)[1]._replace(label="comment"), confidence=0.4)
    offer(store, 1, Offer((*sure(gold(1)[0]), *wrong), blind=True, threshold=0.5))
    offer(store, 2, Offer(sure(*gold(2))))
    offer(store, 3, Offer(sure(*gold(3)), blind=True))
    for number in (1, 2):
        finish(store, number, gold(number))
    (page,) = store.blind_pages()
    assert (page.id, page.annotator) == ("page1", "ada")
    assert (page.labelled, page.found) == (len(gold(1)), 1)
    assert sorted(page.suggested) == [(0.4, False), (0.9, True)]


def test_what_the_threshold_kept_back_counts_only_for_the_threshold(store: Store) -> None:
    unsure = sure(gold(1)[1], confidence=0.2)
    offer(store, 1, Offer((*sure(gold(1)[0]), *unsure), threshold=0.5))
    finish(store, 1, gold(1))
    assert store.accuracy().total.suggested == 1
    assert sorted(store.certainty()) == [(0.2, True), (0.9, True)]


def test_each_annotator_is_held_against_their_own_labels(store: Store) -> None:
    for name in ("ada", "jan"):
        offer(store, 1, Offer(sure(gold(1)[0])), name)
    finish(store, 1, gold(1), "ada")
    finish(store, 1, gold(1)[1:], "jan")
    by_annotator = store.accuracy().by_annotator()
    assert {name: tally.right for name, tally in by_annotator.items()} == {"ada": 1, "jan": 0}


def test_sites_come_by_how_much_was_suggested(store: Store) -> None:
    offer(store, 1, Offer(sure(*gold(1))))
    finish(store, 1, gold(1))
    assert list(store.accuracy().by_site()) == ["news.example"]


def test_over_time_the_pages_are_in_equal_groups_in_the_order_of_finishing(store: Store) -> None:
    for number in (3, 1, 2, 4, 5):
        offer(store, number, Offer(sure(gold(number)[0])))
        finish(store, number, gold(number) if number != 3 else gold(number)[1:])
    groups = store.accuracy().over_time(2)
    assert [len(group.pages) for group in groups] == [2, 3]
    assert [group.total.precision for group in groups] == [0.5, 1.0]
    assert Accuracy([]).over_time(3) == []


@given(pages=st.integers(0, 40), groups=st.integers(1, 12))
def test_no_page_is_lost_over_time(pages: int, groups: int) -> None:
    all_pages = [JudgedPage("", "ada", f"{number}", blind=False) for number in range(pages)]
    cut = Accuracy(all_pages).over_time(groups)
    assert [page for group in cut for page in group.pages] == all_pages
    assert len({len(group.pages) for group in cut}) <= 2
    assert all(group.pages for group in cut)


@given(right=st.integers(0, 500), wrong=st.integers(0, 500))
def test_the_bounds_lie_round_the_share_and_narrow_with_more_pages(right: int, wrong: int) -> None:
    tally = Tally(right + wrong, right, right)
    low, high = tally.bounds
    assert 0 <= low <= high <= 1
    if tally.precision is not None:
        assert low - 1e-9 <= tally.precision <= high + 1e-9
        ten = Tally(10 * (right + wrong), 10 * right, 10 * right).bounds
        assert ten[1] - ten[0] < high - low


# Rubber stamps


def test_pages_accepted_whole_faster_than_they_can_be_read_are_counted(store: Store) -> None:
    count = len(gold(1))
    work(store, 1, Offer(sure(*gold(1))), seconds=0.4 * count)
    work(store, 2, Offer(sure(*gold(2))), seconds=0.6 * len(gold(2)))
    work(store, 3, Offer(sure(*gold(3))), seconds=0.1)
    assert store.statistics("ada").stamps == Stamps(pages=3, whole=3, unread=2)
    assert "warning: 2 of them" in str(store.statistics("ada").stamps)
    assert store.statistics("jan").stamps == Stamps(0, 0, 0)


def test_a_page_that_was_corrected_or_blind_is_no_rubber_stamp(store: Store) -> None:
    offer(store, 1, Offer(sure(*gold(1)), blind=True))
    finish(store, 1, gold(1))
    session, suggesting = with_suggestions(store, "ada", clock=Clock())
    session.open(2)
    suggesting.offer(2, Offer(sure(*gold(2))))
    session.finish()
    assert store.statistics("ada").stamps == Stamps(pages=1, whole=0, unread=0)


def test_the_statistics_of_a_project_without_suggestions_say_nothing_of_them(
    store: Store,
) -> None:
    finish(store, 1, gold(1))
    assert store.statistics("ada").stamps == Stamps(0, 0, 0)
