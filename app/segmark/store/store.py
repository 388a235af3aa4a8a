"""Store: an open project."""

import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from segmark.core.history import PageHistory
from segmark.core.label import LabelSet, LabelSetError
from segmark.core.queue import PageOrder
from segmark.store.annotations import Annotations
from segmark.store.errors import ForeignSchemaError, ReadOnlyError, StoreError
from segmark.store.figures.statistics import (
    Statistics,
    StatusCounts,
    read_progress,
    read_statistics,
)
from segmark.store.file.connection import Database, read_by, reason, write
from segmark.store.file.label_rows import read_labels
from segmark.store.file.project_file import create, open_copy, open_existing, open_reading
from segmark.store.file.reading import Copy, can_write, disk_problem, write_problem
from segmark.store.pages import Pages
from segmark.store.people.people import People
from segmark.store.queue import (
    keep_order,
    kept_order,
    leave_at,
    leave_carets,
    leave_unfolded,
    left_at,
    left_carets,
    left_unfolded,
)
from segmark.store.suggestions import Suggestions
from segmark.store.versions import Versions
from segmark.store.word_index import WordIndex

if TYPE_CHECKING:
    from segmark.core.agreement import Agreement
    from segmark.core.edit import Edit
    from segmark.core.history import LoggedAct
    from segmark.core.label_acts.change import LabelForecast, LabelSetChange
    from segmark.core.record import Record, RecordFilter, RecordKey
    from segmark.store.audits import Audits
    from segmark.store.duplicates import Duplicates
    from segmark.store.export_settings import ExportSettings
    from segmark.store.figures.accuracy import Accuracy, BlindPage, Tally
    from segmark.store.figures.day import DayPage
    from segmark.store.figures.figures import Figures
    from segmark.store.file.displaced import Displaced
    from segmark.store.guideline import Guideline
    from segmark.store.log import LogFilter


