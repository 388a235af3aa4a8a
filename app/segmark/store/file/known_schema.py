"""Whether the tables, triggers, indexes and views of a project are those that Segmark makes.

A project from a stranger can hold triggers that change labels, or views in place of tables that
never end. So the schema is compared with the known one before anything is read: one query, and a
digest. Only a schema with another digest is compared part by part, with a schema that the
migrations of the project's version make in memory.

People may add plain tables of their own, with indexes on them: Segmark never reads or writes them.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from segmark.store.file import migrations
from segmark.store.file.connection import Database
from segmark.store.file.tables import tables

#: Digests of complete schemas: of a new project, and of one that version 0.1 made. A schema that is
#: not listed is compared part by part, which takes about a tenth of a second.
KNOWN_DIGESTS = frozenset({"6de30c73fcc0bbf87c89803a97df130f", "86cb1034a115b8b76d4a0b8db18f42da"})

_TOKEN = r'"[^"]*"|\[[^\]]*\]|\'[^\']*\'|--[^\n]*|\w+|[^\s\w]'
_QUOTED_NAME = r'"\w+"|\[\w+\]'
_WORD_INDEX = (
    "CREATE VIRTUAL TABLE page_words USING fts5(words, content = '', columnsize = 0, "
    'detail = none, tokenize = "unicode61 remove_diacritics 2")'
)
_SHOWN = 3  # deviations that a message names
_MIGRATIONS = "_sqlite_migrations"


class _Part(NamedTuple):
    """A row of sqlite_schema, with its SQL in words."""

    kind: str
    name: str
    table: str
    words: tuple[str, ...]

    @property
    def is_plain_table(self) -> bool:
        """Whether it is a table with stored columns alone."""
        words = [word.upper() for word in self.words]
        return self.kind == "table" and words[:2] == ["CREATE", "TABLE"] and "AS" not in words

    @property
    def is_index(self) -> bool:
        words = [word.upper() for word in self.words]
        return self.kind == "index" and (
            words[:2] == ["CREATE", "INDEX"] or words[:3] == ["CREATE", "UNIQUE", "INDEX"]
        )


@dataclass(frozen=True, slots=True)
class Deviation:
    """A part of a schema that is not as Segmark makes it.

    Attributes:
        words: what is wrong, such as ``the trigger "x" is foreign``.
        table: the table in whose place it stands; "" if it stands in the place of none.
        is_missing: whether nothing is there.
    """

    words: str
    table: str = ""
    is_missing: bool = False


def deviations(database: Database) -> tuple[Deviation, ...]:
    """How the schema of a project deviates from that of its version; reads no table.

    Raises:
        sqlite3.Error: the schema can't be read.
    """
    rows = database.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    ).fetchall()
    rows = [row for row in rows if not _is_word_index(*row)]
    if digest_of(rows) in KNOWN_DIGESTS:
        return ()
    there = {(part.kind, part.name): part for part in map(_part, rows)}
    listed = there.get(("table", _MIGRATIONS))
    if listed is None or not listed.is_plain_table:
        return ()  # not a project: whoever opens it says so
    applied = migrations.applied(database)
    found = sorted(_compared(there, _known(applied)), key=lambda one: not one.table)
    if applied.issubset(migrations.NAMES):
        return tuple(found)
    return tuple(one for one in found if one.table)  # of a newer version, which has more


def in_words(found: Sequence[Deviation]) -> str:
    """Deviations as a part of a sentence."""
    more = len(found) - _SHOWN
    words = ", ".join(one.words for one in found[:_SHOWN])
    return f"{words} and {more:,} more" if more > 0 else words


def _is_word_index(kind: str, name: str, _table: str, sql: str | None) -> bool:
    """Whether it is the word index of the project, or a table that SQLite keeps for it."""
    if kind != "table" or not name.startswith("page_words"):
        return False
    words = " ".join(str(sql).split())
    return words == _WORD_INDEX or (name != "page_words" and words.startswith("CREATE TABLE '"))


def digest_of(rows: list[tuple[str, str, str, str | None]]) -> str:
    """The digest of a schema."""
    return sha256(repr(rows).encode(errors="surrogatepass")).hexdigest()[:32]


_Parts = dict[tuple[str, str], _Part]


def _compared(there: _Parts, known: _Parts) -> Iterator[Deviation]:
    ours = {part.name for part in known.values() if part.kind == "table"}
    for at, part in there.items():
        if part == known.get(at) or _is_of_sqlite(part) or part.table == _MIGRATIONS:
            continue
        yield from _deviation(part, ours, changed=at in known)
    names = {part.name for part in there.values()}
    for part in known.values():
        if part.name not in names and part.table != _MIGRATIONS:
            yield Deviation(f'the {part.kind} "{part.name}" is missing', is_missing=True)


def _deviation(part: _Part, ours: set[str], *, changed: bool) -> Iterator[Deviation]:
    name = f'the {part.kind} "{part.name}"'
    if part.name in ours and part.kind in ("table", "view"):
        if part.is_plain_table:
            yield Deviation(f"{name} was changed")
        else:
            yield Deviation(f"{name} is foreign: it stands in the place of a table", part.name)
    elif changed:
        yield Deviation(f"{name} was changed")
    elif not (part.is_plain_table or (part.is_index and part.table not in ours)):
        yield Deviation(f"{name} is foreign")


def _is_of_sqlite(part: _Part) -> bool:
    """Whether SQLite made it by itself: an index of a constraint, or a table of its own."""
    by_itself = part.name.startswith("sqlite_") and (part.is_plain_table or not part.words)
    return by_itself and part.kind in ("table", "index")


def _part(row: tuple[str, str, str, str | None]) -> _Part:
    kind, name, table, sql = row
    words = (word for word in re.findall(_TOKEN, str(sql or "")) if not word.startswith("--"))
    plain = (word[1:-1] if re.fullmatch(_QUOTED_NAME, word) else word for word in words)
    return _Part(str(kind), str(name), str(table), tuple(plain))


def _known(applied: set[str]) -> _Parts:
    """The schema that these migrations make."""
    memory = sqlite3.connect(":memory:", isolation_level=None, factory=Database)
    with closing(memory):
        made = tables(memory)
        from segmark.store.file.schema import migrations as all_of_them

        later = [name for name in migrations.NAMES if name not in applied]
        all_of_them.apply(made, stop_before=later[:1])
        rows = memory.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    return {(part.kind, part.name): part for part in map(_part, rows)}
