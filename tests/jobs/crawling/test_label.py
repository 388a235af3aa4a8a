"""``segmark label``: a crawl in, labelled pages out, input by input."""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median_high
from typing import Any

import pytest
from segmark.cli import program as cli
from segmark.core.record import Record
from segmark.export.formats.jsonl import fields
from segmark.jobs.crawling.outputs import hidden_name
from segmark.jobs.labelling.labeller import Labeller

from tests.crawls import CrawledPage, lines, pages, wacz, warc, write_crawl

Files = dict[str, bytes]


def run(labeller: Path, *words: object, status: int = 0) -> None:
    assert cli.run(["label", *map(str, words), "--labeller", str(labeller)]) == status


def rows(out: Path) -> list[dict[str, Any]]:
    """All rows in the outputs, in the order of their names."""
    found = []
    for place in sorted(out.rglob("*.jsonl*")):
        if place.name != "manifest.jsonl" and not place.name.endswith(".left.jsonl"):
            opened = gzip.open if place.name.endswith(".gz") else open
            with opened(place, "rb") as file:
                found += [json.loads(row) for row in file]
    return found


def all_files(out: Path) -> Files:
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def by_hand(labeller: Path, found: Sequence[CrawledPage], source: str) -> list[dict[str, Any]]:
    """The rows that a program would make with the labeller."""
    one = Labeller.load(labeller)

    def record(number: int, page: CrawledPage) -> Record:
        made = one(page[1], page[0], source=source.format(number))
        return replace(made, more={"labeller": one.version})

    return [json.loads(json.dumps(fields(record(*each)))) for each in enumerate(found, 1)]


def zstandard(data: bytes) -> bytes:
    return bytes(pytest.importorskip("zstandard").compress(data))


def parquet(found: Sequence[CrawledPage]) -> bytes:
    arrow = pytest.importorskip("pyarrow")
    sink = arrow.BufferOutputStream()
    table = arrow.table({"url": [url for url, _ in found], "html": [html for _, html in found]})
    pytest.importorskip("pyarrow.parquet").write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


@pytest.mark.parametrize(
    ("name", "source", "make"),
    [
        ("a.warc", "crawl/a.warc:{}", lambda found: warc(found, compressed=False)),
        ("a.warc.gz", "crawl/a.warc.gz:{}", warc),
        ("a.warc.zst", "crawl/a.warc.zst:{}", lambda f: zstandard(warc(f, compressed=False))),
        ("a.wacz", "crawl/a.wacz/archive/data.warc.gz:{}", wacz),
        ("a.parquet", "crawl/a.parquet:{}", parquet),
        ("a.jsonl", "crawl/a.jsonl:{}", lines),
        ("a.jsonl.gz", "crawl/a.jsonl.gz:{}", lambda found: gzip.compress(lines(found))),
    ],
)
def test_every_page_of_a_file_gets_the_record_of_the_labeller_in_its_order(
    labeller: Path,
    tmp_path: Path,
    name: str,
    source: str,
    make: Callable[[Sequence[CrawledPage]], bytes],
) -> None:
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / name).write_bytes(make(pages(25)))
    run(labeller, tmp_path / "crawl" / name, tmp_path / "out", "--processes", 1)
    assert set(all_files(tmp_path / "out")) == {"manifest.jsonl", f"crawl/{name}.jsonl"}
    found = rows(tmp_path / "out")
    assert found == by_hand(labeller, pages(25), source)
    assert sum(len(row["spans"]) for row in found) > 20


