"""Whatever several people do, rename, join, undo and redo: the log leads to what is there."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.annotation import Annotation, Status
from segmark.core.caret import Selection
from segmark.core.page_change import PageField, join_people, rename_person, reopen_pages, skip_pages
from segmark.session.session import Session
from segmark.store.errors import StoreError
from segmark.store.log import LogFilter
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair
from segmark.store.store import Store

from tests.factories import LABELS, make_project, recount

NAMES = ("ada", "ben", "Cleo")
PAGES = ("Ferry sails\nIt did.", "Another page", "A third page\nof two lines")
Act = Callable[[Session], object]

_pages = st.integers(1, len(PAGES))


def _on_page(act: Act) -> st.SearchStrategy[Act]:
    return _pages.map(lambda number: lambda session: (session.open(number), act(session)))


def _rename(name: str, new: str) -> Act:
    def act(session: Session) -> None:
        if one := session.store.people.find(name):
            session.change_people(rename_person(one, new))

    return act


def _join(one: str, into: str, keep_one: bool) -> Act:
    def act(session: Session) -> None:
        people = session.store.people
        mine, theirs = people.find(one), people.find(into)
        if mine and theirs and mine != theirs:
            kept = mine if keep_one else theirs
            session.change_people(join_people(mine, theirs, keep_labels_of=kept))

    return act


_anybody = st.sampled_from(NAMES)
_labels = st.sampled_from([label.name for label in LABELS])
_acts: st.SearchStrategy[Act] = st.one_of(
    _labels.flatmap(lambda name: _on_page(lambda session: session.label(name, Selection.at(0)))),
    _on_page(lambda session: session.clear(Selection.at(0))),
    _on_page(lambda session: session.finish()),
    _on_page(lambda session: session.flag()),
    st.just(lambda session: session.change_pages([1, 2], skip_pages(2))),
    st.just(lambda session: session.change_pages([1, 2, 3], reopen_pages(3))),
    st.builds(_rename, _anybody, st.sampled_from([*NAMES, "ADA", "Dora", "Ben Ali"])),
    st.builds(_join, _anybody, _anybody, st.booleans()),
    st.just(lambda session: session.undo()),
    st.just(lambda session: session.undo()),
    st.just(lambda session: session.redo()),
)


def _states(store: Store) -> dict[str, list[Annotation]]:
    """What everybody who did anything made of each page, by name."""
    pages = range(1, len(PAGES) + 1)
    made = {
        one.name: [store.annotations(one.name).get(page) for page in pages]
        for one in store.people.all()
    }
    return {name: states for name, states in made.items() if any(map(_is_touched, states))}


def _is_touched(made: Annotation) -> bool:
    return made != Annotation()


@settings(max_examples=30)
@given(st.lists(st.tuples(_anybody, _acts), max_size=14))
def test_the_log_leads_to_what_is_there_and_undo_to_the_start(
    acts: list[tuple[str, Act]],
) -> None:
    with TemporaryDirectory() as folder:
        project = Path(folder, "news.segmark")
        clock = count(step=3.0)
        with make_project(project, *PAGES) as store:
            for name, act in acts:
                session = Session(store, store.people.known_name(name), clock=clock.__next__)
                session.input()
                with suppress(StoreError):
                    act(session)
                session.leave()
            there = _states(store)
            names = [one.name for one in store.people.all()]
        assert check(project).damage == ()
        recount(project)
        saved = Path(folder, "saved.segmark")
        assert repair(project, saved, LABELS).lost == []
        assert check(saved).damage == ()
        with Store.open(saved) as store:
            assert _states(store) == there
            assert [one.name for one in store.people.all()] == names
            _undo_all(store)
        assert check(saved).damage == ()
        recount(saved)


def _undo_all(store: Store) -> None:
    """Everybody undoes everything they can.

    An act stays on a page that a join changed since, if whoever joined could not take that back.
    """
    for name in [one.name for one in store.people.all()]:
        session = Session(store, name)
        while session.last_act:
            before = session.last_act
            with suppress(StoreError):
                session.undo()
            if session.last_act == before:
                assert PageField.JOIN in _fields(store)
                break


def _fields(store: Store) -> set[PageField]:
    return {act.change.field for act in store.log(LogFilter()) if act.change}


@settings(max_examples=30)
@given(st.lists(st.tuples(_anybody, _acts), max_size=8), st.booleans())
def test_a_join_is_undone_exactly(acts: list[tuple[str, Act]], keep_one: bool) -> None:
    with TemporaryDirectory() as folder:
        project = Path(folder, "news.segmark")
        with make_project(project, *PAGES) as store:
            for name, act in acts:
                with suppress(StoreError):
                    act(Session(store, store.people.known_name(name)))
            people = store.people.all()
            if len(people) < 2:
                return
            before = people, _states(store)
            session = Session(store, people[1].name)
            session.change_people(
                join_people(people[0], people[1], keep_labels_of=people[0 if keep_one else 1])
            )
            joined = store.people.all(), _states(store)
            session.undo()
            assert (store.people.all(), _states(store)) == before
            session.redo()
            assert (store.people.all(), _states(store)) == joined
        assert check(project).damage == ()


def test_statuses_count_once_after_a_join(tmp_path: Path) -> None:
    with make_project(tmp_path / "news.segmark", *PAGES) as store:
        for name in ("ada", "ben"):
            session = Session(store, name)
            session.open(1)
            session.finish()
        _join("ben", "ada", keep_one=True)(Session(store, "ada"))
        assert store.progress("ada").by_status[Status.DONE] == 1
