"""The programs of the help on crawls, run as they stand there: datatrove, Spark, Ray Data."""

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from segmark.cli import program as cli

from tests.crawls import learn_from_blind_pages, learn_labeller, pages, warc
from tests.interop.conftest import Run, needs
from tests.places import ROOT

HELP = (ROOT / "resources/help/crawl.md").read_text("utf-8")
_EMPTY = ("https://empty.example/", b"<p>")

Rows = list[dict[str, Any]]


def program(heading: str) -> str:
    """The Python of a section."""
    section = HELP.split(f"# {heading}\n")[1].split("\n#")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    return str(code)


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a labeller, a crawl of three files, the same pages as a table, and the rows."""
    folder = tmp_path_factory.mktemp("crawl")
    learn_labeller(folder)
    (folder / "crawl").mkdir()
    found = [*pages(20), _EMPTY, *pages(10, start=20)]
    for number in range(3):
        part = warc(found[number::3])
        (folder / f"crawl/part-{number}.warc.gz").write_bytes(part)
    words = ("label", folder / "crawl", folder / "rows", "--labeller", folder / "news.labeller")
    assert cli.run([*map(str, words), "--processes", "1"]) == 1
    return folder


@pytest.fixture
def place(crawl: Path, tmp_path: Path) -> Path:
    """A folder of its own with the same files."""
    for name in ("crawl", "news.labeller", "rows"):
        (tmp_path / name).symlink_to(crawl / name)
    return tmp_path


def expected(place: Path, folder: str = "rows") -> Rows:
    """The rows of ``segmark label``."""
    files = sorted((place / folder / "crawl").glob("*.gz.jsonl"))
    return in_order([json.loads(row) for file in files for row in file.read_bytes().splitlines()])


def in_order(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: str(row["meta"]["source"]))


def written(folder: Path) -> Rows:
    """The rows that datatrove's writer of JSON lines wrote."""
    rows = []
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file) as lines:
            rows += [json.loads(line) for line in lines]
    return rows


@pytest.mark.parametrize("heading", ["One machine", "Ray"])
def test_datatrove_writes_the_rows_of_segmark_label(run: Run, place: Path, heading: str) -> None:
    needs("datatrove", *(["ray"] if heading == "Ray" else []))
    (place / "crawl_pipeline.py").write_text(program("On many machines"))
    (place / "main.py").write_text(program(heading).replace("tasks=100", "tasks=3"))
    run("main.py", cwd=place)
    assert in_order(written(place / "labelled")) == expected(place)
    (left,) = written(place / "left")
    assert left["metadata"]["reason"] == "it shows no text"
    assert left["metadata"]["url"] == _EMPTY[0]


def test_the_public_names_keep_their_signatures(run: Run, place: Path) -> None:
    needs("datatrove")
    code = "import inspect, segmark.crawl as crawl\n"
    code += "for name in crawl.__all__: print(name, inspect.signature(getattr(crawl, name)))"
    assert run("-c", code, cwd=place).splitlines() == [
        "LabelPages (labeller: str | os.PathLike[str] | "
        "segmark.jobs.labelling.labeller.Labeller, *, threshold: float = 0.0, "
        "at_least_right: float | None = None, page_seconds: float = 60.0, "
        "exclusion_writer: Any = None) -> None",
        "PageReader (data_folder: Any, *, text_field: str = '', html_field: str = '', "
        "url_field: str = '', **options: Any) -> None",
        "as_record (_writer: Any, document: Any) -> dict[str, typing.Any]",
        "parquet_schema () -> Any",
    ]


def test_datatrove_writes_the_rows_as_columns(run: Run, place: Path) -> None:
    needs("datatrove", "pyarrow")
    code = program("On many machines").replace(
        'JsonlWriter("labelled", adapter=as_record)',
        'ParquetWriter("labelled", adapter=as_record, schema=parquet_schema())',
    )
    code = code.replace("writers import", "writers import ParquetWriter,")
    code = code.replace("as_record\n", "as_record, parquet_schema\n", 1)
    (place / "crawl_pipeline.py").write_text(code)
    (place / "main.py").write_text(program("One machine").replace("tasks=100", "tasks=2"))
    run("main.py", cwd=place)
    assert in_order(columns(run, place / "labelled")) == expected(place)


_IN_MEMORY = """
import fsspec
from segmark.crawl import PageReader
from tests.crawls import lines, pages, wacz, warc
from tests.jobs.crawling.test_label import parquet, zstandard

found = pages(6)
files = {
    "a.warc.gz": warc(found), "b.warc.zst": zstandard(warc(found, compressed=False)),
    "c.wacz": wacz(found), "d.parquet": parquet(found), "e.jsonl": lines(found),
}
memory = fsspec.filesystem("memory")
for name, data in files.items():
    memory.pipe(f"/store/{name}", data)
expected = [(f"store/{name}", url, html) for name in files for url, html in found]
read = list(PageReader("memory://store").run())
print([
    (one.id.rpartition(":")[0].removesuffix("/archive/data.warc.gz"), one.metadata["url"],
     one.media[0].media_bytes)
    for one in read
] == expected)
"""


def test_the_reader_gives_the_bytes_of_every_kind_of_file_in_remote_storage(
    run: Run, place: Path
) -> None:
    needs("datatrove", "pyarrow", "zstandard")
    assert run("-c", _IN_MEMORY, cwd=place) == "True\n"


