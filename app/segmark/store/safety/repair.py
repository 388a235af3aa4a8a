"""Saving the healthy rest of a damaged project to a new file.

Rows are read one by one around what SQLite can't read. A page is kept when its text has its
checksum. Its labels are those that the log leads to where the whole log is there, else those in
the table of spans; what breaks a rule is left out. Whose log is broken starts anew with one act
for each page. What stands beside pages and labels comes along where it is whole: what else their
records held, links between versions, suggestions and predictions.
"""

import json
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from segmark.core.annotation import UNTOUCHED, Annotation, State, Status
from segmark.core.label import LabelSet, LabelSetError
from segmark.core.span import Span, faults
from segmark.core.text.normalise import sha256_of
from segmark.store.annotation_rows import spans_json, state_json, stored_spans
from segmark.store.errors import StoreError
from segmark.store.file.connection import Database, reason, write
from segmark.store.file.project_file import create, now, read_labels
from segmark.store.file.reading import connect_for_reading
from segmark.store.pages import first_line
from segmark.store.safety.check import TIMES, is_time, unpacks
from segmark.store.safety.damaged_rows import RawRow, has_table, insert, readable
from segmark.store.safety.replay import Replay, out_of_turn

_TITLE = "Saved from a damaged project"
_At = tuple[int, int]


