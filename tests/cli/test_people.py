"""``segmark people``: who works on a project, renaming, joining, and names on the command line."""

import json
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import alter, label, make_project, settle


@pytest.fixture
def worked_on(project: Path) -> Path:
    """Three pages; both labelled the first, ben finished the second."""
    with make_project(project, "Ferry sails", "It did", "Another page") as store:
        label(store, "ada", 1, "headline", 0, 5)
        label(store, "Ben", 1, "body", 6, 11)
        label(store, "Ben", 2, "body")
        settle(store, "Ben", 2, Status.DONE)
    return project


def run(capsys: pytest.CaptureFixture[str], project: Path, *options: str) -> tuple[int, str, str]:
    status = cli.run(["people", str(project), *options])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_people_are_listed_with_id_colour_pages_and_other_names(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, worked_on, "--rename", "ben", "Ben Ali", "--annotator", "ada")
    assert status == 0
    with Store.open(worked_on) as store:
        ada, ben = store.people.find("ada"), store.people.find("ben")
    assert ada
    assert ben
    assert out.splitlines() == [
        f"ada      {ada.id}  {ada.colour}  1 page",
        f"Ben Ali  {ben.id}  {ben.colour}  2 pages  also: Ben",
    ]
    status, out, _ = run(capsys, worked_on, "--json")
    assert json.loads(out)[1] == {
        "id": ben.id, "name": "Ben Ali", "colour": ben.colour, "also": ["Ben"], "pages": 2,
        "alike": [],
    }  # fmt: skip


def test_a_rename_is_in_the_log_and_names_are_found_however_they_are_written(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, worked_on, "--rename", "ben", "Ben Ali", "--annotator", "ADA")
    assert cli.run(["log", str(worked_on), "--annotator", "ada"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("ada  people  Rename Ben to Ben Ali")
    assert cli.run(["log", str(worked_on), "--annotator", "BEN", "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["annotator"] for line in lines] == ["Ben Ali"] * 3
    assert cli.run(["stats", str(worked_on), "--annotator", "ben ali"]) == 0
    assert "Ben Ali" in capsys.readouterr().out
    out = worked_on.parent / "out"
    assert cli.run(["export", str(worked_on), str(out), "--annotator", "ben"]) == 0
    assert '"annotator":"Ben Ali"' in (out / "pages.jsonl").read_text("utf-8")


def test_a_join_first_shows_what_clashes_and_asks_whose_labels_stay(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, worked_on, "--join", "ben", "ada", "--dry-run")
    assert status == 0
    clash, total = out.splitlines()
    assert "Ben: 1 span, started · ada: 1 span, started · 0 spans alike  Ferry sails" in clash
    assert total == "Of 2 pages of Ben, 1 clash with work of ada."
    status, out, error = run(capsys, worked_on, "--join", "ben", "ada")
    assert (status, out) == (2, "")
    assert "--keep 'Ben' or --keep 'ada'" in error
    status, out, _ = run(capsys, worked_on, "--join", "ben", "ada", "--dry-run", "--json")
    assert [person["spans"] for person in json.loads(out)["people"]] == [
        [[6, 11, "body"]], [[0, 5, "headline"]],
    ]  # fmt: skip
    options = ("--join", "ben", "ada", "--keep", "Ada", "--annotator", "ben")
    status, out, _ = run(capsys, worked_on, *options)
    assert status == 0
    assert out.endswith("2 pages  also: Ben\n")
    assert cli.run(["log", str(worked_on), "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["title"], last["field"], last["value"]) == ("Join Ben with ada", "join", "Ben")
    assert last["pages"] == 2


def test_what_the_command_did_is_undone_in_the_window(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, worked_on, "--rename", "ben", "Ben Ali", "--annotator", "cleo")
    with Store.open(worked_on) as store:
        Session(store, "cleo").undo()
        assert store.annotators() == ["Ben", "ada"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--rename", "dora", "Dora"), "there is no 'dora' here; known are: ada, Ben"),
        (("--rename", "ben", "ADA"), "the name 'ADA' leads to 'ada'"),
        (("--rename", "ben", " "), "not empty"),
        (("--colour", "ben", "blue"), "write it like #3b7dd8"),
        (("--join", "ben", "BEN"), "are one person already"),
        (("--join", "ben", "ada", "--keep", "cleo"), "there is no 'cleo'"),
        (("--keep", "ada"), "belong to --join"),
        (("--rename", "ben", "b", "--colour", "ben", "#102030"), "one act each"),
    ],
)
def test_what_can_not_be_done_is_one_line(
    worked_on: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    status, out, error = run(capsys, worked_on, *options)
    assert (status, out, len(error.splitlines())) == (2, "", 1)
    assert words in error


def test_names_that_only_look_different_are_told_by_people_and_check(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alter(worked_on, "INSERT INTO annotator (number, name, id) VALUES (9, 'BEN', 'x')")
    alter(worked_on, "INSERT INTO person_name VALUES (9, 'BEN', 'ben', 1)")
    words = "'BEN' and 'Ben' differ in case, blanks or Unicode form alone, and are 2 people"
    assert words in run(capsys, worked_on)[1]
    assert cli.run(["check", str(worked_on)]) == 0
    assert words in capsys.readouterr().out


def _delivery(folder: Path, name: str, pages: tuple[str, ...], span: tuple[int, int, str]) -> Path:
    """The export of a project in which somebody with the login name ``user`` labelled pages."""
    with make_project(folder / f"{name}.segmark", *pages) as store:
        for number in range(1, len(pages) + 1):
            label(store, "user", number, span[2], *span[:2])
            settle(store, "user", number, Status.DONE)
    out = folder / name
    assert cli.run(["export", str(folder / f"{name}.segmark"), str(out)]) == 0
    return out / "pages.jsonl"


def test_two_people_with_one_login_are_not_mixed_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lead = tmp_path / "lead.segmark"
    one = _delivery(tmp_path, "one", ("Ferry sails", "It did"), (0, 2, "headline"))
    two = _delivery(tmp_path, "two", ("It did", "A third page"), (3, 6, "body"))
    assert cli.run(["load", str(lead), str(one)]) == 0
    assert cli.run(["load", str(lead), str(one)]) == 0
    assert "name says" not in capsys.readouterr().err
    before = lead.read_bytes()
    assert cli.run(["load", str(lead), str(two)]) == 1
    told = capsys.readouterr().err
    assert "1 annotation of user went to the user who worked here before" in told
    assert told.count("--people") == 2
    lead.write_bytes(before)
    assert cli.run(["load", str(lead), str(two), "--people", "USER=Ben"]) == 0
    assert "name says" not in capsys.readouterr().err
    with Store.open(lead) as store:
        assert [store.people.pages_of(each) for each in store.people.all()] == [2, 2]
    assert cli.run(["load", str(lead), str(two), "--people", "user="]) == 2
