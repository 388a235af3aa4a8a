"""The labels of one copy of a project are merged into another copy, and nothing is overwritten."""

import shutil
from pathlib import Path

import pytest
from segmark.core.caret import Selection
from segmark.core.edit import paint
from segmark.core.label_acts.acts import add, rename
from segmark.core.label_acts.acts import merge as join_labels
from segmark.core.page_change import join_people, recolour_person, rename_person
from segmark.session.session import Session
from segmark.store.audits import Audit
from segmark.store.safety.check import check
from segmark.store.safety.merging import merge
from segmark.store.store import Store

from tests.factories import label, make_project, peek


@pytest.fixture
def copies(project: Path) -> tuple[Path, Path]:
    """Two copies of a project in which the first page was begun."""
    with make_project(project, "Ship sails", "Two ships", "Three ships") as store:
        label(store, "ada", 1, "headline", 0, 4)
    other = project.with_name("other.segmark")
    shutil.copyfile(project, other)
    return project, other


def _work(path: Path, page: int, name: str, start: int, end: int, who: str = "ada") -> None:
    with Store.open(path) as store:
        label(store, who, page, name, start, end)


def _spans(path: Path, page: int, who: str = "ada") -> list[tuple[int, int, str]]:
    with Store.open(path) as store:
        spans = store.annotations(who).get(page).spans
        return [(span.start, span.end, span.label) for span in spans]


