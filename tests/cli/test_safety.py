"""Backup, restore, check and doctor, as scripts meet them."""

import errno
import os
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import segmark.__main__  # noqa: F401 - it adds the commands of the window
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.store.file.backup import Reason, back_up, list_backups
from segmark.store.store import Store

from tests.factories import label, make_project, peek, settle


@pytest.fixture
def labelled(project: Path) -> Path:
    with make_project(project, "Ship sails", "It did.") as store:
        label(store, "mira", 1, "headline")
    return project


def _say(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_a_backup_is_made_and_listed(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["backup", str(labelled)]) == 0
    [backup] = list_backups(labelled)
    assert _say(capsys) == f"Backup made: {backup.path}\n"
    assert cli.run(["backup", str(labelled), "--list"]) == 0
    assert str(backup.path) in _say(capsys)


def test_a_backup_of_a_clock_that_was_ahead_is_listed_last_and_not_restored_by_itself(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead = back_up(labelled, Reason.ASKED, datetime.now(UTC) + timedelta(days=400))
    newest = back_up(labelled, Reason.ASKED)
    assert cli.run(["backup", str(labelled), "--list"]) == 0
    first, second = _say(capsys).splitlines()
    assert "today" in first
    assert "dated ahead" in second
    assert str(ahead.path) in second
    assert cli.run(["restore", str(labelled), "--preview"]) == 0
    assert str(newest.path) in _say(capsys)


def test_restoring_says_first_what_would_change(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(["backup", str(labelled)])
    with Store.open(labelled) as store:
        label(store, "mira", 2, "body")
    _say(capsys)
    assert cli.run(["restore", str(labelled), "--preview"]) == 0
    assert "mira: 2 spans and 0 done pages now, 1 and 0 in the backup." in _say(capsys)
    assert peek(labelled, "SELECT count(*) FROM span") == [(2,)]
    assert cli.run(["restore", str(labelled), "--yes"]) == 0
    assert "Restored. What was there is " in _say(capsys)
    assert peek(labelled, "SELECT label FROM span") == [("headline",)]


@pytest.mark.parametrize("table", ["annotation", "edit", "label_count", "page_group", "span"])
def test_every_command_says_of_a_damaged_project_that_it_is_damaged(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    with make_project(project, "Ship sails", "It did.") as store:
        label(store, "mira", 1, "headline")
        settle(store, "mira", 1, Status.DONE)
    [(root,)] = peek(project, "SELECT rootpage FROM sqlite_schema WHERE name = ?", table)
    content = bytearray(project.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = bytes(4096)
    project.write_bytes(content)
    told = []
    for words in (["stats"], ["export", str(tmp_path / "out")], ["pages"], ["backup"], ["carry"]):
        cli.run([words[0], str(project), *words[1:], *(["--annotator", "mira"] * (len(words) > 1))])
        told.append(capsys.readouterr().err)
    assert any(f"{project}: the file is damaged; go back to a backup" in line for line in told)
    assert [line for line in told if "not foreseen" in line] == []
    assert cli.run(["check", str(project)]) == 1


def test_without_an_answer_nothing_is_restored(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(["backup", str(labelled)])
    with Store.open(labelled) as store:
        label(store, "mira", 2, "body")
    assert cli.run(["restore", str(labelled)]) != 0
    assert peek(labelled, "SELECT count(*) FROM span") == [(2,)]


def test_where_there_is_no_backup_it_says_so(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["restore", str(labelled)]) == 2
    assert "there is no backup" in capsys.readouterr().err
    assert cli.run(["restore", str(labelled), "nowhere.segmark"]) == 2
    assert "there is no such backup" in capsys.readouterr().err


def test_a_healthy_project_is_well(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["check", str(labelled)]) == 0
    assert "All is well." in _say(capsys)


def test_damage_is_named_and_the_rest_saved(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = labelled.read_bytes()
    assert content.count(b"It did.") > 1
    labelled.write_bytes(content.replace(b"It did.", b"It DID."))
    assert cli.run(["check", str(labelled)]) == 1
    told = _say(capsys)
    assert "is not the one that was loaded" in told
    assert "--repair" in told
    new = tmp_path / "saved.segmark"
    assert cli.run(["check", str(labelled), "--repair", str(new)]) == 1
    assert "Saved 1 pages, 1 annotations and 1 spans." in _say(capsys)
    assert cli.run(["check", str(new)]) == 0


def test_the_doctor_says_what_a_report_needs_and_no_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "wilhelmina")
    for variable in ("TMPDIR", "SEGMARK_CONFIG"):
        folder = tmp_path / "profiles" / "Wilhelmina" / variable
        folder.mkdir(parents=True)
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    assert cli.run(["doctor"]) == 0
    told = _say(capsys)
    for name in ("Segmark", "Python", "SQLite", "Qt ", "Log folder", "Screen"):
        assert name in told
    assert re.search(r"SQLite synchronous +2", told)
    assert re.search(r"Mode of a new project +600\n", told) or sys.platform == "win32"
    assert re.search(r"Log folder .*GB free(, mode \d{3,4})?\)", told)
    assert re.search(r"Test of the store +all is well", told)
    assert re.search(r"Test of the view +all is well", told)
    assert "wilhelmina" not in told.casefold()
    assert "profiles/…/TMPDIR" in told
    assert str(Path.home()) not in told


def test_the_doctor_names_a_folder_that_cannot_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SEGMARK_CONFIG", str(tmp_path / "file" / "segmark"))
    assert cli.run(["doctor"]) == 0
    assert re.search(r"Settings folder .*segmark \(can't be written\)", _say(capsys))


@pytest.mark.parametrize("command", ["pages", "check", "stats", "backup", "carry"])
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do all")
def test_a_project_in_a_closed_folder_is_refused_in_one_line(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    assert cli.run([command, str(closed / "news.segmark")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert str(closed) in told
    assert "unexpected" not in told


def test_a_project_with_an_impossible_name_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["check", str(tmp_path / f"{'long' * 100}.segmark")]) == 2
    assert "name too long" in capsys.readouterr().err.casefold()


def test_the_doctor_says_all_else_where_the_store_cannot_be_tested(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/home/wilhelmina/x")

    monkeypatch.setattr(Store, "create", refuse)
    assert cli.run(["doctor"]) == 1
    told = _say(capsys)
    assert "No space left on device" in told
    assert "Test of the view" in told
    assert "wilhelmina" not in told