def test_the_pages_of_a_folder_are_bundled_and_its_crawls_are_not(
    labeller: Path, tmp_path: Path
) -> None:
    write_crawl(tmp_path / "crawl", files=2, each=3)
    (tmp_path / "crawl" / "more").mkdir()
    for number in range(1_002):
        html = f"<p>Page {number}".encode()
        (tmp_path / "crawl" / "more" / f"{number:04}.html").write_bytes(html)
    run(labeller, tmp_path / "crawl", tmp_path / "out", "--processes", 1)
    assert set(all_files(tmp_path / "out")) == {
        "manifest.jsonl",
        "crawl/part-00.warc.gz.jsonl",
        "crawl/part-01.warc.gz.jsonl",
        "crawl/more/pages-00001.jsonl",
        "crawl/more/pages-00002.jsonl",
    }
    second = (tmp_path / "out/crawl/more/pages-00002.jsonl").read_bytes().splitlines()
    assert [json.loads(row)["meta"]["source"] for row in second] == [
        "crawl/more/1000.html",
        "crawl/more/1001.html",
    ]


@pytest.mark.parametrize("options", [(), ("--gzip",), ("--format", "parquet")])
def test_the_number_of_processes_changes_no_byte(
    labeller: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    if "parquet" in options:
        pytest.importorskip("pyarrow")
    write_crawl(tmp_path / "crawl", files=3, each=45)
    empty = [("https://a.example/", b"<p>")]
    (tmp_path / "crawl/part-01.warc.gz").write_bytes(warc([*pages(3), *empty, *pages(2)]))
    for name, processes in (("one", 1), ("three", 3)):
        words = (tmp_path / "crawl", tmp_path / name, "--processes", processes, *options)
        run(labeller, *words, status=1)
    assert all_files(tmp_path / "one") == all_files(tmp_path / "three")


def test_compressed_lines_and_parquet_hold_the_same_rows(labeller: Path, tmp_path: Path) -> None:
    parquet_files = pytest.importorskip("pyarrow.parquet")
    write_crawl(tmp_path / "crawl", files=1, each=30)
    for name, *options in (("lines",), ("packed", "--gzip"), ("columns", "--format", "parquet")):
        run(labeller, tmp_path / "crawl", tmp_path / name, "--processes", 1, *options)
    expected = rows(tmp_path / "lines")
    assert rows(tmp_path / "packed") == expected
    table = parquet_files.read_table(tmp_path / "columns/crawl/part-00.warc.gz.parquet")
    assert table.to_pylist() == expected


def test_what_is_done_is_not_read_again(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crawl, out = tmp_path / "crawl", tmp_path / "out"
    write_crawl(crawl, files=3, each=2)
    run(labeller, crawl / "part-00.warc.gz", crawl / "part-01.warc.gz", out)
    first = out / "crawl/part-00.warc.gz.jsonl"
    first.write_bytes(b"as it is")
    (out / "crawl/part-01.warc.gz.jsonl").unlink()
    capsys.readouterr()
    run(labeller, crawl, out, "--json")
    assert first.read_bytes() == b"as it is"
    assert len((out / "crawl/part-01.warc.gz.jsonl").read_bytes().splitlines()) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["inputs"], told["done_before"], told["pages"]) == (3, 1, 6)


def test_a_changed_input_is_refused_until_its_output_is_removed(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crawl, out = tmp_path / "crawl", tmp_path / "out"
    write_crawl(crawl, files=1, each=2)
    run(labeller, crawl, out)
    before = all_files(out)
    (crawl / "part-00.warc.gz").write_bytes(warc(pages(3)))
    run(labeller, crawl, out, status=1)
    assert "part-00.warc.gz: it has changed since it was labelled" in capsys.readouterr().err
    assert all_files(out) == before
    (out / "crawl/part-00.warc.gz.jsonl").unlink()
    run(labeller, crawl, out)
    assert len(rows(out)) == 3


def test_what_is_left_is_listed_with_its_reason(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "crawl").mkdir()
    empty = [("https://a.example/1", b"<title>x</title>"), ("https://a.example/2", b"<p>")]
    made = warc([*pages(2), *empty, *pages(1, start=9)])
    (tmp_path / "crawl/a.warc.gz").write_bytes(made)
    (tmp_path / "crawl/b.warc.gz").write_bytes(made[: len(made) // 3])
    run(labeller, tmp_path / "crawl", tmp_path / "out", "--json", status=1)
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["pages"] == len(rows(tmp_path / "out")) == 4
    assert told["reasons"]["it shows no text"] == 2
    assert "left 2: it shows no text" in said.err
    left = (tmp_path / "out/crawl/a.warc.gz.left.jsonl").read_text().splitlines()
    assert json.loads(left[0]) == {
        "source": "crawl/a.warc.gz:3",
        "url": "https://a.example/1",
        "reason": "it shows no text",
        "passed": False,
    }
    cut = json.loads((tmp_path / "out/crawl/b.warc.gz.left.jsonl").read_text().splitlines()[-1])
    assert "cut off" in cut["reason"]
    run(labeller, tmp_path / "crawl", tmp_path / "out", "--json", status=1)
    again = json.loads(capsys.readouterr().out)
    assert again == told | {"done_before": 2}


# Hypothesis has a callback in the garbage collector; an exception that is raised there is ignored,
# and Python says so. The limit is raised again a moment later.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_page_that_takes_too_long_is_left_and_the_work_goes_on(
    processes: str, labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = ("https://long.example/", b"<p>It goes on and on.</p>" * 400_000)
    found = [*pages(3), long, *pages(3, start=3)]
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl/a.warc.gz").write_bytes(warc(found))
    words = ("--page-seconds", "1", "--processes", processes)
    run(labeller, tmp_path / "crawl", tmp_path / "out", *words, status=1)
    assert "left 1: it took longer than 1 seconds of the processor" in capsys.readouterr().err
    made = [row["meta"]["url"] for row in rows(tmp_path / "out")]
    assert made == [url for url, _ in found if url != long[0]]
    left = json.loads((tmp_path / "out/crawl/a.warc.gz.left.jsonl").read_text())
    assert (left["url"], left["passed"]) == (long[0], False)


def test_spans_below_the_threshold_are_left_out(labeller: Path, tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=10)
    run(labeller, tmp_path / "crawl", tmp_path / "all")
    expected = rows(tmp_path / "all")
    middle = median_high(span["score"] for row in expected for span in row["spans"])
    run(labeller, tmp_path / "crawl", tmp_path / "sure", "--threshold", middle)
    kept = [[one for one in row["spans"] if one["score"] >= middle] for row in expected]
    assert [row["spans"] for row in rows(tmp_path / "sure")] == kept
    assert 0 < sum(map(len, kept)) < sum(len(row["spans"]) for row in expected)


def test_a_project_labels_as_its_labeller_does(labeller: Path, tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=5)
    run(labeller, tmp_path / "crawl", tmp_path / "file")
    run(labeller.with_name("learnt.segmark"), tmp_path / "crawl", tmp_path / "project")
    assert all_files(tmp_path / "file") == all_files(tmp_path / "project")


def test_the_rows_are_predictions_for_a_project(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "crawl").mkdir()
    made = warc([*pages(3), ("https://empty.example/", b"<p>"), *pages(2, start=3)])
    (tmp_path / "crawl/a.warc.gz").write_bytes(made)
    run(labeller, tmp_path / "crawl", tmp_path / "out", status=1)
    project = tmp_path / "new.segmark"
    assert cli.run(["load", str(project), str(tmp_path / "out")]) == 0
    said = capsys.readouterr().err
    assert "passed over out/manifest.jsonl: an account" in said
    assert "passed over out/crawl/a.warc.gz.left.jsonl: an account" in said
    assert cli.run(["suggest", str(project), str(tmp_path / "suggested")]) == 0
    given = [row["spans"] for row in rows(tmp_path / "out")]
    assert [row["spans"] for row in rows(tmp_path / "suggested")] == given


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("--threshold", "0.5"), "it was made with threshold 0.0, not 0.5"),
        (("--gzip",), "it was made with format jsonl, not jsonl.gz"),
    ],
)
def test_a_folder_that_was_made_otherwise_is_refused(
    labeller: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, ...],
    message: str,
) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=1)
    run(labeller, tmp_path / "crawl", tmp_path / "out")
    before = all_files(tmp_path / "out")
    run(labeller, tmp_path / "crawl", tmp_path / "out", *change, status=2)
    assert message in capsys.readouterr().err
    assert all_files(tmp_path / "out") == before


