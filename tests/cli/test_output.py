"""Output that can't be written: the work is done, one line says so, the exit status is 2."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.store.store import Store

from tests.factories import label, make_project, settle

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")

#: Every command that prints, but those that show a window; PROJECT and FOLDER stand for places.
COMMANDS = (
    "--help", "--version", "export --help", "load PROJECT FOLDER/page.txt",
    "export PROJECT FOLDER/out", "presets PROJECT", "pages PROJECT", "pages PROJECT --json",
    "split PROJECT", "stats PROJECT", "stats PROJECT --json", "verify FOLDER/done",
    "diff FOLDER/done FOLDER/other", "suggest PROJECT FOLDER/suggested", "carry PROJECT",
    "backup PROJECT", "check PROJECT", "restore PROJECT",
)  # fmt: skip


@pytest.fixture
def made(project: Path) -> Path:
    """A project with a finished page, two exports, a preset and a backup, and a page to load."""
    folder = project.parent
    with make_project(project, "Ship sails", "Two went") as store:
        label(store, "mira", 1, "headline")
        settle(store, "mira", 1, Status.DONE)
    for name, words in (("done", ("--save-preset", "x")), ("other", ("--drop", "headline"))):
        assert cli.run(["export", str(project), str(folder / name), *words]) == 0
    assert cli.run(["backup", str(project)]) == 0
    (folder / "page.txt").write_text("A third page")
    return project


def _words(command: str, project: Path) -> list[str]:
    places = {"PROJECT": str(project), "FOLDER": str(project.parent)}
    return [word.replace("PROJECT", places["PROJECT"]).replace("FOLDER", places["FOLDER"])
            for word in command.split()]  # fmt: skip


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_in_one_line_that_its_output_is_lost(
    made: Path, command: str, closed: bool,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    capsys.readouterr()
    with open("/dev/full", "w") as full:
        stream: TextIO | None = None if closed else full
        monkeypatch.setattr(sys, "stdout", stream)
        assert cli.run(_words(command, made)) == 2
        monkeypatch.undo()
    said = capsys.readouterr().err
    assert said.count("could not be written") == 1
    assert [line for line in said.splitlines() if line.startswith("segmark: what")] != []
    assert "Traceback" not in said
    with Store.open(made) as store:
        assert store.pages.count() == (3 if command.startswith("load") else 2)


def _run(words: Sequence[str], redirections: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirections}', "sh", sys.executable, "-m", "segmark", *words],
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ},
    )  # fmt: skip


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", ">&- <&-"])
def test_an_export_is_complete_though_nothing_could_be_printed(
    made: Path, redirection: str
) -> None:
    out = made.parent / "out"
    done = _run(["export", str(made), str(out)], redirection)
    assert done.returncode == 2
    assert done.stderr.startswith("segmark: what the command prints could not be written: ")
    assert done.stderr.count("\n") == 1
    assert (out / "pages.jsonl").read_bytes() == (made.parent / "done/pages.jsonl").read_bytes()
    assert cli.run(["verify", str(out), "--project", str(made)]) == 0
    assert cli.run(["check", str(made)]) == 0


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-", ">&- 2>&-"])
def test_a_load_is_complete_though_no_error_could_be_printed(made: Path, redirection: str) -> None:
    folder = made.parent / "mixed"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"")
    (folder / "b.txt").write_text("A page of its own")
    done = _run(["load", str(made), str(folder)], redirection)
    assert done.returncode == (2 if ">&- 2" in redirection else 1)
    assert done.stdout == (
        "" if ">&- 2" in redirection else "1 added, 0 already there, 1 rejected\n"
    )
    with Store.open(made) as store:
        assert store.pages.count() == 3


def test_a_reader_that_ends_early_is_no_error_worth_a_word(made: Path) -> None:
    done = _run(["pages", str(made)], "| head -n 0")
    assert (done.returncode, done.stderr) == (0, "")
