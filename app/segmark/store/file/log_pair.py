"""Which project file a write-ahead log belongs to.

SQLite pairs a file with the log beside it by name alone. Where the file was replaced and the log
of the old one was left behind, by a crash or by a window that still runs, it would read the two
together, and damage the new file for good. So the first write of a session gives the file a
random token (its header's ``user_version``, bytes 60 to 63; https://www.sqlite.org/fileformat.html)
and ``news.segmark-pair`` keeps it beside the log. A log that is found with another token, or with
another file than the one it was written with, is set aside before SQLite sees it; a log that was
left under the old name of a renamed file is found again by its token.
"""

import json
import logging
import os
import sqlite3
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from segmark.store.file.identity import FileIdentity, identity_of
from segmark.store.file.modes import write_like

_log = logging.getLogger(__name__)
_TOKEN_AT = slice(60, 64)
_ENDINGS = ("-wal", "-shm", "-pair")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A file and its log as they were when the session began to write."""

    token: int
    file: FileIdentity | None
    log: FileIdentity | None


def prepare(project: Path) -> bool:
    """Set aside a log that is not this file's, and take up one that a rename left behind.

    Call it before SQLite opens the file, and never while this process has it open: on Unix, closing
    the file here would release the locks of its other connections. False where the log of another
    file could not be moved: then the file must be read without its log.
    """
    log = Path(f"{project}-wal")
    try:
        if not log.exists():
            _adopt(project)
            return True
        if not (log.stat().st_size and _is_foreign(project, log)):
            return True
    except OSError as error:
        _log.warning("cannot look at the log of %s: %s", project.name, error.strerror)
        return True
    try:
        set_aside(project)
    except OSError as error:
        _log.warning("cannot set aside the log of %s: %s", project.name, error.strerror)
        return False
    return True


def begin(database: sqlite3.Connection, project: Path) -> bool:
    """Give the file a token inside the first write transaction of its log; whether it did."""
    log = Path(f"{project}-wal")
    with suppress(OSError):
        if log.exists() and log.stat().st_size:
            return False
    database.execute(f"PRAGMA user_version = {_random_token()}")
    return True


def _random_token() -> int:
    """A number that no header has by chance: positive, in 31 bits."""
    return (int.from_bytes(os.urandom(4), "big") >> 1) or 1  # ``secrets`` is slow to import


def record(database: sqlite3.Connection, project: Path) -> None:
    """Bring the token from the log into the file, and write it down beside the log."""
    with suppress(sqlite3.Error, OSError):
        busy, frames, written = database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        token = database.execute("PRAGMA user_version").fetchone()[0]
        pair = Path(f"{project}-pair")
        if busy or frames != written:
            pair.unlink(missing_ok=True)  # a reader kept the token out of the file
            return
        kept = _Pair(token, identity_of(project), identity_of(Path(f"{project}-wal")))
        try:
            write_like(project, pair, json.dumps(asdict(kept)))
        except OSError:
            pair.unlink(missing_ok=True)
            raise


def copy_database(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy a snapshot of a project into an empty file, without its token: the copy has no log.

    It takes one step: one that lets go of the project in between would start again with each act
    of an annotator and never end.
    """
    source.backup(target, pages=-1)
    target.execute("PRAGMA user_version = 0")


def clean_up(project: Path) -> None:
    """Remove the token beside a log that is gone."""
    with suppress(OSError):
        if not Path(f"{project}-wal").exists():
            Path(f"{project}-pair").unlink(missing_ok=True)


def remove_files(project: Path) -> None:
    """Remove the log and all that belongs to it."""
    for ending in _ENDINGS:
        with suppress(OSError):
            Path(f"{project}{ending}").unlink(missing_ok=True)


def set_aside(project: Path) -> Path | None:
    """Give the log of another file a name of its own, and return it; None without a log."""
    log = Path(f"{project}-wal")
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = Path(f"{project}-log-of-another-file-{moment}")
    try:
        log.rename(aside)
    except FileNotFoundError:
        return None
    for ending in _ENDINGS[1:]:
        Path(f"{project}{ending}").unlink(missing_ok=True)
    _log.warning("the log beside a project was another file's; it is kept as %s", aside.name)
    return aside


def token_of(project: Path) -> int:
    """The token in the header of a file that this process does not have open."""
    with project.open("rb") as file:
        return int.from_bytes(file.read(100)[_TOKEN_AT], "big")


def _read(project: Path) -> _Pair | None:
    try:
        kept = json.loads(Path(f"{project}-pair").read_text("utf-8"))
        file, log = (kept[name] and FileIdentity(**kept[name]) for name in ("file", "log"))
        return _Pair(int(kept["token"]), file, log)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _is_foreign(project: Path, log: Path) -> bool:
    pair = _read(project)
    if pair is None:
        return False
    # Copied together, both are other files than they were; replaced, only one of them is.
    replaced = identity_of(log) == pair.log and identity_of(project) != pair.file
    return replaced or token_of(project) != pair.token


def _adopt(project: Path) -> None:
    """Take up the log that was left under another name when this file was renamed."""
    token = None
    for pair_file in project.absolute().parent.glob(f"*{project.suffix}-pair"):
        old = Path(str(pair_file).removesuffix("-pair"))
        log = Path(f"{old}-wal")
        if old.exists() or not log.exists():
            continue
        token = token_of(project) if token is None else token
        pair = _read(old)
        if pair and pair.token == token and identity_of(project) == pair.file:
            log.rename(f"{project}-wal")
            remove_files(old)
            return