def test_a_folder_with_other_files_is_refused(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=1)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/notes.txt").touch()
    run(labeller, tmp_path / "crawl", tmp_path / "out", status=2)
    assert set(all_files(tmp_path / "out")) == {"notes.txt"}
    assert "it holds other files" in capsys.readouterr().err


def test_a_folder_inside_an_input_is_refused(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=1)
    run(labeller, tmp_path / "crawl", tmp_path / "crawl/out", status=2)
    assert "it is inside the input" in capsys.readouterr().err
    assert not (tmp_path / "crawl/out").exists()


def test_what_is_no_input_is_named(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=1)
    shutil.copy(labeller.with_name("learnt.segmark"), tmp_path / "crawl/old.segmark")
    run(labeller, tmp_path / "crawl", tmp_path / "out")
    assert "passed over crawl/old.segmark: a project" in capsys.readouterr().err
    run(labeller, tmp_path / "crawl", tmp_path / "missing.warc", tmp_path / "out", status=1)
    assert "missing.warc: there is no such file or folder" in capsys.readouterr().err


def test_a_labeller_that_is_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=1)
    (tmp_path / "bad.labeller").write_bytes(b"something else")
    run(tmp_path / "bad.labeller", tmp_path / "crawl", tmp_path / "out", status=2)
    assert "bad.labeller: it is neither a project nor a labeller" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_line_of_the_manifest_that_is_torn_makes_its_input_be_labelled_again(
    labeller: Path, tmp_path: Path
) -> None:
    write_crawl(tmp_path / "crawl", files=2, each=2)
    run(labeller, tmp_path / "crawl", tmp_path / "out")
    before, manifest = all_files(tmp_path / "out"), tmp_path / "out/manifest.jsonl"
    manifest.write_bytes(before["manifest.jsonl"][:-20])
    run(labeller, tmp_path / "crawl", tmp_path / "out")
    again = all_files(tmp_path / "out")
    *_, torn, last = manifest.read_bytes().splitlines()
    assert torn == before["manifest.jsonl"].splitlines()[-1][:-19]
    assert json.loads(last)["input"] == "crawl/part-01.warc.gz"
    assert again | {"manifest.jsonl": b""} == before | {"manifest.jsonl": b""}


