import csv
import datetime
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segmark.core.text.normalise import normalise
from segmark.loading.options import LoadOptions, RecordFields
from segmark.loading.unpacking import SIZE_LIMIT

from tests.loading.reading import loaded, raws, refusals, texts

RECORDS = [
    {"id": 7, "url": "https://www.varn.example/a", "text": "Ship sails\r\nat noon", "lang": "en"},
    {"id": 8, "url": "https://varn.example/b", "text": "<b>Two</b>", "lang": "fr", "tags": ["x"]},
]


def as_lines(records: list[dict[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


def as_table(rows: list[list[str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    made = io.StringIO()
    csv.writer(made, delimiter=separator).writerows(rows)
    return made.getvalue().encode(encoding)


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "dump" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", as_lines(RECORDS)),
        ("a.ndjson", b"\xef\xbb\xbf\n" + as_lines(RECORDS)),
        ("a.JSONL.gz", gzip.compress(as_lines(RECORDS), mtime=0)),
        ("a.json", json.dumps(RECORDS).encode()),
        ("a.json.gz", gzip.compress(json.dumps(RECORDS, indent=2).encode(), mtime=0)),
        ("objects.json", as_lines(RECORDS)),
    ],
)
def test_each_record_is_a_page_with_what_is_known_of_it(
    tmp_path: Path, name: str, data: bytes
) -> None:
    one, two = loaded(write(tmp_path, name, data))
    assert one.page.text == "Ship sails\nat noon"
    assert one.source == b"Ship sails\r\nat noon"
    info = one.page.info
    assert info.url == "https://www.varn.example/a"
    assert (info.site, info.language, info.media) == ("varn.example", "en", "text")
    assert info.source.startswith(f"dump/{name}:")
    assert one.extra == {"id": 7}
    assert two.page.text == "<b>Two</b>"
    assert two.extra == {"id": 8, "tags": ["x"]}


def test_a_column_that_names_no_language_stays_among_the_other_columns(tmp_path: Path) -> None:
    records = [{"text": "One", "lang": "utf-8"}, {"text": "Two", "lang": "de_AT"}]
    one, two = loaded(write(tmp_path, "a.jsonl", as_lines(records)))
    assert (one.page.info.language, one.extra) == ("", {"lang": "utf-8"})
    assert (two.page.info.language, two.extra) == ("de-AT", {})


def test_html_in_a_record_is_made_into_text(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [
        {"raw_html": "<title>T</title><h1>Q &amp; A</h1>", "title": "Its title", "site": "varn"},
        {"raw_html": "<html lang=de><meta charset=koi8-r><p>Größe", "title": None},
    ]
    one, two = loaded(write(tmp_path, "a.jsonl", as_lines(records)))
    assert (one.page.text, one.page.info.title, one.page.info.site) == (
        "Q & A",
        "Its title",
        "varn",
    )
    assert one.page.blocks[0].anchor
    assert (two.page.text, two.page.info.language, two.page.info.encoding) == (
        "Größe",
        "de",
        "utf-8",
    )


def test_content_may_be_text_or_html(tmp_path: Path) -> None:
    records = [{"content": "a < b\nand c"}, {"content": "x <p>a &lt; b</p>"}]
    assert texts(write(tmp_path, "a.jsonl", as_lines(records))) == ["a < b\nand c", "x\n\na < b"]


def test_what_is_known_may_be_inside_meta(tmp_path: Path) -> None:
    record = {"text": "One", "meta": {"url": "http://varn.example/1", "title": "T", "score": 1}}
    [page] = loaded(write(tmp_path, "a.jsonl", as_lines([record])))
    assert (page.page.info.site, page.page.info.title) == ("varn.example", "T")
    assert page.extra == {"meta": record["meta"]}


def test_a_table_has_a_page_a_row(tmp_path: Path) -> None:
    rows = [["URL", "Text", "note"], ["http://varn.example/", 'Ship "sails";\nat noon', "x"]]
    for name, separator, encoding in (
        ("a.csv", ",", "utf-8"), ("b.csv", ";", "utf-8-sig"), ("c.csv", "\t", "utf-16"),
        ("d.tsv", "\t", "utf-8"),
    ):  # fmt: skip
        [page] = loaded(write(tmp_path, name, as_table(rows, separator, encoding)))
        assert page.page.text == 'Ship "sails";\nat noon'
        assert page.page.info.site == "varn.example"
        assert page.extra == {"note": "x"}


def test_a_table_in_an_old_encoding_is_read(tmp_path: Path) -> None:
    text = "Der Bürgermeister eröffnete die Brücke über die Saône und grüßte alle Gäste."
    rows = [["text"], *([f"{text} {n}"] for n in range(5))]
    path = write(tmp_path, "a.csv", as_table(rows, encoding="windows-1252"))
    assert texts(path)[0] == f"{text} 0"


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_an_unclear_file_is_refused_with_the_columns_that_it_has(tmp_path: Path, name: str) -> None:
    data = b"headline,body\nx,y\n" if name == "a.csv" else b'{"headline": "x", "body": "y"}'
    path = write(tmp_path, name, data)
    assert refusals(path) == [
        f"dump/{name}: none of its columns is known to hold a page; name it with --text-field or "
        "--html-field; it has headline, body"
    ]
    assert texts(path, choice=LoadOptions(RecordFields(text="body"))) == ["y"]
    assert texts(path, choice=LoadOptions(RecordFields(html="headline"))) == ["x"]
    [missing] = refusals(path, choice=LoadOptions(RecordFields(text="Body")))
    assert missing == f"dump/{name}: there is no column 'Body'; it has headline, body"


def test_columns_that_are_named_go_before_the_usual_ones(tmp_path: Path) -> None:
    record = {
        "text": "No",
        "html": "<p>Yes",
        "url": "http://no.example/",
        "link": "http://v.example",
    }
    path = write(tmp_path, "a.jsonl", as_lines([record]))
    [page] = loaded(path, choice=LoadOptions(RecordFields(html="html", url="link")))
    assert (page.page.text, page.page.info.site) == ("Yes", "v.example")


def test_records_of_mixed_types_are_one_line_each_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [
        b'{"text": "One"}', b'{"text": 5}', b'{"text": ["a"]}', b'{"text": null}', b"[1, 2]",
        b'"text"', b"", b'{"text": "a", "text": "b"}', b'{"text": "\xff"}', b'{"text": "cut off',
        b"[" * 100_000, b'{"text": "  "}', b'{"text": "Two", "text_": NaN}',
    ]  # fmt: skip
    path = write(tmp_path, "a.jsonl", b"\n".join(lines))
    assert texts(path) == ["One", "Two"]
    assert [
        line.removeprefix("dump/a.jsonl:").split(": Invalid control")[0] for line in refusals(path)
    ] == [
        "2: its 'text' is a number, not text",
        "3: its 'text' is a list, not text",
        "4: it has no 'text'",
        "5: it is not an object with columns",
        "6: it is not an object with columns",
        "8: it has the key 'text' twice",
        "9: it is not UTF-8; save the file as UTF-8",
        "10: it is not JSON",
        "11: it is nested too deeply to be read",
        "12: it has no text",
    ]


def test_in_an_array_too_what_is_no_record_is_one_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    data = b'[{"text": "One"}, 5, {"text": "a", "text": "b"}, [[]], {"text": "Two"}]'
    path = write(tmp_path, "a.json", data)
    assert texts(path) == ["One", "Two"]
    assert [line.removeprefix("dump/a.json:") for line in refusals(path)] == [
        "2: it is not an object with columns",
        "3: it has the key 'text' twice",
        "4: it is not an object with columns",
    ]


def test_of_an_array_that_is_cut_off_what_comes_before_is_taken(tmp_path: Path) -> None:
    data = json.dumps([{"text": f"{n} {'word ' * 30_000}"} for n in range(5)]).encode()
    path = write(tmp_path, "a.json", data[:-1000])
    assert len(texts(path)) == 4
    [line] = refusals(path)
    assert line.startswith("dump/a.json: from character 600,0")
    assert "it is not valid JSON (Unterminated string" in line


def test_a_line_of_more_than_50_mb_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", b"")
    with path.open("wb") as file:
        file.write(b'{"text": "One"}\n{"text": "')
        for _ in range(SIZE_LIMIT // 2**20 + 1):
            file.write(b"a" * 2**20)
        file.write(b'"}\n{"text": "Two"}\n')
    assert texts(path) == ["One", "Two"]
    assert refusals(path) == ["dump/a.jsonl:2: the line is larger than 50 MB"]


def test_a_row_of_a_table_of_more_than_50_mb_is_refused_and_the_next_one_read(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "a.csv", b"")
    with path.open("wb") as file:
        file.write(b'text,url\nOne,u\n"')
        for _ in range(SIZE_LIMIT // 2**20 + 1):
            file.write(b"a" * 2**20)
        file.write(b'",u\nTwo,u\n')
    assert texts(path) == ["One", "Two"]
    assert refusals(path) == ["dump/a.csv:2: the line is larger than 50 MB"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "records"])
@pytest.mark.parametrize("indent", [None, 1])
def test_what_is_called_json_lines_may_be_an_array_or_over_several_lines(
    tmp_path: Path, name: str, indent: int | None
) -> None:
    rows = [{"text": "One"}, {"text": "Two"}]
    assert texts(write(tmp_path, name, json.dumps(rows, indent=indent).encode())) == ["One", "Two"]
    over_lines = "\n".join(json.dumps(row, indent=indent) for row in rows)
    assert texts(write(tmp_path, name, over_lines.encode())) == ["One", "Two"]


def test_lines_in_utf_16_are_refused_as_a_whole(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '{"text": "One"}\n{"text": "Two"}\n'.encode("utf-16"))
    assert refusals(path) == ["dump/a.jsonl: it is UTF-16; save the file as UTF-8"]
    assert texts(path) == []


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_number_too_long_for_a_number_stays_as_it_is_written(tmp_path: Path, name: str) -> None:
    digits = "9" * 5000
    rows = [f'{{"text": "One", "n": {digits}}}', '{"text": "Two", "n": 7}']
    text = f"[{','.join(rows)}]" if name.endswith("n") else "\n".join(rows)
    path = write(tmp_path, name, text.encode())
    assert [each.extra["n"] for each in loaded(path)] == [digits, 7]


def test_a_key_that_is_twice_somewhere_in_a_long_record_costs_that_record_only(
    tmp_path: Path,
) -> None:
    long = f'{{"text": "One", "in": {{"a": 1, "a": 2}}, "more": "{"x" * 600_000}"}}'
    path = write(tmp_path, "a.json", f'[{long}, {{"text": "Two"}}]'.encode())
    assert texts(path) == ["Two"]
    assert refusals(path) == ["dump/a.json:1: it has the key 'a' twice"]


def test_rows_that_do_not_fit_the_header_are_one_line_each(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", b"url,text\nu,One\nu\nu,Two,three\nu,Four\n")
    assert texts(path) == ["One", "Four"]
    assert [line.removeprefix("dump/a.csv:") for line in refusals(path)] == [
        "2: the row has 1 cell, and there are 2 columns",
        "3: the row has 3 cells, and there are 2 columns",
    ]


def test_a_table_with_a_column_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", b"text,url,text\na,b,c\n")
    assert refusals(path) == [
        "dump/a.csv: two of its columns are called 'text'; give them names of their own"
    ]


def test_a_table_whose_quotation_marks_never_end_is_refused_from_there_on(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", b'text,url\nOne,b\n"Two,c\nThree,d\n')
    assert texts(path) == ["One"]
    [line] = refusals(path)
    assert "it is not a valid table" in line
    assert "check the quotation marks there" in line


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.tsv"])
@pytest.mark.parametrize("data", [b"", b"\n", b"[]"])
def test_a_file_without_records_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    assert len(refusals(write(tmp_path, name, data))) == 1


def test_odd_characters_survive_and_lone_surrogates_do_not(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", rb'{"text": "a\ud83d\ude42b\ud800c", "x\udfff": "\ud800"}')
    [page] = loaded(path)
    assert page.page.text == "a🙂b\ufffdc"
    assert page.extra == {"x\ufffd": "\ufffd"}


def test_parquet_has_a_page_a_row(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    day = datetime.datetime(2024, 5, 6, tzinfo=datetime.UTC)
    rows = [
        {"html": b"<p>One", "url": "http://varn.example/1", "seen": day},
        {"html": b"<meta charset=koi8-r><p>" + "Два".encode("koi8-r"), "url": None, "seen": None},
        {"html": None, "url": None, "seen": None},
    ]
    path = write(tmp_path, "a.parquet", b"")
    parquet.write_table(arrow.Table.from_pylist(rows), path)
    one, two = loaded(path)
    assert (one.page.text, one.page.info.site) == ("One", "varn.example")
    assert one.extra == {"seen": "2024-05-06T00:00:00+00:00"}
    assert (two.page.text, two.page.info.encoding) == ("Два", "koi8-r")
    assert refusals(path) == ["dump/a.parquet:3: it has no 'html'"]
    write(tmp_path, "b.parquet", path.read_bytes()[:-20])
    [line] = refusals(tmp_path / "dump" / "b.parquet")
    assert "its Parquet data is damaged" in line


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=8))
def test_any_texts_come_back_from_lines_arrays_and_tables(
    tmp_path_factory: pytest.TempPathFactory, written: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    records = [{"text": text, "n": str(n)} for n, text in enumerate(["One", *written])]
    for ascii_only in (True, False):
        lines = "\n".join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
        array = json.dumps(records, ensure_ascii=ascii_only, indent=1)
        for name, data in (("a.jsonl", lines), ("a.json", array)):
            sources = [raw.source.decode() for raw in raws(write(folder, name, data.encode()))]
            assert sources == ["One", *written]
    table = as_table([["text", "n"], *(list(record.values()) for record in records)])
    sources = [raw.source.decode() for raw in raws(write(folder, "a.csv", table))]
    assert [normalise(text) for text in sources] == [normalise(text) for text in ["One", *written]]


PIECES = st.sampled_from(
    [b'{"text": "a"}', b'{"text":', b'"b"', b"}", b"]", b"[", b",", b"\n", b"\xff", b'"', b"\\u",
     b"\0", b"text,url\n", b"1e999", b"\xef\xbb\xbf", b"null", b" ", b"\t", b"\r"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30), st.sampled_from(["a.jsonl", "a.json", "a.csv", "a.tsv"]))
def test_any_file_of_records_loads_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], name: str
) -> None:
    path = write(tmp_path_factory.getbasetemp(), name, b"".join(pieces))
    for line in refusals(path):
        assert "\n" not in line
    for text in texts(path):
        assert normalise(text) == text or text.startswith("\ufeff")
