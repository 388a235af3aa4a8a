"""Acts on the label set of a project that goes on: spans, log, undo, other annotators, damage."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.history import ActKind
from segmark.core.label import LabelSet, LabelSetError
from segmark.core.label_acts.acts import (
    LabelMeaning,
    add,
    bring_in,
    define,
    delete,
    merge,
    recolour,
    rename,
    reorder,
    set_key,
)
from segmark.core.label_acts.change import LabelSetChange
from segmark.core.page_change import remove_pages, skip_pages
from segmark.core.span import Span
from segmark.core.suggestion import Suggestion
from segmark.session.session import Session
from segmark.store.errors import ConflictError
from segmark.store.log import LogFilter
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair
from segmark.store.store import Store

from tests.factories import LABELS, label, make_project, peek, recount, settle

_TEXT = "Ferry sails\nA caption\nAnother\n\nIt sailed.\nRead on"


def _change(store: Store, act: Callable[[LabelSet], LabelSetChange], who: str = "ada") -> Session:
    session = Session(store, who)
    session.change_labels(act(store.label_set))
    return session


def _spans(store: Store, page: int = 1, who: str = "ada") -> list[tuple[int, int, str]]:
    return [
        (*span[:2], store.label_set.name_of(span.label))
        for span in store.annotations(who).get(page).spans
    ]


@pytest.fixture
def captions(project: Path) -> Store:
    """Three pages, the first with two captions below each other and a body, by two people."""
    store = make_project(project, _TEXT, "Two\nlines", "Three")
    for who in ("ada", "ben"):
        label(store, who, 1, "caption", 12, 21)
        label(store, who, 1, "caption", 22, 29)
        label(store, who, 1, "body", 31, 41)
    settle(store, "ben", 1, Status.DONE)
    return store


def test_a_renamed_label_keeps_its_spans_and_the_project_is_well(
    captions: Store, project: Path
) -> None:
    _change(captions, lambda labels: rename(labels, "caption", "legend"))
    assert _spans(captions) == [(12, 21, "legend"), (22, 29, "legend"), (31, 41, "body")]
    assert peek(project, "SELECT DISTINCT label FROM span ORDER BY 1") == [("body",), ("caption",)]
    assert check(project).is_well


def test_a_merge_joins_what_touches_for_everybody_and_says_so_before(
    captions: Store, project: Path
) -> None:
    change = merge(captions.label_set, "caption", "body")
    forecast = captions.forecast_labels(change, "ada")
    assert forecast.lines() == [
        "Merge caption into body: 4 spans on 1 page get the other label.",
        "4 spans fewer, because touching ones become one.",
        "This changes the work of ben as well.",
    ]
    session = Session(captions, "ada")
    assert session.change_labels(change) == 1
    assert _spans(captions) == _spans(captions, who="ben") == [(12, 41, "body")]
    assert "caption" not in captions.label_set.names
    recount(project)
    assert check(project).is_well
    session.undo()
    assert _spans(captions)[:2] == [(12, 21, "caption"), (22, 29, "caption")]
    assert check(project).is_well
    session.redo()
    assert _spans(captions, who="ben") == [(12, 41, "body")]
    assert check(project).is_well


def test_undo_goes_back_over_an_act_on_the_label_set_after_a_restart(
    captions: Store, project: Path
) -> None:
    _change(captions, lambda labels: delete(labels, "caption"))
    captions.close()
    with Store.open(project) as store:
        session = Session(store, "ada")
        assert session.undo_title == "Delete label caption"
        session.undo()
        assert "caption" in store.label_set.names
        session.undo()
        assert _spans(store) == [(12, 21, "caption"), (22, 29, "caption")]
        session.redo()
        session.redo()
        assert _spans(store) == [(31, 41, "body")]
    assert check(project).is_well


def test_a_deleted_label_clears_its_spans_and_finished_pages_are_started_again(
    captions: Store, project: Path
) -> None:
    change = delete(captions.label_set, "caption")
    forecast = captions.forecast_labels(change, "ada")
    assert forecast.reopened == (captions.pages.names(1)[0],)
    session = _change(captions, lambda labels: delete(labels, "caption"))
    assert captions.annotations("ben").get(1).state.status is Status.STARTED
    recount(project)
    session.undo()
    assert captions.annotations("ben").get(1).state.status is Status.DONE
    recount(project)
    assert check(project).is_well


def test_a_label_of_a_removed_page_is_merged_as_well(captions: Store, project: Path) -> None:
    ada = captions.annotations("ada")
    ada.change_pages([1], remove_pages(1, removed=True))
    _change(captions, lambda labels: delete(labels, "caption"))
    recount(project)
    ada.change_pages([1], remove_pages(1, removed=False))
    recount(project)
    assert check(project).is_well


def test_an_act_on_the_labels_tells_its_progress_and_can_be_stopped_until_its_end(
    project: Path,
) -> None:
    store = make_project(project, *(f"Page {number}" for number in range(120)))
    session = Session(store, "ada")
    for page in range(1, 121):
        session.open(page)
        session.label("caption", Selection.at(0))
    told = list[tuple[int, int | None]]()

    def tell(done: int, total: int | None = None, text: str = "") -> None:
        told.append((done, total))

    def stop(done: int, total: int | None = None, text: str = "") -> None:
        if done == 120:
            raise KeyboardInterrupt

    ada, before = store.annotations("ada"), store.label_set
    change = merge(before, "caption", "body")
    with pytest.raises(KeyboardInterrupt):
        ada.change_labels(change, progress=stop)
    assert store.label_set == before
    assert store.count_spans()["caption"] == 120
    assert ada.change_labels(change, progress=tell) == 120
    assert told == [(50, 120), (100, 120), (120, 120)]
    undone = ada.history().undo or 0
    with pytest.raises(KeyboardInterrupt):
        ada.replay_pages(undone, ActKind.UNDO, stop)
    assert store.count_spans()["body"] == 120
    assert ada.replay_pages(undone, ActKind.UNDO, tell) == 120
    assert told[3:] == told[:3]
    recount(project)
    assert check(project).is_well


def test_undo_keeps_to_pages_that_somebody_changed_by_an_act_on_many_since(
    captions: Store, project: Path
) -> None:
    ben = Session(captions, "ben")
    ben.change_pages([1, 2, 3], skip_pages(3))
    ada = _change(captions, lambda labels: delete(labels, "caption"))
    assert captions.annotations("ben").get(1).state.status is Status.SKIPPED
    ben.undo()
    ada.undo()
    assert captions.annotations("ben").get(1).state.status is Status.DONE
    assert _spans(captions, who="ben")[:2] == [(12, 21, "caption"), (22, 29, "caption")]
    recount(project)
    assert check(project).is_well


def test_a_label_that_begins_to_join_joins_what_is_there(captions: Store, project: Path) -> None:
    _change(captions, lambda labels: define(labels, "caption", LabelMeaning(joins=True)))
    assert _spans(captions)[0] == (12, 29, "caption")
    assert check(project).is_well


def test_the_name_of_a_label_that_was_renamed_can_be_given_to_another(
    captions: Store, project: Path
) -> None:
    _change(captions, lambda labels: rename(labels, "caption", "legend"))
    _change(captions, lambda labels: add(labels, "caption"))
    labels = captions.label_set
    assert {labels.find("caption"), labels.find("legend")} == {
        labels["caption-2"],
        labels["caption"],
    }
    assert labels["caption"].former == ()
    label(captions, "ada", 2, "body")
    assert check(project).is_well


def test_a_project_without_pages_can_be_changed_and_undone(project: Path) -> None:
    store = make_project(project)
    session = _change(store, lambda labels: rename(labels, "ticker", "banner"))
    assert "banner" in store.label_set.names
    session.undo()
    assert store.label_set == LABELS
    assert check(project).is_well


def test_an_act_made_on_an_older_label_set_is_refused(captions: Store, project: Path) -> None:
    change = rename(captions.label_set, "caption", "legend")
    with Store.open(project) as other:
        _change(other, lambda labels: rename(labels, "body", "story"), "ben")
    with pytest.raises(ConflictError):
        captions.annotations("ada").change_labels(change)


def test_a_window_that_shows_an_older_label_set_saves_nothing_over_the_newer_one(
    captions: Store, project: Path
) -> None:
    session = Session(captions, "ada")
    session.open(1)
    with Store.open(project) as other:
        _change(other, lambda labels: merge(labels, "caption", "body"), "ben")
    with pytest.raises(ConflictError):
        session.label("caption", Selection(0, 5))
    assert "caption" not in captions.label_set.names
    session.label("headline", Selection(0, 5))
    assert check(project).is_well


def test_undo_of_work_that_another_person_merged_since_changes_what_still_fits(
    captions: Store, project: Path
) -> None:
    label(captions, "ben", 2, "caption", 0, 3)
    _change(captions, lambda labels: merge(labels, "caption", "body"))
    ben = Session(captions, "ben")
    ben.undo()
    assert _spans(captions, 2, "ben") == []
    for _ in range(4):
        ben.undo()
    assert ben.last_act is None
    assert check(project).is_well


def test_undo_of_an_added_label_keeps_it_if_somebody_uses_it(
    captions: Store, project: Path
) -> None:
    ada = _change(captions, lambda labels: add(labels, "quote"))
    ben = Session(captions, "ben")
    ben.open(2)
    ben.label("quote", Selection.at(0))
    ada.undo()
    assert "quote" in captions.label_set.names
    assert check(project).is_well


def test_finished_pages_are_opened_again_for_a_new_label_and_undo_finishes_them(
    captions: Store, project: Path
) -> None:
    session = Session(captions, "ada")
    session.change_labels(add(captions.label_set, "quote"), [1, 2])
    assert captions.annotations("ben").get(1).state.status is Status.STARTED
    session.undo()
    assert captions.annotations("ben").get(1).state.status is Status.DONE
    assert "quote" not in captions.label_set.names
    session.redo()
    assert captions.annotations("ben").get(1).state.status is Status.STARTED
    assert check(project).is_well


def test_predictions_of_a_merged_label_are_those_of_the_other(captions: Store) -> None:
    with captions.write():
        captions.suggestions.keep_predictions(
            2,
            [Suggestion(Span(0, 3, "caption"), 0.9, ""), Suggestion(Span(4, 9, "ticker"), 0.8, "")],
        )
    _change(captions, lambda labels: merge(labels, "caption", "body"))
    session = _change(captions, lambda labels: delete(labels, "ticker"))
    assert [one.span for one in captions.suggestions.predicted(2)] == [Span(0, 3, "body")]
    session.undo()
    session.undo()
    assert [one.span.label for one in captions.suggestions.predicted(2)] == ["caption", "ticker"]


def test_the_history_of_a_page_shows_what_an_act_on_the_labels_did_there(captions: Store) -> None:
    session = _change(captions, lambda labels: merge(labels, "caption", "body"))
    session.undo()
    history = captions.page_history(1)
    merged = next(index for index, act in enumerate(history.acts) if act.change)
    after = history.after(merged)
    assert after
    assert after.spans == (Span(12, 41, "body"),)
    last = history.after(len(history.acts) - 1)
    assert last
    assert len(last.spans) == 3
    acts = list(captions.log(LogFilter()))
    assert [act.pages for act in acts[-2:]] == [1, 1]


def test_a_repair_keeps_the_label_set_its_acts_and_the_undo(
    captions: Store, project: Path, tmp_path: Path
) -> None:
    _change(captions, lambda labels: merge(labels, "caption", "body"), "eve")
    captions.close()
    saved = tmp_path / "saved.segmark"
    assert repair(project, saved, LABELS).lost == []
    assert check(saved).is_well
    with Store.open(saved) as store:
        Session(store, "eve").undo()
        assert _spans(store)[:2] == [(12, 21, "caption"), (22, 29, "caption")]
    assert check(saved).is_well


_NAMES = st.sampled_from(["headline", "caption", "body", "ticker", "comment", "quote", "legend"])
_PEOPLE = st.sampled_from(["ada", "ben"])


def _bring(labels: LabelSet) -> LabelSetChange:
    return bring_in(labels, LABELS)


_ACTS = st.one_of(
    st.builds(lambda name: lambda labels: add(labels, name), _NAMES),
    st.builds(lambda old, new: lambda labels: rename(labels, old, new), _NAMES, _NAMES),
    st.builds(lambda old, new: lambda labels: merge(labels, old, new), _NAMES, _NAMES),
    st.builds(lambda old, new: lambda labels: delete(labels, old, new), _NAMES, st.none() | _NAMES),
    st.builds(lambda name: lambda labels: reorder(labels, [name]), _NAMES),
    st.builds(lambda name: lambda labels: set_key(labels, name, "q"), _NAMES),
    st.builds(lambda name: lambda labels: recolour(labels, name, light="#123456"), _NAMES),
    st.builds(
        lambda name, joins: lambda labels: define(labels, name, LabelMeaning(joins=joins)),
        _NAMES, st.booleans(),
    ),
    st.just(_bring),
)  # fmt: skip
_PAGE_ACTS = st.tuples(
    st.sampled_from(["label", "clear", "finish", "flag", "skip", "remove"]),
    st.integers(1, 3), st.integers(0, 30), st.integers(0, 30), st.integers(0, 6),
)  # fmt: skip
_STEPS = st.lists(
    st.tuples(
        _PEOPLE,
        st.one_of(st.just("undo"), st.just("redo"), _ACTS, _PAGE_ACTS, _PAGE_ACTS),
    ),
    max_size=14,
)


def _do(store: Store, who: str, step: object) -> None:
    session = Session(store, who)
    match step:
        case "undo":
            session.undo()
        case "redo":
            session.redo()
        case (str(act), int(page), int(one), int(other), int(chosen)):
            if store.pages.is_removed(page) and act != "remove":
                return
            if act == "remove":
                gone = store.pages.is_removed(page)
                session.change_pages([page], remove_pages(1, removed=not gone))
                return
            session.open(page)
            length = len(session.open_page.page.text) if session.open_page else 0
            at = Selection(min(one, length), min(other, length))
            names = sorted(store.label_set.ids)
            acts: dict[str, Callable[[], object]] = {
                "label": lambda: session.label(names[chosen % len(names)], at),
                "clear": lambda: session.clear(at),
                "finish": session.finish,
                "flag": session.flag,
                "skip": lambda: session.change_pages([1, 2, 3], skip_pages(3)),
            }
            acts[act]()
        case act:
            try:
                change = cast("Callable[[LabelSet], LabelSetChange]", act)(store.label_set)
            except LabelSetError:
                return
            session.change_labels(change, [1] if "Add" in change.title else [])


@settings(max_examples=150, deadline=None)
@given(steps=_STEPS)
def test_any_acts_on_labels_and_pages_undo_and_redo_keep_every_rule(
    steps: list[tuple[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = tmp_path_factory.mktemp("any") / "news.segmark"
    with make_project(project, _TEXT, "Two\n\nlines more", "Three four") as store:
        for who, step in steps:
            _do(store, who, step)
            for person in ("ada", "ben"):
                for page in (1, 2, 3):
                    annotation = store.annotations(person).get(page)
                    text, labels = store.pages.get(page).text, store.label_set
                    assert {span.label for span in annotation.spans} <= labels.ids
                    assert {one.label for one in annotation.state.rejected} <= labels.ids
                    assert set(annotation.state.absent) <= labels.ids
                    for before, after in pairwise(annotation.spans):
                        if before.label == after.label and labels[after.label].joins:
                            assert text[before.end : after.start].strip()
        recount(project)
    assert check(project).lines()[1:] == ["All is well."]
