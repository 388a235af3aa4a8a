"""Exports whose rows or files are no pages: refused with the reason, so that none becomes one."""

import json
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.span import Span
from segmark.store.store import Store

from tests.factories import LABELS

TEXT = "Ferry sails\nIt left\nIt came back"
SPANS = [Span(0, 11, "headline"), Span(12, 32, "body")]


@pytest.fixture
def labelled(project: Path, tmp_path: Path) -> Path:
    path = tmp_path / "made.jsonl"
    spans = [span._asdict() for span in SPANS]
    path.write_text(json.dumps({"text": TEXT, "spans": spans}))
    assert cli.run(["load", str(project), str(path), "--annotator", "mira", "--done"]) == 0
    return project


def exported(labelled: Path, form: str, *options: str) -> Path:
    out = labelled.parent / f"out-{form}"
    assert cli.run(["export", str(labelled), str(out), "--format", form, *options]) == 0
    return out


@pytest.mark.parametrize("unit", ["line", "block", "span", "token"])
def test_the_lines_of_an_export_do_not_become_pages(
    unit: str, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, new = exported(labelled, "lines", "--unit", unit), tmp_path / "new.segmark"
    capsys.readouterr()
    assert cli.run(["load", str(new), str(out)]) == 1
    said = capsys.readouterr()
    assert said.out == "0 added, 0 already there, 1 rejected\n"
    assert "pages.jsonl: its records are not pages but rows of pages, as exported with" in said.err
    with Store.open(labelled) as store:
        assert store.pages.count() == 1


def test_pieces_of_tokens_label_the_page_that_is_there(labelled: Path, tmp_path: Path) -> None:
    out, new = exported(labelled, "tokens"), tmp_path / "new.segmark"
    page = tmp_path / "page.jsonl"
    page.write_text(json.dumps({"text": TEXT}))
    with Store.create(new, LABELS):
        pass
    assert cli.run(["load", str(new), str(page)]) == 0
    assert cli.run(["load", str(new), str(out)]) == 0
    with Store.open(new) as store:
        assert store.pages.count() == 1
        assert list(store.annotations("mira").get(1).spans) == SPANS


def test_the_files_of_an_html_export_do_not_become_pages(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, new = exported(labelled, "html"), tmp_path / "new.segmark"
    capsys.readouterr()
    assert cli.run(["load", str(new), str(out)]) == 1
    said = capsys.readouterr()
    assert said.out == "0 added, 0 already there, 2 rejected\n"
    assert said.err.count("it shows a page of an export, as made with --format html") == 2
