"""Examples of the guideline and questions: acts on a page that undo takes back and the log keeps.

The model of the rules below is plain Python: what each example and question is after each act.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.guideline import Example, Question
from segmark.core.history import ActKind
from segmark.core.label_acts import acts
from segmark.core.page_change import (
    PageChange,
    add_example,
    answer_question,
    ask,
    change_reason,
    remove_example,
    remove_pages,
    take_in_examples,
    withdraw_question,
)
from segmark.reports.log_text import act_json, act_words
from segmark.store.errors import StoreError
from segmark.store.log import LogFilter
from segmark.store.safety.check import check
from segmark.store.safety.merging import merge
from segmark.store.safety.repair import repair
from segmark.store.store import Store

from tests.factories import LABELS, alter, alter_log, label, make_project, write_note


@pytest.fixture
def two(project: Path) -> Store:
    """Two pages; ada has a note on the first, and ben never did anything."""
    store = make_project(project, "Ship sails\nPhoto: Ada", "Two ships")
    write_note(store, "ada", 1, "Is a credit a caption?")
    return store


def case(store: Store, page: int = 1, name: str = "caption", reason: str = "It credits") -> Example:
    opened = store.pages.get(page)
    return Example(name, opened.text[:4], reason, opened.id, 0, 4)


def do(store: Store, change: PageChange, page: int = 1, who: str = "ada") -> int:
    return store.annotations(who).change_pages([page], change)


def again(store: Store, kind: ActKind, who: str = "ada") -> int:
    annotations = store.annotations(who)
    history = annotations.history()
    number = history.undo if kind is ActKind.UNDO else history.redo[-1]
    assert number
    return annotations.replay_pages(number, kind)


def reasons(store: Store) -> list[str]:
    return [example.reason for example in store.guideline.examples()]


def asked(store: Store) -> list[tuple[str, str, str]]:
    return [(one.asker, one.answer, one.answered_by) for one in store.guideline.questions()]


def ask_about(store: Store, who: str = "ada", page: int = 1) -> Question:
    assert do(store, ask(0, 4), page, who)
    return next(one for one in store.guideline.questions(page) if one.asker == who)


def test_an_example_has_its_label_text_reason_page_and_annotator(two: Store) -> None:
    assert do(two, add_example(case(two)))
    [found] = two.guideline.examples()
    assert (found.label, found.text, found.reason, found.annotator) == (
        "caption", "Ship", "It credits", "ada",
    )  # fmt: skip
    assert (found.page, found.start, found.end) == (two.pages.get(1).id, 0, 4)
    assert found.source == "Ship sails"


def test_adding_changing_and_removing_an_example_are_undone_and_redone(two: Store) -> None:
    do(two, add_example(case(two)))
    [found] = two.guideline.examples()
    assert do(two, change_reason(found, "Better")) == 1
    assert do(two, change_reason(found, "Better")) == 0
    assert do(two, remove_example(found)) == 1
    assert reasons(two) == []
    steps = [["Better"], ["It credits"], []]
    for expected in steps:
        assert again(two, ActKind.UNDO) == 1
        assert reasons(two) == expected
    for expected in (["It credits"], ["Better"], []):
        assert again(two, ActKind.REDO) == 1
        assert reasons(two) == expected
    assert check(two.path).is_well


def test_several_examples_are_one_act(two: Store) -> None:
    more = [case(two), case(two, 2, name="", reason="Other"), Example("body", "Elsewhere")]
    assert do(two, take_in_examples(more)) == 3
    found = two.guideline.examples()
    assert [(one.label, one.text, one.page) for one in found] == [
        (one.label, one.text, one.page) for one in more
    ]
    do(two, change_reason(found[1], "Better"), who="ben")
    assert again(two, ActKind.UNDO) == 2
    assert reasons(two) == ["Better"]
    assert check(two.path).is_well


def test_examples_follow_their_label_when_it_is_renamed_merged_or_deleted(two: Store) -> None:
    do(two, add_example(case(two)))
    annotations = two.annotations("ada")

    def labels_of_examples() -> list[str]:
        return [example.label for example in two.guideline.examples()]

    for change, there in (
        (acts.rename(two.label_set, "caption", "legend"), ["legend"]),
        (acts.merge(two.label_set, "caption", "body"), ["body"]),
        (acts.delete(two.label_set, "caption"), []),
    ):
        annotations.change_labels(change)
        assert labels_of_examples() == there
        again(two, ActKind.UNDO)
        assert labels_of_examples() == ["caption"]
    assert check(two.path).is_well


def test_text_without_a_label_can_be_an_example_and_an_unknown_label_not(two: Store) -> None:
    assert do(two, add_example(case(two, name="")))
    assert [example.answer for example in two.guideline.examples()] == ["no label: It credits"]
    with pytest.raises(StoreError, match="the project has no label odd"):
        do(two, add_example(case(two, name="odd")))
    assert len(two.guideline.examples()) == 1


def test_a_question_is_asked_answered_by_somebody_else_and_opened_again(two: Store) -> None:
    question = ask_about(two)
    assert (question.text, question.open) == ("Is a credit a caption?", True)
    assert do(two, answer_question(question, "No."), who="ben") == 1
    assert asked(two) == [("ada", "No.", "ben")]
    assert again(two, ActKind.UNDO, "ben") == 1
    assert asked(two) == [("ada", "", "")]
    assert again(two, ActKind.REDO, "ben") == 1
    [answered] = two.guideline.questions(1)
    assert do(two, answer_question(answered, ""), who="ben") == 1
    assert do(two, withdraw_question(answered)) == 1
    assert asked(two) == []
    assert check(two.path).is_well


def test_undo_leaves_what_somebody_else_did_since(two: Store) -> None:
    question = ask_about(two)
    do(two, answer_question(question, "No."), who="ben")
    assert again(two, ActKind.UNDO) == 0
    assert asked(two) == [("ada", "No.", "ben")]
    assert check(two.path).is_well


def test_questions_on_removed_pages_are_left_out(two: Store) -> None:
    ask_about(two)
    two.annotations("ada").change_pages([1], remove_pages(1, removed=True))
    assert asked(two) == []
    again(two, ActKind.UNDO)
    assert asked(two) == [("ada", "", "")]


def test_the_log_tells_the_case_the_reason_and_the_answer(two: Store) -> None:
    do(two, add_example(case(two)))
    question = ask_about(two)
    do(two, answer_question(question, "No."), who="ben")
    *_, added, asking, answered = two.log(LogFilter())
    assert (
        act_words(added, two.label_set) == "Add to the guideline of caption (“Ship”, “It credits”)"
    )
    assert act_words(asking, two.label_set) == "Ask a question"
    assert act_words(answered, two.label_set) == "Answer ada (“No.”)"
    assert act_json(answered, two.label_set)["page"] == two.pages.get(1).id


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE example SET reason = 'Other'", "Example 1 of the guideline is not what"),
        ("UPDATE example SET kept = 0", "Example 1 of the guideline is not what"),
        ("DELETE FROM question", "Page 1: a question on it is not what the log says."),
        ("UPDATE question SET answer = 'Yes'", "Page 1: a question on it is not what the log says"),
    ],
)
def test_what_the_log_does_not_say_is_damage_that_a_repair_ends(
    two: Store, tmp_path: Path, statement: str, told: str
) -> None:
    do(two, add_example(case(two)))
    ask_about(two)
    two.close()
    alter(two.path, statement)
    assert [line for line in check(two.path).damage if told in line]
    repair(two.path, tmp_path / "new.segmark", LABELS)
    assert check(tmp_path / "new.segmark").is_well


def test_a_repair_saves_examples_and_questions_with_their_undo(two: Store, tmp_path: Path) -> None:
    do(two, add_example(case(two)), who="cleo")  # who has no annotation
    question = ask_about(two)
    do(two, answer_question(question, "No."), who="ben")
    two.close()
    new = tmp_path / "new.segmark"
    assert repair(two.path, new, LABELS).lost == []
    with Store.open(new) as store:
        assert reasons(store) == ["It credits"]
        assert asked(store) == [("ada", "No.", "ben")]
        assert again(store, ActKind.UNDO, "ben") == 1
        assert again(store, ActKind.UNDO, "cleo") == 1
        assert (reasons(store), asked(store)) == ([], [("ada", "", "")])
    assert check(new).is_well


def test_a_repair_saves_the_examples_of_labels_that_changed(two: Store, tmp_path: Path) -> None:
    do(two, take_in_examples([case(two), case(two, 2, name="headline"), case(two, 2, name="body")]))
    annotations = two.annotations("ada")
    annotations.change_labels(acts.rename(two.label_set, "caption", "legend"))
    two.reload_labels()
    annotations.change_labels(acts.merge(two.label_set, "headline", "body"))
    two.reload_labels()
    before = two.guideline.examples()
    assert [example.label for example in before] == ["legend", "body", "body"]
    two.close()
    new = tmp_path / "new.segmark"
    assert repair(two.path, new, LABELS).lost == []
    with Store.open(new) as store:
        assert store.guideline.examples() == before
    assert check(new).is_well


def test_an_act_on_an_unknown_field_ends_neither_check_nor_repair(
    two: Store, tmp_path: Path
) -> None:
    do(two, add_example(case(two)))
    two.close()
    alter_log(two.path, "field = 'nonsense' WHERE field = 'example'")
    assert not check(two.path).is_well
    repair(two.path, tmp_path / "new.segmark", LABELS)
    assert check(tmp_path / "new.segmark").is_well


def test_where_the_log_is_broken_examples_are_saved_and_logged_anew(
    two: Store, tmp_path: Path
) -> None:
    do(two, add_example(case(two)))
    ask_about(two)
    two.close()
    alter_log(two.path, "below = 77 WHERE number = 2")
    new = tmp_path / "new.segmark"
    repair(two.path, new, LABELS)
    with Store.open(new) as store:
        assert reasons(store) == ["It credits"]
        assert asked(store) == [("ada", "", "")]
    assert check(new).is_well


def test_a_merge_brings_over_examples_questions_and_answers_once(
    two: Store, tmp_path: Path
) -> None:
    ask_about(two)
    do(two, add_example(case(two, reason="Removed there")))
    two.close()
    other = tmp_path / "other.segmark"
    shutil.copyfile(two.path, other)
    with Store.open(other) as store:
        do(store, remove_example(store.guideline.examples()[0]))
    with Store.open(two.path) as store:
        do(store, add_example(case(store, page=2, reason="New here")), 2, "ben")
        do(store, answer_question(store.guideline.questions()[0], "No."), who="ben")
        ask_about(store, "ben", 2)
    for _ in range(2):
        merge(two.path, other)
        with Store.open(other) as store:
            assert reasons(store) == ["New here"]
            assert asked(store) == [("ada", "No.", "ben"), ("ben", "", "")]
            assert again(store, ActKind.UNDO, "ben") == 1
            assert again(store, ActKind.REDO, "ben") == 1
    assert check(other).is_well


def test_an_act_of_a_stranger_that_is_no_act_is_named_and_not_undone(two: Store) -> None:
    do(two, add_example(case(two)))
    two.close()
    alter_log(two.path, "value = '[]' WHERE number = 2")
    assert check(two.path).damage
    with Store.open(two.path) as store, pytest.raises(StoreError):
        again(store, ActKind.UNDO)


Act = Callable[[Store, str, int], object]


def _add(store: Store, who: str, page: int) -> None:
    do(store, add_example(case(store, page, reason=f"Reason {who}")), page, who)


def _amend(store: Store, who: str, page: int) -> None:
    if found := store.guideline.examples():
        do(store, change_reason(found[-1], f"Amended by {who}"), page, who)


def _remove(store: Store, who: str, page: int) -> None:
    if found := store.guideline.examples():
        do(store, remove_example(found[0]), page, who)


def _ask(store: Store, who: str, page: int) -> None:
    do(store, ask(0, page), page, who)


def _answer(store: Store, who: str, page: int) -> None:
    for question in store.guideline.questions(page)[:1]:
        do(store, answer_question(question, f"Answer of {who}"), page, who)


def _undo(store: Store, who: str, _page: int) -> None:
    if number := store.annotations(who).history().undo:
        _replay(store, who, number, ActKind.UNDO)


def _redo(store: Store, who: str, _page: int) -> None:
    for number in store.annotations(who).history().redo[-1:]:
        _replay(store, who, number, ActKind.REDO)


def _replay(store: Store, who: str, number: int, kind: ActKind) -> None:
    annotations = store.annotations(who)
    if annotations.change_of(number):
        annotations.replay_pages(number, kind)
        return
    entry = annotations.entry(number)
    page = store.pages.number_of(entry.page)
    assert page
    annotations.get(page)
    edit = entry.edit.inverse() if kind is ActKind.UNDO else entry.edit
    annotations.save(page, edit, kind=kind, act=number)


def _label(store: Store, who: str, page: int) -> None:
    annotations = store.annotations(who)
    if not annotations.get(page).spans:
        label(store, who, page, "headline", 0, 4)


_ACTS: list[Act] = [_add, _amend, _remove, _ask, _answer, _undo, _redo, _label]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(_ACTS), st.sampled_from(["ada", "ben"]), st.integers(1, 2)),
        max_size=14,
    )
)
def test_after_any_acts_the_log_leads_to_what_is_there_and_undo_to_the_start(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[Act, str, int]]
) -> None:
    path = tmp_path_factory.mktemp("acts") / "project.segmark"
    with make_project(path, "Ship sails\nPhoto: Ada", "Two ships") as store:
        for act, who, page in acts:
            act(store, who, page)
        assert check(path).damage == ()
        alone = {who for _, who, _ in acts}
        for _ in acts:
            for who in alone:
                _undo(store, who, 1)
        if len(alone) < 2:
            assert (reasons(store), asked(store)) == ([], [])
    assert check(path).damage == ()