def test_inputs_of_the_same_name_do_not_share_an_output(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "2025").mkdir()
    (tmp_path / "2026").mkdir()
    write_crawl(tmp_path / "2025/may", files=1, each=1)
    shutil.copytree(tmp_path / "2025/may", tmp_path / "2026/may")
    run(labeller, tmp_path / "2025/may", tmp_path / "2026/may", tmp_path / "out", status=1)
    assert "another input has the same name" in capsys.readouterr().err
    assert len(rows(tmp_path / "out")) == 1


def test_an_output_that_cannot_be_written_is_named(
    labeller: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=1)
    (tmp_path / "file").write_bytes(b"")
    run(labeller, tmp_path / "crawl", tmp_path / "file" / "out", status=2)
    assert f"{tmp_path / 'file'}" in capsys.readouterr().err


def test_hidden_files_of_killed_runs_are_removed(labeller: Path, tmp_path: Path) -> None:
    write_crawl(tmp_path / "crawl", files=1, each=1)
    run(labeller, tmp_path / "crawl", tmp_path / "out")
    written = tmp_path / "out/crawl/part-00.warc.gz.jsonl"
    written.unlink()
    left = [written.with_name(hidden_name(process)) for process in (999_999_999, os.getpid())]
    for place in left:
        place.touch()
    run(labeller, tmp_path / "crawl", tmp_path / "out")
    assert [place.exists() for place in left] == [False, True]
