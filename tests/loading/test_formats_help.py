"""The table of formats in the help has every reader and every writer, and claims nothing else."""

import re
import tomllib
from pathlib import Path

import pytest
from segmark.cli import program as cli
from segmark.core.annotation import Status
from segmark.export.formats.registry import FORMATS
from segmark.loading import contents
from segmark.loading.contents import SourceKind
from segmark.store.store import Store

from tests.factories import LABELS, add_pages, label, settle
from tests.places import ROOT

HELP = (ROOT / "resources/help/formats.md").read_text("utf-8")
_LINES = [line.strip("| ").split(" | ") for line in HELP.splitlines() if line.startswith("| ")]
HEAD, *ROWS = [[cell.strip(" |") for cell in line] for line in _LINES]
#: The rows by their first cell.
TABLE = {row[0]: dict(zip(HEAD, [*row, "", ""], strict=False)) for row in ROWS}

#: What each kind of file is called in the table.
KINDS = {
    SourceKind.PAGE: "HTML pages", SourceKind.SAVED: "Pages as browsers save them",
    SourceKind.RECORDS: "Records, each a page", SourceKind.PARQUET: "Records in columns",
    SourceKind.MAIL: "Mails", SourceKind.MAILBOX: "Mails", SourceKind.WARC: "Crawls",
    SourceKind.ZIP: "Archives", SourceKind.TAR: "Archives", SourceKind.TOKENS: "Tokens in columns",
    SourceKind.STANDOFF: "brat", SourceKind.MARKED: "YEDDA", SourceKind.WEBANNO: "WebAnno",
    SourceKind.XMI: "UIMA CAS", SourceKind.CAS: "UIMA CAS", SourceKind.DOCBIN: "spaCy's DocBin",
    SourceKind.NO_PAGE: "tagtog",
}  # fmt: skip
#: What each module that reads the work of a tool is called in the table.
READERS = {
    "labels/argilla": ["Argilla"], "labels/doccano": ["doccano"],
    "labels/label_studio": ["Label Studio"],
    "labels/rarer_records": ["LightTag", "Dataturks", "GATE as JSON", "spaCy's JSON"],
    "labels/token_rows": ["Rows of `tokens`", "Segmark's own tokens"],
    "labels/page_parts": ["Segmark's own lines"],
    "labels/tool_records": ["Prodigy", "Segmark's own records"],
    "labelled/archived": ["Gold of extractors", "tagtog"],
    "labelled/brat": ["brat"], "labelled/conll": ["Tokens in columns"],
    "labelled/docbin": ["spaCy's DocBin"], "labelled/gold": ["Gold of extractors", "Gold of L3S"],
    "labelled/tagtog": ["tagtog"], "labelled/uima": ["UIMA CAS"],
    "labelled/webanno": ["WebAnno TSV"], "labelled/yedda": ["YEDDA"],
}  # fmt: skip
_HELPERS = {
    "labels/alignment", "labels/article", "labels/mapping", "labels/offsets", "labels/predictions",
    "labels/quoting", "labels/span_lists", "labels/tags",
    "labelled/layers", "labelled/msgpack",
}  # fmt: skip


def row(start: str) -> dict[str, str]:
    [found] = [about for name, about in TABLE.items() if name.startswith(start)]
    return found


def test_every_kind_of_file_and_every_suffix_has_a_row() -> None:
    assert set(KINDS) == set(SourceKind)
    assert all(row(name) for name in KINDS.values())
    for suffix, kind in contents._SUFFIXES.items():
        files = [about["Files"] for name, about in TABLE.items() if f"`{suffix}`" in about["Files"]]
        assert files, (suffix, kind)


def test_every_module_that_reads_a_tool_has_its_rows() -> None:
    there = {
        f"{folder}/{path.stem}"
        for folder in ("labels", "labelled")
        for path in (ROOT / "app/segmark/loading" / folder).glob("*.py")
    }
    assert there - _HELPERS - {"labels/__init__", "labelled/__init__"} == set(READERS)
    for names in READERS.values():
        assert all(row(name)["Labels read"] != "no" for name in names)


def test_every_format_of_an_export_is_written_by_a_row_and_no_other() -> None:
    named = {
        name for about in TABLE.values() for name in re.findall(r"`([\w-]+)`", about["Written by"])
    }
    assert named - {"--gzip"} == set(FORMATS)


def test_what_a_row_needs_can_be_installed_and_nothing_else_is_needed() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    needed = {
        name for about in TABLE.values() for name in re.findall(r"segmark\[(\w+)\]", about["Needs"])
    }
    assert needed <= extras.keys()
    asked = {
        found
        for path in (ROOT / "app/segmark/loading").rglob("*.py")
        for found in re.findall(r'library\(\s*"[\w.]+", "(\w+)"', path.read_text("utf-8"))
    }
    assert asked == needed


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_comes_back_as_the_table_says(form: str, project: Path, tmp_path: Path) -> None:
    if form in ("parquet", "spacy"):
        pytest.importorskip({"parquet": "pyarrow"}.get(form, form))
    text = "Ferry sails\nIt left"
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><p>Ferry sails<p>It left", "utf-8")
    with Store.create(project, LABELS) as store:
        if form not in ("dom", "html"):
            add_pages(store, text)
    if form in ("dom", "html"):
        assert cli.run(["load", str(project), str(page)]) == 0
    with Store.open(project) as store:
        label(store, "mira", 1, "headline", 0, 11)
        settle(store, "mira", 1, Status.DONE)
    out, new = tmp_path / "out", tmp_path / "new.segmark"
    assert cli.run(["export", str(project), str(out), "--format", form]) == 0
    Store.create(new, LABELS).close()
    cli.run(["load", str(new), str(out), "--annotator", "mira"])
    with Store.open(new) as store:
        spans = store.annotations("mira").get(1).spans if store.pages.count() else ()
        found = [(span.label, span.end - span.start) for span in spans]
    rows = [about for about in TABLE.values() if f"`{form}`" in about["Written by"]]
    said = any(
        about["Labels read"] not in ("no", "") and not about["Labels read"].startswith("only")
        for about in rows
    )
    assert bool(found) == said, form
    assert found in ([("headline", 11)], [])
