"""What one annotator does in a project: every key of the contract as a call, and what is stored."""

from pathlib import Path

import pytest
from segmark.core.annotation import State, Status
from segmark.core.caret import Selection
from segmark.core.history import ActKind
from segmark.core.label_acts.acts import LabelMeaning, define
from segmark.session.events import Edited, PageOpened
from segmark.session.session import Session
from segmark.store.errors import ConflictError, StoreError
from segmark.store.store import Store

from tests.factories import make_project, peek
from tests.working import STORY, before, connection, number_of, over, shown, stored, work_on

# Labelling


def test_a_label_goes_to_the_carets_block_and_the_caret_to_the_next_without_one(
    story_store: Store,
) -> None:
    session = work_on(story_store)
    after = session.label("headline", before(session, "sails"))
    assert shown(session, after) == (
        "Menu\n[Ship sails|headline]\n\n»It did.\nIt did so.\nAnd on.\n"
    )
    assert stored(session) == "Menu\n[Ship sails|headline]\n\nIt did.\nIt did so.\nAnd on.\n"
    assert session.state.status is Status.STARTED


def test_after_a_label_blocks_with_one_are_passed_over(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("body", over(session, "It did.\nIt did so."))
    after = session.label("headline", before(session, "Ship"))
    assert shown(session, after) == (
        "Menu\n[Ship sails|headline]\n\n[It did.\nIt did so.|body]\n»And on.\n"
    )


def test_after_the_last_label_the_caret_stays(story_store: Store) -> None:
    session = work_on(story_store)
    assert session.label("body", before(session, "on.")) == before(session, "on.")


def test_a_label_goes_to_the_selection_and_joins(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("body", over(session, "It did."))
    after = session.label("body", over(session, "It did so.\nAnd"))
    assert shown(session, after) == ("Menu\nShip sails\n\n[It did.\nIt did so.\nAnd|body]» on.\n")


def test_a_label_that_may_not_lie_inside_a_block_takes_whole_blocks(story_store: Store) -> None:
    session = work_on(story_store)
    labels = story_store.label_set
    session.change_labels(define(labels, "headline", LabelMeaning(inside=False)))
    after = session.label("headline", over(session, "did.\nIt"))
    assert shown(session, after) == (
        "Menu\nShip sails\n\n[It did.\nIt did so.|headline]\n»And on.\n"
    )
    session.move_start(before(session, "so."), 1)
    session.move_start(before(session, "so."), 1)
    session.move_end(before(session, "so."), 1)
    assert stored(session) == "Menu\nShip sails\n\nIt did.\n[It did so.\nAnd on.|headline]\n"
    session.label("body", over(session, "did.\nIt"))
    assert "It [did.\nIt|body]" in stored(session)


def test_what_lies_inside_a_block_stays_when_its_label_no_longer_may(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("headline", over(session, "sails"))
    labels = story_store.label_set
    session.change_labels(define(labels, "headline", LabelMeaning(inside=False)))
    assert "Ship [sails|headline]" in stored(session)
    session.move_end(before(session, "sails"), -1)
    assert "[Ship sails|headline]" in stored(session)


def test_relabelling_is_labelling_again(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("caption", before(session, "It did."))
    session.label("body", before(session, "It did."))
    assert "[It did.|body]" in stored(session)


def test_filling_labels_from_the_nearest_such_span_above(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("body", before(session, "It did."))
    session.fill("body", before(session, "And on."))
    assert stored(session) == "Menu\nShip sails\n\n[It did.\nIt did so.\nAnd on.|body]\n"


def test_clearing_takes_the_block_at_the_caret_or_the_whole_span(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("body", over(session, "It did.\nIt did so."))
    here = before(session, "so.")
    assert session.clear(here) == here
    assert stored(session) == "Menu\nShip sails\n\n[It did.|body]\nIt did so.\nAnd on.\n"
    session.undo()
    assert session.clear_span(here) == here
    assert session.spans == ()
    assert stored(session) == STORY


def test_clearing_takes_the_selection_out_of_a_span(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("body", over(session, "It did.\nIt did so.\nAnd on."))
    session.clear(over(session, "It did so."))
    assert stored(session) == "Menu\nShip sails\n\n[It did.|body]\nIt did so.\n[And on.|body]\n"


def test_clearing_where_nothing_is_changes_nothing(story_store: Store) -> None:
    session = work_on(story_store)
    session.clear(before(session, "Menu"))
    session.clear(over(session, "Menu\nShip"))
    assert session.undo_title is None


def test_edges_move_by_a_word_and_the_caret_stays_in_the_span(story_store: Store) -> None:
    session = work_on(story_store)
    here = before(session, "Menu")
    session.label("headline", here)
    for _ in range(2):
        here = session.move_end(here, 1)
    assert stored(session) == "[Menu\nShip sails|headline]\n\nIt did.\nIt did so.\nAnd on.\n"
    here = session.move_start(here, 1)
    assert shown(session, here) == (
        "Menu\n»[Ship sails|headline]\n\nIt did.\nIt did so.\nAnd on.\n"
    )
    here = session.move_end(here, -1)
    assert stored(session) == "Menu\n[Ship|headline] sails\n\nIt did.\nIt did so.\nAnd on.\n"
    session.move_start(here, -1)
    assert stored(session) == "[Menu\nShip|headline] sails\n\nIt did.\nIt did so.\nAnd on.\n"


def test_edges_move_only_where_there_is_a_span(story_store: Store) -> None:
    session = work_on(story_store)
    here = before(session, "Menu")
    assert session.move_end(here, 1) == session.move_start(here, -1) == here
    assert session.undo_title is None


# The page as a whole


def test_finishing_opens_the_next_unfinished_page_until_none_is_left(story_store: Store) -> None:
    session = work_on(story_store, page=2)
    assert session.finish()
    assert number_of(session) == 3
    assert session.skip()
    assert number_of(session) == 1
    assert not session.finish()
    assert number_of(session) == 1
    assert session.state.status is Status.DONE
    assert session.store.progress(session.annotator).finished == 3
    with Store.open(story_store.path) as again:
        rows = again.pages.rows("mira", [1, 2, 3])
        assert [row.status for row in rows] == [Status.DONE, Status.DONE, Status.SKIPPED]


def test_finishing_a_page_again_only_goes_on(story_store: Store) -> None:
    session = work_on(story_store)
    session.finish()
    session.open(1)
    session.finish()
    assert number_of(session) == 2
    assert len(peek(story_store.path, "SELECT 1 FROM edit")) == 1


def test_labelling_a_skipped_page_starts_it_and_a_done_page_stays_done(story_store: Store) -> None:
    session = work_on(story_store)
    session.skip()
    session.open(1)
    session.label("body", before(session, "Menu"))
    statuses = [session.state.status]
    session.finish()
    session.open(1)
    session.label("ticker", before(session, "Menu"))
    statuses.append(session.state.status)
    assert statuses == [Status.STARTED, Status.DONE]


def test_steps_go_to_the_neighbours_and_to_the_unfinished_pages(story_store: Store) -> None:
    session = work_on(story_store, page=2)
    session.finish()
    assert session.step_page(-1)
    assert number_of(session) == 2
    assert session.step_unfinished(-1)
    assert number_of(session) == 1
    assert not session.step_page(-1)
    assert session.step_unfinished(1)
    assert number_of(session) == 3
    assert not session.step_page(1)


def test_the_session_goes_on_where_the_annotator_stopped(story_store: Store) -> None:
    session = Session(story_store, "mira")
    assert session.open_first()
    assert number_of(session) == 1
    session.open(2)
    session.flag()
    again = Session(story_store, "mira")
    assert again.open_first()
    assert number_of(again) == 2
    again.finish()
    third = Session(story_store, "mira")
    assert third.open_first()
    assert number_of(third) == 3


def test_with_no_page_at_all_nothing_opens_and_no_act_does_anything(project: Path) -> None:
    with make_project(project) as store:
        session = Session(store, "mira")
        assert not session.open_first()
        here = Selection.at(0)
        assert session.label("body", here) == session.fill("body", here) == here
        assert session.clear(here) == session.move_end(here, 1) == here
        assert not session.finish()
        session.flag()
        assert session.undo() is session.redo() is None
        assert (session.spans, session.state) == ((), State())


def test_flag_and_note_are_kept_and_can_be_undone(story_store: Store) -> None:
    session = work_on(story_store)
    session.flag()
    session.write_note("Which one is the headline? 🙂")
    expected = State(Status.NEW, True, "Which one is the headline? 🙂")
    assert story_store.annotations("mira").get(1).state == session.state == expected
    assert session.undo_title == "Write note"
    session.undo()
    session.flag()
    assert session.state == State()


# What listeners hear


def test_listeners_hear_of_pages_and_edits_after_they_are_stored(story_store: Store) -> None:
    session = Session(story_store, "mira")
    heard: list[object] = []
    counted: list[int] = []

    def listen(event: object) -> None:
        heard.append(event)
        counted.append(len(peek(story_store.path, "SELECT 1 FROM edit")))

    session.subscribe(listen)
    session.open(1)
    session.label("body", before(session, "Menu"))
    session.open(2)
    session.undo()
    kinds = [event.kind if isinstance(event, Edited) else event for event in heard]
    assert kinds == [PageOpened(1), ActKind.ACT, PageOpened(2), PageOpened(1), ActKind.UNDO]
    assert counted == [0, 1, 1, 1, 2]
    acts = [event.edit for event in heard if isinstance(event, Edited)]
    assert acts[1] == acts[0].inverse()


# Time at work


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _seconds(story_store: Store) -> list[tuple[int, float]]:
    return peek(story_store.path, "SELECT page, active_seconds FROM annotation ORDER BY page")


def test_time_at_work_is_counted_for_the_page_without_the_idle_time(story_store: Store) -> None:
    clock = _Clock()
    session = Session(story_store, "mira", clock=clock)
    session.open(1)
    for clock.now in (100, 104, 3604, 3607):
        session.input()
    session.label("body", before(session, "Menu"))
    assert _seconds(story_store) == [(1, 4 + 30 + 3)]
    for clock.now in (3610, 3612):
        session.input()
    session.open(2)
    assert _seconds(story_store) == [(1, 42)]
    for clock.now in (3615, 3616):
        session.input()
    session.flag()
    session.leave()
    assert _seconds(story_store) == [(1, 42), (2, 4)]
    assert story_store.statistics("mira").active_seconds == 46


def test_a_project_that_cannot_be_written_lets_people_leave_the_page(
    story_store: Store,
) -> None:
    clock = _Clock()
    session = Session(story_store, "mira", clock=clock)
    session.open(1)
    session.flag()
    for clock.now in (1, 2):
        session.input()
    connection(story_store).execute("PRAGMA query_only = ON")
    session.open(2)
    assert number_of(session) == 2


def test_time_that_could_not_be_stored_comes_with_the_next_act(story_store: Store) -> None:
    clock = _Clock()
    session = Session(story_store, "mira", clock=clock)
    session.open(1)
    session.flag()
    for clock.now in (1, 4):
        session.input()
    connection(story_store).execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError):
        session.flag()
    for clock.now in (5, 6):
        session.input()
    with pytest.raises(StoreError):
        session.flag()
    connection(story_store).execute("PRAGMA query_only = OFF")
    session.flag()
    assert _seconds(story_store) == [(1, 5)]


def test_time_on_a_page_that_was_left_meanwhile_is_counted_for_that_page(
    story_store: Store,
) -> None:
    clock = _Clock()
    session = Session(story_store, "mira", clock=clock)
    for page in (1, 2):
        session.open(page)
        session.flag()
    session.input()
    connection(story_store).execute("PRAGMA query_only = ON")
    clock.now = 3
    session.input()
    session.open(1)
    clock.now = 4
    session.input()
    connection(story_store).execute("PRAGMA query_only = OFF")
    session.flag()
    session.leave()
    assert _seconds(story_store) == [(1, 1), (2, 3)]


def test_time_is_kept_when_another_window_was_faster(story_store: Store) -> None:
    clock = _Clock()
    session = Session(story_store, "mira", clock=clock)
    session.open(1)
    session.flag()
    for clock.now in (1, 4):
        session.input()
    other = Session(story_store, "mira")
    other.open(1)
    other.flag()
    with pytest.raises(ConflictError):
        session.flag()
    assert _seconds(story_store) == [(1, 3)]
