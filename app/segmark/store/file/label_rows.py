"""The label set of a project as rows of its table, and back; the SQL that gave labels their ids.

A label that was merged or deleted keeps its row: rows that refer to it stay as they are, and an
undo brings it back.
"""

import json
from collections.abc import Mapping
from typing import Any

from segmark.core.label import Expected, Label, LabelSet, LabelSetError
from segmark.store.errors import DamagedError
from segmark.store.file.connection import Database


def label_row(label: Label) -> dict[str, Any]:
    """The values of a label by column, without its place and whether it is gone."""
    return {
        "id": label.id,
        "name": label.name,
        "key": label.key,
        "light": label.light,
        "dark": label.dark,
        "joins": int(label.joins),
        "inside": int(label.inside),
        "expected": str(label.expected),
        "definition": label.definition,
        "guideline": label.guideline,
        "example": label.example,
        "former": json.dumps(label.former, ensure_ascii=False),
    }


def label_of(row: Mapping[str, Any]) -> Label:
    """The label of a row, also of a project of an older version.

    Raises:
        LabelSetError, KeyError, TypeError, ValueError: this program did not write the row.
    """
    if row.get("expected", "") not in list(Expected):
        raise LabelSetError(f"label {row['name']}: {row['expected']!r:.40} spans can't be expected")
    return Label(
        row["name"],
        row["key"],
        row["light"],
        row["dark"],
        bool(row["joins"]),
        row["definition"],
        row["guideline"],
        row["example"],
        Expected(row.get("expected", "")),
        bool(row.get("inside", True)),
        tuple(map(str, json.loads(row.get("former", "[]")))),
        row.get("id", row["name"]),
    )


def read_labels(database: Database) -> LabelSet:
    """The project's own copy of its label set."""
    try:
        about = {row["name"]: row["value"] for row in database.query("SELECT * FROM project")}
        present, gone = list[Label](), list[tuple[Label, str]]()
        for row in database.query("SELECT * FROM label ORDER BY position"):
            if (into := row.get("gone_into")) is None:
                present.append(label_of(row))
            else:
                gone.append((label_of(row), str(into)))
        return LabelSet(about["label_set"], tuple(present), about["guideline"], tuple(gone))
    except LabelSetError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DamagedError.of(database.path) from error


def write_labels(database: Database, labels: LabelSet) -> None:
    """Write the label set in place of the earlier one, whose labels all are in it or gone."""
    rows = [*((label, None) for label in labels), *labels.gone]
    # First out of the way: two labels can't have one position, not even for a moment.
    database.execute("UPDATE label SET position = -1 - position WHERE position > 0")
    for position, (label, into) in enumerate(rows, start=1):
        row = {"position": position, **label_row(label), "gone_into": into}
        values = ", ".join(f":{name}" for name in row)
        changes = ", ".join(f"{name} = excluded.{name}" for name in row if name != "id")
        database.execute(
            f"""INSERT INTO label ({", ".join(row)}) VALUES ({values})
            ON CONFLICT (id) DO UPDATE SET {changes}""",
            row,
        )
    for name, value in (("label_set", labels.name), ("guideline", labels.guideline)):
        database.execute(
            """INSERT INTO project (name, value) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET value = excluded.value""",
            [name, value],
        )


def present_label(column: str) -> str:
    """SQL for the id of the label that a column stands for by now; '' if it was deleted."""
    return f"""coalesce((SELECT coalesce(gone_into, id) FROM label WHERE label.id = {column}),
        {column})"""


def name_of_label(column: str) -> str:
    """SQL for the name of the label whose id is in a column."""
    return f"coalesce((SELECT label.name FROM label WHERE label.id = {column}), {column})"


# The first name of a label becomes its id, so no row that refers to it changes.
LABEL_IDS = (
    "ALTER TABLE label RENAME COLUMN name TO id",
    "ALTER TABLE label ADD COLUMN name TEXT NOT NULL DEFAULT ''",
    "UPDATE label SET name = id",
    # Names that it had before, JSON: [name, …]
    "ALTER TABLE label ADD COLUMN former TEXT NOT NULL DEFAULT '[]'",
    # Whether a span of it may begin or end inside a block
    """ALTER TABLE label ADD COLUMN inside INTEGER NOT NULL DEFAULT 1
        CHECK (inside IN (0, 1))""",
    # NULL: in the set; else it is gone, and its spans have the label with this id, '' for none
    "ALTER TABLE label ADD COLUMN gone_into TEXT",
)

# An act on the label set needs no page. SQLite can't allow nulls in a column that is there, so the
# table is made again; the references of other tables are by its name.
EDIT_WITHOUT_PAGE = (
    """CREATE TABLE new_edit (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        made_at TEXT NOT NULL,  -- UTC; the order is the number's
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        page INTEGER REFERENCES page (number) ON DELETE CASCADE,  -- NULL: the label set
        kind TEXT NOT NULL CHECK (kind IN ('act', 'undo', 'redo')),
        act INTEGER,  -- number of the act that is undone or redone
        below INTEGER,  -- number of the act that undo reaches next
        title TEXT NOT NULL,
        removed TEXT NOT NULL,  -- JSON: [[start, end, label], …]
        added TEXT NOT NULL,
        before TEXT NOT NULL,  -- JSON: [status, flagged, note, rejected]
        after TEXT NOT NULL,
        field TEXT,  -- of an act on many pages: status, flagged, site, removed or labels
        value TEXT,  -- the field's new value; of labels: what changed, JSON
        CHECK (page IS NOT NULL OR field = 'labels')
    ) STRICT""",
    """INSERT INTO new_edit SELECT number, made_at, annotator, page, kind, act, below, title,
        removed, added, before, after, field, value FROM edit""",
    "DELETE FROM sqlite_sequence WHERE seq = 0",  # as if nothing was ever written to it
    "DROP TABLE edit",  # with its indexes and its trigger
    "ALTER TABLE new_edit RENAME TO edit",
    """CREATE TRIGGER edit_is_never_changed BEFORE UPDATE ON edit
        BEGIN SELECT raise(ABORT, 'the log of edits is append-only'); END""",
)
