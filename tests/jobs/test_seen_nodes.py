"""Exports of pages from HTML use what was seen when they were loaded, if it can be believed."""

import gzip
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from segmark.core.annotation import State, Status
from segmark.core.edit import Edit
from segmark.core.span import Span
from segmark.environment.machine_key import machine_key
from segmark.environment.settings import data_folder
from segmark.export.options import ExportOptions
from segmark.jobs.exporting.exporting import export
from segmark.jobs.loading.pages import load_pages
from segmark.jobs.seen_nodes import sealed
from segmark.loading.loader import load_bytes
from segmark.store.errors import StoreError
from segmark.store.pages import PackedPage
from segmark.store.safety.repair import repair
from segmark.store.store import Store

from tests.export.made import rows_of
from tests.factories import LABELS, make_project, peek
from tests.places import SHARED

CORPUS = SHARED / "corpus/pages"
# The headline is there twice: once hidden, and once shown.
_TWICE = """<!doctype html><style>.no { display: none }</style>
<h2 class=no>Storm</h2><h1>Storm</h1><p>Ferries stop.</p>"""


def made(project: Path, *pages: str | bytes) -> Path:
    """A project with these pages; the first line of each is a headline."""
    folder = project.parent / "pages"
    folder.mkdir()
    for number, page in enumerate(pages):
        data = page.encode() if isinstance(page, str) else page
        (folder / f"{number:03}.html").write_bytes(data)
    with make_project(project) as store:
        load_pages(store, [folder])
        for number in range(1, store.pages.count() + 1):
            first = store.pages.get(number).blocks[0]
            edit = Edit("", added=(Span(first.start, first.end, "headline"),))
            store.annotations("mira").save(number, edit)
            store.annotations("mira").save(number, Edit("", after=State(Status.DONE)))
    return project


def exported(project: Path, form: str = "dom") -> dict[str, bytes]:
    out = project.parent / "out"
    with Store.open(project) as store:
        export(store, ExportOptions(folder=out, form=form), lambda *_: None)
    files = (path for path in out.rglob("*") if path.is_file() and path.name != "README.md")
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def path_of_headline(project: Path) -> str:
    exported(project)
    row = rows_of(project.parent / "out/pages.jsonl")[0]
    return str(row["spans"][0]["places"][0]["path"])


def change(project: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(project)) as database, database:
        database.execute(sql, values)


@pytest.mark.shared("corpus/pages")
@pytest.mark.parametrize("form", ["dom", "html"])
def test_real_pages_give_the_same_files_with_and_without_it(project: Path, form: str) -> None:
    made(project, *(gzip.decompress(path.read_bytes()) for path in sorted(CORPUS.iterdir())[::20]))
    assert len(peek(project, "SELECT * FROM page_seen")) == len(peek(project, "SELECT * FROM page"))
    seen = exported(project, form)
    change(project, "DELETE FROM page_seen")
    assert exported(project, form) == seen


@pytest.fixture
def misled(project: Path) -> Path:
    """A project that says, with the seal of this machine, that the hidden headline is shown."""
    made(project, _TWICE)
    with Store.open(project) as store:
        page = store.pages.get(1)
    ((packed,),) = peek(project, "SELECT zlib FROM page_source")
    loaded = replace(load_bytes(_TWICE.encode(), "a.html"), seen=bytes([0, 1, 0, 1]))
    found = sealed(machine_key(), loaded, PackedPage(page, packed, b"", ""))
    change(project, "UPDATE page_seen SET sealed = ?", found)
    return project


def test_what_this_machine_saw_is_believed(misled: Path) -> None:
    assert path_of_headline(misled).endswith("/h2")


def _with_another_key(_: Path) -> None:
    (data_folder() / "machine.key").write_bytes(b"k" * 32)


def _with_other_html(project: Path) -> None:
    packed = zlib.compress(_TWICE.replace("Ferries stop", "Ferries  stop").encode(), 2)
    change(project, "UPDATE page_source SET zlib = ?", packed)


def _altered(project: Path) -> None:
    ((found,),) = peek(project, "SELECT sealed FROM page_seen")
    change(project, "UPDATE page_seen SET sealed = ?", found[:-1] + bytes([found[-1] ^ 1]))


def _without_seal(project: Path) -> None:
    change(project, "UPDATE page_seen SET sealed = ?", zlib.compress(bytes([0, 1, 0, 1])))


@pytest.mark.parametrize("spoil", [_with_another_key, _with_other_html, _altered, _without_seal])
def test_what_this_machine_did_not_see_of_this_page_is_not_believed(
    misled: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(misled)
    assert path_of_headline(misled).endswith("/h1")


def test_another_version_of_the_parser_reads_the_page_again(
    misled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(etree, "LIBXML_VERSION", (99, 0, 0))
    assert path_of_headline(misled).endswith("/h1")


def test_a_repair_keeps_it(project: Path) -> None:
    made(project, _TWICE)
    before = peek(project, "SELECT * FROM page_seen")
    repaired = project.with_name("repaired.segmark")
    repair(project, repaired, LABELS)
    assert peek(repaired, "SELECT * FROM page_seen") == before
    assert before


def test_damaged_html_is_told_in_one_line(project: Path) -> None:
    made(project, _TWICE)
    change(project, "UPDATE page_source SET zlib = x'00'")
    with pytest.raises(StoreError, match=r"^the HTML of page \w+ \(.*000\.html\) is damaged"):
        exported(project)
