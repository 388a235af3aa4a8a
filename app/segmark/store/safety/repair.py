"""Saving the healthy part of a damaged project to a new file.

Rows are read one by one around what SQLite can't read, and written through sqlite-utils. A page is
kept if its text fits its checksum. Its labels are those that the log leads to if the whole log can
be read, else those in the table of spans; spans that break a rule are left out. An annotator whose
log is broken gets a new one with one act for each page. What belongs to pages and labels is kept
where it is intact: other data of their records, links between versions, suggestions, predictions.
"""

import json
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from segmark.core.annotation import UNTOUCHED, Annotation, State, Status
from segmark.core.label import LabelSet, LabelSetError
from segmark.core.page_change import PageField
from segmark.core.progress import Progress
from segmark.core.span import Span, faults
from segmark.core.text.normalise import sha256_of
from segmark.store.annotation_rows import (
    names_json,
    spans_json,
    state_json,
    stored_names,
    stored_spans,
)
from segmark.store.errors import StoreError
from segmark.store.file.connection import Database, reason, stored_seconds, write
from segmark.store.file.known_schema import deviations
from segmark.store.file.label_rows import read_labels
from segmark.store.file.people_tables import keep_times_since
from segmark.store.file.project_file import creating, now
from segmark.store.file.reading import connect_for_reading
from segmark.store.file.tables import tables
from segmark.store.pages import first_line
from segmark.store.safety.check import TIMES, is_time, unpacks
from segmark.store.safety.damaged_rows import RawRow, has_table, readable
from segmark.store.safety.guideline_log import complete_log
from segmark.store.safety.replay import Replay, out_of_turn
from segmark.store.safety.rescued_people import save_people

_OTHER_LABELS = "The label set could not be read; another one replaces it."
_TITLE = "Saved from a damaged project"
_At = tuple[int, int]

#: How many steps a repair reports.
STEPS = 5


@dataclass(slots=True)
class Rescue:
    """How many pages, annotations and spans were saved, and a sentence for each loss."""

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


def repair(
    damaged: Path, new: Path, labels: LabelSet, progress: Progress = lambda *_: None
) -> Rescue:
    """Save the healthy part of a project to a new file; the damaged project is only read.

    ``labels`` are used if the project's own label set can't be read. The new file is there when all
    is saved, or not at all.

    Raises:
        StoreError: SQLite does not recognise the file, or the new one can't be created.
    """
    try:
        with closing(connect_for_reading(damaged)) as old:
            old.execute("BEGIN")  # reads a snapshot: others can go on labelling
            found = deviations(old)
            foreign = [f"Left behind: {one.words}." for one in found if not one.is_missing]
            left = frozenset(one.table for one in found)
            usable = not left & {"label", "project"}
            label_set, lost = _read_labels(old, labels) if usable else (labels, [_OTHER_LABELS])
            report = Rescue(lost=foreign + lost)
            with creating(new, label_set) as target:
                try:
                    with write(target):
                        rescue = _Rescue(old, target, label_set, report, left)
                        rescue.save(progress)
                except sqlite3.Error as error:
                    raise _failure(damaged, error) from error
            return rescue.report
    except sqlite3.Error as error:
        raise _failure(damaged, error) from error
    except UnicodeDecodeError as error:  # of a message that quotes damaged bytes
        raise StoreError(f"{damaged}: nothing could be saved: the tables are damaged") from error


def _failure(damaged: Path, error: sqlite3.Error) -> StoreError:
    return StoreError(f"{damaged}: nothing could be saved: {reason(error)}")


def _read_labels(old: Database, labels: LabelSet) -> tuple[LabelSet, list[str]]:
    """The label set of the project, or else ``labels`` and a sentence about that."""
    try:
        return read_labels(old), []
    except (sqlite3.Error, LabelSetError, KeyError):
        return labels, [_OTHER_LABELS]


