"""The labels of one copy of a project are merged into another copy, and nothing is overwritten."""

import shutil
from pathlib import Path

import pytest
from segmark.core.caret import Selection
from segmark.core.edit import paint
from segmark.core.label_acts.acts import add
from segmark.core.label_acts.acts import merge as join_labels
from segmark.core.page_change import join_people, rename_person
from segmark.session.session import Session
from segmark.store.safety.check import check
from segmark.store.safety.merging import merge
from segmark.store.store import Store

from tests.factories import label, make_project


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
