import gzip
import hashlib
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segmark.core.record import Record
from segmark.core.span import Span
from segmark.core.text.normalise import normalise, trim
from segmark.export.error import ExportError
from segmark.export.exporter import preview
from segmark.export.formats.json_rows import line
from segmark.export.formats.jsonl import fields
from segmark.export.formats.registry import FORMATS
from segmark.export.options import PLAIN
from segmark.export.split import Split

from tests.export.made import LABELS, export, files_in, lines_of, many, record
from tests.places import ROOT

# Astral and joined emoji, a flag, combining marks, right to left with a mark, no-break and
# zero-width spaces, tabs, what U+2028, NUL and a lone surrogate become, and a quote.
NASTY = normalise(
    "\ufeff😀 Déjà vu 👩\u200d👩\u200d👧\u200d👦 e\u0301te\u0301 🇩🇪\r\n"
    "\u200fשלום עולם\u200e – العربية\u00a0ـ\u2028"
    'a\u00a0b\u200bc\u2060d\te"f\\g\x00h\ud800i\u0085𝒳𝒴 \U0010ffff end'
)


def written(page: Record) -> bytes:
    """The line of a page."""
    return line(fields(page))


def test_the_line_is_the_contract_to_the_byte() -> None:
    checksum = hashlib.sha256("Un «café»\n".encode()).hexdigest()
    assert written(record("p1", "Un «café»\n", (Span(3, 9, "caption"),))).decode() == (
        '{"id":"p1","text":"Un «café»\\n","spans":[{"start":3,"end":9,"label":"caption"}],'
        '"meta":{"source":"varn/p1.html","url":"","site":"varn.example","annotator":"mira",'
        f'"status":"done","sha256":"{checksum}"}}}}\n'
    )


def test_records_come_out_whole_and_in_the_order_in_which_they_went_in(tmp_path: Path) -> None:
    pages = [record("c"), record("a"), record("b", "No label here", ())]
    export(pages, tmp_path / "out")
    assert (tmp_path / "out/pages.jsonl").read_bytes() == b"".join(map(written, pages))
    assert [line["id"] for line in lines_of(tmp_path / "out/pages.jsonl")] == ["c", "a", "b"]


def test_offsets_hold_on_a_page_of_nasty_unicode(tmp_path: Path) -> None:
    ranges = [trim(NASTY, start, start + 7) for start in range(0, len(NASTY) - 7, 8)]
    spans = tuple(Span(start, end, "caption") for start, end in ranges if start < end)
    assert len(spans) > 8
    export([record("nasty", NASTY, spans)], tmp_path)
    (line,) = lines_of(tmp_path / "pages.jsonl")
    assert line["text"] == NASTY
    selected = [NASTY[span.start : span.end] for span in spans]
    assert [line["text"][s["start"] : s["end"]] for s in line["spans"]] == selected


