"""The lock file beside a project: who has it open in a window, where, and since when.

It keeps nobody out: SQLite's own locks protect the data. It lets the program warn a second person.
The file ``news.segmark-lock`` beside ``news.segmark`` holds one JSON object.
"""

import json
import os
import platform
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


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
        return self.is_here and not (_runs(self.process) and _began(self.process) == self.began)

    def __str__(self) -> str:
        since = datetime.fromisoformat(self.since).astimezone()
        where = "on this computer" if self.is_here else f"on {self.host}"
        return f"{self.annotator} {where} since {since:%d %B, %H:%M}"


class ProjectLock:
    """The lock file of a project, held by this process until it is released.

    Attributes:
        left_by: the holder whose file was taken over; None if there was none.
    """

    def __init__(self, project: Path, mine: Holder, left_by: Holder | None = None) -> None:
        self.project = project
        self.left_by = left_by
        self._path = lock_path(project)
        self._mine = mine

    def is_on(self, project: Path) -> bool:
        """Whether it is the lock of this project, by whichever path."""
        return lock_path(project) == self._path

    def release(self) -> None:
        """Remove the file, unless somebody else took it over."""
        if holder(self.project) == self._mine:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)


def lock_path(project: Path) -> Path:
    """The lock file of a project: beside the file itself, not beside a link to it."""
    return Path(f"{os.path.realpath(project)}-lock")


def holder(project: Path) -> Holder | None:
    """Who has the project open, still running or gone; None if there is no lock file."""
    try:
        found = json.loads(lock_path(project).read_text("utf-8"))
        datetime.fromisoformat(found["since"])
        return Holder(**found)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def take(project: Path, annotator: str, *, from_others: bool = False) -> ProjectLock | Holder:
    """Lock the project, or return who has locked it.

    The lock of a process on this computer that has ended is taken over; with ``from_others``, any
    lock is. If no file can be written, as on a full disk, the project is open without one.
    """
    process = os.getpid()
    since = datetime.now(UTC).isoformat(timespec="seconds")
    mine = Holder(annotator, platform.node(), process, _began(process), since)
    path = lock_path(project)
    new = Path(f"{path}.{process}")
    try:
        new.write_text(json.dumps(asdict(mine), ensure_ascii=False), "utf-8")
        there = None if _put(new, path) else holder(project)
        if there and not there.is_gone and not from_others:
            return there
        if new.exists():
            new.replace(path)
    except OSError:
        return ProjectLock(project, mine)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    return ProjectLock(project, mine, there)


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


def _runs(process: int) -> bool:
    if sys.platform == "win32":
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows only
    asked = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
    handle = kernel.OpenProcess(asked, False, process)
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)


def _began(process: int) -> str:
    """The boot and the time in it at which a process started, from Linux's proc(5)."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2]
        return f"{_BOOT.read_text('utf-8').strip()} {after_name.split()[19]}"
    except (OSError, IndexError):
        return ""