def columns(run: Run, folder: Path) -> Rows:
    """The rows of a folder of Parquet files."""
    code = "import json, sys\nimport pyarrow.dataset as ds\n"
    code += "print(json.dumps(ds.dataset(sys.argv[1]).to_table().to_pylist()))"
    return list(json.loads(run("-c", code, str(folder))))


def write_table(run: Run, place: Path) -> None:
    """Write the pages of the crawl as a table."""
    table = "from tests.crawls import pages\nimport pyarrow as pa, pyarrow.parquet as pq\n"
    table += f"found = [*pages(30), {_EMPTY!r}]\n"
    table += "columns = {'url': [url for url, _ in found], 'html': [html for _, html in found]}\n"
    table += "pq.write_table(pa.table(columns), 'pages.parquet')"
    run("-c", table, cwd=place)


def learn_surely(place: Path) -> Path:
    """A labeller whose blind pages tell which spans are right."""
    return learn_from_blind_pages(place, place / "sure.labeller")


def test_the_job_for_slurm_is_accepted_by_datatrove(run: Run, place: Path) -> None:
    needs("datatrove")
    code = (
        program("Slurm").replace("/shared/crawl", str(place)).replace("s3://commoncrawl", "crawl")
    )
    code = code.replace("\nSlurmPipelineExecutor(", "\njob = SlurmPipelineExecutor(")
    code = code.replace(").run()", ")\nprint(len(job.pipeline), job.world_size)")
    assert run("-c", code, cwd=place).split() == ["3", "90000"]


def test_datatrove_chooses_the_threshold_as_segmark_label_does(run: Run, place: Path) -> None:
    needs("datatrove")
    labeller = learn_surely(place)
    words = ("label", place / "crawl", place / "sure", "--labeller", labeller)
    assert cli.run([*map(str, words), "--processes", "1", "--at-least-right", "80%"]) == 1
    code = program("On many machines").replace("news.labeller", "sure.labeller")
    code = code.replace("LabelPages(", "LabelPages(at_least_right=0.8, labeller=")
    (place / "crawl_pipeline.py").write_text(code)
    (place / "main.py").write_text(program("One machine").replace("tasks=100", "tasks=2"))
    run("main.py", cwd=place)
    assert in_order(written(place / "labelled")) == expected(place, "sure") != expected(place)


_LONG = """
from pathlib import Path
from segmark.crawl import LabelPages, PageReader
from tests.crawls import pages, warc

long = ("https://long.example/", b"<p>It goes on and on.</p>" * 400_000)
Path("long").mkdir()
Path("long/a.warc.gz").write_bytes(warc([*pages(2), long, *pages(1, start=2)]))
labels = LabelPages("news.labeller", page_seconds=1)
print(len(list(labels.run(PageReader("long").run()))), labels.stats.stats["left"].total)
"""


def test_datatrove_leaves_a_page_that_takes_too_long_and_goes_on(run: Run, place: Path) -> None:
    needs("datatrove")
    assert run("-c", _LONG, cwd=place).splitlines()[-1] == "3 1"


def test_datatrove_refuses_a_share_that_the_blind_pages_do_not_show(run: Run, place: Path) -> None:
    needs("datatrove")
    code = "import segmark.crawl as crawl, segmark\n"
    code += "try:\n    crawl.LabelPages('news.labeller', at_least_right=0.95)\n"
    code += "except segmark.LabellerError as error:\n    print(error)"
    assert "no finished page is blind" in run("-c", code, cwd=place)


@pytest.mark.parametrize("heading", ["Spark", "Ray Data"])
def test_tables_choose_the_threshold_as_segmark_label_does(
    run: Run, place: Path, heading: str
) -> None:
    needs("pandas", "pyarrow", {"Spark": "pyspark", "Ray Data": "ray"}[heading])
    if heading == "Spark" and not shutil.which("java"):
        pytest.skip("Spark needs Java")
    labeller = learn_surely(place)
    words = ("label", place / "crawl", place / "sure", "--labeller", labeller)
    assert cli.run([*map(str, words), "--processes", "1", "--at-least-right", "80%"]) == 1
    write_table(run, place)
    code = program(heading).replace("news.labeller", "sure.labeller")
    code = code.replace("THRESHOLD = 0.0", "THRESHOLD = labeller.threshold_for(0.8)")
    (place / "main.py").write_text(code)
    run("main.py", cwd=place)
    rows = {row["url"]: row["spans"] for row in columns(run, place / "labelled")}
    wanted = {row["meta"]["url"]: row["spans"] for row in expected(place, "sure")}
    assert rows == {**wanted, _EMPTY[0]: []}


@pytest.mark.parametrize("heading", ["Spark", "Ray Data"])
def test_tables_get_the_spans_of_the_labeller(run: Run, place: Path, heading: str) -> None:
    needs("pandas", "pyarrow", {"Spark": "pyspark", "Ray Data": "ray"}[heading])
    if heading == "Spark" and not shutil.which("java"):
        pytest.skip("Spark needs Java")
    write_table(run, place)
    (place / "main.py").write_text(program(heading))
    run("main.py", cwd=place)
    rows = {row["url"]: row for row in columns(run, place / "labelled")}
    wanted = {row["meta"]["url"]: row for row in expected(place)}
    assert rows.pop(_EMPTY[0])["reason"] == "it shows no text"
    assert rows.keys() == wanted.keys()
    for url, row in rows.items():
        assert {key: row[key] for key in ("id", "text", "spans")} == {
            key: wanted[url][key] for key in ("id", "text", "spans")
        }
        assert row["labeller"] == wanted[url]["meta"]["labeller"]
