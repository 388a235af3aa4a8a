"""The word index: finds pages by the words of their text at once, however many there are.

It is built at the first search, and later loads extend it. It only holds which pages a word is on:
not the text, which is in ``page_text``, nor where on the page a word is, nor how often. On news
pages it takes a quarter of the space of the text, and a third of an index with positions. That is
why it is made in SQL: ``enable_fts`` of sqlite-utils only makes an index of the columns of one
table, with positions.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable

from segmark.store.errors import StoreError
from segmark.store.file.connection import Database

# Letters and digits of any script, like the tokenizer unicode61 of SQLite's FTS5.
_WORD = re.compile(r"[^\W_]+")
_TABLE = """CREATE VIRTUAL TABLE IF NOT EXISTS page_words USING fts5(words, content = '',
    columnsize = 0, detail = none, tokenize = "unicode61 remove_diacritics 2")"""


class WordIndex:
    """The word index of a project, over one connection."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def wanted(self) -> bool:
        """Whether somebody built it, if only in part; loading then extends it."""
        return self._last() is not None

    def missing(self) -> int:
        """About how many pages are not in the index yet; 0 if it is complete."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'page'").fetchone()
        return max(0, (row[0] if row else 0) - (self._last() or 0))

    def begin(self) -> None:
        """Create its tables if they do not exist. Call this inside a write transaction.

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
        """Add at most so many missing pages, and return how many were added.

        Call this inside a write transaction, after ``begin``.
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
    """The query for pages where each of these begins a word; "" if there is none.

    A single letter must be a whole word: it begins too many words.
    """
    pieces = [
        piece for word in words for piece in _WORD.findall(unicodedata.normalize("NFC", word))
    ]
    return " AND ".join(f'"{piece}"' + ("*" if len(piece) > 1 else "") for piece in pieces)
