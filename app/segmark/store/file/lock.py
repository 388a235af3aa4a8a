"""The lock file beside a project: who has it open in a window, where, and since when.

It keeps nobody out: SQLite's own locks protect the data. It lets the program warn a second person.
The file ``news.segmark-lock`` beside ``news.segmark`` holds one JSON object. A file that holds
anything else is no lock: it is replaced, and ``ProjectLock.problem`` says so.
"""

import json
import logging
import os
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Any

from segmark.store.file.identity import other_names, same_file
from segmark.store.file.modes import write_like
from segmark.store.file.processes import process_began, process_runs

_log = logging.getLogger(__name__)
_MOST = 4_096  # bytes of a lock file; it has about 200
_LAST_PROCESS = 0xFFFF_FFFF  # process numbers have 32 bits at most
_EARLIEST, _LATEST = 1970, 9998  # years that each system can show in each time zone


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a project open.

    Attributes:
        annotator: the name of the annotator.
        host: the name of the computer.
        process: the process number on that computer.
        began: distinguishes the process from a later one with its number; "" if unknown.
        since: in UTC, in the ISO 8601 format.
    """

    annotator: str
    host: str
    process: int
    began: str
    since: str

    @property
    def is_here(self) -> bool:
        """Whether it is a process on this computer."""
        return self.host == platform.node()

    @property
    def is_gone(self) -> bool:
        """Whether it was a process on this computer that has ended."""
        runs = self.is_here and process_runs(self.process)
        return self.is_here and not (runs and process_began(self.process) == self.began)

    def __str__(self) -> str:
        since = datetime.fromisoformat(self.since).astimezone()
        where = "on this computer" if self.is_here else f"on {self.host}"
        return f"{self.annotator} {where} since {since:%d %B, %H:%M}"


class ProjectLock:
    """The lock file of a project, held by this process until it is released.

    Attributes:
        left_by: the holder whose file was taken over; None if there was none.
        problem: why the file that was there could not be read, as a sentence; "" if it could.
    """

    def __init__(
        self, project: Path, mine: Holder, left_by: Holder | None = None, problem: str = ""
    ) -> None:
        self.project = project
        self.left_by = left_by
        self.problem = problem
        self._path = lock_path(project)
        self._mine = mine

    def is_on(self, project: Path) -> bool:
        """Whether it is the lock of this project, by whichever path or name."""
        return lock_path(project) == self._path or same_file(project, self.project)

    def release(self) -> None:
        """Remove the file, unless somebody else took it over."""
        if holder(self.project) == self._mine:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)


def lock_path(project: Path) -> Path:
    """The lock file of a project: beside the file itself, not beside a link to it."""
    return Path(f"{os.path.realpath(project)}-lock")


def holder(project: Path) -> Holder | None:
    """Who has the project open, still running or gone; None if there is no lock.

    A file can have several names (hard links, or upper and lower case): all of them that are in
    its folder count.
    """
    found = [_read(lock_path(name)) for name in (project, *other_names(project))]
    held = [each for each in found if each]
    return next((each for each in held if not each.is_gone), held[0] if held else None)


def _read(path: Path) -> Holder | None:
    """The holder in a lock file; None if there is no such file, or it is no lock."""
    try:
        # A pipe or a device would block, or never end.
        if not S_ISREG(path.stat().st_mode) or path.stat().st_size > _MOST:
            return None
        return _holder_of(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


def _holder_of(found: dict[str, Any]) -> Holder:
    """The holder that this JSON describes.

    Raises:
        ValueError, TypeError, OverflowError: it describes none.
    """
    made = Holder(**found)
    texts = made.annotator, made.host, made.began, made.since
    if not all(isinstance(text, str) for text in texts) or type(made.process) is not int:
        raise TypeError("a field of the lock file has the wrong type")
    since = datetime.fromisoformat(made.since)
    possible = _EARLIEST <= since.year <= _LATEST and 0 < made.process <= _LAST_PROCESS
    if since.tzinfo is None or not possible:
        raise ValueError("a field of the lock file is out of range")
    return made


def take(project: Path, annotator: str, *, from_others: bool = False) -> ProjectLock | Holder:
    """Lock the project, or return who has locked it.

    The lock of a process on this computer that has ended is taken over; with ``from_others``, any
    lock is. If no file can be written, as on a full disk, the project is open without one.
    """
    process = os.getpid()
    since = datetime.now(UTC).isoformat(timespec="seconds")
    mine = Holder(annotator, platform.node(), process, process_began(process), since)
    path = lock_path(project)
    new = Path(f"{path}.{process}")
    problem = ""
    try:
        write_like(project, new, json.dumps(asdict(mine), ensure_ascii=False))
        there = holder(project)
        if there and not there.is_gone and not from_others:
            return there
        if not _put(new, path):
            there = holder(project)  # somebody may have been faster
            if there and not there.is_gone and not from_others:
                return there
            problem = "" if _read(path) else _unreadable(path)
            new.replace(path)
    except OSError:
        return ProjectLock(project, mine, problem=problem)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    return ProjectLock(project, mine, there, problem)


def _unreadable(path: Path) -> str:
    _log.warning("the lock file %s can't be read", path.name)
    return (
        f"The lock file {path.name} could not be read, so nobody can tell whether another window "
        "has the project open. If none has, continue."
    )


def _put(new: Path, path: Path) -> bool:
    """Give the file its name in one step, unless the name is taken."""
    try:
        os.link(new, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        new.rename(path)
        return True
    new.unlink()
    return True
