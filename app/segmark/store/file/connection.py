"""Connections to a project file, and the one function for writing to it."""

import logging
import os
import sqlite3
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from segmark.store.errors import DamagedError, DisplacedError
from segmark.store.file import log_pair
from segmark.store.file.identity import FileIdentity, identity_of

_log = logging.getLogger(__name__)

# Words of SQLite's messages, and what they mean to users.
_BUSY = "another window or program is writing to the project; try again"
_REASONS = (
    ("full", "the disk is full; everything saved before is kept; make room and try again"),
    ("disk I/O", "the disk is full or failing; everything saved before is kept; check the disk"),
    ("locked", _BUSY),
    ("busy", _BUSY),
    ("readonly", "the file or its folder is read-only; allow writing there, or work on a copy"),
    ("unable to open", "you may not read or write the file; change its permissions"),
    ("not a database", "the file is not a project; choose another one, or a backup"),
    ("malformed", "the file is damaged; go back to a backup"),
)

#: How long a connection waits for the transaction of another one to end.
BUSY_SECONDS = 5.0


# How many connections of this process have a file open under a name.
_open_here: Counter[tuple[Path, FileIdentity | None]] = Counter()
_opening = threading.RLock()

# Words of the messages of SQLite and Python about a damaged file.
_DAMAGED = ("malformed", "not a database", "decode to UTF-8", "no such table", "no such column")

# The longest time at work: a hundred years, in seconds.
_LONGEST = 3.2e9

# What Python raises where a crafted file holds other values than the program writes.
_ODD_CONTENT = (
    ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError,
)  # fmt: skip


class Database(sqlite3.Connection):
    """A connection to a project file; as a context manager it closes itself at the end.

    Reading a damaged part of the file raises ``DamagedError``.

    Attributes:
        path: the file, or the original if this is a copy.
        address: what SQLite opened.
        held: an object that must live as long as the connection, such as the copy that it reads.
        identity: the file that is open; None where that does not matter, as it is only read.
        file: the file itself, where ``path`` is a link to it.
        opened: the file whose open connections count this one; None once it is closed.
    """

    path: Path
    address: str
    held: object = None
    file: Path
    identity: FileIdentity | None = None
    opened: tuple[Path, FileIdentity | None] | None = None
    _paired: bool = False

    @property
    def is_in_place(self) -> bool:
        """Whether the path still names the file that is open."""
        return self.identity is None or self.identity.is_at(self.path)

    @property
    def version(self) -> tuple[int, int]:
        """The version of the content: two numbers that stay the same while nobody writes.

        The first changes when another connection commits (``PRAGMA data_version``; see
        https://www.sqlite.org/pragma.html), the second when this one writes a row.
        """
        return self.execute("PRAGMA data_version").fetchone()[0], self.total_changes

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401
        """Run a statement and return the cursor of its rows."""
        # ``cursor`` forgets cursors that are gone; calling the class would keep each one for ever.
        return self.cursor(_Cursor).execute(sql, parameters)

    def query(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> Iterator[dict[str, Any]]:
        """The rows of a statement as dictionaries, by column.

        Like ``query`` of sqlite-utils, but without importing it, for hot paths and figures.
        """
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
        with _opening:
            opened, self.opened = self.opened, None
            if opened:
                _open_here[opened] -= 1
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
    """Raises ``DamagedError`` if the file is damaged."""

    def execute(self, sql: str, parameters: Any = (), /) -> "_Cursor":  # noqa: ANN401
        try:
            super().execute(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error
        return self

    def fetchone(self) -> Any:  # noqa: ANN401
        try:
            return super().fetchone()
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def __next__(self) -> Any:  # noqa: ANN401
        try:
            return super().__next__()
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def _translated(self, error: sqlite3.DatabaseError) -> sqlite3.DatabaseError:
        path = getattr(self.connection, "path", None)
        self.close()  # the error holds on to the cursor, and so to the file and its locks
        return DamagedError.of(path) if path and is_damage(error) else error


def connect(path: Path, mode: str = "mode=rw") -> Database:
    """Connect to an existing file, for one thread, in autocommit mode.

    ``mode`` is the query of SQLite's address: ``mode=ro`` to read only, ``mode=ro&immutable=1`` for
    a file that nobody can write to.

    Raises:
        sqlite3.Error: the file can't be opened.
    """
    file = Path(os.path.realpath(path))
    with _opening:
        before = identity_of(path)
        place = (file, before)
        # To look into a file that is open would release its locks: see ``log_pair.prepare``.
        if not _open_here[place] and not log_pair.prepare(file):
            mode = "mode=ro&immutable=1"
        address = f"file:{quote(os.fsencode(path.absolute()))}?{mode}"
        database = sqlite3.connect(
            address, timeout=BUSY_SECONDS, isolation_level=None, factory=Database, uri=True
        )
        database.path, database.file, database.address = path, file, address
        database.opened = place
        _open_here[place] += 1
    try:
        database.execute("PRAGMA trusted_schema = OFF")  # it can come from a stranger
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
    """Close the connection if the block fails."""
    try:
        yield database
    except BaseException:
        database.close()
        raise


@contextmanager
def write(database: Database) -> Iterator[None]:
    """A write transaction: all or nothing.

    It takes the write lock at once: a transaction that reads first fails at its first write if
    another connection wrote in between, however long the timeout.
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
    """Raise ``DamagedError`` if the content of the file is not what the program wrote."""
    try:
        yield
    except (*_ODD_CONTENT, zlib.error, StopIteration) as error:
        raise DamagedError.of(database.path) from error


def stored_seconds(value: object) -> float:
    """The time at work on a page, in seconds, from the value that the tables keep.

    Raises:
        ValueError: this program did not write it: it is no number, negative, or beyond any life.
    """
    if isinstance(value, (int, float)) and 0 <= value <= _LONGEST:
        return float(value)
    raise ValueError(f"{value!r} is no time at work")


def reason(error: sqlite3.Error) -> str:
    """The meaning of an SQLite error for the user, and what to do."""
    # The message of a DamagedError is a whole line; here it becomes part of one.
    found = (error.__cause__ or "malformed") if isinstance(error, DamagedError) else error
    message = str(found)
    return next((meaning for sign, meaning in _REASONS if sign in message), message)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is damaged."""
    return isinstance(error, DamagedError) or any(sign in str(error) for sign in _DAMAGED)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection holds a lock."""
    return any(sign in str(error) for sign in ("locked", "busy"))


def forbids_writing(error: sqlite3.Error) -> bool:
    """Whether permissions are missing, or space for the log, to open or write the file."""
    message = str(error)
    return any(sign in message for sign in ("readonly", "unable to open", "disk I/O"))


def sqlite_settings(path: Path) -> list[tuple[str, str]]:
    """SQLite's version and the settings in force for a project, as name and value."""
    with connect(path) as database:
        names = ("journal_mode", "synchronous", "foreign_keys", "page_size", "mmap_size")
        found = [(name, database.execute(f"PRAGMA {name}").fetchone()) for name in names]
    settings = [(f"SQLite {name}", str(row[0]) if row else "") for name, row in found]
    return [("SQLite", sqlite3.sqlite_version), *settings]