class _Rescue:
    def __init__(
        self,
        old: Database,
        target: Database,
        labels: LabelSet,
        report: Rescue,
        left: frozenset[str],
    ) -> None:
        self._old = old
        self._left = left  # the tables that something foreign stands in the place of
        self._database = target
        self._target = tables(target)
        self._labels = labels
        self.report = report

    def save(self, progress: Progress) -> None:
        progress(0, STEPS, "Saving pages")
        texts = self._save_pages()
        progress(1, STEPS, "Saving sources")
        self._save_sources(texts)
        progress(2, STEPS, "Saving annotations")
        kept = self._annotations(texts)
        log = list(self._rows("edit"))
        # Who only answered a question, or removed pages, has no annotation.
        acted = {row["annotator"] for row in log if isinstance(row["annotator"], int)}
        people = save_people(
            self._target, [*self._rows("annotator")], [*self._rows("person_name")],
            {at[1] for at, made in kept.items() if made != Annotation()},
            acted | {who for _, who in kept},
        )  # fmt: skip
        progress(3, STEPS, "Saving the log")
        whole = self._whole(log, kept)
        self._save_annotations(kept)
        if not self._save_log([row for row in log if row["annotator"] in whole]):
            whole.clear()
        self._begin_log({at: a for at, a in kept.items() if at[1] not in whole})
        self._save_guideline(texts, people)
        progress(4, STEPS, "Saving suggestions")
        self._target.table("removed_page").insert_all(self._rows_of("removed_page", texts))
        self._save_page_data(texts, people)
        self._save_settings()
        progress(STEPS, STEPS, "Writing the file")

    def _save_settings(self) -> None:
        """The named values of the project, except those that a new project has already."""
        self._target.table("project").delete_where("name = 'times_since'")
        there = {row["name"] for row in self._target.table("project").rows}
        self._insert("project", [row for row in self._rows("project") if row["name"] not in there])
        keep_times_since(self._target)

    def _save_pages(self) -> dict[int, str]:
        texts = {row["page"]: row["text"] for row in self._rows("page_text")}
        healthy = []
        for row in self._rows("page"):
            text = texts.get(row["number"])
            if text is None or sha256_of(text) != row["sha256"]:
                self.report.lost.append(
                    f"Page {row['id']} ({row['source']}): its text is damaged; load it again."
                )
                continue
            healthy.append(row | {"first_line": first_line(text), "characters": len(text)})
        saved = {row["number"]: texts[row["number"]] for row in self._insert("page", healthy)}
        self._target.table("page_text").insert_all(
            {"page": number, "text": text} for number, text in saved.items()
        )
        if gone := texts.keys() - saved.keys():
            self.report.lost.append(f"{len(gone):,} texts belong to no page.")
        self.report.pages = len(saved)
        return saved

    def _save_sources(self, texts: dict[int, str]) -> None:
        """The original bytes, or the text in their place, and the anchors that are intact."""
        packed = {row["page"]: row["zlib"] for row in self._rows("page_source")}
        self._target.table("page_source").insert_all(
            {"page": number, "zlib": self._source(number, packed.get(number), text)}
            for number, text in texts.items()
        )
        anchors = self._rows_of("page_anchors", texts)
        self._target.table("page_anchors").insert_all(
            row for row in anchors if unpacks(row["zlib"])
        )
        # Their seals tell whether they are intact.
        self._target.table("page_seen").insert_all(self._rows_of("page_seen", texts))

    def _source(self, number: int, packed: bytes | None, text: str) -> bytes:
        if packed is not None and unpacks(packed):
            return packed
        self.report.lost.append(f"Page {number}: its text replaces its original bytes.")
        return zlib.compress(text.encode(), 6)

    def _save_page_data(self, texts: dict[int, str], people: set[int]) -> None:
        """Other data of the pages' records, links between versions, and suggestions."""
        rest = list(self._rows_of("page_rest", texts))
        for row in rest:
            if not _is_json(row["json"]):
                self.report.lost.append(
                    f"Page {row['page']}: the other data of its record is lost."
                )
        self._target.table("page_rest").insert_all(row for row in rest if _is_json(row["json"]))
        links = self._rows_of("version", texts)
        self._insert("version", [row for row in links if row["earlier"] in texts])
        carried = self._rows_of("carried", texts)
        self._insert("carried", [row for row in carried if row["annotator"] in people])
        worked = self._rows_of("time_at_work", texts)
        self._insert("time_at_work", [row for row in worked if row["annotator"] in people])
        offers = self._rows_of("offer", texts)
        kept = self._insert("offer", [row for row in offers if row["annotator"] in people])
        numbers = {row["number"] for row in kept}
        self._insert("suggestion", [r for r in self._rows("suggestion") if r["offer"] in numbers])
        predicted = [row for page in texts for row in self._predictions(page)]
        self._insert("predictor", self._predictors(predicted))
        self._insert("prediction", predicted)

    def _save_guideline(self, texts: dict[int, str], people: set[int]) -> None:
        """The examples of the guideline and the questions, with the people who are known."""
        labels = {None, *self._labels.ids, *self._labels.successors}
        examples = [row for row in self._rows("example") if row["annotator"] in people]
        self._insert("example", [row for row in examples if row["label"] in labels])
        asked = [row for row in self._rows_of("question", texts) if row["annotator"] in people]
        answers = {None, *people}
        self._insert("question", [row for row in asked if row["answered_by"] in answers])
        if texts and people:
            complete_log(self._database, _TITLE)

    def _predictions(self, page: int) -> list[RawRow]:
        """Those of a page: the table has no row numbers, so it is read page by page."""
        if "prediction" in self._left or not has_table(self._old, "prediction"):
            return []
        try:
            rows = self._old.query("SELECT * FROM prediction WHERE page = ?", [page])
            return [{"predictor": 1, **row} for row in rows]  # an older project does not say
        except (sqlite3.Error, UnicodeDecodeError):
            self.report.lost.append(f"Page {page}: its predictions can't be read.")
            return []

    def _predictors(self, predicted: list[RawRow]) -> list[RawRow]:
        """The models of these predictions; one whose name is lost gets its number as name."""
        rows = self._rows("predictor") if has_table(self._old, "predictor") else iter(())
        known = {row["number"]: row for row in rows}
        named = has_table(self._old, "predictor")
        return [
            known.get(number, {"number": number, "name": str(number) if named else "", "loaded": 1})
            for number in dict.fromkeys(row["predictor"] for row in predicted)
        ]

    def _seconds(self, row: RawRow) -> float:
        """The time at work in a row; 0 if it is impossible, which is reported."""
        try:
            return stored_seconds(row["active_seconds"])
        except ValueError as error:
            self.report.lost.append(f"The time at work on page {row['page']}: {error}.")
            return 0.0

    def _annotations(self, texts: dict[int, str]) -> dict[_At, Annotation]:
        """The healthy annotation of each page and annotator, from the log or from the tables."""
        self._times: dict[_At, tuple[float, str]] = {}
        states, spans = dict[_At, State](), defaultdict[_At, list[Span]](list)
        for row in self._rows("annotation"):
            at = row["page"], row["annotator"]
            try:
                rejected, absent = (
                    stored_spans(row["rejected"]),
                    stored_names(row.get("absent", "[]")),
                )
                status, note = Status(row["status"]), str(row["note"] or "")
                times = self._seconds(row), str(row["changed_at"])
            except (ValueError, TypeError):
                self.report.lost.append(f"Page {at[0]}: its status is invalid.")
                continue
            self._times[at] = times
            states[at] = State(status, bool(row["flagged"]), note, rejected, absent)
        for row in self._rows("span"):
            start, end, label = row["start"], row["end"], row["label"]
            if isinstance(start, int) and isinstance(end, int) and isinstance(label, str):
                spans[row["page"], row["annotator"]].append(Span(start, end, label))
        replayed = self._replayed()
        found = {}
        for at in _sorted(states.keys() | spans.keys() | replayed.keys()):
            text = texts.get(at[0])
            if text is None:
                self.report.lost.append(f"The labels of page {at[0]} are lost with its text.")
                continue
            by_table = Annotation(tuple(sorted(spans[at])), states.get(at, State(Status.STARTED)))
            by_log = replayed.get(at, by_table)
            if by_log != by_table:
                self.report.lost.append(f"Page {at[0]}: tables and log differ; the log is used.")
            found[at] = self._healthy(at, text, by_log)
        return found

    def _healthy(self, at: _At, text: str, annotation: Annotation) -> Annotation:
        kept = list[Span]()
        for span in annotation.spans:
            if not faults(text, [*kept, span], self._labels.ids):
                kept.append(span)
        if left_out := len(annotation.spans) - len(kept):
            self.report.lost.append(f"Page {at[0]}: {left_out} invalid spans are left out.")
        return Annotation(tuple(kept), annotation.state)

    def _replayed(self) -> dict[_At, Annotation]:
        """The annotations that the log leads to; none if a line of it is missing."""
        self._moved = set[_At]()
        rows = list(self._rows("edit"))
        if [row["number"] for row in rows] != list(range(1, len(rows) + 1)):
            self.report.lost.append("Lines of the log are missing: undo starts again from here.")
            return {}
        pages, edits = self._changed_pages(), self._page_edits()
        replay = Replay.of(rows, pages.__getitem__, edits.__getitem__)
        self._moved = replay.moved
        found = replay.annotations
        return {at: annotation for at, annotation in found.items() if annotation is not None}

    def _changed_pages(self) -> defaultdict[int, list[tuple[int, str]]]:
        """The pages of each act on many pages, by its number, and what they were before."""
        found = defaultdict[int, list[tuple[int, str]]](list)
        for row in self._rows("act_page"):
            found[row["act"]].append((row["page"], row["before"]))
        return found

    def _page_edits(self) -> defaultdict[int, list[RawRow]]:
        """What each line of the log did to its pages, where that differs by page."""
        found = defaultdict[int, list[RawRow]](list)
        for row in self._rows("act_edit"):
            found[row["line"]].append(row)
        return found

    def _whole(self, log: list[RawRow], kept: dict[_At, Annotation]) -> set[int]:
        """The annotators whose log is complete and leads to the annotations that are kept."""
        replayed = self._replayed()
        people = {who for _, who in kept} | {row["annotator"] for row in log}
        columns = ("number", "annotator", "kind", "act", "below")
        rows = (tuple(row[column] for column in columns) for row in log)
        if broken := {who for _, who in out_of_turn(rows)}:
            self._note("Lines of the log contradict each other: undo starts again from here.")
        people -= broken
        found = {
            who
            for who in people
            if all(replayed.get(at) == a for at, a in kept.items() if at[1] == who)
            and all(
                (row["page"], who) in kept or (row["page"], who) in self._moved
                for row in log
                if row["annotator"] == who and row.get("field") is None
            )
        }
        # A join needs the logs of both people, and of whoever joined them; an act on the label set
        # needs those of everybody.
        together = (PageField.JOIN, PageField.LABELS)
        joint = any(row.get("field") in together for row in log)
        return set() if joint and (broken or found != people) else found

    def _save_annotations(self, kept: dict[_At, Annotation]) -> None:
        self._target.table("annotation").insert_all(
            self._annotation_row(at, annotation.state) for at, annotation in sorted(kept.items())
        )
        spans = [
            {"page": page, "annotator": who, "start": span.start, "end": span.end,
             "label": span.label}
            for (page, who), annotation in sorted(kept.items())
            for span in annotation.spans
        ]  # fmt: skip
        self._target.table("span").insert_all(spans)
        self.report.annotations, self.report.spans = len(kept), len(spans)

    def _annotation_row(self, at: _At, state: State) -> RawRow:
        seconds, changed = self._times.get(at, (0.0, now()))
        return {
            "page": at[0], "annotator": at[1], "status": state.status,
            "flagged": int(state.flagged), "note": state.note,
            "rejected": spans_json(state.rejected), "active_seconds": seconds,
            "changed_at": changed, "absent": names_json(state.absent),
        }  # fmt: skip

    def _save_log(self, log: list[RawRow]) -> bool:
        """Save the lines of a log, numbered again where others are missing; all of them or none."""
        numbers = {row["number"]: number for number, row in enumerate(log, start=1)}
        fields = ("number", "act", "below")
        lines = [row | {name: numbers.get(row[name]) for name in fields} for row in log]
        try:
            with self._target.atomic():
                self._target.table("edit").insert_all(lines)
        except sqlite3.IntegrityError:
            self._note("Lines of the log are invalid: undo starts again from here.")
            return False
        acts = [row | {"act": numbers.get(row["act"])} for row in self._rows("act_page")]
        self._insert("act_page", [row for row in acts if row["act"]])
        edits = [row | {"line": numbers.get(row["line"])} for row in self._rows("act_edit")]
        self._insert("act_edit", [row for row in edits if row["line"]])
        return True

    def _begin_log(self, kept: dict[_At, Annotation]) -> None:
        """Begin the log of these annotators with one act for each page."""
        lines, below = list[RawRow](), dict[int, int]()
        first = self._target.table("edit").count + 1
        for number, ((page, who), annotation) in enumerate(sorted(kept.items()), first):
            lines.append({
                "number": number, "made_at": now(), "annotator": who, "page": page,
                "kind": "act", "below": below.get(who), "title": _TITLE, "removed": "[]",
                "added": spans_json(annotation.spans), "before": state_json(UNTOUCHED),
                "after": state_json(annotation.state),
            })  # fmt: skip
            below[who] = number
        self._target.table("edit").insert_all(lines)

    def _insert(self, table: str, rows: list[RawRow]) -> list[RawRow]:
        """Insert rows as they were read; returns those that keep the rules of their table."""
        try:
            with self._target.atomic():
                self._target.table(table).insert_all(rows)
        except sqlite3.IntegrityError:
            return [row for row in rows if self._keeps_rules(table, row)]
        return rows

    def _keeps_rules(self, table: str, row: RawRow) -> bool:
        """Insert a row; False where it breaks a rule of its table."""
        try:
            self._target.table(table).insert(row)
        except sqlite3.IntegrityError:
            self.report.lost.append(f"An invalid row of the table {table} is left out.")
            return False
        return True

    def _rows_of(self, table: str, pages: Container[int]) -> Iterator[RawRow]:
        """The rows of a table that belong to these pages."""
        return (row for row in self._rows(table) if row["page"] in pages)

    def _rows(self, table: str) -> Iterator[RawRow]:
        """The rows of a table that can be read, in the order of their numbers."""
        lost = 0
        if table in self._left:
            return
        columns = self._target.table(table).columns_dict
        for row in readable(self._old, table):
            if row is None:
                lost += 1
                continue
            if table in TIMES and not is_time(row[TIMES[table]]):
                self._note(f"Invalid times in the table {table} are replaced by the present time.")
                row[TIMES[table]] = now()
            yield {name: value for name, value in row.items() if name in columns}
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
    """Pages and annotators in order, without those whose numbers are not integers."""
    return sorted(at for at in places if all(isinstance(number, int) for number in at))
