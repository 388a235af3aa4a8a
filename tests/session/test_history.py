"""Undo and redo across pages, restarts and windows; acts that can't be stored."""

import pytest
from segmark.core.annotation import State, Status
from segmark.core.caret import Selection
from segmark.session.events import PageOpened
from segmark.session.session import Session
from segmark.store.errors import ConflictError, StoreError
from segmark.store.store import Store

from tests.factories import peek
from tests.working import STORY, before, connection, number_of, over, shown, stored, work_on

# Undo and redo


def test_undo_and_redo_restore_exactly(story_store: Store) -> None:
    session = work_on(story_store)
    drawings = [shown(session)]
    for name, words in (("headline", "Ship sails"), ("body", "It did."), ("caption", "did.\nIt")):
        session.label(name, over(session, words))
        drawings.append(shown(session))
    for earlier in reversed(drawings[:-1]):
        session.undo()
        assert shown(session) == stored(session) == earlier
    assert session.state == State()
    assert session.undo() is None
    for after in drawings[1:]:
        session.redo()
        assert shown(session) == stored(session) == after
    assert session.redo() is None


def test_undo_goes_to_where_the_act_was(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("body", before(session, "It did."))
    here = session.undo()
    assert here == before(session, "It did.")
    session.flag()
    assert session.undo() == Selection.at(0)


def test_undo_opens_the_page_that_the_act_was_made_on(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("headline", before(session, "Ship"))
    session.finish()
    session.label("caption", before(session, "Two"))
    session.open(3)
    assert session.undo_title == "Label caption"
    session.undo()
    assert number_of(session) == 2
    assert session.undo_title == "Page done"
    session.undo()
    assert number_of(session) == 1
    assert session.state.status is Status.STARTED
    session.undo()
    assert session.spans == ()
    for number, title in ((1, "Label headline"), (1, "Page done"), (2, "Label caption")):
        assert session.redo_title == title
        session.redo()
        assert number_of(session) == number
    assert session.redo_title is None


def test_undo_and_redo_go_on_after_a_restart(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("headline", before(session, "Ship"))
    session.label("body", before(session, "It did."))
    session.open(2)
    session.label("caption", before(session, "lines"))
    session.undo()
    session.undo()
    with Store.open(story_store.path) as reopened:
        later = Session(reopened, "mira")
        later.open_first()
        assert (later.undo_title, later.redo_title) == ("Label headline", "Label body")
        later.redo()
        later.redo()
        assert number_of(later) == 2
        assert stored(later) == "Two\n[lines|caption]"
        for _ in range(3):
            later.undo()
        assert later.undo() is None
    assert peek(story_store.path, "SELECT * FROM span") == []


def test_a_new_act_clears_redo_even_after_a_restart(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("headline", before(session, "Ship"))
    session.label("body", before(session, "It did."))
    session.undo()
    session.label("ticker", before(session, "Menu"))
    assert session.redo_title is None
    assert session.redo() is None
    later = Session(story_store, "mira")
    assert later.redo_title is None
    for title in ("Label ticker", "Label headline"):
        assert later.undo_title == title
        later.undo()
    assert later.undo_title is None


def test_annotators_neither_see_nor_undo_each_others_work(story_store: Store) -> None:
    mira, jan = work_on(story_store, "mira"), work_on(story_store, "jan")
    mira.label("headline", before(mira, "Ship"))
    jan.label("body", before(jan, "Ship"))
    mira.finish()
    assert "[Ship sails|headline]" in stored(work_on(story_store, "mira"))
    assert "[Ship sails|body]" in stored(work_on(story_store, "jan"))
    assert jan.state.status is Status.STARTED
    assert jan.store.progress(jan.annotator).finished == 0
    mira.undo()
    mira.undo()
    assert mira.undo() is None
    assert jan.undo_title == "Label body"


# When something goes wrong


def test_an_act_that_cannot_be_stored_changes_nothing(story_store: Store) -> None:
    session = work_on(story_store)
    session.label("headline", before(session, "Ship"))
    unchanged, heard = shown(session), list[object]()
    session.subscribe(heard.append)
    connection(story_store).execute("PRAGMA query_only = ON")
    for act in (
        lambda: session.label("body", before(session, "Menu")),
        lambda: session.clear(before(session, "Ship")),
        session.flag,
        session.finish,
        session.undo,
    ):
        with pytest.raises(
            StoreError, match="this was not saved: the file or its folder is read-only"
        ):
            act()
        assert (shown(session), session.undo_title) == (unchanged, "Label headline")
        assert session.state == State(Status.STARTED)
    assert heard == []
    connection(story_store).execute("PRAGMA query_only = OFF")
    session.undo()
    assert session.spans == ()


def test_a_damaged_page_does_not_open_and_the_open_one_stays(story_store: Store) -> None:
    session = work_on(story_store)
    connection(story_store).execute("UPDATE page_text SET text = 'Tow' WHERE page = 2")
    with pytest.raises(StoreError, match="is damaged"):
        session.open(2)
    assert number_of(session) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("headline", "Ship sails"), ("body", "sails\n\nIt")),
        (("body", "It did."), ("body", "It did so.")),
        (("body", "It did."), ("comment", "And on.")),
    ],
)
def test_what_another_window_did_to_the_page_is_shown_instead_of_being_overwritten(
    story_store: Store, first: tuple[str, str], second: tuple[str, str]
) -> None:
    here, heard = work_on(story_store), list[object]()
    here.subscribe(heard.append)
    with Store.open(story_store.path) as other:
        there = work_on(other)
        there.label(first[0], over(there, first[1]))
        theirs = shown(there)
        with pytest.raises(ConflictError, match="another window changed this page; it is reloaded"):
            here.label(second[0], over(here, second[1]))
    assert shown(here) == stored(here) == theirs
    assert heard == [PageOpened(1)]
    here.label(second[0], over(here, second[1]))
    assert shown(here) == stored(here) != theirs


def test_two_windows_of_one_annotator_share_one_history(story_store: Store) -> None:
    with Store.open(story_store.path) as other:
        here = work_on(story_store)
        here.label("headline", before(here, "Ship"))
        there = work_on(other, page=2)
        there.label("caption", before(there, "Two"))
        here.label("body", before(here, "It did."))
        there.label("caption", before(there, "lines"))
        for session in (here, there, here, there):
            session.undo()
        assert here.undo_title is there.undo_title is None
        assert peek(story_store.path, "SELECT * FROM span") == []


def test_undoing_what_another_window_did_to_the_page_shows_it_first(story_store: Store) -> None:
    with Store.open(story_store.path) as other:
        here, there = work_on(story_store), work_on(other)
        there.label("headline", before(there, "Ship"))
        theirs = shown(there)
        with pytest.raises(ConflictError):
            here.undo()
        assert shown(here) == theirs
        here.undo()
        assert stored(here) == STORY