class Store:
    """An open project: one connection, for the thread that opened it.

    Attributes:
        path: the project's file.
        label_set: the project's own copy.
        pages: its pages.
        suggestions: its suggestions and their verdicts.
        words: its word index.
        versions: which pages are newer versions of others.
        people: its people, and whom a name means.
        read_only: why the project can't be written, in a few words; "" if it can.
    """

    def __init__(
        self, path: Path, database: Database, labels: LabelSet, read_only: str = ""
    ) -> None:
        self.path = path
        self.label_set = labels
        self.pages = Pages(database)
        self.suggestions = Suggestions(database)
        self.words = WordIndex(database)
        self.versions = Versions(database)
        self.people = People(database)
        self.read_only = read_only
        self._labels_at: int | None = -1  # the last act on the label set that was read
        self._db = database

    @classmethod
    def create(cls, path: Path, labels: LabelSet) -> "Store":
        """Create a project with these labels.

        Raises:
            StoreError: the file exists already, or can't be created.
        """
        return cls(path, create(path, labels), labels)

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open a project, and migrate it to this version if it is older.

        Raises:
            StoreError: it does not exist, is not a project, or can't be read.
        """
        return cls(path, *open_existing(path))

    @classmethod
    def open_for_reading(cls, path: Path, why: str = "") -> "Store":
        """Open a project for reading: neither the file nor its folder is written.

        ``why`` is the reason in a few words.

        Raises:
            StoreError: it does not exist, is not a project, or can't be read.
        """
        return cls(path, *open_reading(path), read_only=why or "it was opened for reading only")

    @classmethod
    def open_or_read(cls, path: Path, *, at_once: bool = False) -> "Store":
        """Open a project, for reading only if its file, folder or disk can't be written.

        Raises:
            StoreError: it does not exist, is not a project, or can't be read.
            NotAtOnceError: with ``at_once``, if it must be migrated or copied first, which takes a
                while for a large project.
        """
        if not (problem := write_problem(path)):
            try:
                database, labels = open_existing(path, at_once=at_once)
            except ReadOnlyError:
                problem = disk_problem(path)
            except ForeignSchemaError as error:
                problem = error.found
            else:
                if can_write(database):
                    return cls(path, database, labels)
                database.close()
                problem = "the file can't be written"
        return cls(path, *open_reading(path, at_once=at_once), read_only=problem)

    def count_spans(self) -> dict[str, int]:
        """The number of spans of each label, by its id, of all annotators."""
        counts = dict(self._db.execute("SELECT label, sum(spans) FROM label_count GROUP BY label"))
        return {label.id: counts.get(label.id, 0) for label in self.label_set}

    def finished_pages(self, sites: Sequence[str] = (), words: str = "") -> list[int]:
        """The pages that anybody has done, of these sites, or all, that contain all these words.

        The texts are read if there are words: a tenth of a second for 10,000 pages.
        """
        from segmark.store.label_set.changes import finished_pages

        return finished_pages(self._db, sites, words)

    def labels_changed_since(self, number: int) -> bool:
        """Whether anybody changed the label set after a line of the log."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM edit WHERE field = 'labels' AND number > ?)", [number]
        ).fetchone()
        return bool(row[0])

    def reload_labels(self) -> bool:
        """Read the label set again if there was an act on it; returns whether somebody changed it.

        Raises:
            StoreError: it can't be read.
        """
        before = self.label_set
        try:
            row = self._db.execute("SELECT max(number) FROM edit WHERE field = 'labels'").fetchone()
            if row[0] == self._labels_at:
                return False
            self.label_set = read_labels(self._db)
        except (sqlite3.Error, LabelSetError) as error:
            raise StoreError(f"{self.path}: the label set can't be read: {error}") from error
        self._labels_at = row[0]
        return self.label_set != before

    def forecast_labels(
        self, change: "LabelSetChange", annotator: str, reopen: Sequence[int] = ()
    ) -> "LabelForecast":
        """What a change of the label set would do; ``reopen`` are numbers of finished pages.

        It takes half a second for 100,000 spans.
        """
        from segmark.store.label_set.changes import forecast

        with read_by(self._db):
            return forecast(self._db, change, reopen, annotator)

    @property
    def opener(self) -> Callable[[], "Store"]:
        """A function that opens the project for another thread, also after it is closed here."""
        copy, path, problem = self._db.held, self.path, self.read_only
        if isinstance(copy, Copy):
            return lambda: Store(path, *open_copy(copy), read_only=problem)
        return partial(Store.open_or_read, path)

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; everything is saved already.

        The log of a file that was renamed meanwhile is written into it first.
        """
        with suppress(StoreError):
            found = self.displaced
            if found and found.now:
                self.bring_home(found)
        self._db.close()

    @contextmanager
    def write(self, failed: str = "the pages were not added") -> Generator[None]:
        """A write transaction, all or nothing, such as for adding pages in batches.

        ``failed`` begins the message of the error.

        Raises:
            StoreError: the disk is full, the file is read-only or locked for too long.
        """
        try:
            with write(self._db):
                yield
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {failed}: {reason(error)}") from error

    @cached_property
    def exports(self) -> "ExportSettings":
        """The project's export settings."""
        from segmark.store.export_settings import ExportSettings

        return ExportSettings(self._db)

    @cached_property
    def duplicates(self) -> "Duplicates":
        """Its near-duplicates."""
        from segmark.store.duplicates import Duplicates

        return Duplicates(self._db)

    @cached_property
    def guideline(self) -> "Guideline":
        """The examples of its guideline, and the questions of its annotators."""
        from segmark.store.guideline import Guideline

        return Guideline(self._db)

    @cached_property
    def audits(self) -> "Audits":
        """The audits of the project."""
        from segmark.store.audits import Audits

        return Audits(self._db)

    @property
    def displaced(self) -> "Displaced | None":
        """What became of the file, where its path no longer names it."""
        from segmark.store.file.displaced import displaced

        return None if self._db.is_in_place else displaced(self._db)

    def bring_home(self, found: "Displaced") -> None:
        """Write everything into the renamed file, so that it can be opened there.

        Raises:
            StoreError: it could not be written.
        """
        from segmark.store.file.displaced import bring_home

        bring_home(self._db, found)

    def set_log_aside(self) -> None:
        """Keep the log of a replaced file from being read with the new one.

        Raises:
            StoreError: it could not be moved.
        """
        from segmark.store.file.displaced import set_log_aside

        set_log_aside(self._db)

    def save_to(self, path: Path) -> None:
        """Save everything that is visible here to a new file.

        Raises:
            StoreError: the file exists already, or can't be written.
        """
        from segmark.store.file.displaced import save_to

        save_to(self._db, path)

    def interrupt(self) -> None:
        """Interrupt what another thread is reading through this store, with a ``StoreError``."""
        self._db.interrupt()

    def write_in_bulk(self) -> None:
        """Let the system decide when added pages reach the disk; for loading, never for labels."""
        self._db.execute("PRAGMA synchronous = NORMAL")

    def annotations(self, annotator: str) -> Annotations:
        """The annotations of this annotator."""
        return Annotations(self._db, annotator)

    def annotators(self) -> list[str]:
        """The names of those who worked on a page of the project, in alphabetical order.

        Those who were joined into somebody else are left out.
        """
        rows = self._db.execute(
            """SELECT name FROM annotator WHERE joined IS NULL
                AND EXISTS (SELECT 1 FROM annotation WHERE annotator = annotator.number)
            ORDER BY name"""
        ).fetchall()
        return [row[0] for row in rows]

    def who_finished(self) -> list[str]:
        """The names of the annotators who have finished a page, in alphabetical order."""
        rows = self._db.execute(
            """SELECT name FROM progress JOIN annotator ON number = annotator
            WHERE status = 'done' AND pages > 0 ORDER BY name"""
        ).fetchall()
        return [row[0] for row in rows]

    def log(self, chosen: "LogFilter") -> "Generator[LoggedAct]":
        """The lines of the log that fit the filter, in order; close it if you stop early."""
        from segmark.store.log import read_log

        return read_log(self._db, chosen)

    def page_edits(self, annotator: str) -> Iterator[tuple[str, int, "Edit"]]:
        """Every edit of a person's annotations, with the page's id and the owner's number."""
        from segmark.store.log import read_page_edits

        return read_page_edits(self._db, annotator)

    def page_history(self, page: int) -> PageHistory:
        """Every act on a page, given by number, by any annotator.

        Raises:
            StoreError: the log can't be read.
        """
        from segmark.store.log import LogFilter

        return PageHistory(self.log(LogFilter(page=page)))

    def records(self, chosen: "RecordFilter") -> "Generator[Record]":
        """The pages as records, in load order, from a snapshot; close it if you stop early."""
        from segmark.store.records import read_records

        return read_records(self._db, chosen)

    def record_keys(self, chosen: "RecordFilter") -> "Generator[RecordKey]":
        """The keys of the records, without texts and spans; close it if you stop early."""
        from segmark.store.records import read_keys

        return read_keys(self._db, chosen)

    def brought(self, chosen: "RecordFilter") -> Iterator[dict[str, object]]:
        """What the page of each record brought when it was loaded."""
        from segmark.store.records import read_brought

        return read_brought(self._db, chosen)

    def count_records(self, chosen: "RecordFilter") -> int:
        """The number of records that fit the filter."""
        from segmark.store.records import count_records

        return count_records(self._db, chosen)

    @property
    def order(self) -> PageOrder:
        """The order in which pages come in the project."""
        return kept_order(self._db)

    def keep_order(self, order: PageOrder) -> None:
        """Set the order in which pages come.

        Raises:
            StoreError: it could not be stored.
        """
        with self.write():
            keep_order(self._db, order)

    def leave_at(
        self,
        annotator: str,
        page: int,
        carets: Mapping[int, int],
        unfolded: Mapping[int, Sequence[range]],
    ) -> None:
        """Keep the page that is open when the project is closed.

        Keep also the caret and the unfolded blocks of each page.

        Raises:
            StoreError: it could not be stored.
        """
        with self.write():
            leave_at(self._db, annotator, page)
            leave_carets(self._db, annotator, carets)
            leave_unfolded(self._db, annotator, unfolded)

    def left_at(self, annotator: str) -> int | None:
        """The page that was open when the project was closed; None if work was done since."""
        return left_at(self._db, annotator)

    def left_carets(self, annotator: str) -> dict[int, int]:
        """The caret's offset on the pages that the annotator left last."""
        return left_carets(self._db, annotator)

    def left_unfolded(self, annotator: str) -> dict[int, tuple[range, ...]]:
        """The blocks that the annotator unfolded on the pages left last; they need not exist."""
        return left_unfolded(self._db, annotator)

    @property
    def writes_elsewhere(self) -> int:
        """A number that stays the same while nobody writes over another connection."""
        return self._db.version[0]

    def progress(self, annotator: str) -> StatusCounts:
        """The annotator's pages by status; instant, however many there are."""
        with read_by(self._db):
            return read_progress(self._db, annotator)

    def statistics(self, annotator: str) -> Statistics:
        """The statistics of the annotator."""
        with read_by(self._db):
            return read_statistics(self._db, annotator)

    def pace(self, annotator: str, since: str) -> tuple[int, float | None]:
        """The pages done since a time (UTC, ISO 8601), and the median seconds of the latest."""
        from segmark.store.figures.pace import read_pace

        return read_pace(self._db, annotator, since)

    def figures(self, annotators: Sequence[str]) -> "Figures":
        """The figures of these annotators by site, day and time a page, from a snapshot."""
        from segmark.store.figures.figures import read_figures

        with read_by(self._db):
            return read_figures(self._db, annotators)

    def day(self, day: date, annotator: str | None) -> "tuple[DayPage, ...]":
        """The work of a day, page by page: of a person, by name, or of everybody.

        Days are those of this computer's time zone.
        """
        from segmark.store.figures.day import read_day

        with read_by(self._db):
            return read_day(self._db, day, annotator)

    def accuracy(self) -> "Accuracy":
        """The accuracy of the suggestions for finished pages."""
        from segmark.store.figures.accuracy import read_accuracy

        with read_by(self._db):
            return read_accuracy(self._db)

    def agreement(self, without: str = "") -> dict[tuple[str, str], "Agreement"]:
        """The agreement of each two annotators on pages that both have finished, by their names.

        ``without`` names an annotator who is not compared, such as the adjudicator.
        """
        from segmark.store.figures.agreement import read_agreement

        return read_agreement(self._db, without)

    def suggestion_totals(self) -> dict[bool, "Tally"]:
        """The totals of suggestions for finished pages: of blind pages (True) and of others."""
        from segmark.store.figures.accuracy import read_totals

        with read_by(self._db):
            return read_totals(self._db)

    def blind_pages(self) -> "list[BlindPage]":
        """The finished pages that were labelled without seeing their suggestions."""
        from segmark.store.figures.accuracy import read_blind_pages

        with read_by(self._db):
            return read_blind_pages(self._db)

    def certainty(self) -> list[tuple[float, bool]]:
        """The confidence of each suggestion for a finished page, and whether it was right."""
        from segmark.store.figures.accuracy import read_certainty

        with read_by(self._db):
            return read_certainty(self._db)