def test_work_that_went_on_in_one_copy_is_taken_into_the_other(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    _work(mine, 1, "caption", 5, 10)
    _work(mine, 2, "body", 0, 3)
    _work(mine, 3, "body", 0, 5, who="ben")
    merged = merge(mine, theirs)
    assert (merged.taken, merged.conflicts, merged.missing) == (3, (), ())
    assert _spans(theirs, 1) == [(0, 4, "headline"), (5, 10, "caption")]
    assert _spans(theirs, 2) == [(0, 3, "body")]
    assert _spans(theirs, 3, "ben") == [(0, 5, "body")]
    assert check(theirs).is_well


def test_work_after_an_act_on_the_labels_of_many_pages_is_taken(project: Path) -> None:
    with make_project(project, "Ship sails", "Two ships") as store:
        label(store, "ada", 1, "headline", 0, 4)
        annotations = store.annotations("ada")
        there = annotations.get(1)
        edit = paint("Ship sails", there, store.label_set, 0, 4, "ticker")
        assert edit
        annotations.change_spans({1: edit}, "Make ticker")
    other = project.with_name("other.segmark")
    shutil.copyfile(project, other)
    _work(project, 1, "caption", 5, 10)
    merged = merge(project, other)
    assert (merged.taken, merged.conflicts) == (1, ())
    assert _spans(other, 1) == [(0, 4, "ticker"), (5, 10, "caption")]
    assert check(other).is_well


def test_merging_again_changes_nothing(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    _work(mine, 2, "body", 0, 3)
    merge(mine, theirs)
    assert merge(mine, theirs).taken == 0
    assert merge(theirs, mine).taken == 0


def test_newer_work_in_the_other_copy_stays(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    _work(theirs, 1, "caption", 5, 10)
    merged = merge(mine, theirs)
    assert (merged.taken, merged.conflicts) == (0, ())
    assert _spans(theirs, 1) == [(0, 4, "headline"), (5, 10, "caption")]


def test_a_page_that_both_changed_is_named_and_left(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    _work(mine, 1, "caption", 5, 10)
    _work(theirs, 1, "body", 5, 10)
    merged = merge(mine, theirs)
    assert merged.taken == 0
    assert len(merged.conflicts) == 1
    assert merged.conflicts[0] in str(merged)
    assert _spans(theirs, 1) == [(0, 4, "headline"), (5, 10, "body")]


def test_a_page_that_the_other_copy_lacks_is_named(project: Path, tmp_path: Path) -> None:
    with make_project(project, "Ship sails") as store:
        label(store, "ada", 1, "headline", 0, 4)
    other = tmp_path / "other.segmark"
    make_project(other, "Another page").close()
    merged = merge(project, other)
    assert merged.taken == 0
    assert len(merged.missing) == 1


def test_a_merge_is_undone_page_by_page(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    _work(mine, 2, "body", 0, 3)
    merge(mine, theirs)
    with Store.open(theirs) as store:
        annotations = store.annotations("ada")
        undo = annotations.history().undo
        assert undo
        assert annotations.title(undo) == "Merge"


def test_people_of_one_name_in_two_copies_are_never_mixed(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    _work(mine, 2, "body", 0, 3, who="user")
    _work(theirs, 2, "caption", 4, 9, who="User")
    merged = merge(mine, theirs)
    assert (merged.taken, merged.conflicts) == (1, ())
    assert merged.namesakes == (("user", "user (2)"),)
    assert "Both files have a user" in str(merged)
    assert _spans(theirs, 2, "User") == [(4, 9, "caption")]
    assert _spans(theirs, 2, "user (2)") == [(0, 3, "body")]
    assert merge(mine, theirs).taken == 0
    assert check(theirs).is_well


def test_a_person_who_was_renamed_in_one_copy_is_the_same_one(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    with Store.open(mine) as store:
        ada = store.people.find("ada")
        assert ada
        store.annotations("ada").change_people(rename_person(ada, "Ada Lovelace"))
    _work(mine, 2, "body", 0, 3, who="Ada Lovelace")
    merged = merge(mine, theirs)
    assert (merged.taken, merged.conflicts) == (1, ())
    assert _spans(theirs, 2) == [(0, 3, "body")]
    with Store.open(theirs) as store:
        assert store.annotators() == ["ada"]


def test_work_that_a_join_brought_is_taken_too(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    _work(mine, 3, "body", 0, 5, who="ben")
    with Store.open(mine) as store:
        ada, ben = store.people.find("ada"), store.people.find("ben")
        assert ada
        assert ben
        store.annotations("ada").change_people(join_people(ben, ada, keep_labels_of=ada))
    assert merge(mine, theirs).taken == 1
    assert _spans(theirs, 3) == [(0, 5, "body")]
    assert check(theirs).is_well


def test_whoever_merges_their_own_work_says_that_both_are_one_person(
    copies: tuple[Path, Path],
) -> None:
    mine, theirs = copies
    _work(mine, 2, "body", 0, 3, who="user")
    _work(theirs, 3, "caption", 0, 5, who="User")
    merged = merge(mine, theirs, own="user")
    assert (merged.taken, merged.namesakes) == (1, ())
    assert _spans(theirs, 2, "User") == [(0, 3, "body")]


def test_a_label_that_one_copy_added_comes_with_its_spans(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    with Store.open(mine) as store:
        Session(store, "ada").change_labels(add(store.label_set, "quote"))
        session = Session(store, "ada")
        session.open(2)
        session.label("quote", Selection(0, 3))
    merge(mine, theirs)
    assert _spans(theirs, 2) == [(0, 3, "quote")]
    assert check(theirs).is_well


def test_work_with_a_label_that_the_other_copy_merged_is_taken_as_the_other_label(
    copies: tuple[Path, Path],
) -> None:
    mine, theirs = copies
    with Store.open(theirs) as store:
        Session(store, "ben").change_labels(join_labels(store.label_set, "caption", "body"))
    _work(mine, 2, "caption", 0, 3)
    assert merge(mine, theirs).taken == 1
    assert _spans(theirs, 2) == [(0, 3, "body")]
    assert check(theirs).is_well


def test_work_that_an_act_on_the_label_set_changed_is_no_conflict(
    copies: tuple[Path, Path],
) -> None:
    mine, theirs = copies
    with Store.open(mine) as store:
        Session(store, "ben").change_labels(join_labels(store.label_set, "headline", "body"))
    _work(mine, 1, "caption", 5, 10)
    merged = merge(mine, theirs)
    assert (merged.taken, merged.conflicts) == (1, ())
    assert _spans(theirs, 1) == [(0, 4, "body"), (5, 10, "caption")]
    assert check(theirs).is_well


def _seconds(path: Path) -> list[tuple[object, ...]]:
    """The time on each page, counted in all and by quarters of an hour."""
    return peek(
        path,
        """SELECT name, page, round(active_seconds, 1), (SELECT round(total(seconds), 1)
            FROM time_at_work AS time
            WHERE time.page = annotation.page AND time.annotator = annotation.annotator)
        FROM annotation JOIN annotator ON annotator.number = annotator ORDER BY name, page""",
    )


def _add_time(path: Path, page: int, seconds: float, who: str = "ada") -> None:
    with Store.open(path) as store:
        store.annotations(who).add_active_time(page, seconds)


def test_time_at_work_comes_once_however_often_copies_are_merged(project: Path) -> None:
    with make_project(project, "Ship sails", "Two ships", "Three ships") as store:
        label(store, "ada", 1, "headline", 0, 4)
        label(store, "ada", 3, "headline", 0, 4)
    _add_time(project, 1, 30)
    other = project.with_name("other.segmark")
    shutil.copyfile(project, other)
    _add_time(project, 1, 12)
    _work(project, 2, "body", 0, 3, who="ben")
    _add_time(project, 2, 7, who="ben")
    _work(project, 3, "caption", 5, 10)
    _add_time(project, 3, 5)
    _work(other, 3, "body", 5, 10)
    for _ in range(2):
        merge(project, other)
        assert _seconds(other) == [
            ("ada", 1, 42.0, 42.0),
            ("ada", 3, 0.0, 0.0),  # the work on it is a conflict, and stays behind
            ("ben", 2, 7.0, 7.0),
        ]
    assert check(other).is_well


def _recolour(path: Path, name: str, colour: str) -> None:
    with Store.open(path) as store:
        person = store.people.find(name)
        assert person
        store.annotations(name).change_people(recolour_person(person, colour))


def test_a_chosen_colour_comes_along_and_another_one_there_stays(
    copies: tuple[Path, Path],
) -> None:
    mine, theirs = copies
    _work(mine, 2, "body", 0, 3, who="ben")
    _recolour(mine, "ada", "#112233")
    _recolour(mine, "ben", "#445566")
    assert merge(mine, theirs).left == ()
    with Store.open(theirs) as store:
        assert store.people.colours() == {"ada": "#112233", "ben": "#445566"}
    _recolour(theirs, "ada", "#778899")
    merged = merge(mine, theirs)
    assert merged.left == ("The colour of ada stays as it is there",)
    assert "The colour of ada stays as it is there." in str(merged)
    assert check(theirs).is_well


def test_what_a_merge_does_not_bring_is_told(copies: tuple[Path, Path]) -> None:
    mine, theirs = copies
    with Store.open(mine) as store:
        store.annotations("ada").change_labels(rename(store.label_set, "caption", "legend"))
        with store.write():
            store.audits.keep(Audit(1, "a.example", "2026-03-02", "ada", "seed", 3, ("p",)))
    merged = merge(mine, theirs)
    assert not merged.is_whole
    assert merged.left == (
        "Audits were not merged: 1 of a.example",
        "Labels keep their names: legend is caption there",
    )
