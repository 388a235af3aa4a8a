"""The people of a project: whom a name means, renaming, joining, undoing both."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from segmark.core.annotation import Annotation, Status
from segmark.core.edit import Edit, change_state
from segmark.core.page_change import join_people, recolour_person, rename_person
from segmark.core.people.person import Person
from segmark.core.queue import PageFilter, PageOrder, PageWork
from segmark.core.record import RecordFilter
from segmark.session.session import Session
from segmark.store.errors import StoreError
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair
from segmark.store.store import Store

from tests.factories import (
    LABELS,
    alter,
    label,
    make_project,
    peek,
    recount,
    settle,
    write_note,
)
from tests.store.file.released import make


@pytest.fixture
def store(project: Path) -> Store:
    """Four pages; ada began the first, ben finished the second, both labelled the third."""
    store = make_project(project, *(f"Ferry {number} sails\nIt did." for number in range(1, 5)))
    label(store, "ada", 1, "headline", 0, 5)
    label(store, "ben", 2, "body", 0, 5)
    settle(store, "ben", 2, Status.DONE)
    label(store, "ada", 3, "headline", 0, 5)
    label(store, "ben", 3, "body", 6, 7)
    return store


def person(store: Store, name: str) -> Person:
    found = store.people.find(name)
    assert found
    return found


def rename(store: Store, name: str, new: str, by: str = "ada") -> None:
    Session(store, by).change_people(rename_person(person(store, name), new))


def join(store: Store, one: str, into: str, keep: str = "", by: str = "ada") -> None:
    mine, theirs = person(store, one), person(store, into)
    change = join_people(mine, theirs, keep_labels_of=person(store, keep or into))
    Session(store, by).change_people(change)


def made(store: Store, name: str) -> list[Annotation]:
    return [store.annotations(name).get(number) for number in range(1, 5)]


def test_a_name_that_is_written_in_another_way_is_the_same_person(store: Store) -> None:
    with store:
        label(store, " BEN", 4, "body")
        assert store.annotators() == ["ada", "ben"]
        assert store.annotations("ben").get(4).spans
        assert store.people.known_name("Ben") == "ben"
        assert store.people.known_name("cleo") == "cleo"


def test_ids_are_random_and_stay(store: Store, tmp_path: Path) -> None:
    with store, make_project(tmp_path / "other.segmark", "Ship") as other:
        label(other, "ada", 1, "body")
        before = {one.name: one.id for one in store.people.all()}
        assert len({*before.values(), person(other, "ada").id}) == 3
        rename(store, "ada", "Ada Lovelace", "ben")
        assert person(store, "Ada Lovelace").id == before["ada"]


def test_copies_of_an_old_project_agree_on_who_is_who(tmp_path: Path) -> None:
    released = gzip.decompress((make.FOLDER / "0.1.segmark.gz").read_bytes())
    found = []
    for name in ("one.segmark", "two.segmark"):
        (tmp_path / name).write_bytes(released)
        with Store.open(tmp_path / name) as store:
            found.append([(one.name, one.id) for one in store.people.all()])
            assert all(store.people.find(one.name.upper()) == one for one in store.people.all())
    assert found[0] == found[1]
    assert len({identity for _, identity in found[0]}) == len(found[0]) > 0


def test_a_rename_keeps_everything_and_the_old_name_leads_there(
    store: Store, project: Path
) -> None:
    with store:
        before = made(store, "ben")
        store.leave_at("ben", 2, {2: 7}, {2: [range(3, 9)]})
        rename(store, "ben", "Ben Ali")
        assert store.annotators() == ["Ben Ali", "ada"]
        assert made(store, "Ben Ali") == made(store, "ben") == before
        assert store.left_carets("Ben Ali") == {2: 7}
        assert store.left_unfolded("Ben Ali") == {2: (range(3, 9),)}
        assert person(store, "BEN").also == ("ben",)
        assert {record.annotator for record in store.records(RecordFilter())} == {"Ben Ali"}
        label(store, "ben", 4, "body")
        assert store.annotations("Ben Ali").get(4).spans
        assert check(project).is_well


def test_a_rename_and_a_colour_are_undone_and_redone_after_a_restart(
    project: Path, store: Store
) -> None:
    with store:
        first = store.people.all()
        rename(store, "ben", "Ben Ali")
        Session(store, "ada").change_people(recolour_person(person(store, "ben"), "#102030"))
        last = store.people.all()
    with Store.open(project) as store:
        session = Session(store, "ada")
        assert session.undo_title == "Give Ben Ali another colour"
        session.undo()
        session.undo()
        assert store.people.all() == first
        session.redo()
        session.redo()
        assert store.people.all() == last
        assert check(project).is_well


def test_a_name_that_leads_to_somebody_else_is_refused(store: Store) -> None:
    with store:
        rename(store, "ben", "Ben Ali")
        for name in ("ADA", "ada"):
            with pytest.raises(StoreError, match="leads to 'ada'"):
                rename(store, "ben", name)
        with pytest.raises(StoreError, match="leads to 'Ben Ali'"):
            rename(store, "ada", "Ben")
        rename(store, "ben", "ben")
        assert person(store, "Ben Ali").name == "ben"


def test_an_undo_leaves_a_person_alone_whom_somebody_else_renamed_since(store: Store) -> None:
    with store:
        rename(store, "ben", "Ben Ali")
        rename(store, "ben", "Benjamin", by="ben")
        session = Session(store, "ada")
        with pytest.raises(StoreError, match="changed since"):
            session.undo()
        assert person(store, "ben").name == "Benjamin"
        assert session.undo_title == "Label headline"


def test_a_join_moves_the_work_and_keeps_the_log(store: Store, project: Path) -> None:
    with store:
        ada, ben = made(store, "ada"), made(store, "ben")
        clashes = list(store.people.clashes(person(store, "ben"), person(store, "ada")))
        assert [(each.one, each.into) for each in clashes] == [(ben[2], ada[2])]
        join(store, "ben", "ada")
        assert store.annotators() == ["ada"]
        assert made(store, "ada") == made(store, "ben") == [ada[0], ben[1], ada[2], Annotation()]
        assert person(store, "Ben") == person(store, "ada")
        assert person(store, "ada").also == ("ben",)
        assert [act.annotator for act in store.page_history(2).acts] == ["ada"] * 4
        history = store.page_history(2)
        assert history.after(len(history.acts) - 1) == ben[1]
        figures = store.figures(["ada"]).everybody
        assert [day.done for day in figures.days] == [1]
        queue = store.pages.queue("ada", PageFilter(work=PageWork.TODAY), PageOrder())
        assert list(queue) == [2]
        assert store.pace("ada", "2000")[0] == 1
    assert check(project).is_well
    recount(project)


def test_a_join_can_keep_the_labels_of_the_one_who_goes(store: Store, project: Path) -> None:
    with store:
        ben = made(store, "ben")
        join(store, "ben", "ada", keep="ben")
        assert made(store, "ada")[1:3] == ben[1:3]
    assert check(project).is_well


def test_a_join_is_undone_and_redone_whole_after_a_restart(store: Store, project: Path) -> None:
    tables = ("annotation", "span", "annotator", "person_name", "progress", "label_count")
    with store:
        store.annotations("ben").add_active_time(2, 30)
        before = {name: peek(project, f"SELECT * FROM {name} ORDER BY 1, 2, 3") for name in tables}
        join(store, "ben", "ada", keep="ben")
        joined = made(store, "ada")
    with Store.open(project) as store:
        session = Session(store, "ada")
        session.undo()
        after = {name: peek(project, f"SELECT * FROM {name} ORDER BY 1, 2, 3") for name in tables}
        for name in ("annotation", "span", "annotator", "person_name"):
            assert after[name] == before[name]
        recount(project)
        session.redo()
        assert made(store, "ada") == joined
        assert peek(project, "SELECT sum(active_seconds) FROM annotation") == [(30,)]
    assert check(project).is_well
    recount(project)


def test_undoing_a_join_leaves_a_page_alone_that_was_changed_since(
    store: Store, project: Path
) -> None:
    with store:
        join(store, "ben", "ada", by="ben")
        assert Session(store, "ada").undo_title == "Join ben with ada"
        label(store, "cleo", 4, "body")
        settle(store, "ada", 2, Status.STARTED)
        later = made(store, "ada")[1]
        session = Session(store, "ada")
        session.undo()
        session.undo()
        session.redo()
        session.redo()
        assert made(store, "ada")[1] == later
        assert check(project).is_well


def test_whoever_joins_themselves_goes_on_as_the_other(store: Store) -> None:
    with store:
        own = store.annotations("ben")
        before = own.get(2)
        join(store, "ben", "ada", by="ben")
        with pytest.raises(StoreError, match="joined with another person"):
            own.save(2, _note(before))
        assert Session(store, "ben").undo_title == "Join ben with ada"


def _note(before: Annotation) -> Edit:
    edit = change_state(before, "Note", replace(before.state, note="late"))
    assert edit
    return edit


def test_names_of_an_old_project_that_only_look_different_stay_two_people(
    store: Store, project: Path
) -> None:
    with store:
        alter(project, "INSERT INTO annotator (number, name, id) VALUES (9, 'Ada', 'x')")
        alter(project, "INSERT INTO person_name VALUES (9, 'Ada', 'ada', 1)")
        label(store, "Ada", 4, "body")
        assert store.annotators() == ["Ada", "ada", "ben"]
        assert store.people.known_name("ADA") in ("Ada", "ada")
        assert store.people.alike() == (("Ada", "ada"),)
        health = check(project)
        assert health.is_well
        assert "'Ada' and 'ada' differ in case" in health.notes[0]
        join(store, "Ada", "ada")
        assert store.people.alike() == ()
        rename(store, "ada", "Ada")
        assert person(store, "ADA").name == "Ada"
    assert check(project).is_well


def test_a_joined_person_who_still_has_labels_is_damage(store: Store, project: Path) -> None:
    store.close()
    alter(project, "UPDATE annotator SET joined = 1 WHERE number = 2")
    assert check(project).damage == (
        "Annotator 2 was joined with another one, and still has labels.",
    )


def test_a_repair_keeps_people_names_and_joins(store: Store, project: Path, tmp_path: Path) -> None:
    with store:
        rename(store, "ben", "Ben Ali")
        join(store, "ben", "ada")
        people, now = store.people.all(), made(store, "ada")
    saved = tmp_path / "saved.segmark"
    assert repair(project, saved, LABELS).lost == []
    with Store.open(saved) as store:
        assert (store.people.all(), made(store, "ada")) == (people, now)
        Session(store, "ada").undo()
        assert store.annotators() == ["Ben Ali", "ada"]
    assert check(saved).is_well


def test_a_note_that_clashes_is_shown(store: Store) -> None:
    with store:
        write_note(store, "ada", 2, "Look")
        pages = store.people.clashes(person(store, "ben"), person(store, "ada"))
        assert [clash.into.state.note for clash in pages] == ["Look", ""]