@dataclass(slots=True)
class Rescue:
    """What was saved: pages, annotations and spans; and what was not, a sentence each."""

    pages: int = 0
    annotations: int = 0
    spans: int = 0
    lost: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report in plain lines."""
        saved = (
            f"Saved {self.pages:,} pages, {self.annotations:,} annotations and "
            f"{self.spans:,} spans."
        )
        return [saved, *self.lost]


def repair(damaged: Path, new: Path, labels: LabelSet) -> Rescue:
    """Save the healthy rest of a project to a new file; the damaged one is only read.

    ``labels`` stand in where the project's own label set can't be read.

    Raises:
        StoreError: SQLite does not know the file, or the new one can't be made.
    """
    try:
        with closing(connect_for_reading(damaged)) as old:
            old.execute("BEGIN")  # others may go on labelling
            rescue = _Rescue(old, labels)
            target = create(new, rescue.labels)
            try:
                with closing(target), write(target):
                    rescue.save_to(target)
            except BaseException:
                new.unlink()
                raise
            return rescue.report
    except sqlite3.Error as error:
        raise StoreError(f"{damaged}: nothing could be saved: {reason(error)}") from error
    except UnicodeDecodeError as error:  # of a message that quotes what is damaged
        raise StoreError(f"{damaged}: nothing could be saved: the tables are damaged") from error


class _Rescue:
    def __init__(self, old: Database, labels: LabelSet) -> None:
        self._old = old
        self.report = Rescue()
        try:
            self.labels = read_labels(old)
        except (sqlite3.Error, LabelSetError, KeyError):
            self.labels = labels
            self.report.lost.append("The label set could not be read; another one stands in.")

    def save_to(self, target: Database) -> None:
        texts = self._save_pages(target)
        self._save_sources(target, texts)
        kept = self._annotations(texts)
        names = {row["number"]: row["name"] for row in self._rows("annotator")}
        for who in sorted({who for _, who in kept}):
            name = names.get(who) or f"annotator {who}"
            insert(target, "annotator", {"number": who, "name": name})
        log = list(self._rows("edit"))
        whole = self._whole(log, kept)
        for at, annotation in sorted(kept.items()):
            self._save_annotation(target, at, annotation)
        if not self._save_log(target, [row for row in log if row["annotator"] in whole]):
            whole.clear()
        self._begin_anew(target, {at: a for at, a in kept.items() if at[1] not in whole})
        for row in self._rows("removed_page"):
            if row["page"] in texts:
                insert(target, "removed_page", row)
        self._save_beside(target, texts, {who for _, who in kept})
        self._save_settings(target)

    def _save_settings(self, target: Database) -> None:
        """What the project says of how it is used, where a new one does not say it already."""
        said = {row[0] for row in target.execute("SELECT name FROM project").fetchall()}
        for row in self._rows("project"):
            if row["name"] not in said:
                self._insert(target, "project", row)

    def _save_pages(self, target: Database) -> dict[int, str]:
        texts = {row["page"]: row["text"] for row in self._rows("page_text")}
        saved = {}
        for row in self._rows("page"):
            text = texts.get(row["number"])
            if text is None or sha256_of(text) != row["sha256"]:
                self.report.lost.append(
                    f"Page {row['id']} ({row['source']}): its text is damaged; load it again."
                )
                continue
            row |= {"first_line": first_line(text), "characters": len(text)}
            if self._insert(target, "page", row):
                insert(target, "page_text", {"page": row["number"], "text": text})
                saved[row["number"]] = text
        if gone := texts.keys() - saved.keys():
            self.report.lost.append(f"{len(gone):,} texts have no page that they belong to.")
        self.report.pages = len(saved)
        return saved

    def _save_sources(self, target: Database, texts: dict[int, str]) -> None:
        """The original bytes, or the text in their place, and the anchors where they are whole."""
        packed = {row["page"]: row["zlib"] for row in self._rows("page_source")}
        for number, text in texts.items():
            source = packed.get(number)
            if not unpacks(source):
                self.report.lost.append(f"Page {number}: its text stands for its original bytes.")
                source = zlib.compress(text.encode(), 6)
            insert(target, "page_source", {"page": number, "zlib": source})
        for row in self._rows("page_anchors"):
            if row["page"] in texts and unpacks(row["zlib"]):
                insert(target, "page_anchors", row)

    def _save_beside(self, target: Database, texts: dict[int, str], people: set[int]) -> None:
        """What came with the pages, which are versions of which, and what was suggested."""
        for row in self._rows("page_rest"):
            if row["page"] in texts:
                if _is_json(row["json"]):
                    insert(target, "page_rest", row)
                else:
                    self.report.lost.append(
                        f"Page {row['page']}: what came beside it made no sense."
                    )
        for row in self._rows("version"):
            if row["page"] in texts and row["earlier"] in texts:
                self._insert(target, "version", row)
        for row in self._rows("carried"):
            if row["page"] in texts and row["annotator"] in people:
                self._insert(target, "carried", row)
        offers = {
            row["number"]
            for row in self._rows("offer")
            if row["page"] in texts
            and row["annotator"] in people
            and self._insert(target, "offer", row)
        }
        for row in self._rows("suggestion"):
            if row["offer"] in offers:
                self._insert(target, "suggestion", row)
        for page in texts:
            for row in self._predictions(page):
                self._insert(target, "prediction", row)

    def _predictions(self, page: int) -> list[RawRow]:
        """Those of a page; a table without numbers of its own is read page by page."""
        if not has_table(self._old, "prediction"):
            return []
        try:
            return list(self._old.query("SELECT * FROM prediction WHERE page = ?", [page]))
        except (sqlite3.Error, UnicodeDecodeError):
            self.report.lost.append(f"Page {page}: its predictions can't be read.")
            return []

    def _annotations(self, texts: dict[int, str]) -> dict[_At, Annotation]:
        """The annotation of each page and annotator that is healthy, by log or by table."""
        self._times: dict[_At, tuple[float, str]] = {}
        states, spans = dict[_At, State](), defaultdict[_At, list[Span]](list)
        for row in self._rows("annotation"):
            at = row["page"], row["annotator"]
            try:
                rejected = stored_spans(row["rejected"])
                status, note = Status(row["status"]), str(row["note"] or "")
                times = float(row["active_seconds"]), str(row["changed_at"])
            except (ValueError, TypeError):
                self.report.lost.append(f"Page {at[0]}: its status made no sense.")
                continue
            self._times[at] = times
            states[at] = State(status, bool(row["flagged"]), note, rejected)
        for row in self._rows("span"):
            start, end, label = row["start"], row["end"], row["label"]
            if isinstance(start, int) and isinstance(end, int) and isinstance(label, str):
                spans[row["page"], row["annotator"]].append(Span(start, end, label))
        replayed = self._replayed()
        found = {}
        for at in _sorted(states.keys() | spans.keys() | replayed.keys()):
            text = texts.get(at[0])
            if text is None:
                self.report.lost.append(f"The labels of page {at[0]} go with its text.")
                continue
            by_table = Annotation(tuple(sorted(spans[at])), states.get(at, State(Status.STARTED)))
            by_log = replayed.get(at, by_table)
            if by_log != by_table:
                self.report.lost.append(f"Page {at[0]}: table and log differ; it is as in the log.")
            found[at] = self._healthy(at, text, by_log)
        return found

    def _healthy(self, at: _At, text: str, annotation: Annotation) -> Annotation:
        kept = list[Span]()
        for span in annotation.spans:
            if not faults(text, [*kept, span], self.labels.names):
                kept.append(span)
        if left_out := len(annotation.spans) - len(kept):
            self.report.lost.append(f"Page {at[0]}: {left_out} spans made no sense.")
        return Annotation(tuple(kept), annotation.state)

    def _replayed(self) -> dict[_At, Annotation]:
        """What the log leads to; nothing where a line of it is missing."""
        rows = list(self._rows("edit"))
        if [row["number"] for row in rows] != list(range(1, len(rows) + 1)):
            self.report.lost.append("Lines of the log are missing: undo starts anew.")
            return {}
        found = Replay.of(rows, self._changed_pages().__getitem__).annotations
        return {at: annotation for at, annotation in found.items() if annotation is not None}

    def _changed_pages(self) -> defaultdict[int, list[tuple[int, str]]]:
        """Of each act on many pages, by its number, the pages and what they were before."""
        found = defaultdict[int, list[tuple[int, str]]](list)
        for row in self._rows("act_page"):
            found[row["act"]].append((row["page"], row["before"]))
        return found

    def _whole(self, log: list[RawRow], kept: dict[_At, Annotation]) -> set[int]:
        """The annotators whose log is there to the last line and leads to what is kept."""
        replayed = self._replayed()
        people = {who for _, who in kept} | {row["annotator"] for row in log}
        columns = ("number", "annotator", "kind", "act", "below")
        rows = (tuple(row[column] for column in columns) for row in log)
        if broken := {who for _, who in out_of_turn(rows)}:
            self._note("Lines of the log contradict each other: undo starts anew.")
        people -= broken
        return {
            who
            for who in people
            if all(replayed.get(at) == a for at, a in kept.items() if at[1] == who)
            and all(
                (row["page"], who) in kept
                for row in log
                if row["annotator"] == who and row["field"] is None
            )
        }

    def _save_annotation(self, target: Database, at: _At, annotation: Annotation) -> None:
        seconds, changed = self._times.get(at, (0.0, now()))
        state = annotation.state
        insert(target, "annotation", {
            "page": at[0], "annotator": at[1], "status": state.status,
            "flagged": int(state.flagged), "note": state.note,
            "rejected": spans_json(state.rejected), "active_seconds": seconds,
            "changed_at": changed,
        })  # fmt: skip
        for span in annotation.spans:
            insert(target, "span", {
                "page": at[0], "annotator": at[1],
                "start": span.start, "end": span.end, "label": span.label,
            })  # fmt: skip
        self.report.annotations += 1
        self.report.spans += len(annotation.spans)

    def _save_log(self, target: Database, log: list[RawRow]) -> bool:
        """Save the lines of a log, numbered anew where others are missing; all of them or none."""
        numbers = {row["number"]: number for number, row in enumerate(log, start=1)}
        target.execute("SAVEPOINT log")
        for row in log:
            renumbered = {name: numbers.get(row[name]) for name in ("number", "act", "below")}
            if not self._insert(target, "edit", row | renumbered):
                target.execute("ROLLBACK TO log")
                return False
        for row in self._rows("act_page"):
            if act := numbers.get(row["act"]):
                self._insert(target, "act_page", row | {"act": act})
        target.execute("RELEASE log")
        return True

    def _begin_anew(self, target: Database, kept: dict[_At, Annotation]) -> None:
        below = dict[int, int]()
        for (page, who), annotation in sorted(kept.items()):
            added = target.execute(
                """INSERT INTO edit (made_at, annotator, page, kind, below, title,
                    removed, added, before, after) VALUES (?, ?, ?, 'act', ?, ?, '[]', ?, ?, ?)""",
                [now(), who, page, below.get(who), _TITLE, spans_json(annotation.spans),
                 state_json(UNTOUCHED), state_json(annotation.state)],
            )  # fmt: skip
            below[who] = int(added.lastrowid or 0)

    def _insert(self, target: Database, table: str, row: RawRow) -> bool:
        """Insert a row as it was read; False where it breaks a rule of its table."""
        try:
            insert(target, table, row)
        except sqlite3.IntegrityError:
            self.report.lost.append(f"A row of the table {table} made no sense.")
            return False
        return True

    def _rows(self, table: str) -> Iterator[RawRow]:
        """The rows of a table that can be read, in the order of their numbers."""
        lost = 0
        for row in readable(self._old, table):
            if row is None:
                lost += 1
                continue
            if table in TIMES and not is_time(row[TIMES[table]]):
                self._note(f"Times in the table {table} made no sense; they are those of now.")
                row[TIMES[table]] = now()
            yield row
        if lost:
            self._note(f"Rows of the table {table} can't be read.")

    def _note(self, line: str) -> None:
        """Report something once."""
        if line not in self.report.lost:
            self.report.lost.append(line)


def _is_json(written: object) -> bool:
    try:
        return isinstance(written, str) and isinstance(json.loads(written), dict)
    except ValueError:
        return False


def _sorted(places: Iterable[_At]) -> list[_At]:
    """Pages and annotators in order, without those whose numbers are none."""
    return sorted(at for at in places if all(isinstance(number, int) for number in at))
