"""Checking a project: whether all of it is there, and is what was stored.

SQLite's own check misses most damage to the content of a project. So every text is compared with
its checksum, every source is unpacked, every annotation is compared with the replay of its log,
every link to an earlier version is followed, and every counter is compared with a count. The check
reads a snapshot: others can go on labelling.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from segmark.core.label import LabelSetError
from segmark.core.page_change import PageField
from segmark.core.progress import Progress
from segmark.core.span import faults
from segmark.core.text.normalise import sha256_of
from segmark.store.annotation_rows import edits_of, read_annotation
from segmark.store.errors import StoreError
from segmark.store.file import older
from segmark.store.file.connection import Database, reason, stored_seconds
from segmark.store.file.known_schema import deviations
from segmark.store.file.label_rows import read_labels
from segmark.store.file.project_file import expect_file
from segmark.store.file.reading import connect_for_reading
from segmark.store.file.tables import tables
from segmark.store.guideline import Guideline, ItemKey
from segmark.store.page_changes import pages_of
from segmark.store.pages import first_line
from segmark.store.people.people import WORKED_ON, People, alike_words
from segmark.store.safety.replay import Replay, out_of_turn

_STEPS = 1_000  # of SQLite's virtual machine, between two calls of ``progress``
_STOPPED = "The rest was not checked: what stands in the place of a table can't be trusted."
_AT_ONCE = 10_000  # rows that are read together
_MOST = 20  # lines of a report about one kind of damage

#: The progress of a check has so many parts for each of its steps, and so many in all.
PARTS = 100
ALL_PARTS = 10 * PARTS

#: The column that holds the time of a row, by table.
TIMES = {"page": "loaded_at", "annotation": "changed_at", "edit": "made_at"}

_COUNTS = {
    "the number of pages": """SELECT (SELECT value FROM counter WHERE name = 'pages'),
        (SELECT count(*) FROM page WHERE number NOT IN removed_page)""",
    "the pages of each 256": """SELECT coalesce(sum(abs(pages - (SELECT count(*) FROM page
            WHERE page.number / 256 = page_group.number
            AND page.number NOT IN removed_page))), 0), 0 FROM page_group""",
    "the pages of each status": """SELECT count(*), 0 FROM (
        SELECT annotator, status, pages FROM progress WHERE pages <> 0 EXCEPT
        SELECT annotator, status, count(*) FROM annotation WHERE page NOT IN removed_page
        GROUP BY annotator, status)""",
    "the finished pages of each 256": """SELECT count(*), 0 FROM (
        SELECT annotator, page_group, pages FROM finished_group WHERE pages <> 0 EXCEPT
        SELECT annotator, page / 256, count(*) FROM annotation
        WHERE status IN ('done', 'skipped') AND page NOT IN removed_page
        GROUP BY annotator, page / 256)""",
    "the spans of each label": """SELECT count(*), 0 FROM (
        SELECT annotator, label, spans FROM label_count WHERE spans <> 0 EXCEPT
        SELECT annotator, label, count(*) FROM span WHERE page NOT IN removed_page
        GROUP BY annotator, label)""",
}

_PEOPLE_FAULTS = (
    (
        "Annotator {} was joined with somebody who was joined with another one",
        """SELECT one.number FROM annotator AS one JOIN annotator AS other
            ON other.number = one.joined WHERE other.joined IS NOT NULL ORDER BY 1""",
    ),
    (
        "Annotator {} was joined with another one, and still has labels",
        f"""SELECT DISTINCT annotator FROM annotation WHERE {WORKED_ON} AND annotator IN (
            SELECT number FROM annotator WHERE joined IS NOT NULL) ORDER BY 1""",
    ),
    (
        "The name of annotator {} does not lead there",
        """SELECT number FROM annotator WHERE joined IS NULL AND NOT EXISTS (
            SELECT 1 FROM person_name WHERE person = number AND current
                AND person_name.name = annotator.name) ORDER BY 1""",
    ),
    (
        "Page {}: the time at work by day is more than there was in all",
        """SELECT page FROM time_at_work GROUP BY page HAVING sum(seconds) > 1 + (
            SELECT total(active_seconds) FROM annotation WHERE annotation.page = time_at_work.page)
        ORDER BY page""",
    ),
)


@dataclass(frozen=True, slots=True)
class Health:
    """The result of a check: how much was checked, and a sentence for each fault.

    ``notes`` are what people may want to settle, though nothing is damaged.
    """

    pages: int
    annotations: int
    edits: int
    damage: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damage

    def lines(self) -> list[str]:
        """The report in plain lines."""
        counts = (self.pages, "text"), (self.annotations, "annotation"), (self.edits, "act")
        texts, annotations, acts = (f"{n:,} {word}{'s' * (n != 1)}" for n, word in counts)
        checked = f"{texts}, {annotations} and {acts} were checked."
        if self.is_well:
            return [checked, "All is well.", *self.notes]
        return [checked, *self.damage, *self.notes]


def check(path: Path, progress: Progress | None = None) -> Health:
    """Check a project without changing it.

    Raises:
        StoreError: it does not exist, or is so damaged that SQLite does not recognise it.
    """
    expect_file(path)
    try:
        with closing(connect_for_reading(path)) as database:
            found = deviations(database)
            damage = [f"{one.words[0].upper()}{one.words[1:]}." for one in found]
            if any(one.table for one in found):
                return Health(0, 0, 0, (*damage, _STOPPED))
            older.stand_in(database)
            database.execute("BEGIN")
            health = _Checkup(database, progress or (lambda *_: None)).health()
            return replace(health, damage=(*damage, *health.damage))
    except sqlite3.Error as error:
        raise StoreError(f"{path}: the project can't be read: {reason(error)}") from error


def quick_problem(path: Path, progress: Progress) -> str:
    """The first fault that SQLite's own check finds in the file; "" where it finds none.

    A file of a gigabyte takes some seconds. ``progress`` is called meanwhile and can raise to stop.

    Raises:
        StoreError: it can't be opened.
    """
    raised = list[BaseException]()

    def report_progress() -> int:
        try:
            progress(0, None, "the file")
        except BaseException as error:
            raised.append(error)
        return len(raised)

    try:
        with closing(connect_for_reading(path)) as database:
            database.set_progress_handler(report_progress, _STEPS)
            found = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        if raised:
            raise raised[0] from None
        return reason(error)
    return "" if found == "ok" else " ".join(found.split())


class _Checkup:
    """A check of one project. Rows are read through sqlite-utils: this is far off any hot path."""

    def __init__(self, database: Database, progress: Progress) -> None:
        self._db = database
        self._tables = tables(database)
        self._progress = progress
        self._found: list[str] = []
        self._alike: tuple[tuple[str, ...], ...] = ()
        self._begin = 0, 0, ""
        self._pages = self._annotations = self._edits = 0

    def health(self) -> Health:
        steps = (
            ("the file", self._file),
            ("texts", self._texts),
            ("sources", self._sources),
            ("annotations", self._replays),
            ("undo steps", self._undo),
            ("people", self._people),
            ("label set", self._label_set),
            ("versions", self._versions),
            ("counters", self._counters),
            ("times", self._times),
        )
        for number, (name, step) in enumerate(steps):
            self._begin = number * PARTS, ALL_PARTS, name
            self._progress(*self._begin)
            try:
                self._note(step())
            except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
                why = reason(error) if isinstance(error, sqlite3.Error) else type(error).__name__
                self._found.append(f"Not all of the {name} can be read: {why}.")
        notes = map(alike_words, self._alike)
        return Health(self._pages, self._annotations, self._edits, tuple(self._found), tuple(notes))

    def _note(self, lines: Iterator[str]) -> None:
        found = 0
        try:
            for line in lines:
                found += 1
                if found <= _MOST:
                    self._found.append(line)
        finally:
            if found > _MOST:
                self._found.append(f"… and {found - _MOST:,} more like this.")

    def _file(self) -> Iterator[str]:
        # Unlike the quick check, this one compares the content of the indexes as well.
        for row in self._tables.query("PRAGMA integrity_check"):
            if (line := row["integrity_check"]) != "ok":
                yield f"SQLite says: {' '.join(line.split())}."
        for row in self._tables.query("PRAGMA foreign_key_check"):
            yield f"A row of the table {row['table']} belongs to nothing."

    def _texts(self) -> Iterator[str]:
        rows = self._tables.query(
            """SELECT id, source, sha256, first_line, characters, (
                SELECT CAST(text AS BLOB) FROM page_text WHERE page = number) AS text
            FROM page ORDER BY number"""
        )
        for row in rows:
            self._pages += 1
            page = f"page {row['id']} ({row['source']})"
            if row["text"] is None:
                yield f"The text of {page} is missing."
                continue
            text = row["text"].decode(errors="replace")
            if sha256_of(text) != row["sha256"]:
                yield f"The text of {page} is not the one that was loaded."
            elif (row["first_line"], row["characters"]) != (first_line(text), len(text)):
                yield f"The first line or length that lists show of {page} does not fit its text."

    def _sources(self) -> Iterator[str]:
        rows = self._tables.query(
            """SELECT id, source, (SELECT zlib FROM page_source WHERE page = number) AS packed,
                (SELECT zlib FROM page_anchors WHERE page = number) AS anchors
            FROM page ORDER BY number"""
        )
        for row in rows:
            page = f"page {row['id']} ({row['source']})"
            if not unpacks(row["packed"]):
                yield f"The original bytes of {page} are damaged."
            if row["anchors"] is not None and not unpacks(row["anchors"]):
                yield f"The places in the HTML of {page} are damaged."

    def _replays(self) -> Iterator[str]:
        labels = self._label_ids()
        replay = Replay.of(
            self._log("*"),
            lambda act: pages_of(self._db, act),
            lambda line: edits_of(self._db, line),
        )
        replayed = replay.annotations
        has_absent = "absent" in self._tables.table("annotation").columns_dict
        for page, who in self._db.execute("SELECT page, annotator FROM annotation").fetchall():
            self._annotations += 1
            stored = read_annotation(self._db, page, who, has_absent=has_absent)
            if stored != replayed.pop((page, who), None):
                yield f"Page {page}: the labels of annotator {who} are not what the log says."
            text = self._db.execute("SELECT text FROM page_text WHERE page = ?", [page]).fetchone()
            if text and (wrong := faults(text[0], stored.spans, labels)):
                yield f"Page {page}: of the labels of annotator {who}, {wrong[0]}."
        for page, who in sorted(replayed):
            yield f"Page {page}: the labels of annotator {who}, which the log has, are missing."
        removed = {row["page"] for row in self._tables.query("SELECT page FROM removed_page")}
        for page in sorted(removed ^ replay.removed):
            yield f"Page {page}: whether it was removed is not what the log says."
        yield from self._guideline(replay.guideline)
        self._edits = self._count("edit")
        for row in self._tables.query("SELECT seq FROM sqlite_sequence WHERE name = 'edit'"):
            if row["seq"] != self._edits:
                yield f"The log has {self._edits:,} acts where {row['seq']:,} were written."

    def _guideline(self, replayed: dict[ItemKey, str]) -> Iterator[str]:
        for (field, number, _), *_ in Guideline(self._db).differences(replayed):
            if field == PageField.EXAMPLE:
                yield f"Example {number} of the guideline is not what the log says."
            else:
                yield f"Page {number}: a question on it is not what the log says."

    def _label_ids(self) -> frozenset[str]:
        """The labels that spans can have; those of an older version have a name alone."""
        rows = self._tables.query("SELECT * FROM label")
        return frozenset(row.get("id", row["name"]) for row in rows if row.get("gone_into") is None)

    def _log(self, columns: str) -> Iterator[dict[str, Any]]:
        """The lines of the log, which can have a million; the progress follows them."""
        lines = self._count("edit")
        done, total, name = self._begin
        cursor = self._db.execute(f"SELECT {columns} FROM edit ORDER BY number")
        names = [column[0] for column in cursor.description]
        read = 0
        while rows := cursor.fetchmany(_AT_ONCE):
            self._progress(done + PARTS * read // max(lines, 1), total, name)
            read += len(rows)
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    def _count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _undo(self) -> Iterator[str]:
        columns = "number, annotator, kind, act, below"
        rows = (tuple(row.values()) for row in self._log(columns))
        for number, _who in out_of_turn(rows):
            yield f"Line {number:,} of the log does not follow the lines before it."

    def _people(self) -> Iterator[str]:
        if "joined" not in self._tables.table("annotator").columns_dict:  # of an older version
            return
        self._alike = People(self._db).alike()
        for words, query in _PEOPLE_FAULTS:
            for (number,) in self._db.execute(query).fetchall():
                yield f"{words.format(number)}."

    def _label_set(self) -> Iterator[str]:
        """Whether the label set can be used, and is what the acts on it in the log made it."""
        try:
            read_labels(self._db)
        except LabelSetError as error:
            yield f"The label set can't be used: {error}."
            return
        if "gone_into" not in self._tables.table("label").columns_dict:
            return
        rows = {row.pop("id"): row for row in self._tables.query("SELECT * FROM label")}
        lines = self._tables.query(
            "SELECT number, value FROM edit WHERE field = 'labels' ORDER BY number DESC"
        )
        for line in lines:
            for label, (before, after) in json.loads(line["value"])["labels"].items():
                there = rows.get(label, {})
                if any(there.get(name) != after[name] for name in after if name != "id"):
                    yield f"Label {label} is not what line {line['number']:,} of the log made it."
                rows[label] = before or {}

    def _versions(self) -> Iterator[str]:
        if not self._tables.table("version").exists():  # a project of an older version
            return
        rows = self._tables.query(
            """SELECT id, source FROM version JOIN page ON number = page
            WHERE earlier >= page ORDER BY page"""
        )
        for row in rows:
            yield f"Page {row['id']} ({row['source']}) is linked to an old version that is newer."

    def _times(self) -> Iterator[str]:
        """Invalid times; reading whole rows checks that the other columns can be read."""
        for table, column in TIMES.items():
            cursor = self._db.execute(f"SELECT {column}, * FROM {table}")
            while rows := cursor.fetchmany(_AT_ONCE):
                self._progress(*self._begin)
                for time, *_ in rows:
                    if not is_time(time):
                        yield f"The table {table} holds {time!r} where a time should be."

        for page, who, seconds in self._db.execute(
            "SELECT page, annotator, active_seconds FROM annotation"
        ):
            try:
                stored_seconds(seconds)
            except ValueError as error:
                yield f"Page {page}, annotator {who}: {error}."

    def _counters(self) -> Iterator[str]:
        for name, query in _COUNTS.items():
            counted, right = self._db.execute(query).fetchone()
            if counted != right:
                yield f"A counter is wrong: {name}."


def is_time(written: object) -> bool:
    """Whether this is a time in the form that the tables keep."""
    try:
        return isinstance(written, str) and datetime.fromisoformat(written) is not None
    except ValueError:
        return False


def unpacks(packed: object) -> bool:
    """Whether zlib can unpack these bytes, which have a checksum of their own."""
    try:
        return isinstance(packed, bytes) and zlib.decompress(packed) is not None
    except zlib.error:
        return False
