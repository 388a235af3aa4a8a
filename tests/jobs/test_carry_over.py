"""Labels carried over to a newer version of a page: in a session, and by the command."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.core.caret import Selection
from segmark.core.carrying import CarryOutcome
from segmark.jobs.carry_over import CarryPlan, carry_over, plan
from segmark.session.session import Session
from segmark.store.errors import ConflictError, StoreError
from segmark.store.safety.check import check
from segmark.store.store import Store

from tests.factories import add_pages, draw, drawn, make_project, peek
from tests.working import connection

OLD = "Menu\n[Ship sails|headline]\n[A ship|caption]\n[It did.\nIt went on.|body]\n[Say so|comment]"
NEW = "Menu 2\nShip sails\nA ship\nIt did.\nIt went on and on.\nImprint"


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    """A labelled page and a newer version of it."""
    with make_project(project, drawn(OLD).text, NEW) as store:
        with store.write():
            store.versions.link(2, 1)
        work(store, "mira")
        yield store


def work(store: Store, name: str) -> None:
    session = Session(store, name)
    session.open(1)
    for span in drawn(OLD).spans:
        session.label(span.label, Selection(span.start, span.end))
    session.finish()


def planned_for(session: Session) -> CarryPlan:
    found = plan(session.store, session.annotator, 2)
    assert found
    return found


@pytest.fixture
def session(store: Store) -> Session:
    session = Session(store, "mira")
    session.open(2)
    return session


def shown(session: Session) -> str:
    assert session.open_page
    return draw(session.open_page.page.text, session.spans)


def shown_status(session: Session) -> str:
    return str(session.state.status)


def test_a_plan_says_what_becomes_of_each_label(session: Session) -> None:
    found = planned_for(session)
    assert [each.outcome for each in found.carried] == [
        CarryOutcome.UNCHANGED, CarryOutcome.UNCHANGED, CarryOutcome.CHANGED, CarryOutcome.MISSING,
    ]  # fmt: skip
    assert str(found) == "2 with the same text, 1 with changed text, 1 not found"
    assert not found.complete
    assert plan(session.store, "jan", 2) is None
    assert plan(session.store, "mira", 1) is None


def test_carrying_over_is_one_act_of_the_session(session: Session) -> None:
    heard = list[object]()
    session.subscribe(heard.append)
    assert carry_over(session, planned_for(session)) == 3
    after = (
        "Menu 2\n[Ship sails|headline]\n[A ship|caption]\n[It did.\nIt went on and on.|body]\n"
        "Imprint"
    )
    assert shown(session) == after
    assert shown_status(session) == "started"
    assert len(heard) == 1
    assert session.undo_title == "Carry labels over"
    session.undo()
    assert shown(session) == NEW
    assert shown_status(session) == "new"
    session.redo()
    assert shown(session) == after
    assert check(session.store.path).damage == ()


def test_labels_whose_text_changed_can_be_left_out(session: Session) -> None:
    assert carry_over(session, planned_for(session), changed=False) == 2
    assert [span.label for span in session.spans] == ["headline", "caption"]


def test_what_was_labelled_already_stays_as_it_is(session: Session) -> None:
    session.label("ticker", Selection(7, 17))
    found = planned_for(session)
    assert found.carried[0].outcome is CarryOutcome.TAKEN
    carry_over(session, found)
    assert [span.label for span in session.spans] == ["ticker", "caption", "body"]


def test_a_plan_that_is_out_of_date_is_refused(session: Session) -> None:
    found = planned_for(session)
    session.label("ticker", Selection(0, 6))
    with pytest.raises(ConflictError):
        carry_over(session, found)
    session.open(1)
    with pytest.raises(ConflictError):
        carry_over(session, found)


def test_what_can_not_be_stored_changes_nothing(session: Session) -> None:
    found = planned_for(session)
    connection(session.store).execute("DROP TABLE carried")
    with pytest.raises(StoreError):
        carry_over(session, found)
    assert session.spans == ()
    assert session.undo_title == "Page done"


# The command


def run(store: Store, *options: str) -> int:
    return cli.run(["carry", str(store.path), *options])


def test_the_command_carries_everybodys_labels_and_names_what_has_no_place(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    work(store, "jan")
    assert run(store) == 1
    told = capsys.readouterr().out
    assert told.splitlines()[-1] == "6 of 8 labels carried over, to 2 pages"
    assert "  not found  comment  Say so\n" in told
    assert "  changed  body  It did. It went on.\n    now: It did. It went on and on.\n" in told
    for name in ("jan", "mira"):
        annotation = store.annotations(name).get(2)
        assert [span.label for span in annotation.spans] == ["headline", "caption", "body"]
        assert annotation.state.status is Status.STARTED
    assert run(store) == 0
    assert capsys.readouterr().out == "0 of 0 labels carried over, to 0 pages\n"


def test_a_dry_run_changes_nothing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    work(store, "jan")
    before = peek(store.path, "SELECT count(*) FROM edit")
    assert run(store, "--dry-run", "--annotator", "mira") == 1
    assert "3 of 4 labels would be carried over, to 1 pages" in capsys.readouterr().out
    assert peek(store.path, "SELECT count(*) FROM edit") == before


def test_the_command_can_leave_out_what_has_changed(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(store, "--same-text") == 1
    told = capsys.readouterr().out
    assert "    now (left out): It did. It went on and on." in told
    assert "2 of 4 labels carried over" in told
    assert [span.label for span in store.annotations("mira").get(2).spans] == [
        "headline", "caption",
    ]  # fmt: skip


def test_when_all_has_a_place_all_is_well(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with make_project(project, drawn(OLD).text) as store:
        work(store, "mira")
        add_pages(store, "New menu\n" + drawn(OLD).text)
        with store.write():
            store.versions.link(2, 1)
        assert run(store) == 0
    assert "4 of 4 labels carried over, to 1 pages" in capsys.readouterr().out


def test_a_name_that_labelled_nothing_is_refused(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(store, "--annotator", "nobody") == 2
    assert "'nobody' has labelled nothing here" in capsys.readouterr().err


def test_from_load_to_carried_labels(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(drawn(OLD).text)
    assert cli.run(["load", str(project), str(page)]) == 0
    with Store.open(project) as store:
        work(store, "mira")
    page.write_text(NEW)
    assert cli.run(["load", str(project), str(page)]) == 0
    told = capsys.readouterr()
    assert f"{tmp_path.name}/page.txt changed: new page, linked to the old one" in told.err
    assert "1 added (1 changed: new pages, linked to the old ones)" in told.out
    assert cli.run(["carry", str(project)]) == 1
    assert "3 of 4 labels carried over, to 1 pages" in capsys.readouterr().out
