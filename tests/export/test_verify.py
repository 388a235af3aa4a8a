"""What ``verify`` finds in an export that somebody or something has changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from segmark.core.span import Span
from segmark.export.error import ExportError
from segmark.export.options import ExportOptions
from segmark.export.split import Split

from tests.export.made import checked, export, export_as, many, record, rows_of

SPLIT = Split(60, 20, 20)
FERRY = record()
TRUTH = (FERRY.text, list(FERRY.spans))


def change(path: Path, act: Callable[[dict[str, Any]], object], line: int = 0) -> None:
    rows = rows_of(path)
    act(rows[line])
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


@pytest.mark.parametrize(
    "form", ["jsonl", "tokens", "conll", "lines", "prodigy", "doccano", "label-studio", "html"]
)
@pytest.mark.parametrize("split", [None, SPLIT])
def test_an_untouched_export_is_right(form: str, split: Split | None, tmp_path: Path) -> None:
    export_as(form, many(60), tmp_path, ExportOptions(split=split))
    verdict = checked(tmp_path, lambda _, __: TRUTH)
    assert (verdict.count, verdict.pages, verdict.spans) == (0, 60, 120)


def test_a_compressed_export_is_right_too_unless_its_end_is_missing(tmp_path: Path) -> None:
    export(many(400), tmp_path, gzip=True)
    assert checked(tmp_path).count == 0
    path = tmp_path / "pages.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-200])
    assert "can't be read to its end" in checked(tmp_path).faults[0]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda row: row["spans"][0].update(end=14), "begins or ends with white space"),
        (lambda row: row["spans"][1].update(end=99), "does not lie in the text"),
        (lambda row: row["spans"][1].update(start=3), "overlaps"),
        (lambda row: row["spans"][0].update(label="advert"), "the label set lacks"),
        (lambda row: row.update(text=row["text"].replace("Ferry", "Barge")), "checksum"),
        (lambda row: row.update(text=row["text"] + "é"), "checksum"),
        (lambda row: row.pop("spans"), "no row of this format"),
        (lambda row: row["meta"].pop("site"), "no row of this format"),
        (lambda row: row["meta"].update(site=None), "meta.site is no string"),
        (lambda row: row["spans"][0].update(start="0"), "is no span"),
        (lambda row: row.update(text=None), "no text at an offset"),
        (lambda row: row.update(id=""), "its id is no word"),
    ],
)
def test_a_changed_record_is_found_without_the_project(
    act: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    export([FERRY], tmp_path)
    change(tmp_path / "pages.jsonl", act)
    verdict = checked(tmp_path)
    assert any(said in fault and "line 1" in fault for fault in verdict.faults), verdict.faults


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda row: row["ends"].__setitem__(0, 6), "not as long as its offsets say"),
        (lambda row: row["ner_tags"].__setitem__(1, "B-headline"), "tags are not those"),
        (lambda row: row["tokens"].pop(), "no row of this format"),
        (lambda row: row["spans"][0].update(cut=True), "marked as cut"),
        (lambda row: row.update(end=20), "marked as cut"),
    ],
)
def test_a_changed_row_of_tokens_is_found(
    act: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    export_as("tokens", [FERRY], tmp_path)
    change(tmp_path / "pages.jsonl", act)
    assert any(said in fault for fault in checked(tmp_path).faults)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Ferry -X- 0:5", "Ferry -X- 0:6", "not as long as its offsets say"),
        ("I-headline", "B-headline", "tags are not those"),
        ("B-body", "B-ticker", "tags are not those"),
        ("-DOCSTART- -X- O O", "", "one line for each"),
        ("Ferry -X- 0:5 B-headline", "Ferry B-headline", "no document of this format"),
    ],
)
def test_a_changed_conll_file_is_found(old: str, new: str, said: str, tmp_path: Path) -> None:
    export_as("conll", [FERRY, record("b2")], tmp_path)
    path = tmp_path / "pages.conll"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert any(said in fault for fault in checked(tmp_path).faults)


def test_a_wrong_label_of_a_line_is_found(tmp_path: Path) -> None:
    export_as("lines", [FERRY], tmp_path)
    change(tmp_path / "pages.jsonl", lambda row: row.update(label="other"))
    assert "its label is not that of its spans" in checked(tmp_path).faults[0]


def test_a_page_or_a_site_in_two_parts_is_found(tmp_path: Path) -> None:
    pages = [record(site, site=site) for site in ("a.example", "c.example", "varn.example")]
    export(pages, tmp_path, split=SPLIT)
    test, train = tmp_path / "test.jsonl", tmp_path / "train.jsonl"
    train.write_bytes(train.read_bytes() + test.read_bytes())
    said = " ".join(checked(tmp_path).faults)
    assert "page a.example is in test and in train as well" in said
    assert "site a.example is in test and in train as well" in said
    assert "is there twice" in said


@pytest.mark.parametrize("form", ["jsonl", "tokens", "lines", "prodigy", "doccano"])
def test_a_row_that_is_there_twice_is_found(form: str, tmp_path: Path) -> None:
    export_as(form, many(40), tmp_path)
    first, *rest = (tmp_path / "pages.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "pages.jsonl").write_text("".join([first, first, *rest]), "utf-8")
    assert "one of its rows is there twice" in checked(tmp_path).faults[0]


def test_missing_and_broken_lines_are_found(tmp_path: Path) -> None:
    export(many(5), tmp_path)
    path = tmp_path / "pages.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]))
    assert checked(tmp_path).faults == ["the card says 5 pages, not 3"]
    path.write_bytes(b"".join([*lines[:4], lines[4][:50]]))
    assert "line 5: it is not JSON" in checked(tmp_path).faults[0]
    path.unlink()
    assert "can't be read to its end: No such file" in checked(tmp_path).faults[0]


def test_what_differs_from_the_project_is_found(tmp_path: Path) -> None:
    export([FERRY], tmp_path)
    text, (headline, body) = FERRY.text, FERRY.spans
    moved = Span(body.start + 4, body.end, "body")
    said = checked(tmp_path, lambda _, __: (text, [headline, moved])).faults
    assert said == [
        "page a1 (pages.jsonl, line 1): the project lacks the body from 14 to 38",
        "page a1: the body at 18 is missing",
    ]
    assert "checksum" in checked(tmp_path, lambda _, __: (text + "!", [])).faults[0]
    assert "no such page by mira" in checked(tmp_path, lambda _, __: None).faults[0]


def test_a_label_that_was_left_out_is_told_and_is_no_fault(tmp_path: Path) -> None:
    export([record(spans=FERRY.spans[:1])], tmp_path)
    verdict = checked(tmp_path, lambda _, __: TRUTH)
    assert (verdict.count, verdict.left_out) == (0, {"body": 1})


def test_a_row_that_quotes_what_is_not_there_or_leaves_text_out_is_found(tmp_path: Path) -> None:
    export_as("lines", [FERRY], tmp_path)
    path = tmp_path / "pages.jsonl"
    change(path, lambda row: row.update(text="Barge returns"))
    (said,) = checked(tmp_path, lambda _, __: TRUTH).faults
    assert "quotes 'Barge returns', which is not at 0" in said
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0].replace(b"Barge", b"Ferry"))
    assert any(
        "from 13 on is in no row" in f for f in checked(tmp_path, lambda _, __: TRUTH).faults
    )


def test_many_faults_are_counted_and_the_first_are_told(tmp_path: Path) -> None:
    export(many(50), tmp_path)
    verdict = checked(tmp_path, lambda _, __: None)
    assert (verdict.count, len(verdict.faults)) == (50, 20)


@pytest.mark.parametrize("readme", [None, "# Mine\n"])
def test_a_folder_without_a_card_of_ours_can_not_be_checked(
    readme: str | None, tmp_path: Path
) -> None:
    if readme:
        (tmp_path / "README.md").write_text(readme)
    with pytest.raises(ExportError, match="holds no export of Segmark"):
        checked(tmp_path)
