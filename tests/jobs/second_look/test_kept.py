"""The walk of a second look is kept in the project, with its place, under the annotator's name."""

import json

import pytest
from segmark.core.label_acts.acts import merge
from segmark.core.page_change import rename_person
from segmark.jobs.second_look.kept import keep_place, keep_walk, kept_walk
from segmark.jobs.second_look.review import Review, review
from segmark.session.session import Session
from segmark.store.store import Store

from tests.news_project import SILENT


@pytest.fixture
def session(store: Store) -> Session:
    return Session(store, "ada")


@pytest.fixture
def found(store: Store) -> Review:
    return review(store, "ada")


def test_the_walk_comes_back_as_it_was_at_its_place(session: Session, found: Review) -> None:
    keep_walk(session, found.groups)
    look = kept_walk(session)
    assert look
    assert {place for one in found.groups for place in one.places} == set(look.places)
    assert look.number == 0
    keep_place(session, look.places[1])
    look = kept_walk(session)
    assert look
    assert look.number == 2
    keep_walk(session, ())
    assert kept_walk(session) is None


def test_it_goes_on_under_a_new_name_and_is_nobody_elses(
    session: Session, store: Store, found: Review
) -> None:
    keep_walk(session, found.groups)
    ada = store.people.find("ada")
    assert ada
    session.change_people(rename_person(ada, "Ada L"))
    assert kept_walk(Session(store, "Ada L"))
    assert kept_walk(Session(store, "ben")) is None


def test_places_with_a_label_that_is_gone_are_left_out(
    session: Session, store: Store, found: Review
) -> None:
    keep_walk(session, found.groups)
    session.change_labels(merge(store.label_set, "caption", "body"))
    look = kept_walk(session)
    assert look
    assert look.pages == [SILENT]


def test_places_on_a_page_that_is_gone_are_left_out(
    session: Session, store: Store, found: Review
) -> None:
    keep_walk(session, found.groups)
    rows, _ = store.suggestions.second_look("ada")
    rows[0][1][0]["page"] = 4711
    with store.write():
        store.suggestions.keep_second_look("ada", rows)
    look = kept_walk(session)
    assert look
    assert len(look.places) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [1],
        [["s", [{"page": 1e999, "finding": {}}]]],
        [["s", [{}]]],
        [["s", [{"page": 1, "finding": {"kind": "edge", "span": [1]}}]]],
    ],
)
def test_what_cannot_be_read_is_no_walk(session: Session, store: Store, rows: list[object]) -> None:
    with store.write():
        store.suggestions.keep_second_look("ada", json.loads(json.dumps(rows)))
        store.suggestions.keep_place_of_look("ada", [])
    assert kept_walk(session) is None
