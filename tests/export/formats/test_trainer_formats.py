"""The formats for trainers: the shapes of three, and what holds of every one on any page."""

import sys
import tracemalloc
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.page import Anchor
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.error import ExportError
from segmark.export.exporter import preview
from segmark.export.formats.registry import FORMATS
from segmark.export.options import ExportOptions
from segmark.export.split import Split

from tests.export.labelled import labelled_pages, nasty_record
from tests.export.made import checked, export_as, files_in, many, record, rows_of

#: Every format that needs no library but those of the program, with every unit that it has.
LIGHT = [
    (form, unit)
    for form in ("tokens", "conll", "lines", "prodigy", "doccano", "label-studio")
    for unit in FORMATS[form].units
]

FERRY = record(
    text="Ferry returns\n\nThe ferry\nis back. Print",
    spans=(Span(0, 13, "headline"), Span(15, 33, "body")),
)


def options(form: str, unit: str) -> ExportOptions:
    return ExportOptions(form=form, unit=unit, window=6 * (unit == "window"))


def rows(form: str, page: Record, folder: Path, **how: object) -> list[dict[str, object]]:
    export_as(form, [page], folder, ExportOptions(**how))  # type: ignore[arg-type]
    return rows_of(folder / "pages.jsonl")


def test_a_row_of_tokens_has_their_tags_and_offsets(tmp_path: Path) -> None:
    (row,) = rows("tokens", FERRY, tmp_path)
    meta = row.pop("meta")
    assert isinstance(meta, dict)
    assert list(meta) == ["source", "url", "site", "annotator", "status", "sha256"]
    assert row == {
        "id": "a1",
        "start": 0,
        "end": 39,
        "tokens": ["Ferry", "returns", "The", "ferry", "is", "back", ".", "Print"],
        "starts": [0, 6, 15, 19, 25, 28, 32, 34],
        "ends": [5, 13, 18, 24, 27, 32, 33, 39],
        "ner_tags": [
            "B-headline", "I-headline", "B-body", "I-body", "I-body", "I-body", "I-body", "O",
        ],
        "spans": [
            {"start": 0, "end": 13, "label": "headline", "cut": False},
            {"start": 15, "end": 33, "label": "body", "cut": False},
        ],
        "extra": False,
    }  # fmt: skip


def test_offsets_of_a_window_are_those_of_the_page(tmp_path: Path) -> None:
    first, second = rows("tokens", FERRY, tmp_path, unit="window", window=4, stride=4)
    assert (first["start"], first["end"]) == (0, 24)
    assert second["start"] == 25
    assert second["starts"] == [25, 28, 32, 34]
    assert second["ner_tags"] == ["B-body", "I-body", "I-body", "O"]
    assert second["spans"] == [{"start": 15, "end": 33, "label": "body", "cut": True}]


def test_conll_has_four_columns_a_document_a_page_and_a_blank_line_between_blocks(
    tmp_path: Path,
) -> None:
    export_as("conll", [FERRY, record("b2", "Nothing", ())], tmp_path)
    assert (tmp_path / "pages.conll").read_text("utf-8").split("\n") == [
        "-DOCSTART- -X- O O",
        "",
        "Ferry -X- 0:5 B-headline",
        "returns -X- 6:13 I-headline",
        "",
        "The -X- 15:18 B-body",
        "ferry -X- 19:24 I-body",
        "",
        "is -X- 25:27 B-body",
        "back -X- 28:32 I-body",
        ". -X- 32:33 I-body",
        "Print -X- 34:39 O",
        "",
        "-DOCSTART- -X- O O",
        "",
        "Nothing -X- 0:7 O",
        "",
        "",
    ]
    first, second = rows_of(tmp_path / "pages.index.jsonl")
    assert (first["id"], second["id"]) == ("a1", "b2")
    assert first["spans"][1] == {"start": 15, "end": 33, "label": "body", "cut": False}


