"""The format ``dom``: where in the HTML each span stood, as lxml finds it there."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.export.error import ExportError
from segmark.export.exporter import preview
from segmark.export.options import ExportOptions

from tests.export.made import checked, export_as, files_in, record, rows_of
from tests.export.web import every_line, web_record
from tests.places import ROOT, SHARED

CORPUS = SHARED / "corpus/pages"

FERRY = """<!doctype html><html><head><title>Ferry</title></head><body>
<h1>Ferry <em>returns</em></h1>
<div>The night&nbsp;ferry
   is <b>back</b>.<br>It <i>left</i> on<!-- late --> Monday.</div>
<p>One <span hidden>secret</span>two</p>
</body></html>"""


def rows(records: list[Record], folder: Path) -> list[dict[str, Any]]:
    export_as("dom", records, folder)
    return rows_of(folder / "pages.jsonl")


def squeezed(text: str) -> str:
    return "".join(text.split())


def found_again(row: dict[str, Any]) -> list[str]:
    """The text of each place, as the card tells to read it."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    page = html.document_fromstring(row["html"].encode(), parser=parser)
    found = []
    for place in (place for span in row["spans"] for place in span["places"]):
        assert page.xpath(f"count({place['path']})") == 1
        whole = str(page.xpath(f"string({place['path']})"))
        found.append(whole[place["start"] : place["end"]])
    return found


def test_a_span_has_a_place_for_each_line_in_the_element_that_holds_it(tmp_path: Path) -> None:
    page = web_record(FERRY, "headline", "body")
    (row,) = rows([page], tmp_path)
    assert list(row) == ["id", "text", "html", "encoding", "spans", "meta"]
    assert (row["html"], row["encoding"]) == (FERRY, "utf-8")
    (title,), (body,) = (span["places"] for span in row["spans"])
    assert (title["path"], title["start"], title["end"]) == ("/html/body/h1", 0, 13)
    assert (title["page_start"], title["page_end"]) == (0, 13)
    assert body["path"] == "/html/body/div"
    assert found_again(row) == ["Ferry returns", "The night\u00a0ferry\n   is back."]


def test_a_span_of_several_lines_has_several_places(tmp_path: Path) -> None:
    page = web_record(FERRY)
    end = page.text.index(" Monday")
    start = page.text.index("ferry")
    longer = Record(page.id, page.text, (Span(start, end, "body"),), "", "", "", "mira", "done",
                    page.sha256, markup=page.markup)  # fmt: skip
    (row,) = rows([longer], tmp_path)
    assert found_again(row) == ["ferry\n   is back.", "It left on"]


def test_what_is_hidden_inside_a_line_is_in_no_place(tmp_path: Path) -> None:
    (row,) = rows([web_record(FERRY, "", "", "", "caption")], tmp_path)
    assert found_again(row) == ["One", "two"]
    assert {place["path"] for place in row["spans"][0]["places"]} == {"/html/body/p"}


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "gb18030", "utf-16"])
def test_the_bytes_of_a_place_are_those_of_the_source(encoding: str, tmp_path: Path) -> None:
    meta = f'<meta charset="{encoding}">' if encoding != "utf-16" else ""
    source = (
        FERRY.replace("<title>", f"{meta}<title>Café ")
        .replace("It", "Un caf\u00e9:")
        .encode(encoding)
    )
    (row,) = rows([web_record(source, "headline", "body", "body")], tmp_path)
    name = row["encoding"]
    cut = [source[slice(*p["source"])] for span in row["spans"] for p in span["places"]]
    assert [part.decode(name) for part in cut] == [
        "Ferry <em>returns",
        "The night&nbsp;ferry\n   is <b>back</b>.",
        "Un café: <i>left</i> on<!-- late --> Monday.",
    ]


def test_bytes_are_not_told_where_the_source_is_damaged(tmp_path: Path) -> None:
    source = (
        FERRY.encode() + b"<p>\xff\xfe caf\xc3\xa9 \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9</p>"
    )
    (row,) = rows([web_record(source, "headline")], tmp_path)
    assert row["spans"][0]["places"][0]["source"] == []
    assert found_again(row) == ["Ferry returns"]


def test_pages_that_are_no_html_are_left_out_and_counted(tmp_path: Path) -> None:
    summary = export_as("dom", [record("plain"), web_record(FERRY, "headline")], tmp_path)
    assert summary.pages == 1
    assert "left out: 1 where not made from HTML" in summary.text()
    with pytest.raises(ExportError, match="no page to export: 1 left out where not made from HTML"):
        export_as("dom", [record("plain")], tmp_path / "out")
    assert "not made from HTML" in preview(record(), ExportOptions(form="dom"))


def test_an_export_is_right_and_the_same_again_and_what_was_changed_is_found(
    tmp_path: Path,
) -> None:
    page = web_record(FERRY, "headline", "body")
    for name in ("one", "two"):
        export_as("dom", [page], tmp_path / name)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    verdict = checked(tmp_path / "one", lambda _, __: (page.text, list(page.spans)))
    assert (verdict.faults, verdict.spans) == ([], 2)
    path = tmp_path / "one" / "pages.jsonl"
    for change, said in (
        ({"start": 1}, "does not contain its text there"),
        ({"path": "/html/body/h2"}, "is not one element"),
        ({"path": "/html/body/*"}, "is not one element"),
    ):
        (row,) = rows_of(tmp_path / "two" / "pages.jsonl")
        row["spans"][0]["places"][0] |= change
        path.write_text(json.dumps(row) + "\n", "utf-8")
        assert any(said in fault for fault in checked(tmp_path / "one").faults), said


def _checked_on(source: bytes, folder: Path) -> tuple[int, int]:
    """How many spans there are, and of how many the bytes are known; all are found again."""
    page = every_line(source)
    (row,) = rows([page], folder)
    told = 0
    for span in row["spans"]:
        alone = {**row, "spans": [span]}
        quoted = squeezed(page.text[span["start"] : span["end"]])
        # A stray character after the end of the page is in no tree.
        assert squeezed("".join(found_again(alone))) == quoted or quoted == "\ufffd"
        sources = [place["source"] for place in span["places"] if place["source"]]
        told += len(sources) == len(span["places"]) > 0
    return len(row["spans"]), told


@pytest.mark.parametrize("name", ["observatory.html", "souk.html"])
def test_lxml_finds_every_line_of_the_sample_pages(name: str, tmp_path: Path) -> None:
    spans, told = _checked_on((ROOT / "resources/pages" / name).read_bytes(), tmp_path)
    assert spans == told > 10


@pytest.mark.shared("corpus/pages")
def test_lxml_finds_every_line_of_real_pages_and_nearly_all_bytes_are_known(tmp_path: Path) -> None:
    counts = [
        _checked_on(gzip.decompress(path.read_bytes()), tmp_path / path.stem)
        for path in sorted(CORPUS.iterdir())[::40]
    ]
    spans, told = map(sum, zip(*counts, strict=True))
    assert spans > 1500
    assert told > 0.98 * spans


@pytest.mark.parametrize("zipped", [False, True])
def test_the_card_finds_the_spans_in_the_html(zipped: bool, tmp_path: Path) -> None:
    export_as("dom", [web_record(FERRY, "headline")], tmp_path, ExportOptions(gzip=zipped))
    card = (tmp_path / "README.md").read_text("utf-8").replace("path/to/this/folder", str(tmp_path))
    *_, plain, found = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", plain + found], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1:] == ["headline Ferry returns"]
