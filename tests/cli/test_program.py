"""The command line as scripts meet it: exit status, one line of what is wrong, real files."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from segmark import __main__
from segmark.cli import program as cli
from segmark.core.annotation import Annotation
from segmark.core.caret import Selection
from segmark.export.formats.registry import FORMATS
from segmark.session.session import Session
from segmark.store.store import Store

PAGE = "Harbour reopens\n\nThe harbour of Eastmere opened again on Monday.\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    folder = tmp_path / "eastmere"
    folder.mkdir()
    path = folder / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path, page: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "news.segmark"
    assert cli.run(["load", str(path), str(page)]) == 0
    capsys.readouterr()
    return path


def finish_first_page(project: Path, annotator: str = "ada") -> None:
    with Store.open(project) as store:
        session = Session(store, annotator)
        session.open_first()
        session.label("body", session.label("headline", Selection.at(0)))
        session.finish()
        assert session.open_page is not None
        assert isinstance(session.open_page.annotation, Annotation)


def test_loading_makes_the_project_and_says_what_was_added(
    tmp_path: Path, page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "news.segmark"
    assert cli.run(["load", str(project), str(page)]) == 0
    assert capsys.readouterr().out == "1 added, 0 already there, 0 rejected\n"
    assert cli.run(["load", str(project), str(page)]) == 0
    assert capsys.readouterr().out == "0 added, 1 already there, 0 rejected\n"


def test_what_is_rejected_has_its_reason_and_the_rest_is_loaded(
    tmp_path: Path, page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    assert cli.run(["load", str(tmp_path / "p.segmark"), str(empty), str(page)]) == 1
    said = capsys.readouterr()
    assert said.out == "1 added, 0 already there, 1 rejected\n"
    assert "empty.txt" in said.err
    assert len(said.err.splitlines()) == 1


def test_export_writes_the_finished_pages_and_prints_counts(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish_first_page(project)
    assert cli.run(["export", str(project), str(tmp_path / "out")]) == 0
    record = json.loads((tmp_path / "out" / "pages.jsonl").read_text(encoding="utf-8"))
    assert [record["text"][span["start"] : span["end"]] for span in record["spans"]] == [
        "Harbour reopens",
        "The harbour of Eastmere opened again on Monday.",
    ]
    assert record["meta"]["source"] == "eastmere/page.txt"
    assert record["meta"]["site"] == "eastmere"
    assert record["meta"]["annotator"] == "ada"
    printed = capsys.readouterr().out
    assert "headline" in printed
    assert "pages.jsonl" in printed


def test_export_takes_other_statuses_when_asked(tmp_path: Path, project: Path) -> None:
    out = tmp_path / "out"
    assert cli.run(["export", str(project), str(out)]) == 2
    assert cli.run(["export", str(project), str(out), "--status", "all"]) == 0
    record = json.loads((out / "pages.jsonl").read_text(encoding="utf-8"))
    assert record["spans"] == []
    assert record["meta"]["status"] == "new"
    assert record["meta"]["annotator"] == ""


def test_export_of_one_label_leaves_the_others_out(tmp_path: Path, project: Path) -> None:
    finish_first_page(project)
    out = tmp_path / "out"
    assert cli.run(["export", str(project), str(out), "--label", "body", "--gzip"]) == 0
    assert (out / "pages.jsonl.gz").is_file()


def test_export_drops_labels_and_takes_only_the_sites_and_days_asked_for(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish_first_page(project)
    out = str(tmp_path / "out")
    words = ["export", str(project), out, "--drop", "body", "--site", "eastmere"]
    assert cli.run([*words, "--since", "2020-01-31"]) == 0
    record = json.loads((tmp_path / "out" / "pages.jsonl").read_text(encoding="utf-8"))
    assert [span["label"] for span in record["spans"]] == ["headline"]
    assert cli.run(["export", str(project), out, "--site", "elsewhere"]) == 2
    assert "there is no page of the site" in capsys.readouterr().err
    assert cli.run(["export", str(project), out, "--only", "body", "--drop", "body"]) == 2
    assert "no label" in capsys.readouterr().err


def test_every_format_is_named_in_the_help_and_can_be_verified(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish_first_page(project)
    assert cli.run(["export", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"{', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}." in shown
    for form in ("jsonl", "tokens", "conll", "lines", "prodigy", "doccano", "label-studio", "html"):
        out = str(tmp_path / form)
        assert cli.run(["export", str(project), out, "--format", form]) == 0
        assert cli.run(["verify", out, "--project", str(project)]) == 0
        assert "all is right (pages 1, spans 2, rows" in capsys.readouterr().out
        assert cli.run(["diff", out, str(tmp_path / "jsonl")]) == 0


def test_a_window_makes_windows_the_unit(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish_first_page(project)
    words = ["export", str(project), str(tmp_path / "out"), "--format", "tokens"]
    assert cli.run([*words, "--window", "4", "--stride", "2"]) == 0
    assert "windows" in capsys.readouterr().out


def test_verify_and_diff_say_what_is_wrong_by_their_status(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish_first_page(project)
    for name in ("old", "new"):
        assert cli.run(["export", str(project), str(tmp_path / name)]) == 0
    pages = tmp_path / "new" / "pages.jsonl"
    pages.write_text(pages.read_text("utf-8").replace('"end":15', '"end":14'), "utf-8")
    capsys.readouterr()
    assert cli.run(["verify", str(tmp_path / "new")]) == 1
    assert "a file was changed after the export" in capsys.readouterr().err
    assert cli.run(["verify", str(tmp_path / "new"), "--project", str(project)]) == 1
    said = capsys.readouterr()
    assert "the project lacks the headline from 0 to 14" in said.err
    assert "wrong: 2 (pages 1, spans 2, rows 1)" in said.out
    assert cli.run(["diff", str(tmp_path / "old"), str(tmp_path / "new")]) == 0
    assert cli.run(["diff", "--exit-code", str(tmp_path / "old"), str(tmp_path / "new")]) == 1
    assert cli.run(["diff", "--exit-code", str(tmp_path / "old"), str(tmp_path / "old")]) == 0
    assert "-headline 0:15, +headline 0:14" in capsys.readouterr().out
    assert cli.run(["verify", str(tmp_path)]) == 2
    assert cli.run(["diff", str(tmp_path / "old"), str(tmp_path)]) == 2


def test_stats_are_there_for_people_and_for_programs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish_first_page(project)
    assert cli.run(["stats", str(project), "--json"]) == 0
    stats = json.loads(capsys.readouterr().out)
    assert stats["pages"] == 1
    (ada,) = stats["annotators"]
    assert ada["annotator"] == "ada"
    assert ada["pages"] == {"new": 0, "started": 0, "done": 1, "skipped": 0}
    assert ada["spans"]["headline"] == 1
    assert cli.run(["stats", str(project)]) == 0
    printed = capsys.readouterr().out
    assert "done" in printed
    assert "headline" in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["load", "no-project.txt", "x"], ".segmark"),
        (["export", "missing.segmark", "out"], "missing.segmark"),
        (["stats", "missing.segmark"], "missing.segmark"),
        (["export", "PROJECT", "out", "--format", "cd-rom"], "jsonl"),
        (["export", "PROJECT", "out", "--label", "advert"], "headline"),
        (["export", "PROJECT", "out", "--annotator", "nobody"], "nobody"),
        (["export", "PROJECT", "out", "--split", "50/50"], "80/10/10"),
        (["export", "PROJECT", "out", "--status", "ready"], "done"),
        (["load", "PROJECT"], "PATH"),
        (["page.html"], ".segmark"),
        (["stats", "PROJECT", "--bogus"], "--bogus"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line_with_status_2(
    arguments: list[str],
    said: str,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [str(project) if word == "PROJECT" else word for word in arguments]
    assert cli.run(arguments) == 2
    line = capsys.readouterr().err
    assert said in line
    assert line.startswith("segmark: ")
    assert len(line.splitlines()) == 1


def test_a_file_that_is_no_project_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = tmp_path / "fake.segmark"
    fake.write_text("not a database, but long enough to be looked at " * 40)
    assert cli.run(["stats", str(fake)]) == 2
    assert "fake.segmark" in capsys.readouterr().err


def test_an_error_that_nobody_foresaw_is_one_line_too(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("something odd")

    monkeypatch.setattr(Store, "open_or_read", fail)
    assert cli.run(["stats", str(project)]) == 2
    line = capsys.readouterr().err
    assert "RuntimeError" in line
    assert "Traceback" not in line


def _segmark(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "segmark", *words], capture_output=True, text=True)


def test_the_log_is_shown_from_the_level_that_is_asked_for(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGMARK_CONFIG", str(tmp_path / "config"))
    assert _segmark("stats", str(project)).stderr == ""
    done = _segmark("--log-level", "debug", "stats", str(project))
    assert done.returncode == 0
    assert "DEBUG segmark.store" in done.stderr
    assert "DEBUG segmark.store" in (tmp_path / "config/log/segmark.log").read_text("utf-8")
    assert PAGE.split()[0] not in done.stderr
    assert "DEBUG" not in _segmark("--log-level=info", "stats", str(project)).stderr


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--log-level", "debug", "pages.txt"], "neither a command nor a project"),
        (["--log-level=debug", "pages.txt"], "neither a command nor a project"),
        (["--log-level", "loud", "stats"], "'loud' is not one of 'debug', 'info'"),
        (["--log-level"], "requires an argument"),
    ],
)
def test_the_log_level_stands_before_a_command_or_a_project(words: list[str], line: str) -> None:
    done = _segmark(*words)
    assert (done.returncode, line in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("name", cli.commands.list_commands(click.Context(cli.commands)))
def test_every_command_has_help_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert __main__.main is not None  # registers the commands that open windows
    assert cli.run([name, "--help"]) == 0
    assert f"Example: segmark {'' if name == 'open' else name}".strip() in capsys.readouterr().out


def test_commands_without_a_window_never_load_qt(project: Path, tmp_path: Path) -> None:
    finish_first_page(project)
    program = (
        "import sys, segmark.__main__; from segmark.cli import program as cli;"
        f"assert cli.run(['export', {str(project)!r}, {str(tmp_path / 'out')!r}]) == 0;"
        f"assert cli.run(['stats', {str(project)!r}]) == 0;"
        "assert not [name for name in sys.modules if name.startswith('PySide6')]"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
