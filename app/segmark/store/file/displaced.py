"""Displaced: what became of a project's file that was renamed, replaced or removed while open.

SQLite goes on writing to the file that it opened, and to the write-ahead log under the old name.
Whoever opens the path next would read another file, or this log with another file. So a write is
refused as soon as the path names another file, and what the connection still holds is brought to
where it can be found.
"""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from segmark.store.errors import StoreError
from segmark.store.file import log_pair
from segmark.store.file.building import built_beside
from segmark.store.file.connection import Database, reason
from segmark.store.file.identity import FileIdentity, identity_of

_OPEN_FILES = Path("/proc/self/fd")  # Linux: proc(5)


class Displacement(Enum):
    """What happened to the file."""

    RENAMED = auto()
    REPLACED = auto()
    REMOVED = auto()


@dataclass(frozen=True, slots=True)
class Displaced:
    """A project's file that is no longer where it was opened.

    Attributes:
        what: what happened to it.
        path: where it was opened.
        now: where it is now; None where nobody can tell, or nowhere.
    """

    what: Displacement
    path: Path
    now: Path | None = None


def displaced(database: Database) -> Displaced | None:
    """What became of the connection's file; None where it is in its place."""
    if database.is_in_place:
        return None
    path, identity = database.path, database.identity
    assert identity, "a connection that knows no identity is always in place"
    if now := _new_path(path, identity):
        return Displaced(Displacement.RENAMED, path, now)
    what = Displacement.REPLACED if path.exists() else Displacement.REMOVED
    return Displaced(what, path)


def bring_home(database: Database, found: Displaced) -> None:
    """Write all of the log into a renamed file, and remove the log's files under the old name.

    SQLite does not do so itself when a renamed file is closed.

    Raises:
        StoreError: it could not be written, or another program has opened the file there.
    """
    if found.now is None or Path(f"{found.now}-wal").exists():
        raise StoreError(f"{found.now or found.path}: another program has opened it meanwhile")
    try:
        busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{found.now}: the last acts were not saved: {reason(error)}") from error
    if busy:
        raise StoreError(f"{found.now}: the last acts were not saved: another program reads it")
    if not database.file.exists():
        log_pair.remove_files(database.file)


def set_log_aside(database: Database) -> None:
    """Put the log of a replaced file aside, so that nobody reads it with the new file.

    The connection goes on reading it.

    Raises:
        StoreError: it could not be moved.
    """
    try:
        log_pair.set_aside(database.file)
    except OSError as error:
        raise StoreError(
            f"{database.file}-wal: it belongs to another file and could not be moved: "
            f"{error.strerror}; do not open the project before it is gone"
        ) from error


def save_to(database: Database, path: Path) -> None:
    """Save all that the connection sees to a new file.

    Raises:
        StoreError: the file exists already, or can't be written.
    """
    if path.exists():
        raise StoreError(f"{path}: the file exists already; choose another name")
    try:
        with built_beside(path) as part, closing(sqlite3.connect(part)) as target:
            log_pair.copy_database(database, target)
    except (OSError, sqlite3.Error) as error:
        why = reason(error) if isinstance(error, sqlite3.Error) else error.strerror
        raise StoreError(f"{path}: the project could not be saved there: {why}") from error


def _new_path(path: Path, identity: FileIdentity) -> Path | None:
    """Where the file is now: in the folder that it lay in, or wherever the system says."""
    with suppress(OSError):
        for other in path.absolute().parent.iterdir():
            if other.suffix == path.suffix and identity_of(other) == identity:
                return other
    with suppress(OSError):
        for number in _OPEN_FILES.iterdir():
            with suppress(OSError):
                named = Path(os.readlink(number))
                if named.is_absolute() and identity_of(named) == identity:
                    return named
    return None
