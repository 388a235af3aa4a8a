"""Going back to a backup: the differences, and restoring it.

Both files are compared in SQL, over ``ATTACH``.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from segmark.store.errors import DamagedError, ForeignSchemaError, InUseError, StoreError
from segmark.store.file import lock, log_pair
from segmark.store.file.backup import Reason, back_up, copy_whole, file_itself, free_name
from segmark.store.file.building import built_beside
from segmark.store.file.connection import Database, connect, is_busy, reason
from segmark.store.file.project_file import refuse_foreign
from segmark.store.file.reading import connect_for_reading

_EXAMPLES = 5

# One row for each page and annotator, the same in both files if nothing was labelled. A person is
# the same by ``{who}``: the id, or the name where one of the files is older than ids.
_WORK = """SELECT page.id, annotator.{who} AS who, status, flagged, note, (
        SELECT group_concat(spot) FROM (
            SELECT "start" || '-' || "end" || label AS spot FROM {file}.span AS span
            WHERE span.page = annotation.page AND span.annotator = annotation.annotator
            ORDER BY "start"))
    FROM {file}.annotation AS annotation
        JOIN {file}.page AS page ON page.number = annotation.page
        JOIN {file}.annotator AS annotator ON annotator.number = annotation.annotator"""

_PEOPLE = """SELECT {who}, {name},
        (SELECT count(*) FROM {file}.span AS span WHERE annotator = annotator.number),
        (SELECT count(*) FROM {file}.annotation AS a
            WHERE a.annotator = annotator.number AND status = 'done')
    FROM {file}.annotator AS annotator"""

# The name of a person; of one who was joined into another person, that of the other.
_SHOWN_NAME = """coalesce(
        (SELECT name FROM {file}.annotator AS other WHERE other.number = annotator.joined), name)"""


@dataclass(frozen=True, slots=True)
class _Work:
    """What a person did in one of the files; no name if the file does not have the person."""

    name: str = ""
    spans: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class WorkDifference:
    """The spans and done pages of an annotator, in the project and in the backup.

    Attributes:
        annotator: the name in the project; that in the backup if the project lacks the person.
        spans_now, spans_then: spans in the project, and in the backup.
        done_now, done_then: done pages in the project, and in the backup.
        name_then: the name in the backup, if it is another one.
    """

    annotator: str
    spans_now: int
    spans_then: int
    done_now: int
    done_then: int
    name_then: str = ""

    def __str__(self) -> str:
        named = f" ({self.name_then} in the backup)" if self.name_then else ""
        return (
            f"{self.annotator}{named}: {self.spans_now:,} spans and {self.done_now:,} done pages "
            f"now, {self.spans_then:,} and {self.done_then:,} in the backup."
        )


@dataclass(frozen=True, slots=True)
class Differences:
    """The changes that going back to a backup would make.

    Attributes:
        problem: why the present project can't be compared; "" if it can.
        pages_now, pages_then: pages in the project, and in the backup.
        pages_lost: pages that are not in the backup.
        pages_back: pages that are only in the backup.
        changed: annotations that differ.
        examples: titles of some pages that would change or be lost.
        work: the differences of each annotator, by name.
    """

    problem: str
    pages_now: int
    pages_then: int
    pages_lost: int
    pages_back: int
    changed: int
    examples: tuple[str, ...]
    work: tuple[WorkDifference, ...]

    @property
    def none(self) -> bool:
        """Whether project and backup are the same."""
        changes = self.pages_lost or self.pages_back or self.changed
        return not (self.problem or changes or any(one.name_then for one in self.work))

    def lines(self) -> list[str]:
        """The differences in plain lines."""
        if self.none:
            return ["The project is the same as the backup."]
        lines = [f"The present project can't be read: {self.problem}."] if self.problem else []
        lines.append(f"Pages: {self.pages_now:,} now, {self.pages_then:,} in the backup.")
        if self.pages_lost:
            lines.append(f"{self.pages_lost:,} pages are not in the backup and would be lost.")
        if self.pages_back:
            lines.append(f"{self.pages_back:,} pages are only in the backup and would come back.")
        if self.changed:
            lines.append(f"The labels or the status of {self.changed:,} pages would change.")
        lines += map(str, self.work)
        return lines + [f"For example: {title}" for title in self.examples]


def differences(project: Path, backup: Path) -> Differences:
    """The changes that going back to the backup would make.

    Raises:
        StoreError: the backup can't be read.
    """
    problem = ""
    try:
        with closing(connect_for_reading(backup)) as then:
            refuse_foreign(then, backup)
            pages_then = _count_pages(then, "main")
            people_then = _people(then, "main", by_id=_has_ids(then, "main"))
            address = then.address
            try:
                with closing(connect_for_reading(project)) as both:
                    refuse_foreign(both, project)
                    both.execute("ATTACH ? AS old", [address])
                    both.execute("BEGIN")  # reads a snapshot: others can go on labelling
                    return _compared(both, pages_then)
            except sqlite3.Error as error:
                problem = reason(error)
            except ForeignSchemaError as error:
                problem = error.found
    except sqlite3.Error as error:
        raise StoreError(f"{backup}: the backup can't be read: {reason(error)}") from error
    work = tuple(_difference(_Work(), then) for then in people_then.values())
    return Differences(problem, 0, pages_then, 0, pages_then, 0, (), work)


def _count_pages(database: Database, file: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {file}.page").fetchone()[0])


def _has_ids(database: Database, file: str) -> bool:
    """Whether people of a file have ids, as in every file since 0.2."""
    columns = database.execute("SELECT name FROM pragma_table_info('annotator', ?)", [file])
    return ("id",) in columns.fetchall()


def _people(database: Database, file: str, *, by_id: bool) -> dict[str, _Work]:
    name = _SHOWN_NAME.format(file=file) if by_id else "name"
    query = _PEOPLE.format(file=file, who="id" if by_id else "name", name=name)
    return {who: _Work(name, spans, done) for who, name, spans, done in database.execute(query)}


def _difference(now: _Work, then: _Work) -> WorkDifference:
    renamed = now.name and then.name and now.name != then.name
    return WorkDifference(
        now.name or then.name, now.spans, then.spans, now.done, then.done,
        then.name if renamed else "",
    )  # fmt: skip


def _compared(both: Database, pages_then: int) -> Differences:
    by_id = _has_ids(both, "main") and _has_ids(both, "old")
    people_now, people_then = (_people(both, file, by_id=by_id) for file in ("main", "old"))
    pages_now = _count_pages(both, "main")
    only = "SELECT count(*) FROM {a}.page WHERE id NOT IN (SELECT id FROM {b}.page)"
    lost = both.execute(only.format(a="main", b="old")).fetchone()[0]
    back = both.execute(only.format(a="old", b="main")).fetchone()[0]
    who = "id" if by_id else "name"
    now, then = _WORK.format(file="main", who=who), _WORK.format(file="old", who=who)
    differing = f"""SELECT DISTINCT id, who FROM (
        SELECT * FROM ({now} EXCEPT {then}) UNION ALL SELECT * FROM ({then} EXCEPT {now}))"""
    changed = both.execute(f"SELECT count(*) FROM ({differing})").fetchone()[0]
    titles = both.execute(
        f"""SELECT coalesce(nullif(title, ''), first_line) FROM main.page
        WHERE id IN (SELECT id FROM ({differing})) OR id NOT IN (SELECT id FROM old.page)
        ORDER BY number LIMIT {_EXAMPLES}"""
    ).fetchall()
    found = (
        _difference(people_now.get(one, _Work()), people_then.get(one, _Work()))
        for one in people_now.keys() | people_then.keys()
    )
    work = tuple(sorted(found, key=lambda one: one.annotator))
    examples = tuple(title for (title,) in titles)
    return Differences("", pages_now, pages_then, lost, back, changed, examples, work)


def restore(project: Path, backup: Path) -> Path | None:
    """Replace the project with a backup, and keep the project as a backup itself.

    A damaged project is moved aside unchanged. Returns the file that the earlier project is kept
    in, or None if there was none.

    Raises:
        InUseError: a window or a program has the project open.
        StoreError: the disk is full, the folder can't be written, or the backup is damaged.
    """
    who = lock.holder(project)
    if who and not who.is_gone:
        raise InUseError(f"{project}: {who} has the project open; close it there first")
    place = file_itself(project)
    try:
        with built_beside(place, replaces=True) as part:
            _bring(backup, part)
            kept = _put_aside(place)
    except OSError as error:
        raise StoreError(
            f"{project}: it can't be restored: {error.strerror}; nothing was changed"
        ) from error
    return kept


def _bring(backup: Path, part: Path) -> None:
    """Copy the backup, with its own log if somebody worked in it, and check the copy."""
    try:
        copy_whole(backup, part)
    except DamagedError as error:
        raise StoreError(f"{backup}: the backup is damaged; choose another one") from error
    except sqlite3.Error as error:
        raise StoreError(f"{backup}: it can't be restored: {reason(error)}") from error


def _put_aside(project: Path) -> Path | None:
    """Make room: the present project becomes a backup, or is moved aside if it is damaged."""
    if not project.exists():
        return None
    try:
        with connect(project) as database:
            # Fails if any other connection is open, and leaves no write-ahead log behind.
            database.execute("PRAGMA busy_timeout = 0")
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
        kept = back_up(project, Reason.RESTORE).path
    except DamagedError:
        return _moved_aside(project)
    except sqlite3.Error as error:
        if is_busy(error):
            raise InUseError(
                f"{project}: another window or program has the project open; close it first"
            ) from error
        raise StoreError(f"{project}: it can't be restored: {reason(error)}") from error
    log_pair.remove_files(project)
    return kept


def _moved_aside(project: Path) -> Path:
    """Rename a damaged project and the files of SQLite beside it to a free name."""
    aside = free_name(project.parent, f"{project.stem}-damaged", project.suffix)
    for ending in ("-wal", "-shm", "-pair", ""):
        if Path(f"{project}{ending}").exists():
            Path(f"{project}{ending}").replace(f"{aside}{ending}")
    return aside