def test_a_block_is_a_row_with_its_neighbours_and_its_place_in_the_html(tmp_path: Path) -> None:
    anchors = {15: Anchor("/html/body/p[2]", ("story", "main", ""), ("a", "em"))}
    page = Record(**{**{f: getattr(FERRY, f) for f in FERRY.__slots__}, "anchors": anchors})
    found = rows("lines", page, tmp_path)
    shown = [(r["index"], r["start"], r["end"], r["text"], r["label"], r["whole"]) for r in found]
    assert shown == [
        (0, 0, 13, "Ferry returns", "headline", True),
        (1, 15, 24, "The ferry", "body", True),
        (2, 25, 39, "is back. Print", "body", False),
    ]
    assert [(r["previous"], r["next"]) for r in found] == [
        ("", "The ferry"), ("Ferry returns", "is back. Print"), ("The ferry", ""),
    ]  # fmt: skip
    assert [(r["path"], r["tags"], r["classes"], r["inside"]) for r in found] == [
        ("", [], [], []),
        ("/html/body/p[2]", ["html", "body", "p"], ["", "main", "story"], ["a", "em"]),
        ("", [], [], []),
    ]
    assert found[1]["spans"] == [{"start": 15, "end": 33, "label": "body", "cut": True}]


def test_a_line_can_be_blank_and_then_has_the_label_of_the_span_around_it(tmp_path: Path) -> None:
    page = record(text="\nOne\n\nTwo\n\nThree", spans=(Span(1, 9, "body"),))
    found = rows("lines", page, tmp_path, unit="line")
    assert [(r["text"], r["label"]) for r in found] == [
        ("", "other"), ("One", "body"), ("", "body"), ("Two", "body"), ("", "other"),
        ("Three", "other"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "spans", "label", "whole"),
    [
        ("ab cd", (), "other", True),
        ("ab cd", (Span(0, 2, "body"),), "body", False),
        ("ab cde", (Span(0, 2, "body"),), "other", False),
        ("ab cde", (Span(0, 2, "body"), Span(3, 6, "ticker")), "ticker", False),
        (" ab ", (Span(1, 3, "body"),), "body", True),
    ],
)
def test_a_row_has_the_label_of_most_of_its_characters(
    text: str, spans: tuple[Span, ...], label: str, whole: bool, tmp_path: Path
) -> None:
    (row,) = rows("lines", record(text=text, spans=spans), tmp_path)
    assert (row["label"], row["whole"]) == (label, whole)


def test_a_span_or_a_token_can_be_the_row(tmp_path: Path) -> None:
    found = rows("lines", FERRY, tmp_path / "spans", unit="span")
    assert [(r["text"], r["label"]) for r in found] == [
        ("Ferry returns", "headline"), ("The ferry\nis back.", "body"),
    ]  # fmt: skip
    found = rows("lines", FERRY, tmp_path / "tokens", unit="token")
    assert [(r["text"], r["label"]) for r in found[-2:]] == [(".", "body"), ("Print", "other")]


def test_a_part_without_a_span_is_left_out_of_the_card_when_spans_are_the_rows(
    tmp_path: Path,
) -> None:
    pages = [record("a", site="varn.example"), record("b", site="a.example", spans=())]
    export_as("lines", pages, tmp_path, ExportOptions(split=Split(60, 20, 20), unit="span"))
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "split: train" in card
    assert "split: test" not in card
    with pytest.raises(ExportError, match="has a span"):
        export_as("lines", pages[1:], tmp_path, ExportOptions(unit="span"))


@pytest.mark.parametrize(("form", "unit"), LIGHT)
@settings(max_examples=40)
@given(pages=st.lists(labelled_pages().filter(lambda page: page.spans), min_size=1, max_size=3))
def test_whatever_is_labelled_reads_back_to_the_character(
    form: str, unit: str, pages: list[Record]
) -> None:
    named = [record(str(n), page.text, page.spans) for n, page in enumerate(pages)]
    known = {page.id: (page.text, list(page.spans)) for page in named}
    with TemporaryDirectory() as folder:
        export_as(form, named, Path(folder), options(form, unit))
        verdict = checked(Path(folder), lambda page, _: known[page])
    assert verdict.faults == []
    assert verdict.pages == len(pages)


