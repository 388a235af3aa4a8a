"""Creating, opening and migrating project files."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from stat import S_ISREG

from segmark import __version__
from segmark.core.label import LabelSet, LabelSetError
from segmark.store.errors import (
    ForeignSchemaError,
    NewerProjectError,
    NotAtOnceError,
    ReadOnlyError,
    StoreError,
)
from segmark.store.file import migrations
from segmark.store.file.building import built_beside
from segmark.store.file.connection import (
    Database,
    closed_on_error,
    connect,
    forbids_writing,
    reason,
    write,
)
from segmark.store.file.known_schema import deviations, in_words
from segmark.store.file.label_rows import read_labels, write_labels
from segmark.store.file.reading import Copy, connect_as_is, connect_to_copy
from segmark.store.file.tables import tables

_log = logging.getLogger(__name__)

SUFFIX = ".segmark"


def now() -> str:
    """The present time in UTC, in the form that the tables keep."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def quarter() -> str:
    """When the present quarter of an hour began, in UTC, in the form that the tables keep.

    A day begins with a quarter in every time zone.
    """
    time = datetime.now(UTC)
    begun = time.replace(minute=time.minute // 15 * 15, second=0, microsecond=0)
    return begun.isoformat(timespec="milliseconds")


def beginning(day: date) -> str:
    """When a day begins on this computer, in the form that the tables keep."""
    midnight = datetime(day.year, day.month, day.day).astimezone()
    return midnight.astimezone(UTC).isoformat(timespec="milliseconds")


def create(path: Path, labels: LabelSet) -> Database:
    """Create a project file with its own copy of the label set, and connect to it.

    Raises:
        StoreError: the file exists already, or can't be created.
    """
    with creating(path, labels) as database:
        database.close()
    return connect(path)


@contextmanager
def creating(path: Path, labels: LabelSet) -> Iterator[Database]:
    """Yield a new project to fill; it gets its name at the end of the block, when it is closed.

    Raises:
        StoreError: the file exists already, or can't be created.
    """
    if path.suffix != SUFFIX:
        raise StoreError(f"{path}: a project's name ends in {SUFFIX}")
    if not os.path.isdir(path.parent):  # unlike Path.is_dir, it never raises
        raise StoreError(f"{path}: there is no folder {path.parent}; make it first")
    taken = StoreError(f"{path}: the file exists already; open it, or choose another name")
    if os.path.lexists(path):
        raise taken
    try:
        with built_beside(path) as part, connect(part) as database:
            database.execute("PRAGMA journal_mode = WAL")
            with write(database):
                migrations.apply(database)
                _write_project(database, labels)
            yield database
    except FileExistsError:
        raise taken from None
    except OSError as error:
        raise StoreError(
            f"{path}: the project can't be made: {error.strerror}; choose another folder"
        ) from error
    except sqlite3.Error as error:
        raise StoreError(f"{path}: the project can't be made: {reason(error)}") from error


def open_existing(path: Path, *, at_once: bool = False) -> tuple[Database, LabelSet]:
    """Connect to a project file, and migrate it to this version after a backup.

    Raises:
        StoreError: it does not exist, is not a project, or can't be read.
        NewerProjectError: a newer version wrote it.
        NotAtOnceError: with ``at_once``, if an older version wrote it.
    """
    expect_file(path)
    with explained(path), closed_on_error(connect(path)) as database:
        refuse_foreign(database, path, writes=True)
        _log.debug("project opened")
        if at_once and migrations.pending(database):
            raise NotAtOnceError(path, "was made by an older version. It is backed up and updated")
        _migrate(database, path)
        return database, read_labels(database)


def open_reading(path: Path, *, at_once: bool = False) -> tuple[Database, LabelSet]:
    """Connect to a project for reading, and write nothing, not even beside it.

    SQLite can't open a write-ahead log in a folder that can't be written. If there is no log, the
    file is read as one that never changes, else a copy of both is read. A project of an older
    version is read from a migrated copy.

    Raises:
        StoreError: it does not exist, is not a project, or can't be read.
        NotAtOnceError: with ``at_once``, if a copy must be made.
    """
    expect_file(path)
    with explained(path):
        if database := connect_as_is(path):
            with closed_on_error(database):
                refuse_foreign(database, path)
                if not migrations.pending(database):
                    return database, read_labels(database)
            database.close()
    if at_once:
        raise NotAtOnceError(path, "can't be written. It is read from a copy, which is made")
    return open_copy(Copy(path))


def open_copy(copy: Copy) -> tuple[Database, LabelSet]:
    """Connect to a copy for reading, and migrate it if an older version wrote it.

    Raises:
        StoreError: it is not a project, or can't be read.
    """
    path = copy.original
    with explained(path), closed_on_error(connect_to_copy(copy)) as database:
        refuse_foreign(database, path)
        _apply(database)
        database.execute("PRAGMA query_only = ON")
        return database, read_labels(database)


def expect_file(path: Path) -> None:
    """Check that a project file is there, without opening it.

    Raises:
        StoreError: it is not there, or out of reach, as in another person's folder.
    """
    try:
        there = S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        there = False
    except OSError as error:
        raise StoreError(f"{path}: the project can't be opened: {error.strerror}") from error
    if not there:
        raise StoreError(f"{path}: there is no such project")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors while a project is opened into a ``StoreError`` with a one-line message."""
    try:
        yield
    except sqlite3.Error as error:
        kind = ReadOnlyError if forbids_writing(error) else StoreError
        raise kind(f"{path}: the project can't be opened: {reason(error)}") from error
    except LabelSetError as error:
        raise StoreError(f"{path}: its label set was changed and can't be used: {error}") from error


def refuse_foreign(database: Database, path: Path, *, writes: bool = False) -> None:
    """Refuse a file that is not a project, or that a newer version wrote.

    With ``writes``, also one whose schema is not that of its version.

    Raises:
        StoreError: it is one of these.
        ForeignSchemaError: the schema is another one, or nothing can be read by it.
    """
    found = deviations(database)
    if bad := [one for one in found if writes or one.table]:
        raise ForeignSchemaError(path, in_words(bad))
    applied = migrations.applied(database)
    if not applied:
        raise StoreError(f"{path}: this is not a Segmark project")
    if not applied.issubset(migrations.NAMES):
        raise NewerProjectError(
            f"{path}: a newer version of Segmark wrote this project; "
            f"update Segmark (this is {__version__}) to open it"
        )


def _migrate(database: Database, path: Path) -> None:
    if not migrations.pending(database):
        return
    from segmark.store.file.backup import Reason, back_up

    try:
        back_up(path, Reason.MIGRATION)
    except StoreError as error:
        raise StoreError(f"{error}; an older version wrote it, and it is not changed") from error
    _apply(database)


def _apply(database: Database) -> None:
    if not migrations.pending(database):
        return
    database.execute("PRAGMA foreign_keys = OFF")
    with write(database):
        migrations.apply(database)
    database.execute("PRAGMA foreign_keys = ON")


def _write_project(database: Database, labels: LabelSet) -> None:
    write_labels(database, labels)
    tables(database).table("project").insert_all(
        {"name": name, "value": value}
        for name, value in {"made_with": f"Segmark {__version__}", "made_at": now()}.items()
    )
