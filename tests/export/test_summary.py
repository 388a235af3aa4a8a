from collections.abc import Sequence
from pathlib import Path

from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.split import Split

from tests.export.made import export, export_as, many, record


def test_the_counts_of_a_whole_export_are_told_in_aligned_lines(tmp_path: Path) -> None:
    captions = (Span(0, 5, "caption"), Span(6, 13, "caption"))
    summary = export([*many(1200), record("x", spans=captions)], tmp_path)
    assert summary.text().splitlines() == [
        "pages     1,201",
        "headline  1,200",
        "caption       2",
        "body      1,200",
        "ticker        0",
        "comment       0",
        "spans     2,402",
        f"wrote {tmp_path / 'pages.jsonl'}",
        f"wrote {tmp_path / 'README.md'}",
    ]


def test_the_counts_of_a_split_export_stand_beside_the_real_shares(tmp_path: Path) -> None:
    sites = {"a.example": 1, "c.example": 2, "varn.example": 5}
    pages = [record(f"{site}{n}", site=site) for site, count in sites.items() for n in range(count)]
    summary = export(pages, tmp_path, split=Split(60, 20, 20))
    assert summary.text().splitlines()[:9] == [
        "            all   train     dev    test",
        "pages         8       5       2       1",
        "share     100 %  62.5 %  25.0 %  12.5 %",
        "sites         3       1       1       1",
        "headline      8       5       2       1",
        "caption       0       0       0       0",
        "body          8       5       2       1",
        "ticker        0       0       0       0",
        "comment       0       0       0       0",
    ]
    assert summary.pages == 8
    assert summary.spans == {"headline": 8, "caption": 0, "body": 8, "ticker": 0, "comment": 0}
    assert summary.folder == tmp_path
    assert summary.files == ("train.jsonl", "dev.jsonl", "test.jsonl", "README.md")


def warnings(pages: Sequence[Record], folder: Path, split: Split) -> tuple[str, ...]:
    summary = export(pages, folder, split=split)
    assert all(f"warning: {warning}" in summary.text() for warning in summary.warnings)
    return summary.warnings


def test_a_part_that_got_no_page_is_warned_of_unless_none_was_wanted(tmp_path: Path) -> None:
    pages = [record(str(n), site="varn.example") for n in range(20)]
    first, second = warnings(pages, tmp_path, Split(60, 20, 20))
    assert first.startswith("dev got no page")
    assert second.startswith("test got no page")
    assert "1 site;" in first
    assert warnings(pages, tmp_path, Split(100, 0, 0)) == ()


def test_a_part_that_is_small_or_far_from_its_share_is_warned_of(tmp_path: Path) -> None:
    sites = {"a.example": 20, "c.example": 19, "varn.example": 161}
    pages = [record(f"{site}{n}", site=site) for site, count in sites.items() for n in range(count)]
    (only,) = warnings(pages, tmp_path, Split(60, 20, 20))
    assert only == (
        "dev is small: 19 pages, 9.5 % of all: all pages of a site go to one part, and this "
        "export has 3 sites; more pages, other shares or another seed would help"
    )
    assert len(warnings(pages, tmp_path, Split(55, 20, 25))) == 2


def test_a_label_that_a_part_lacks_is_warned_of(tmp_path: Path) -> None:
    pages = [record(f"{n}", site=site) for n in range(20) for site in ("varn.example", "a.example")]
    pages[0] = record(
        "x", spans=(Span(0, 5, "caption"), Span(6, 13, "ticker")), site="varn.example"
    )
    assert warnings(pages, tmp_path, Split(80, 0, 20)) == (
        "test has no caption, ticker: nothing of that can be measured on it",
    )


def test_a_site_that_datasets_would_take_for_a_date_is_warned_of(tmp_path: Path) -> None:
    for site, warned in {"2026-01-31": 1, "2026-01-31 10:00": 1, "2026-01": 0, "dump": 0}.items():
        summary = export([record(site=site)], tmp_path)
        assert len(summary.warnings) == warned, site


def test_work_of_several_annotators_is_counted_in_records_not_pages(tmp_path: Path) -> None:
    summary = export([record(annotator="mira"), record(annotator="tom")], tmp_path)
    assert summary.text().startswith("records   2\nheadline  2\n")
    unopened = record("b2", spans=(), annotator="", status="new")
    assert export([record(), unopened], tmp_path).text().startswith("pages     2\nheadline  1\n")


def test_of_very_many_files_the_first_are_named_and_the_last(tmp_path: Path) -> None:
    summary = export_as("html", many(50), tmp_path)
    told = [line for line in summary.text().splitlines() if line.startswith("wrote ")]
    assert told[10:] == [f"wrote 42 more files, the last {tmp_path / 'README.md'}"]
