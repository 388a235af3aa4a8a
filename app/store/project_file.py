"""Making, opening and migrating project files."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from app import __version__
from app.core.label import Label, LabelSet
from app.store.connection import Database, connect, write
from app.store.errors import NewerProjectError, StoreError
from app.store.schema import known_names, migrations

SUFFIX = ".segmark"


def now() -> str:
    """The time in UTC, as the tables keep it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def create(path: Path, labels: LabelSet) -> Database:
    """A new project file with its own copy of the label set.

    Raises:
        StoreError: there is a file already, or none can be made there.
    """
    if path.suffix != SUFFIX:
        raise StoreError(f"{path}: a project's name ends in {SUFFIX}")
    if path.exists():
        raise StoreError(f"{path}: there is a file already; open it, or choose another name")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: there is no folder {path.parent}; make it first")
    try:
        database = connect(path, mode="rwc")
        database.enable_wal()
        with write(database):
            migrations.apply(database)
            _write_project(database, labels)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: the project can't be made: {error}") from error
    return database


def open_existing(path: Path) -> Database:
    """A connection to a project file, migrated to this version after a backup copy.

    Raises:
        StoreError: it is not there, not a project, or can't be read.
        NewerProjectError: a newer version wrote it.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no such project")
    try:
        database = connect(path)
        applied = {migration.name for migration in migrations.applied(database)}
        if not applied:
            raise StoreError(f"{path}: this is not a Segmark project")
        _migrate(database, path, applied)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: the project can't be opened: {error}") from error
    return database


def _migrate(database: Database, path: Path, applied: set[str]) -> None:
    if applied - known_names():
        raise NewerProjectError(
            f"{path}: a newer version of Segmark wrote this project; "
            f"update Segmark (this is {__version__}) to open it"
        )
    if not migrations.pending(database):
        return
    copy = path.with_name(f"{path.stem}-before-{__version__}-{now()[:10]}{SUFFIX}")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if not copy.exists():
        shutil.copy2(path, copy)
    database.execute("PRAGMA foreign_keys = OFF")
    with write(database):
        migrations.apply(database)
    database.execute("PRAGMA foreign_keys = ON")


def _write_project(database: Database, labels: LabelSet) -> None:
    database.table("project").insert_all(
        {"name": name, "value": value}
        for name, value in {
            "label_set": labels.name,
            "guideline": labels.guideline,
            "made_with": f"Segmark {__version__}",
            "made_at": now(),
        }.items()
    )
    database.table("label").insert_all(
        {
            "position": position,
            "name": label.name,
            "key": label.key,
            "light": label.light,
            "dark": label.dark,
            "joins": int(label.joins),
            "definition": label.definition,
            "guideline": label.guideline,
            "example": label.example,
        }
        for position, label in enumerate(labels, start=1)
    )


def read_labels(database: Database) -> LabelSet:
    """The project's own label set."""
    about = {row["name"]: row["value"] for row in database.query("SELECT * FROM project")}
    rows = list(database.query("SELECT * FROM label ORDER BY position"))
    labels = tuple(
        Label(
            row["name"],
            row["key"],
            row["light"],
            row["dark"],
            bool(row["joins"]),
            row["definition"],
            row["guideline"],
            row["example"],
        )
        for row in rows
    )
    return LabelSet(about["label_set"], labels, about["guideline"])
