"""Backups of a project: making, thinning out and listing them.

They are in the folder ``news.backups`` beside ``news.segmark``. A backup is a project file named
after the time (UTC) and the reason: ``news-2026-03-01-174500-daily.segmark``.
"""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from pathlib import Path

from segmark.store.errors import DamagedError, StoreError
from segmark.store.file.building import built_beside
from segmark.store.file.connection import connect, is_damage, reason
from segmark.store.file.log_pair import copy_database
from segmark.store.file.modes import folder_mode, make_folder, mode_for
from segmark.store.file.reading import connect_for_reading

#: The number of days and of weeks whose last daily backup is kept.
DAYS = 7
WEEKS = 4

_TIME = "%Y-%m-%d-%H%M%S"
_NAME = re.compile(r".*-(\d{4}-\d\d-\d\d-\d{6})-([a-z]+)(?:-\d+)?", re.DOTALL)


class Reason(StrEnum):
    """Why a backup was made; only daily backups are thinned out."""

    DAILY = "daily"
    ASKED = "asked"
    MIGRATION = "migration"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: its file, when it was made (UTC) and why."""

    path: Path
    made: datetime
    reason: Reason

    def is_dated_ahead(self, now: datetime) -> bool:
        """Whether it was made by a clock that is ahead of ``now``, so that its age is unknown."""
        return self.made > now


def backup_folder(project: Path) -> Path:
    """The folder of the backups of a project: beside the file itself, not beside a link to it."""
    return file_itself(project).with_suffix(".backups")


def file_itself(project: Path) -> Path:
    """The project file, also if ``project`` is a link to it."""
    return project.resolve() if project.is_symlink() else project


def list_backups(project: Path) -> list[Backup]:
    """The backups of a project, the newest first; last those whose date is in the future."""
    found = []
    for path in backup_folder(project).glob(f"*{project.suffix}"):
        named = _NAME.fullmatch(path.stem)
        if named and named[2] in set(Reason):
            made = datetime.strptime(named[1], _TIME).replace(tzinfo=UTC)
            found.append(Backup(path, made, Reason(named[2])))
    now = datetime.now(UTC)
    return sorted(
        found,
        key=lambda each: (not each.is_dated_ahead(now), each.made, each.path.name),
        reverse=True,
    )


def back_up(project: Path, why: Reason, now: datetime | None = None) -> Backup:
    """Back up a snapshot of a project, while others go on writing to it.

    The copy is checked, and gets its name only when it is complete and on the disk.

    Raises:
        StoreError: the disk is full, the folder can't be written, or the project is damaged.
    """
    made = now or datetime.now(UTC)
    folder = backup_folder(project)
    try:
        mode = mode_for(project)
        make_folder(folder, folder_mode(mode))
        path = free_name(folder, f"{project.stem}-{made.strftime(_TIME)}-{why}", project.suffix)
        with built_beside(path, mode=mode) as part:
            copy_whole(project, part)
    except OSError as error:
        raise StoreError(
            f"{project}: no backup could be made in {folder}: {error.strerror}; "
            "make room or allow writing there"
        ) from error
    except DamagedError:
        raise
    except sqlite3.Error as error:
        raise StoreError(f"{project}: no backup could be made: {reason(error)}") from error
    return Backup(path, made.replace(microsecond=0), why)


def back_up_daily(project: Path, now: datetime | None = None) -> Backup | None:
    """Make the daily backup if anything changed since the last one, and thin out older ones.

    Raises:
        StoreError: the backup failed.
    """
    moment = now or datetime.now(UTC)
    past = [backup for backup in list_backups(project) if not backup.is_dated_ahead(moment)]
    if past and past[0].made.date() == moment.date():
        return None
    last = _progress_of(past[0].path, "mode=ro&immutable=1") if past else []
    if last == _progress_of(project):
        return None
    made = back_up(project, Reason.DAILY, moment)
    for backup in superfluous([made, *past]):
        backup.path.unlink(missing_ok=True)
    return made


def superfluous(backups: Iterable[Backup]) -> list[Backup]:
    """The daily backups that need not be kept."""
    newest_first = sorted(backups, key=lambda backup: backup.made, reverse=True)
    daily = [backup for backup in newest_first if backup.reason is Reason.DAILY]
    last_of_day, last_of_week = dict[object, Backup](), dict[object, Backup]()
    for backup in daily:
        last_of_day.setdefault(backup.made.date(), backup)
        last_of_week.setdefault(backup.made.isocalendar()[:2], backup)
    kept = [*list(last_of_day.values())[:DAYS], *list(last_of_week.values())[:WEEKS]]
    return [backup for backup in daily if backup not in kept]


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A free name in the folder, with a number if the plain name is taken."""
    for number in count(1):
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}"
        if not path.exists():
            return path
    raise AssertionError("there is always another number")


def copy_whole(project: Path, part: Path) -> None:
    """Copy a snapshot of a project, and check the copy.

    Raises:
        DamagedError: part of it can't be read.
        sqlite3.Error, OSError: it can't be copied for another reason.
    """
    try:
        with (
            closing(connect_for_reading(project)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            copy_database(source, target)
            found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        if is_damage(error):
            raise DamagedError.of(project) from error
        raise
    if found != "ok":
        raise DamagedError.of(project)


def _progress_of(path: Path, mode: str = "mode=rw") -> list[tuple[object, ...]] | None:
    """How many pages and edits were ever added; None if that can't be read."""
    try:
        with connect(path, mode) as database:
            rows = database.execute(
                "SELECT name, seq FROM sqlite_sequence WHERE name IN ('edit', 'page') ORDER BY name"
            )
            return list(rows)
    except sqlite3.Error:
        return None
