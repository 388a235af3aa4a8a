"""Making, opening and migrating project files."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app import __version__
from app.core.label import Label, LabelSet, LabelSetError
from app.store.connection import Database, connect, reason, write
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
    if not path.parent.is_dir():
        raise StoreError(f"{path}: there is no folder {path.parent}; make it first")
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        raise StoreError(
            f"{path}: there is a file already; open it, or choose another name"
        ) from None
    except OSError as error:
        raise StoreError(
            f"{path}: the project can't be made: {error.strerror}; choose another folder"
        ) from error
    try:
        with _closed_on_error(connect(path)) as database:
            database.enable_wal()
            with write(database):
                migrations.apply(database)
                _write_project(database, labels)
    except sqlite3.Error as error:
        for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            leftover.unlink(missing_ok=True)
        raise StoreError(f"{path}: the project can't be made: {reason(error)}") from error
    return database


@contextmanager
def _closed_on_error(database: Database) -> Iterator[Database]:
    try:
        yield database
    except BaseException:
        database.close()
        raise


def open_existing(path: Path) -> tuple[Database, LabelSet]:
    """A connection to a project file, migrated to this version after a backup copy.

    Raises:
        StoreError: it is not there, not a project, or can't be read.
        NewerProjectError: a newer version wrote it.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no such project")
    try:
        with _closed_on_error(connect(path)) as database:
            applied = {migration.name for migration in migrations.applied(database)}
            if not applied:
                raise StoreError(f"{path}: this is not a Segmark project")
            _migrate(database, path, applied)
            labels = _read_labels(database)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: the project can't be opened: {reason(error)}") from error
    except LabelSetError as error:
        raise StoreError(f"{path}: its label set was changed and can't be used: {error}") from error
    return database, labels


def _migrate(database: Database, path: Path, applied: set[str]) -> None:
    if applied - known_names():
        raise NewerProjectError(
            f"{path}: a newer version of Segmark wrote this project; "
            f"update Segmark (this is {__version__}) to open it"
        )
    if not migrations.pending(database):
        return
    _back_up(database, path)
    database.execute("PRAGMA foreign_keys = OFF")
    with write(database):
        migrations.apply(database)
    database.execute("PRAGMA foreign_keys = ON")


def _back_up(database: Database, path: Path) -> None:
    """A copy of the project beside it; one that was made before is kept."""
    copy = path.with_name(f"{path.stem}-before-{__version__}-{now()[:10]}{SUFFIX}")
    if copy.exists():
        return
    part = copy.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as target:
            database.conn.backup(target)
        part.replace(copy)
    except OSError as error:
        raise StoreError(
            f"{path}: an older version wrote this project, and no backup copy could be made "
            f"before bringing it up to date: {error.strerror}; allow writing to its folder"
        ) from error


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


def _read_labels(database: Database) -> LabelSet:
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
