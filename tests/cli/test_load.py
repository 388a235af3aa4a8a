"""``segmark load`` and ``segmark pages`` as scripts meet them."""

import csv
import json
import zipfile
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.store.store import Store

from tests.articles import article, framed
from tests.factories import settle


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """A record file with four pages of two sites, a broken line and an archive beside it."""
    folder = tmp_path / "dump"
    folder.mkdir()
    rows = [
        {"text": framed(article(n // 2), f"Site {n % 2}"), "url": f"http://{n % 2}.example/{n}"}
        for n in range(4)
    ]
    lines = [*map(json.dumps, rows), "rubbish"]
    (folder / "rows.jsonl").write_text("\n".join(lines))
    with zipfile.ZipFile(folder / "news.zip", "w") as archive:
        archive.writestr("a.txt", "One")
    return folder


_NO_JSON = "it is not JSON: Expecting value at character 1"


def run(*arguments: object) -> int:
    return cli.run([str(argument) for argument in arguments])


def test_the_report_has_a_row_for_every_source(
    tmp_path: Path, project: Path, dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.csv"
    assert run("load", project, dump, "--report", report) == 1
    said = capsys.readouterr()
    assert said.out == "5 added (2 near-duplicates), 0 already there, 1 rejected\n"
    assert said.err.startswith("segmark: rejected dump/rows.jsonl:5: it is not JSON")
    with report.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted((row["source"], row["outcome"], row["why"]) for row in rows) == [
        ("dump/news.zip/a.txt", "added", ""),
        ("dump/rows.jsonl:1", "added", ""),
        ("dump/rows.jsonl:2", "near-duplicate", "like dump/rows.jsonl:1"),
        ("dump/rows.jsonl:3", "added", ""),
        ("dump/rows.jsonl:4", "near-duplicate", "like dump/rows.jsonl:3"),
        ("dump/rows.jsonl:5", "rejected", _NO_JSON),
    ]  # fmt: skip
    assert all(len(row["page"]) == 16 for row in rows if row["outcome"] != "rejected")


def test_a_report_that_can_not_be_written_stops_it_before_anything_is_loaded(
    tmp_path: Path, project: Path, dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("load", project, dump, "--report", tmp_path / "nowhere" / "r.csv") == 2
    assert "r.csv: the report can't be written" in capsys.readouterr().err
    with Store.open(project) as store:
        assert store.pages.count() == 0


def test_pages_are_chosen_from_what_is_there(
    project: Path, dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("load", project, dump / "*.jsonl", "--match", "1.example", "--limit", 1) == 0
    said = capsys.readouterr()
    assert said.out == "1 added, 0 already there, 0 rejected\n"
    assert said.err == "segmark: passed over all sources: 1 page whose address does not fit\n"
    assert run("load", project, dump / "rows.jsonl", "--sample", 2, "--seed", 5) == 1


def test_columns_can_be_named(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("headline,body,link\nShip,<p>Ship sails,http://varn.example/\n")
    assert run("load", project, table) == 1
    assert "it has headline, body, link" in capsys.readouterr().err
    assert run("load", project, table, "--html-field", "body", "--url-field", "link") == 0
    with Store.open(project) as store:
        page = store.pages.get(1)
    assert (page.text, page.info.site) == ("Ship sails", "varn.example")


def test_an_empty_path_is_not_the_folder_that_one_is_in(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("load", project, "") == 2
    assert "it is empty" in capsys.readouterr().err


def test_the_folder_that_the_project_lies_in_can_be_loaded(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.parent / "a.txt").write_text("One")
    assert run("load", project, project.parent) == 0
    said = capsys.readouterr()
    assert said.out == "1 added, 0 already there, 0 rejected\n"
    assert f"/{project.name}: a project or a part of one, and no page" in said.err


def test_an_export_can_leave_near_duplicates_out(tmp_path: Path, project: Path, dump: Path) -> None:
    run("load", project, dump)
    out = tmp_path / "out"
    for unique, lines in (([], 5), (["--unique"], 3)):
        assert run("export", project, out, "--status", "all", *unique) == 0
        assert len((out / "pages.jsonl").read_bytes().splitlines()) == lines


def test_pages_are_listed_for_people_and_for_programs(
    project: Path, dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("load", project, dump / "rows.jsonl")
    with Store.open(project) as store:
        settle(store, "mira", 2, Status.DONE)
        settle(store, "mira", 3, Status.DONE)
        second, first = store.pages.names(2)[0], store.pages.names(1)[0]
    capsys.readouterr()
    choice = ["--annotator", "mira", "--site", "1.example", "--status", "done"]
    assert run("pages", project, *choice, "--json") == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "id": second,
        "title": "Site 1 0",
        "url": "http://1.example/1",
        "site": "1.example",
        "language": "",
        "source": "dump/rows.jsonl:2",
        "status": "done",
        "flagged": False,
        "spans": 0,
        "note": "",
        "predicted_by": [],
        "near_duplicate": True,
        "like": first,
        "earlier": "",
        "questions": [],
        "rest": {},
    }
    assert run("pages", project, *choice) == 0
    assert (
        capsys.readouterr().out == f"{second}  done        0  1.example  Site 1 0 near-duplicate\n"
    )
    assert run("pages", project) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert run("pages", project, "--annotator", "nobody") == 2


def test_many_bad_rows_are_counted_and_do_not_hide_what_else_is_wrong(
    tmp_path: Path, project: Path, dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (dump / "bad.jsonl").write_text('{"text": "One"}\n' + "rubbish\n" * 5_000)
    for number in range(300):
        (dump / f"{number}.txt").write_bytes(b"")
    report = tmp_path / "report.csv"
    assert run("load", project, dump, "--report", report) == 1
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert said.out.endswith(", 5301 rejected\n")
    assert len(lines) < 60
    assert sum(line.startswith("segmark: rejected dump/bad.jsonl:") for line in lines) == 21
    assert "segmark: rejected dump/bad.jsonl: 4,980 more; --report FILE lists all" in lines
    assert "segmark: rejected dump: 280 more; --report FILE lists all" in lines
    assert any(line.startswith("segmark: rejected dump/rows.jsonl:5") for line in lines)
    with report.open(encoding="utf-8", newline="") as file:
        assert sum(row["outcome"] == "rejected" for row in csv.DictReader(file)) == 5_301


def test_bad_files_in_very_many_folders_are_counted(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(600):
        (tmp_path / "dump" / str(number)).mkdir(parents=True)
        (tmp_path / "dump" / str(number) / "a.txt").write_bytes(b"")
    assert run("load", project, tmp_path / "dump") == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 521
    assert lines[-1] == "segmark: rejected 80 more in other files; --report FILE lists all"