@st.composite
def labelled_pages(draw: st.DrawFn) -> Record:
    text = normalise(draw(st.text(min_size=1, max_size=60)))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = [trim(text, *pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    names = st.sampled_from(sorted(LABELS.names))
    spans = tuple(Span(start, end, draw(names)) for start, end in pairs if start < end)
    return record("p", text, spans)


@given(labelled_pages())
def test_every_page_that_can_be_labelled_reads_back_as_it_was(page: Record) -> None:
    line = json.loads(written(page))
    assert line["text"] == page.text
    assert tuple(Span(**span) for span in line["spans"]) == page.spans
    assert written(page).count(b"\n") == 1


def test_a_split_export_deals_whole_sites_out_to_three_files(tmp_path: Path) -> None:
    summary = export(many(400), tmp_path, split=Split(60, 20, 20))
    found = {part: lines_of(tmp_path / f"{part}.jsonl") for part in ("train", "dev", "test")}
    sites = [{line["meta"]["site"] for line in lines} for lines in found.values()]
    assert all(sites)
    assert not sites[0] & sites[1]
    assert not sites[0] & sites[2]
    assert not sites[1] & sites[2]
    assert sum(map(len, found.values())) == 400
    assert {part: tally.pages for part, tally in summary.parts.items()} == {
        part: len(lines) for part, lines in found.items()
    }
    assert not (tmp_path / "pages.jsonl").exists()


def test_pages_without_a_site_are_dealt_out_one_by_one(tmp_path: Path) -> None:
    pages = [record(f"{number}", site="") for number in range(60)]
    export(pages, tmp_path, split=Split(50, 25, 25))
    split = Split(50, 25, 25)
    for part in ("train", "dev", "test"):
        ids = [line["id"] for line in lines_of(tmp_path / f"{part}.jsonl")]
        assert ids == [page.id for page in pages if split.part(page.id) == part]
        assert ids


def test_two_annotators_of_a_page_make_two_records_on_one_side_of_the_split(tmp_path: Path) -> None:
    pages = [
        record(f"{n}", site=f"s{n}", annotator=who) for n in range(20) for who in ("mira", "tom")
    ]
    export(pages, tmp_path, split=Split(50, 25, 25))
    for part in ("train", "dev", "test"):
        lines = lines_of(tmp_path / f"{part}.jsonl")
        keys = [(line["id"], line["meta"]["annotator"]) for line in lines]
        assert len(set(keys)) == len(keys)
        assert [who for _, who in keys] == ["mira", "tom"] * (len(keys) // 2)


def test_a_compressed_export_holds_the_same_lines_and_no_name_or_time(tmp_path: Path) -> None:
    export(many(50), tmp_path / "plain")
    export(many(50), tmp_path / "zipped", gzip=True)
    data = (tmp_path / "zipped/pages.jsonl.gz").read_bytes()
    assert gzip.decompress(data) == (tmp_path / "plain/pages.jsonl").read_bytes()
    flags, stamp = data[3], data[4:8]
    assert (flags, stamp) == (0, bytes(4))


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("split", [None, Split(60, 20, 20)])
def test_the_same_records_give_the_same_bytes(
    tmp_path: Path, split: Split | None, zipped: bool
) -> None:
    export(many(60), tmp_path / "one", split=split, gzip=zipped)
    export(many(60), tmp_path / "other place", split=split, gzip=zipped)
    assert files_in(tmp_path / "one") == files_in(tmp_path / "other place")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record("bad", spans=(Span(0, 99, "body"),)), "does not lie in the text"),
        (record("bad", spans=(Span(0, 14, "body"),)), "white space"),
        (record("bad", spans=(Span(5, 5, "body"),)), "does not lie in the text"),
        (record("bad", spans=(Span(0, 5, "body"), Span(3, 8, "body"))), "overlaps"),
        (record("bad", spans=(Span(0, 5, "advert"),)), "label set lacks"),
        (record("bad", sha256="0" * 64), "checksum"),
        (record("bad", "half a \ud83d smile", (), sha256="0" * 64), "UTF-8"),
        (record("bad", site="dump\udcff"), "UTF-8"),
    ],
)
def test_a_wrong_record_stops_the_export_is_named_and_leaves_the_old_one(
    tmp_path: Path, bad: Record, reason: str
) -> None:
    export(many(5), tmp_path)
    before = files_in(tmp_path)
    with pytest.raises(ExportError, match=reason) as refusal:
        export([*many(20), bad], tmp_path, split=Split(80, 10, 10))
    assert "bad" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert files_in(tmp_path) == before


def test_an_export_without_a_page_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no page to export"):
        export([], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_the_user_stops_leaves_the_old_one(tmp_path: Path) -> None:
    def stopped() -> Iterator[Record]:
        yield from many(30)
        raise KeyboardInterrupt

    export(many(5), tmp_path)
    before = files_in(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        export(stopped(), tmp_path, gzip=True)
    assert files_in(tmp_path) == before


def test_records_are_never_all_in_memory(tmp_path: Path) -> None:
    text = "word " * 2000 + "end"
    pages = (record(f"{number}", f"{number} {text}", ()) for number in range(2000))
    tracemalloc.start()
    try:
        export(pages, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "pages.jsonl").stat().st_size > 20_000_000
    assert peak < 3_000_000


def test_every_format_is_found_by_its_name() -> None:
    assert list(FORMATS) == [
        "jsonl", "parquet", "tokens", "conll", "spacy", "lines",
        "prodigy", "doccano", "label-studio", "html", "dom",
    ]  # fmt: skip
    assert all(exporter.name == name for name, exporter in FORMATS.items())


def test_a_preview_is_the_record_as_json_for_people() -> None:
    shown = preview(record("p1"), PLAIN)
    assert shown.startswith('{\n  "id": "p1",\n  "text": "Ferry returns\\nThe night')
    assert json.loads(shown) == json.loads(written(record("p1")))


def test_a_preview_cuts_a_long_page_short_and_says_so() -> None:
    spans = tuple(Span(10 * n, 10 * n + 5, "caption") for n in range(100))
    shown = json.loads(preview(record("p1", "x" * 5000, spans), PLAIN))
    assert shown["text"] == "x" * 240 + "… (4,760 more characters)"
    assert len(shown["spans"]) == 6
    assert shown["spans"][-1] == "… (95 more spans)"


@settings(max_examples=25)
@given(st.text(min_size=1))
def test_every_record_has_a_preview(text: str) -> None:
    text = normalise(text)
    assert json.loads(preview(record("p", text, ()), PLAIN))["text"] == text


def test_the_line_in_the_description_is_one_that_the_exporter_writes() -> None:
    description = (ROOT / "exports/README.md").read_text("utf-8")
    (shown,) = (line for line in description.splitlines() if line.startswith('{"id"'))
    fields = json.loads(shown)
    spans = tuple(Span(**span) for span in fields["spans"])
    page = Record(fields["id"], fields["text"], spans, **fields["meta"])
    assert written(page).decode() == shown + "\n"
    assert [fields["text"][s.start : s.end].split()[0] for s in spans] == ["Night", "The", "PORT"]
