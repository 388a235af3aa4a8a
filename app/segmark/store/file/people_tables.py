"""The tables of people: names that lead to them, what a join moved, when they worked.

A part of the schema, with the rows that an older project gets.
"""

from datetime import UTC, datetime
from hashlib import sha256

from sqlite_utils import Database

from segmark.core.people.person import name_key

_TABLES = (
    # The names that lead to a person.
    """CREATE TABLE person_name (
        person INTEGER NOT NULL REFERENCES annotator (number),
        name TEXT NOT NULL,
        key TEXT NOT NULL,  -- without case, runs of blanks and Unicode form
        current INTEGER NOT NULL CHECK (current IN (0, 1)),
        PRIMARY KEY (person, name)
    ) STRICT""",
    "CREATE INDEX person_name_by_key ON person_name (key)",
    # The edits of a line of the log that changes many pages, where they differ by page.
    """CREATE TABLE act_edit (
        line INTEGER NOT NULL REFERENCES edit (number) ON DELETE CASCADE,
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        removed TEXT NOT NULL,  -- JSON, as in the log
        added TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        seconds REAL NOT NULL,  -- at work, that came with it or went
        changed_at TEXT NOT NULL,  -- when the labels had changed before; empty if there were none
        PRIMARY KEY (line, page, annotator)
    ) STRICT""",
    "CREATE INDEX act_edit_by_page ON act_edit (page)",
    # Counted from ``times_since`` in the table project on.
    """CREATE TABLE time_at_work (
        quarter TEXT NOT NULL,  -- the beginning of a quarter of an hour, UTC
        page INTEGER NOT NULL REFERENCES page (number) ON DELETE CASCADE,
        annotator INTEGER NOT NULL REFERENCES annotator (number),
        seconds REAL NOT NULL,  -- idle time left out
        PRIMARY KEY (quarter, page, annotator)
    ) STRICT""",
)


def add_people(db: Database) -> None:
    """Add the tables and columns, and let each annotator's name lead to a person."""
    annotator = db.table("annotator")
    # Of an older project, made of what all copies of it agree on; else random.
    annotator.add_column("id", str, not_null_default="")
    annotator.add_column("colour", str, not_null_default="")  # #rrggbb; '': by the number
    # Number of the person whom this one turned out to be.
    db.execute("ALTER TABLE annotator ADD COLUMN joined INTEGER REFERENCES annotator (number)")
    for statement in _TABLES:
        db.execute(statement)
    made = "".join(row["value"] for row in db.query("SELECT * FROM project WHERE name = 'made_at'"))
    for row in list(db.query("SELECT number, name FROM annotator")):
        seed = f"{made} {row['number']} {row['name']}".encode(errors="surrogatepass")
        annotator.update(row["number"], {"id": sha256(seed).hexdigest()[:16]})
        db.table("person_name").insert({
            "person": row["number"], "name": row["name"], "key": name_key(row["name"]),
            "current": 1,
        })  # fmt: skip
    annotator.create_index(["id"], "annotator_by_id", unique=True)
    keep_times_since(db)


def keep_times_since(db: Database) -> None:
    """Keep the present time as that from which on times at work are counted by quarter hour.

    A time that is kept already stays.
    """
    value = datetime.now(UTC).isoformat(timespec="milliseconds")
    db.table("project").insert({"name": "times_since", "value": value}, pk="name", ignore=True)
