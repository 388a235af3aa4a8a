"""What holds for every format that is registered, with every unit that it has.

A new one is tested here as soon as it is in the list; one whose library is not installed is left
out here, and tested where it is (``make test-interop``).
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from segmark.core.record import Article, Record
from segmark.export.formats.registry import FORMATS
from segmark.export.options import PLAIN, ExportOptions
from segmark.export.reading import Export
from segmark.export.split import Split, SplitBy
from segmark.export.summary import Summary

from tests.export.labelled import nasty_record
from tests.export.made import checked, files_in, many, missing_library, record
from tests.export.made import export_as as export_these
from tests.export.web import in_html

#: A format and its options.
Made = tuple[str, ExportOptions]

EVERY = [(form, unit) for form, exporter in FORMATS.items() for unit in exporter.units]


def export_as(
    form: str, pages: Iterable[Record], folder: Path, options: ExportOptions = PLAIN
) -> Summary:
    """Export the pages, which come from HTML where the format takes no others."""
    return export_these(form, map(in_html, pages) if form == "dom" else pages, folder, options)


@pytest.fixture(params=EVERY, ids=lambda pair: "-".join(pair))
def made(request: pytest.FixtureRequest) -> Made:
    """A format and its options."""
    form, unit = request.param
    if library := missing_library(form):
        pytest.skip(f"{library} is not installed")
    return form, ExportOptions(unit=unit, window=6 * (unit == "window"))


def test_offsets_hold_on_a_page_of_nasty_unicode(made: Made, tmp_path: Path) -> None:
    page = nasty_record()
    export_as(made[0], [page], tmp_path, made[1])
    verdict = checked(tmp_path, lambda _, __: (page.text, list(page.spans)))
    assert (verdict.faults, verdict.spans) == ([], len(page.spans))


def test_the_same_pages_give_the_same_bytes_and_nothing_but_a_card_and_the_files_it_lists(
    made: Made, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        export_as(made[0], many(12), tmp_path / name, made[1])
    found = [
        {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        for out in (tmp_path / "one", tmp_path / "two")
    ]
    assert found[0] == found[1]
    assert {path.as_posix() for path in found[0]} == set(Export(tmp_path / "one").card.files)


@pytest.mark.parametrize("by", SplitBy)
def test_no_article_is_in_two_parts_and_who_is_left_out_is_counted(
    made: Made, by: SplitBy, tmp_path: Path
) -> None:
    pages = [*_alike(), record("disputed", left_out="nobody knows")]
    options = replace(made[1], split=Split(40, 30, 30), split_by=by)
    summary = export_as(made[0], pages, tmp_path, options)
    firsts = {page.id: page.article.page if page.article else page.id for page in pages}
    truth = {page.id: (page.text, list(page.spans)) for page in pages}
    verdict = checked(tmp_path, lambda page, _: truth[page], firsts.__getitem__)
    assert verdict.faults == []
    assert verdict.pages == summary.pages
    assert summary.pages + sum(found.count for found in summary.left_out.values()) == len(pages)
    assert summary.left_out["nobody knows"].first == ["disputed"]


def _alike() -> list[Record]:
    """Thirty pages of ten sites, of which each third has an article of the one before."""
    pages = list(many(30, sites=10))
    for number in range(2, 30, 3):
        first = pages[number - 1]
        pages[number] = replace(pages[number], article=Article(first.id, first.site))
    return pages


def test_the_card_tells_what_the_files_are_and_verify_holds_them_against_it(
    made: Made, tmp_path: Path
) -> None:
    export_as(made[0], many(3), tmp_path, made[1])
    assert Export(tmp_path).is_as_written
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "path/to/this/folder" not in card or "FILE" not in card
    for heading in ("Load it", "Counts", "Lengths", "Labels", "Fields", "Content", "Guideline"):
        assert f"\n## {heading}\n" in card
    file = tmp_path / Export(tmp_path).card.files[0]
    file.write_bytes(file.read_bytes() + b" ")
    assert not Export(tmp_path).is_as_written
    assert checked(tmp_path).count


def test_an_export_that_fails_leaves_the_old_one(made: Made, tmp_path: Path) -> None:
    export_as("jsonl", many(3), tmp_path)
    before = files_in(tmp_path)
    with pytest.raises(Exception, match="checksum"):
        export_as(made[0], [*many(3), record("bad", sha256="0" * 64)], tmp_path, made[1])
    assert files_in(tmp_path) == before
