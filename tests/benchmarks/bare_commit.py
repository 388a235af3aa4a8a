"""The disk's own share of a key press: a transaction of the same shape, and nothing around it."""

import sqlite3
from pathlib import Path

_TABLES = """
CREATE TABLE annotation (
    page INTEGER, annotator INTEGER, status TEXT, flagged INTEGER, note TEXT, rejected TEXT,
    active_seconds REAL, changed_at TEXT, PRIMARY KEY (page, annotator)
);
CREATE TABLE span (
    page INTEGER, annotator INTEGER, start INTEGER, "end" INTEGER, label TEXT,
    PRIMARY KEY (page, annotator, start)
);
CREATE TABLE edit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, made_at TEXT, annotator INTEGER, page INTEGER,
    kind TEXT, act INTEGER, below INTEGER, title TEXT, removed TEXT, added TEXT,
    before TEXT, after TEXT
);
CREATE INDEX edit_by_annotator ON edit (annotator, number);
"""


class BareCommit:
    """A span, the page's state and a line of the log, committed by plain SQLite.

    The file lies where the project does and is as safe: write-ahead log, ``synchronous=FULL``.
    """

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_TABLES)
        self._at = 0

    def write(self) -> None:
        """Commit once."""
        self._at += 1
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        execute("INSERT INTO span VALUES (1, 1, ?, ?, 'body')", (self._at * 50, self._at * 50 + 48))
        execute(
            "INSERT INTO annotation"
            " VALUES (1, 1, 'started', 0, '', '[]', 1.5, '2024-10-15T07:40:00')"
            " ON CONFLICT DO UPDATE SET active_seconds = active_seconds + 1.5"
        )
        execute(
            "INSERT INTO edit VALUES (NULL, '2024-10-15T07:40:00', 1, 1, 'act', NULL, ?, ?,"
            """ '[]', '[[1000, 1048, "body"]]', '["started", false, ""]',"""
            """ '["started", false, ""]')""",
            (self._at - 1, "Label body"),
        )
        execute("COMMIT")

    def close(self) -> None:
        """Close the file, which stays."""
        self._connection.close()
