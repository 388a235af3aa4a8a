"""Connections to a project file, and the one door for writing to it."""

import logging
import os
import sqlite3
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from segmark.store.errors import DamagedError, DisplacedError
from segmark.store.file import log_pair
from segmark.store.file.identity import FileIdentity, identity_of

_log = logging.getLogger(__name__)

# Words of SQLite's messages, and what they mean to people.
_BUSY = "another window or program is writing to the project; do it again"
_REASONS = (
    ("full", "the disk is full; all that was done before is kept; make room and do it again"),
    ("disk I/O", "the disk is full or failing; all that was done before is kept; look after it"),
    ("locked", _BUSY),
    ("busy", _BUSY),
    ("readonly", "the file or its folder is read-only; allow writing there, or work on a copy"),
    ("unable to open", "you may not read or write the file; change its permissions"),
    ("not a database", "the file is no project; choose another one, or a backup copy"),
    ("malformed", "the file is damaged; go back to a backup copy"),
)

#: How long a connection waits for another one's transaction to end.
BUSY_SECONDS = 5.0


# Words of the messages that SQLite and Python have for a damaged file.
_DAMAGED = ("malformed", "not a database", "decode to UTF-8", "no such table", "no such column")


class Database(sqlite3.Connection):
    """A connection to a project file; as a context manager it closes itself in the end.

    What can't be read because the file is damaged raises ``DamagedError``, whoever reads it.

    Attributes:
        path: the file, or the one that it is a copy of.
        address: what SQLite opened.
        held: what is to last as long as the connection, such as the copy that it reads.
        identity: the file that is open; None where that does not matter, as it is only read.
        file: the file itself, where ``path`` is a link to it.
    """

    path: Path
    address: str
    held: object = None
    file: Path
    identity: FileIdentity | None = None
    _paired: bool = False

    @property
    def is_in_place(self) -> bool:
        """Whether the path still names the file that is open."""
        return self.identity is None or self.identity.is_at(self.path)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401
        """Run a statement; its rows are read from the cursor."""
        # By ``cursor``, which forgets those that are gone; the class alone remembers each for ever.
        return self.cursor(_Cursor).execute(sql, parameters)

    def query(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[dict[str, Any]]:
        """The rows that a statement gives, each as a dictionary by the names of its columns."""
        cursor = self.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    def pair_with_log(self) -> bool:
        """Mark the file for its log, inside the first transaction; whether ``record`` is due."""
        if self._paired or not self.identity:
            return False
        self._paired = True
        return log_pair.begin(self, self.file)

    def close(self) -> None:
        """Close the connection; the last one to close removes the log and what belongs to it."""
        super().close()
        if self.identity:
            log_pair.clean_up(self.file)

    def __exit__(  # type: ignore[override]
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Cursor(sqlite3.Cursor):
    """Says of a damaged file that it is one."""

    def execute(self, sql: str, parameters: Any = (), /) -> "_Cursor":  # noqa: ANN401
        try:
            super().execute(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise self._meant(error) from error
        return self

    def fetchone(self) -> Any:  # noqa: ANN401
        try:
            return super().fetchone()
        except sqlite3.DatabaseError as error:
            raise self._meant(error) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.DatabaseError as error:
            raise self._meant(error) from error

    def __next__(self) -> Any:  # noqa: ANN401
        try:
            return super().__next__()
        except sqlite3.DatabaseError as error:
            raise self._meant(error) from error

    def _meant(self, error: sqlite3.DatabaseError) -> sqlite3.DatabaseError:
        path = getattr(self.connection, "path", None)
        self.close()  # the error holds on to the cursor, and so to the file and its locks
        return DamagedError.of(path) if path and is_damage(error) else error


def connect(path: Path, mode: str = "mode=rw") -> Database:
    """A connection for one thread, in autocommit, to a file that is there.

    ``mode`` is the query of SQLite's address: ``mode=ro`` to read only, ``mode=ro&immutable=1`` for
    a file that nobody can write to.

    Raises:
        sqlite3.Error: the file can't be opened.
    """
    file = Path(os.path.realpath(path))
    if not log_pair.prepare(file):
        mode = "mode=ro&immutable=1"
    address = f"file:{quote(os.fsencode(path.absolute()))}?{mode}"
    before = identity_of(path)
    database = sqlite3.connect(
        address, timeout=BUSY_SECONDS, isolation_level=None, factory=Database, uri=True
    )
    database.path, database.file, database.address = path, file, address
    try:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA synchronous = FULL")  # a label survives a power cut
    except UnicodeDecodeError as error:  # of a message that quotes a damaged table
        database.close()
        raise sqlite3.DatabaseError("malformed database schema") from error
    if mode == "mode=rw":
        database.identity = before
    return database


@contextmanager
def closed_on_error(database: Database) -> Iterator[Database]:
    """Close the connection when what is done with it fails."""
    try:
        yield database
    except BaseException:
        database.close()
        raise


@contextmanager
def write(database: Database) -> Iterator[None]:
    """A write transaction; all of it is stored, or nothing.

    It takes the write lock at once: a transaction that read first would fail at its first write
    if another connection wrote in between, however long the timeout.
    """
    began = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    try:
        if not database.is_in_place:
            raise DisplacedError(database.path)
        new_log = database.pair_with_log()
        yield
        database.execute("COMMIT")
        _log.debug("transaction committed after %.1f ms", (time.perf_counter() - began) * 1000)
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    if new_log:
        log_pair.record(database, database.file)


@contextmanager
def read_by(database: Database) -> Iterator[None]:
    """Say that the file is damaged where what it holds is none of the program's own."""
    try:
        yield
    except (ValueError, TypeError, zlib.error, StopIteration) as error:
        raise DamagedError.of(database.path) from error


def reason(error: sqlite3.Error) -> str:
    """What SQLite's message means to a person, and what to do."""
    # Of a damaged file the words are wanted that stand in a sentence, not its own whole line.
    found = (error.__cause__ or "malformed") if isinstance(error, DamagedError) else error
    message = str(found)
    return next((told for sign, told in _REASONS if sign in message), message)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is damaged."""
    return isinstance(error, DamagedError) or any(sign in str(error) for sign in _DAMAGED)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection was in the way."""
    return any(sign in str(error) for sign in ("locked", "busy"))


def forbids_writing(error: sqlite3.Error) -> bool:
    """Whether a file could not be opened or written for want of a right, or of room for its log."""
    message = str(error)
    return any(sign in message for sign in ("readonly", "unable to open", "disk I/O"))


def sqlite_settings(path: Path) -> list[tuple[str, str]]:
    """SQLite's version and the settings in force for a project, as name and value."""
    with connect(path) as database:
        names = ("journal_mode", "synchronous", "foreign_keys", "page_size", "mmap_size")
        found = [(name, database.execute(f"PRAGMA {name}").fetchone()) for name in names]
    told = [(f"SQLite {name}", str(row[0]) if row else "") for name, row in found]
    return [("SQLite", sqlite3.sqlite_version), *told]
