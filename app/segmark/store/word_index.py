"""The index of words: finds pages by the words of their text at once, however many they are.

It is made when somebody first wants it, and grows with every page that is loaded later. The index
holds which pages a word is on, and neither the text (that is in ``page_text``), nor where on the
page it is, nor how often: on news pages it takes a quarter of the room of the text, a third of
what an index with places would take.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable

from segmark.store.errors import StoreError
from segmark.store.file.connection import Database

# Letters and digits of any script, as the tokenizer unicode61 of SQLite's FTS5 takes them.
_WORD = re.compile(r"[^\W_]+")
_TABLE = """CREATE VIRTUAL TABLE IF NOT EXISTS page_words USING fts5(words, content = '',
    columnsize = 0, detail = none, tokenize = "unicode61 remove_diacritics 2")"""


class WordIndex:
    """The index of the words of a project's pages, seen through one connection."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def wanted(self) -> bool:
        """Whether somebody had it made, if only in part: loading keeps it up to date then."""
        return self._last() is not None

    def missing(self) -> int:
        """How many pages are not in it yet, roughly; 0 when it is whole."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'page'").fetchone()
        return max(0, (row[0] if row else 0) - (self._last() or 0))

    def begin(self) -> None:
        """Make its tables, if they are not there. Call it inside a write transaction.

        Raises:
            StoreError: this SQLite has no full-text search.
        """
        try:
            self._db.execute(_TABLE)
        except sqlite3.OperationalError as error:
            if "no such module" not in str(error):
                raise
            raise StoreError(
                "the SQLite of this Python has no full-text search (FTS5): "
                "search in titles instead, or run Segmark with another Python"
            ) from error
        if not self.wanted:
            self._db.execute("INSERT INTO word_index VALUES (0)")

    def add_pages(self, at_most: int) -> int:
        """Add so many of the pages that it lacks; how many these were.

        Call it inside a write transaction, once the index was begun.
        """
        row = self._db.execute(
            """SELECT max(number) FROM (
                SELECT number FROM page WHERE number > ? ORDER BY number LIMIT ?)""",
            [self._last() or 0, at_most],
        ).fetchone()
        if row[0] is None:
            return 0
        added = self._db.execute(
            """INSERT INTO page_words (rowid, words)
            SELECT number, title || ' ' || url || ' ' || source || char(10) || text
            FROM page JOIN page_text ON page = number WHERE number > ? AND number <= ?
            ORDER BY number""",
            [self._last() or 0, row[0]],
        )
        self._db.execute("UPDATE word_index SET last_page = ?", [row[0]])
        return added.rowcount

    def _last(self) -> int | None:
        row = self._db.execute("SELECT last_page FROM word_index").fetchone()
        return row[0] if row else None


def match(words: Iterable[str]) -> str:
    """The query that finds the pages where each of these begins a word; "" where none is there.

    A single letter has to be a word of its own: it begins too many.
    """
    pieces = [
        piece for word in words for piece in _WORD.findall(unicodedata.normalize("NFC", word))
    ]
    return " AND ".join(f'"{piece}"' + ("*" if len(piece) > 1 else "") for piece in pieces)
