"""What a project from a stranger may hold: nothing foreign is run, and it is named."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from segmark.store.errors import ForeignSchemaError, StoreError
from segmark.store.file.known_schema import KNOWN_DIGESTS, deviations, digest_of
from segmark.store.file.reading import connect_for_reading
from segmark.store.safety.check import check
from segmark.store.safety.repair import repair
from segmark.store.safety.restoring import differences
from segmark.store.store import Store

from tests.factories import LABELS, label, make_project, peek
from tests.store.file.released import make

_ENDLESS = """WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless)
    SELECT {columns} FROM endless"""
_TRIGGER = """CREATE TRIGGER helpful AFTER INSERT ON span
    BEGIN UPDATE page SET title = 'changed'; END"""


@pytest.fixture
def worked(project: Path) -> Path:
    with make_project(project, "Ship sails\nIt did.", "Two") as store:
        label(store, "ada", 1, "headline", 0, 10)
    return project


def _change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            other.execute(statement)


def _endless_view(path: Path, table: str) -> None:
    columns = ", ".join(f"n AS {row[1]}" for row in peek(path, f"PRAGMA table_info({table})"))
    view = f"CREATE VIEW {table} AS {_ENDLESS.format(columns=columns)}"
    _change(path, "PRAGMA legacy_alter_table = ON", f"ALTER TABLE {table} RENAME TO moved", view)


def _rows(path: Path) -> list[tuple[str, str, str, str | None]]:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    return [tuple(row) for row in peek(path, query)]


def test_a_new_project_and_a_migrated_one_are_recognised_by_their_digest(
    project: Path, tmp_path: Path
) -> None:
    make_project(project).close()
    migrated = tmp_path / "migrated.segmark"
    migrated.write_bytes(gzip.decompress((make.FOLDER / "0.1.segmark.gz").read_bytes()))
    Store.open(migrated).close()
    assert {digest_of(_rows(project)), digest_of(_rows(migrated))} == KNOWN_DIGESTS


def test_an_old_project_is_as_its_version_made_it(project: Path) -> None:
    project.write_bytes(gzip.decompress((make.FOLDER / "0.1.segmark.gz").read_bytes()))
    with closing(connect_for_reading(project)) as database:
        assert deviations(database) == ()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (_TRIGGER, 'the trigger "helpful" is foreign'),
        ("CREATE VIEW looks AS SELECT 1", 'the view "looks" is foreign'),
        ("CREATE UNIQUE INDEX one ON span (label)", 'the index "one" is foreign'),
        ("CREATE VIRTUAL TABLE found USING fts5(text)", 'the table "found" is foreign'),
        ("ALTER TABLE page ADD COLUMN mine TEXT", 'the table "page" was changed'),
        ("DROP TRIGGER span_is_counted", 'the trigger "span_is_counted" is missing'),
        ("DROP INDEX page_by_site", 'the index "page_by_site" is missing'),
    ],
)
def test_what_is_foreign_is_named_never_written_and_left_behind(
    worked: Path, tmp_path: Path, statement: str, words: str
) -> None:
    _change(worked, statement)
    with pytest.raises(ForeignSchemaError, match=words):
        Store.open(worked)
    with Store.open_or_read(worked) as store:
        assert words in store.read_only
        assert len(store.annotations("ada").get(1).spans) == 1
    assert any(words[1:] in line for line in check(worked).damage)
    saved = tmp_path / "saved.segmark"
    left = [] if "missing" in words else [f"Left behind: {words}."]
    assert repair(worked, saved, LABELS).lost == left
    assert check(saved).damage == ()
    with Store.open(saved) as store:
        assert len(store.annotations("ada").get(1).spans) == 1


@pytest.mark.parametrize(
    "table", ["page", "page_text", "span", "annotation", "edit", "label", "project", "annotator",
              "removed_page", "counter", "prediction", "offer", "version"],
)  # fmt: skip
def test_an_endless_view_in_place_of_a_table_is_never_read(
    worked: Path, tmp_path: Path, table: str
) -> None:
    _endless_view(worked, table)
    words = f'view "{table}" is foreign: it stands in the place of a table'
    for opened in (Store.open, Store.open_or_read, Store.open_for_reading):
        with pytest.raises(StoreError, match=words):
            opened(worked)
    assert any(words in line for line in check(worked).damage)
    assert words in differences(worked, _copy(tmp_path)).problem
    report = repair(worked, tmp_path / "saved.segmark", LABELS)
    assert any(words in line for line in report.lost)
    assert check(tmp_path / "saved.segmark").damage == ()


def _copy(tmp_path: Path) -> Path:
    backup = tmp_path / "backup.segmark"
    make_project(backup, "Ship sails\nIt did.").close()
    return backup


def test_a_view_in_place_of_the_migrations_makes_it_no_project(worked: Path) -> None:
    _endless_view(worked, "_sqlite_migrations")
    with pytest.raises(StoreError, match="not a Segmark project"):
        Store.open_or_read(worked)


def test_plain_tables_that_people_add_are_tolerated(worked: Path) -> None:
    _change(
        worked,
        "CREATE TABLE my_notes (page INTEGER REFERENCES page (number), words TEXT)",
        "CREATE INDEX my_index ON my_notes (words)",
        "ANALYZE",
    )
    with Store.open(worked) as store:
        label(store, "ada", 2, "body", 0)
    assert check(worked).damage == ()
