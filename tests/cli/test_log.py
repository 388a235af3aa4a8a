"""``segmark log``: who did what, when, on which page."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.caret import Selection
from segmark.core.page_change import remove_pages, skip_pages
from segmark.session.session import Session
from segmark.store.store import Store

from tests.factories import add_pages, alter_log, label, make_project

FERRY, OTHER = "Ferry sails\nIt did.\nIt went on.", "Another page"


@pytest.fixture
def worked_on(project: Path) -> Path:
    """Two pages with acts of two people, some of them undone."""
    with make_project(project, FERRY, OTHER) as store:
        session = Session(store, "ada")
        session.open(1)
        session.label("headline", Selection.at(0))
        session.label("body", Selection.at(13))
        session.undo()
        session.write_note("look\n\x1b[31mhere")
        session.finish()
        session.change_pages([1, 2], skip_pages(2))
        session.undo()
        label(store, "bob", 2, "ticker")
    return project


def lines(capsys: pytest.CaptureFixture[str], project: Path, *options: str) -> list[str]:
    assert cli.run(["log", str(project), *options]) == 0
    return capsys.readouterr().out.splitlines()


def id_of(project: Path, number: int) -> str:
    with Store.open(project) as store:
        return store.pages.names(number)[0]


def test_every_act_is_a_line_with_when_who_where_and_what(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = id_of(worked_on, 1), id_of(worked_on, 2)
    printed = lines(capsys, worked_on)
    assert [line.split("  ", 1)[1] for line in printed] == [
        f"ada  {one}  Label headline (+headline 0–11, new → started)",
        f"ada  {one}  Label body (+body 12–19) [undone]",
        f"ada  {one}  Undo: Label body (−body 12–19)",
        f"ada  {one}  Write note (note “look \ufffd[31mhere”)",
        f"ada  {one}  Page done (started → done)",
        "ada  2 pages  Skip 2 pages (status → skipped) [undone]",
        "ada  2 pages  Undo: Skip 2 pages (status as before)",
        f"bob  {two}  Label ticker (+ticker 0–12, new → started)",
    ]
    for line in printed:
        when = datetime.strptime(line[:19], "%Y-%m-%d %H:%M:%S").astimezone()
        assert abs(datetime.now(UTC) - when) < timedelta(days=1)


def test_an_act_that_is_redone_is_no_longer_marked_as_undone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with make_project(project, FERRY) as store:
        session = Session(store, "ada")
        session.open(1)
        session.label("headline", Selection.at(0))
        session.undo()
        session.redo()
    printed = [line.split("  ", 3)[3].partition(" (")[0] for line in lines(capsys, project)]
    assert printed == ["Label headline", "Undo: Label headline", "Redo: Label headline"]
    assert "[undone]" not in "".join(lines(capsys, project))


def test_a_page_shows_its_acts_and_those_on_many_pages(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = lines(capsys, worked_on, "--page", id_of(worked_on, 2))
    assert [line.split("  ")[1] for line in printed] == ["ada", "ada", "bob"]
    with Store.open(worked_on) as store:
        add_pages(store, "Untouched")
    assert lines(capsys, worked_on, "--page", id_of(worked_on, 3)) == []


def test_an_annotator_and_a_day_limit_what_is_printed(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(lines(capsys, worked_on, "--annotator", "bob")) == 1
    assert len(lines(capsys, worked_on, "--since", "2000-01-01")) == 8
    tomorrow = datetime.now().astimezone().date() + timedelta(days=2)
    assert lines(capsys, worked_on, "--since", str(tomorrow)) == []
    alter_log(worked_on, "made_at = '2020-02-02T12:00:00.000+00:00' WHERE number < 4")
    assert len(lines(capsys, worked_on, "--since", "2020-02-02")) == 8
    assert len(lines(capsys, worked_on, "--since", "2020-02-04")) == 5


def test_today_begins_at_midnight_here(worked_on: Path, capsys: pytest.CaptureFixture[str]) -> None:
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    before = (midnight - timedelta(seconds=1)).astimezone(UTC).isoformat(timespec="milliseconds")
    alter_log(worked_on, "made_at = ? WHERE number = 1", before)
    after = midnight.astimezone(UTC).isoformat(timespec="milliseconds")
    alter_log(worked_on, "made_at = ? WHERE number > 1", after)
    assert len(lines(capsys, worked_on, "--since", "today")) == 7


def test_programs_get_the_same_keys_for_each_act(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = [json.loads(line) for line in lines(capsys, worked_on, "--json")]
    assert {tuple(act) for act in acts} == {
        ("number", "time", "annotator", "page", "pages", "kind", "act", "undone", "title",
         "removed", "added", "before", "after", "field", "value")
    }  # fmt: skip
    undo, many = acts[2], acts[5]
    assert (undo["kind"], undo["act"]) == ("undo", acts[1]["number"])
    assert undo["removed"] == acts[1]["added"] == [{"start": 12, "end": 19, "label": "body"}]
    assert acts[3]["after"]["note"] == "look\n\x1b[31mhere"
    assert (many["page"], many["pages"], many["field"], many["value"]) == (
        "", 2, "status", "skipped",
    )  # fmt: skip
    assert [act["undone"] for act in acts] == [number in (1, 5) for number in range(8)]


def test_a_removed_page_still_tells_its_history(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(worked_on) as store:
        session = Session(store, "ada")
        session.change_pages([2], remove_pages(1, removed=True))
    assert lines(capsys, worked_on, "--page", id_of(worked_on, 2))[-1].endswith("Remove 1 page")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--page", "1"], "there is no page '1'"),
        (["--annotator", "cleo"], "'cleo' has labelled nothing here"),
        (["--since", "yesterday"], "'yesterday' is no day"),
        (["--since", "2026-02-30"], "'2026-02-30' is no day"),
        (["--since", "0001-01-01"], "'0001-01-01' is no day"),
        (["--since", "9999-12-31"], "'9999-12-31' is no day"),
    ],
)
def test_what_is_not_there_is_refused_in_a_line(
    worked_on: Path, capsys: pytest.CaptureFixture[str], options: list[str], why: str
) -> None:
    assert cli.run(["log", str(worked_on), *options]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert why in printed.err
    assert printed.err.count("\n") == 1


def test_a_project_without_acts_prints_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(project, FERRY).close()
    assert lines(capsys, project) == []


@pytest.mark.parametrize("damage", ["added = '[['", "made_at = 'noon'", "field = 'colour'"])
def test_a_damaged_line_is_an_error_in_a_line(
    worked_on: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    alter_log(worked_on, f"{damage} WHERE number = 2")
    assert cli.run(["log", str(worked_on)]) == 2
    assert "the file is damaged" in capsys.readouterr().err


def test_the_command_ends_quietly_when_nobody_reads_on(project: Path) -> None:
    with make_project(project, FERRY) as store:
        for _ in range(300):
            label(store, "ada", 1, "headline", 0, 11)
            label(store, "ada", 1, "caption", 0, 11)
    command = [sys.executable, "-m", "segmark", "log", str(project), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.readline().startswith(b'{"number": 1')
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


def test_a_day_is_printed_page_by_page_with_acts_and_time(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = id_of(worked_on, 1), id_of(worked_on, 2)
    with Store.open(worked_on) as store:
        store.annotations("ada").add_active_time(1, 75)
    printed = lines(capsys, worked_on, "--today")
    assert printed[0].endswith("  2 pages, 10 acts, 0:01:15 at work")
    assert [line.split("  ", 1)[1].strip() for line in printed[1:]] == [
        f"ada    0:01:15  7 acts  done  {one}  Ferry sails",
        f"ada    0:00:00  2 acts  new  {two}  Another page",
        f"bob    0:00:00  1 act  started  {two}  Another page",
    ]
    assert lines(capsys, worked_on, "--day", "2000-01-01") == [
        "2000-01-01  0 pages, 0 acts, 0:00:00 at work"
    ]
    found = [json.loads(line) for line in lines(capsys, worked_on, "--today", "--json")]
    assert [(each["annotator"], each["acts"], each["seconds"]) for each in found] == [
        ("ada", 7, 75.0), ("ada", 2, 0.0), ("bob", 1, 0.0),
    ]  # fmt: skip
    assert len(lines(capsys, worked_on, "--today", "--annotator", "BOB")) == 2


def test_time_is_unknown_where_an_older_version_kept_the_acts(
    worked_on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alter_log(worked_on, "made_at = '2020-02-02T12:00:00.000+00:00'")
    printed = lines(capsys, worked_on, "--day", "2020-02-02")
    assert printed[0].endswith("unknown at work")
    assert all("unknown" in line for line in printed[1:])
    assert cli.run(["log", str(worked_on), "--today", "--since", "today"]) == 2
    assert "leave out --since" in capsys.readouterr().err
