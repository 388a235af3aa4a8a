"""Connections that only read a project, which can't or must not be written."""

import os
import shutil
import sqlite3
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from segmark.store.errors import StoreError
from segmark.store.file.connection import (
    BUSY_SECONDS,
    Database,
    closed_on_error,
    connect,
    forbids_writing,
)

_LEAST_ROOM = 1 << 18  # bytes; SQLite makes two files beside a project that is open
_EFFECTIVE = os.access in os.supports_effective_ids


def may_read(path: Path) -> bool:
    """Whether this user may read a file or folder."""
    return os.access(path, os.R_OK, effective_ids=_EFFECTIVE)


def write_problem(path: Path) -> str:
    """Why a project can't be written, in a few words; "" if no reason is known.

    SQLite writes a log beside the file, so the folder must be writable as well.
    """
    if path.exists() and not os.access(path, os.W_OK, effective_ids=_EFFECTIVE):
        return "the file is read-only"
    if not os.access(path.absolute().parent, os.W_OK, effective_ids=_EFFECTIVE):
        return "the folder of the file is read-only"
    return ""


def disk_problem(path: Path) -> str:
    """Why the disk of a project can't be written although the file can, in a few words."""
    with suppress(OSError):
        if shutil.disk_usage(path.absolute().parent).free < _LEAST_ROOM:
            return "the disk is full; make room and open it again"
    return "the disk can't be written"


def can_write(database: Database) -> bool:
    """Whether the connection can write; does not wait for other transactions."""
    try:
        database.execute("PRAGMA busy_timeout = 0")
        database.execute("BEGIN IMMEDIATE")
        database.execute("ROLLBACK")
    except sqlite3.Error as error:
        return not forbids_writing(error)
    finally:
        database.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    return True


def connect_for_reading(path: Path) -> Database:
    """Connect for reading to a file of any version, however damaged.

    Raises:
        sqlite3.Error: SQLite does not recognise the file.
        StoreError: no copy could be made.
    """
    database = connect_as_is(path)
    if database is None:
        database = connect_to_copy(Copy(path))
    return database


def connect_as_is(path: Path) -> Database | None:
    """Connect for reading to the file itself; None if only a copy of it can be read."""
    log = Path(f"{path}-wal")
    if not log.exists() and not write_problem(path):
        # One that may write removes its log when closed; query_only keeps it to reading.
        database = connect(path)
        database.execute("PRAGMA query_only = ON")
        return _checked(database)
    try:
        return _checked(connect(path, "mode=ro"))
    except sqlite3.Error as error:
        if not forbids_writing(error) or not may_read(path):
            raise
    if log.exists() and log.stat().st_size:
        return None
    return _checked(connect(path, "mode=ro&immutable=1"))


def _checked(database: Database) -> Database:
    with closed_on_error(database):
        database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return database


class Copy:
    """A temporary copy of a project file and its log, deleted with this object.

    Attributes:
        original: the project file.
        path: the copy.
    """

    def __init__(self, original: Path) -> None:
        """Make the copy.

        Raises:
            StoreError: it could not be made.
        """
        folder = Path(tempfile.mkdtemp(prefix="segmark-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.original, self.path = original, folder / original.name
        try:
            for ending in ("", "-wal"):
                if Path(f"{original}{ending}").exists():
                    shutil.copyfile(f"{original}{ending}", f"{self.path}{ending}")
        except OSError as error:
            raise StoreError(
                f"{original}: no copy for reading could be made: {error.strerror}"
            ) from error


def connect_to_copy(copy: Copy) -> Database:
    """Connect to a copy, which is kept as long as the connection; errors name the original.

    Raises:
        sqlite3.Error: SQLite does not recognise the file.
    """
    database = connect(copy.path)
    database.path, database.held, database.identity = copy.original, copy, None
    return database