@pytest.mark.parametrize(("form", "unit"), LIGHT)
def test_offsets_hold_on_a_page_of_nasty_unicode(form: str, unit: str, tmp_path: Path) -> None:
    page = nasty_record()
    export_as(form, [page], tmp_path, options(form, unit))
    verdict = checked(tmp_path, lambda _, __: (page.text, list(page.spans)))
    assert (verdict.faults, verdict.spans) == ([], len(page.spans))


@pytest.mark.parametrize(("form", "unit"), LIGHT)
def test_the_same_pages_give_the_same_bytes(form: str, unit: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export_as(form, many(20), tmp_path / name, options(form, unit))
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")


@pytest.mark.parametrize("form", ["tokens", "conll", "lines", "prodigy", "label-studio"])
def test_an_export_that_fails_leaves_the_old_one(form: str, tmp_path: Path) -> None:
    export_as(form, many(3), tmp_path)
    before = files_in(tmp_path)
    with pytest.raises(ExportError, match="checksum"):
        export_as(form, [*many(3), record("bad", sha256="0" * 64)], tmp_path)
    assert files_in(tmp_path) == before


def test_an_export_in_another_format_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    export_as("conll", many(20), tmp_path, ExportOptions(split=Split(60, 20, 20)))
    export_as("tokens", many(20), tmp_path, ExportOptions(gzip=True))
    assert set(files_in(tmp_path)) == {"pages.jsonl.gz", "README.md"}


@pytest.mark.parametrize(("form", "unit"), LIGHT)
def test_records_are_written_as_they_come_and_never_held(
    form: str, unit: str, tmp_path: Path
) -> None:
    text = "\n".join(["Words and words and more of the same words"] * 20)
    pages = (record(f"{n}", text, (Span(0, 42, "body"),)) for n in range(400))
    tracemalloc.start()
    try:
        export_as(form, pages, tmp_path, options(form, unit))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


@pytest.mark.parametrize(("form", "unit"), LIGHT)
def test_a_preview_is_short_whatever_the_page(form: str, unit: str) -> None:
    long = record(text="word\n" * 5000, spans=(Span(0, 4, "body"),))
    assert preview(FERRY, options(form, unit))
    assert len(preview(long, options(form, unit))) < 4000


@pytest.mark.parametrize(
    ("form", "how", "said"),
    [
        ("cd-rom", {}, "there is jsonl, parquet, tokens"),
        ("jsonl", {"unit": "window"}, "it has page"),
        ("conll", {"gzip": True}, "leave out --gzip"),
        ("tokens", {"shard": 5}, "leave out --shard"),
        ("tokens", {"unit": "block", "window": 5}, "--unit window alone"),
        ("tokens", {"unit": "window", "window": 5, "stride": 6}, "leaves some out"),
    ],
)
def test_an_option_that_a_format_lacks_is_refused_in_one_line(
    form: str, how: dict[str, object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=said) as refusal:
        export_as(form, [FERRY], tmp_path / "out", ExportOptions(**how))  # type: ignore[arg-type]
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("form", "library"), [("parquet", "pyarrow"), ("spacy", "spacy")])
def test_a_library_that_is_missing_is_named_with_what_installs_it(
    form: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ExportError) as refusal:
        export_as(form, [FERRY], tmp_path / "out")
    assert str(refusal.value) == (
        f"the format {form} needs {library}, which is not installed: "
        f"pip install 'segmark[{form}]' installs it"
    )
    assert not (tmp_path / "out").exists()


def test_the_rows_of_a_page_stand_together(tmp_path: Path) -> None:
    export_as("lines", many(6), tmp_path)
    ids = [key for key, _ in groupby(row["id"] for row in rows_of(tmp_path / "pages.jsonl"))]
    assert ids == [page.id for page in many(6)]
