"""One annotator's annotations: reading them, saving every act, the log."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from app.core.annotation import UNTOUCHED, Annotation, State, Status
from app.core.edit import Edit
from app.core.history import Entry, History, Kind
from app.core.span import Span
from app.store.connection import Database, reason, write
from app.store.errors import ConflictError, StoreError
from app.store.project_file import now


class Annotations:
    """What one annotator made in a project, seen through one connection.

    Pages are named by their number. The annotator is written to the project with the first act.
    """

    def __init__(self, database: Database, annotator: str) -> None:
        self._db = database
        self.annotator = annotator
        self._seen: dict[int, int] = {}  # page -> this annotator's last log line when it was read
        self._history = History()
        self._history_at = 0  # the last log line that the history counts in

    def get(self, page: int) -> Annotation:
        """The annotation of a page; untouched when this annotator never worked on it."""
        who = self._number()
        self._seen[page] = self._newest(who)
        return read_annotation(self._db, page, who)

    def save(
        self,
        page: int,
        edit: Edit,
        *,
        kind: Kind = Kind.ACT,
        act: int | None = None,
        active_seconds: float = 0.0,
    ) -> Entry:
        """Store an edit: the spans and state after it and its line in the log, all or nothing.

        Args:
            page: the page's number.
            edit: what to store; for an undo the inverse of the act's edit.
            kind: act, undo or redo.
            act: for an undo or a redo, the number of the act.
            active_seconds: time at work on the page since the last save.

        Raises:
            ConflictError: the page was changed since ``get`` read it, or is not what the edit
                was made on.
            StoreError: the disk is full, the file is read-only or locked for too long.
        """
        try:
            with write(self._db):
                who = self._number() or self._register()
                self._refuse_if_changed(page, who)
                self._change(page, who, edit, active_seconds)
                history = self.history()
                below = self.entry(act).below if act else history.undo
                number = self._log(page, who, edit, kind, act, below)
        except sqlite3.Error as error:
            raise StoreError(f"this was not saved: {reason(error)}") from error
        self._seen[page] = number
        name = self._db.execute("SELECT id FROM page WHERE number = ?", [page]).fetchone()[0]
        entry = Entry(number, name, kind, act or number, below, edit)
        self._history, self._history_at = history.after(entry), number
        return entry

    def entry(self, number: int) -> Entry:
        """A line of the log."""
        return next(self._entries("edit.number = ?", [number]))

    def title(self, number: int) -> str:
        """The title of a line of the log, at once however many spans it holds."""
        row = self._db.execute("SELECT title FROM edit WHERE number = ?", [number]).fetchone()
        return str(row[0])

    def history(self) -> History:
        """Where this annotator stands in the log, in whichever window: what undo and redo do."""
        who = self._number()
        newest = self._newest(who)
        if newest != self._history_at:
            self._history, self._history_at = self._read_history(who), newest
        return self._history

    def log(self, since: int = 0) -> Iterator[Entry]:
        """The lines of this annotator's log from a number on, in order."""
        return self._entries(
            "annotator = ? AND edit.number >= ? ORDER BY edit.number", [self._number(), since]
        )

    def add_active_time(self, page: int, seconds: float) -> None:
        """Count time at work on a page that has been begun.

        Raises:
            StoreError: it could not be stored.
        """
        try:
            with write(self._db):
                self._db.execute(
                    """UPDATE annotation SET active_seconds = active_seconds + ?
                    WHERE page = ? AND annotator = ?""",
                    [seconds, page, self._number()],
                )
        except sqlite3.Error as error:
            raise StoreError(f"the time was not counted: {reason(error)}") from error

    @property
    def last_page(self) -> int | None:
        """The number of the page that this annotator worked on last."""
        row = self._db.execute(
            "SELECT page FROM edit WHERE annotator = ? ORDER BY number DESC LIMIT 1",
            [self._number()],
        ).fetchone()
        return row[0] if row else None

    def _number(self) -> int | None:
        row = self._db.execute(
            "SELECT number FROM annotator WHERE name = ?", [self.annotator]
        ).fetchone()
        return row[0] if row else None

    def _register(self) -> int:
        added = self._db.execute("INSERT INTO annotator (name) VALUES (?)", [self.annotator])
        return int(added.lastrowid or 0)

    def _read_history(self, who: int | None) -> History:
        last_act = self._db.execute(
            "SELECT max(number) FROM edit WHERE annotator = ? AND kind = 'act'", [who]
        ).fetchone()[0]
        # From the last act on, the log holds only undos and redos: enough to know both stacks.
        return History.of(self.log(since=last_act)) if last_act else History()

    def _newest(self, who: int | None) -> int:
        row = self._db.execute("SELECT max(number) FROM edit WHERE annotator = ?", [who]).fetchone()
        return row[0] or 0

    def _refuse_if_changed(self, page: int, who: int) -> None:
        """Keep a window from saving over what another one did on the page since it was read.

        Without this, spans of the two could overlap, or touch and not join.
        """
        seen = self._seen.get(page)
        newer = self._db.execute(
            "SELECT 1 FROM edit WHERE annotator = ? AND number > ? AND page = ? LIMIT 1",
            [who, seen, page],
        ).fetchone()
        if newer:
            raise ConflictError

    def _change(self, page: int, who: int, edit: Edit, active_seconds: float) -> None:
        for span in edit.removed:
            gone = self._db.execute(
                """DELETE FROM span WHERE page = ? AND annotator = ? AND "start" = ?
                AND "end" = ? AND label = ?""",
                [page, who, span.start, span.end, span.label],
            )
            if gone.rowcount != 1:
                raise ConflictError
        for span in edit.added:
            self._db.execute(
                "INSERT INTO span VALUES (?, ?, ?, ?, ?)",
                [page, who, span.start, span.end, span.label],
            )
        changed = self._db.execute(
            """INSERT INTO annotation
            VALUES (:page, :who, :status, :flagged, :note, :rejected, :active, :now)
            ON CONFLICT DO UPDATE SET status = :status, flagged = :flagged, note = :note,
                rejected = :rejected, active_seconds = active_seconds + :active, changed_at = :now
            WHERE status = :was_status AND flagged = :was_flagged AND note = :was_note
                AND rejected = :was_rejected""",
            {
                "page": page,
                "who": who,
                "status": edit.after.status,
                "flagged": edit.after.flagged,
                "note": edit.after.note,
                "rejected": spans_json(edit.after.rejected),
                "active": active_seconds,
                "now": now(),
                "was_status": edit.before.status,
                "was_flagged": edit.before.flagged,
                "was_note": edit.before.note,
                "was_rejected": spans_json(edit.before.rejected),
            },
        )
        if changed.rowcount != 1:
            raise ConflictError

    def _log(
        self, page: int, who: int, edit: Edit, kind: Kind, act: int | None, below: int | None
    ) -> int:
        added = self._db.execute(
            """INSERT INTO edit (made_at, annotator, page, kind, act, below, title,
                removed, added, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [now(), who, page, kind, act, below, edit.title, spans_json(edit.removed),
             spans_json(edit.added), state_json(edit.before), state_json(edit.after)],
        )  # fmt: skip
        return int(added.lastrowid or 0)

    def _entries(self, where: str, values: list[int | None]) -> Iterator[Entry]:
        rows = self._db.query(
            f"SELECT edit.*, id FROM edit JOIN page ON page.number = page WHERE {where}", values
        )
        for row in list(rows):
            number = row["number"]
            act = row["act"] or number
            yield Entry(number, row["id"], Kind(row["kind"]), act, row["below"], edit_of(row))


def read_annotation(database: Database, page: int, who: int | None) -> Annotation:
    """The stored annotation of a page by an annotator, both by their number."""
    row = database.execute(
        """SELECT status, flagged, note, rejected FROM annotation
        WHERE page = ? AND annotator = ?""",
        [page, who],
    ).fetchone()
    spans = database.execute(
        """SELECT "start", "end", label FROM span WHERE page = ? AND annotator = ?
        ORDER BY "start" """,
        [page, who],
    ).fetchall()
    state = State(Status(row[0]), bool(row[1]), row[2], stored_spans(row[3])) if row else UNTOUCHED
    return Annotation(tuple(Span(*span) for span in spans), state)


def edit_of(row: Mapping[str, Any]) -> Edit:
    """The edit that a row of the log holds.

    Raises:
        ValueError, TypeError: the row is none that this program wrote.
    """
    return Edit(
        row["title"],
        stored_spans(row["removed"]),
        stored_spans(row["added"]),
        _state(row["before"]),
        _state(row["after"]),
    )


def spans_json(spans: tuple[Span, ...]) -> str:
    """Spans as the tables keep them."""
    return json.dumps([[span.start, span.end, span.label] for span in spans])


def stored_spans(packed: str) -> tuple[Span, ...]:
    """Spans from the form that the tables keep them in."""
    return tuple(Span(*row) for row in json.loads(packed))


def state_json(state: State) -> str:
    """A state as the log keeps it."""
    rejected = [[span.start, span.end, span.label] for span in state.rejected]
    return json.dumps([state.status, state.flagged, state.note, rejected], ensure_ascii=False)


def _state(packed: str) -> State:
    status, flagged, note, rejected = json.loads(packed)
    return State(Status(status), flagged, note, tuple(Span(*row) for row in rejected))
