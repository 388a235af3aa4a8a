"""Project files: making, opening, refusing and migrating them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from segmark.core.label import LabelSet
from segmark.store.errors import NewerProjectError, NotAtOnceError, StoreError
from segmark.store.file.backup import Reason, list_backups
from segmark.store.store import Store
from sqlite_utils import Database

from tests.factories import LABELS, add_pages, extra_migration, label, make_project, peek
from tests.places import ROOT


def test_a_label_set_is_copied_into_the_project_and_read_back_exactly(project: Path) -> None:
    news = ROOT / "resources/labels/news.toml"
    for number, labels in enumerate([LABELS, LabelSet.from_toml(news.read_text("utf-8"))]):
        path = project.with_stem(f"news-{number}")
        Store.create(path, labels).close()
        with Store.open(path) as store:
            assert store.label_set == labels


@pytest.mark.parametrize(
    "name", ["a b.segmark", "50%?#1&x=y.segmark", "نشرة 🙂.segmark", "'\".segmark"]
)
def test_a_project_may_have_any_name(tmp_path: Path, name: str) -> None:
    make_project(tmp_path / name, "One").close()
    assert name in {path.name for path in tmp_path.iterdir()}
    with Store.open(tmp_path / name) as store:
        assert store.pages.count() == 1


def test_a_closed_project_is_one_file(project: Path) -> None:
    with make_project(project, "One") as store:
        label(store, "mira", 1, "body")
    assert [path.name for path in project.parent.iterdir()] == ["news.segmark"]


# What can't be made or opened


def _refusal(path: Path) -> str:
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    message = str(refused.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


def test_a_file_that_is_there_is_never_overwritten(project: Path) -> None:
    project.write_bytes(b"precious")
    with pytest.raises(StoreError, match="the file exists already; open it, or choose another"):
        Store.create(project, LABELS)
    assert project.read_bytes() == b"precious"


def test_a_project_needs_the_suffix(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"a project's name ends in \.segmark"):
        Store.create(tmp_path / "news.db", LABELS)


def test_a_project_needs_a_folder_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"):
        Store.create(tmp_path / "nowhere/news.segmark", LABELS)


def test_a_project_that_could_not_be_made_leaves_no_file(project: Path) -> None:
    def fail(db: Database) -> None:
        db.execute("INSERT INTO nowhere VALUES (1)")

    with extra_migration(fail), pytest.raises(StoreError, match="the project can't be made"):
        Store.create(project, LABELS)
    assert list(project.parent.iterdir()) == []
    Store.create(project, LABELS).close()


def test_a_missing_project_is_named(project: Path) -> None:
    assert "there is no such project" in _refusal(project)
    assert not project.exists()


def test_a_folder_is_no_project(project: Path) -> None:
    project.mkdir()
    assert "there is no such project" in _refusal(project)


def test_a_file_that_is_no_database_is_refused(project: Path) -> None:
    project.write_bytes(b"Ship sails\n" * 1000)
    assert "the file is not a project" in _refusal(project)
    assert project.read_bytes() == b"Ship sails\n" * 1000


def test_a_damaged_project_is_refused(project: Path) -> None:
    make_project(project, "Ship sails").close()
    [(page,)] = peek(project, "SELECT rootpage FROM sqlite_schema WHERE name = 'label'")
    [(size,)] = peek(project, "PRAGMA page_size")
    content = bytearray(project.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    project.write_bytes(content)
    assert "the file is damaged; go back to a backup" in _refusal(project)


def test_a_label_set_that_was_spoilt_in_another_program_is_refused(project: Path) -> None:
    make_project(project, "Ship sails").close()
    with closing(sqlite3.connect(project)) as other, other:
        other.execute("UPDATE label SET light = 'blue' WHERE name = 'body'")
    assert "label body: 'blue' is not a colour" in _refusal(project)


def test_an_empty_file_is_refused_and_stays_empty(project: Path) -> None:
    project.touch()
    assert "not a Segmark project" in _refusal(project)
    assert project.read_bytes() == b""


def test_another_programs_database_is_refused_and_left_alone(project: Path) -> None:
    with closing(sqlite3.connect(project)) as other:
        other.execute("CREATE TABLE page (x)")
    before = project.read_bytes()
    assert "not a Segmark project" in _refusal(project)
    assert project.read_bytes() == before


# Older and newer projects


def _add_colour(db: Database) -> None:
    db.table("page").add_column("colour", str, not_null_default="blue")


def test_a_newer_program_migrates_an_older_project_once_after_a_backup_copy(project: Path) -> None:
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
    with extra_migration(_add_colour):
        with Store.open(project) as store:
            assert store.annotations("mira").get(1).spans[0].label == "headline"
            add_pages(store, "Two")
        with Store.open(project) as store:
            assert store.pages.count() == 2
    assert peek(project, "SELECT colour FROM page") == [("blue",), ("blue",)]
    [backup] = list_backups(project)
    assert backup.reason is Reason.MIGRATION
    with Store.open(backup.path) as older:
        assert older.pages.count() == 1
        assert older.annotations("mira").get(1).spans[0].label == "headline"


def test_an_older_project_is_left_alone_where_it_is_to_be_opened_at_once(project: Path) -> None:
    make_project(project, "Ship sails").close()
    before = project.read_bytes()
    with extra_migration(_add_colour), pytest.raises(NotAtOnceError, match="an older version"):
        Store.open_or_read(project, at_once=True)
    assert project.read_bytes() == before
    assert list_backups(project) == []
    Store.open_or_read(project, at_once=True).close()


def test_the_backup_copy_holds_what_another_window_has_not_yet_checkpointed(project: Path) -> None:
    with make_project(project, "Ship sails") as window, closing(sqlite3.connect(project)) as reader:
        # A reader keeps the write-ahead log from being emptied into the file.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM page").fetchall()
        label(window, "mira", 1, "headline")
        with extra_migration(_add_colour):
            Store.open(project).close()
    [backup] = list_backups(project)
    assert peek(backup.path, "SELECT label FROM span") == [("headline",)]


def test_a_migration_that_fails_leaves_the_project_as_it_was(project: Path) -> None:
    make_project(project, "Ship sails").close()

    def fail(db: Database) -> None:
        _add_colour(db)
        db.execute("INSERT INTO nowhere VALUES (1)")

    with extra_migration(fail):
        assert "no such table: nowhere" in _refusal(project)
    with Store.open(project) as store:
        assert store.pages.get(1).text == "Ship sails"
    assert "colour" not in peek(project, "SELECT sql FROM sqlite_schema WHERE name = 'page'")[0][0]


def test_no_migration_without_a_backup_copy(project: Path) -> None:
    make_project(project, "Ship sails").close()
    project.with_suffix(".backups").touch()
    with extra_migration(_add_colour):
        assert "no backup could be made" in _refusal(project)
    Store.open(project).close()


def test_an_older_program_refuses_a_newer_project_and_leaves_it_alone(project: Path) -> None:
    with extra_migration(_add_colour):
        make_project(project, "Ship sails").close()
    before = project.read_bytes()
    assert "a newer version of Segmark wrote this project; update Segmark" in _refusal(project)
    with pytest.raises(NewerProjectError):
        Store.open(project)
    assert project.read_bytes() == before
    assert [path.name for path in project.parent.iterdir()] == ["news.segmark"]


# What other programs see


def test_the_tables_explain_themselves_to_any_sqlite_browser(project: Path) -> None:
    with make_project(project, "Ship sails") as store:
        label(store, "mira", 1, "headline")
    spans = peek(
        project,
        """SELECT source, name, substr(text, "start" + 1, "end" - "start"), label
        FROM span JOIN page ON page.number = span.page JOIN page_text ON page_text.page = span.page
            JOIN annotator ON annotator.number = span.annotator""",
    )
    assert spans == [("pages/page.txt", "mira", "Ship sails", "headline")]
    assert dict(peek(project, "SELECT name, value FROM project"))["label_set"] == "news"
    assert peek(project, "PRAGMA integrity_check") == [("ok",)]
    assert peek(project, "PRAGMA foreign_key_check") == []


def test_every_table_is_strict(project: Path) -> None:
    make_project(project).close()
    loose = peek(
        project,
        """SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
            AND NOT strict AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_sqlite_*'""",
    )
    assert loose == []
