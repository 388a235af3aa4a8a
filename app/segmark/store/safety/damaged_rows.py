"""Reads the rows of a damaged project around what SQLite can't read."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from segmark.store.file.connection import Database
from segmark.store.file.tables import tables

_AT_ONCE = 256  # rows read together; a batch that can't be read is halved until one row is left

RawRow = dict[str, Any]


def has_table(old: Database, table: str) -> bool:
    """Whether the project has a table; a project of an older version lacks the later ones."""
    try:
        return tables(old).table(table).exists()
    except sqlite3.Error:
        return True


def readable(old: Database, table: str) -> Iterator[RawRow | None]:
    """The rows of a table in the order of their numbers; None for each that can't be read."""
    if not has_table(old, table):
        return
    ends = [_end_of(old, table, order) for order in ("ASC", "DESC")]
    if ends == [None, None]:
        # Its root can't be read, or it is empty.
        try:
            old.execute(f"SELECT count(*) FROM {table}").fetchone()
        except sqlite3.Error:
            yield None
        return
    first = 0 if ends[0] is None else ends[0]
    last = ends[1] if ends[1] is not None else _far_end(old, first)
    begin: int | None = first
    while begin is not None and begin <= last:
        end = min(begin + _AT_ONCE, last + 1)
        yield from _part(old, table, begin, end)
        begin = _next(old, table, end, first)


def _next(old: Database, table: str, end: int, first: int) -> int | None:
    """The next row number from there on: a crafted table can have gaps without end."""
    try:
        row = old.execute(
            f"SELECT rowid FROM {table} WHERE rowid >= ? ORDER BY rowid LIMIT 1", [end]
        ).fetchone()
    except sqlite3.Error:
        return end if end <= _far_end(old, first) else None
    return int(row[0]) if row else None


def _end_of(old: Database, table: str, order: str) -> int | None:
    try:
        row = old.execute(f"SELECT rowid FROM {table} ORDER BY rowid {order} LIMIT 1").fetchone()
    except sqlite3.Error:
        return None
    return int(row[0]) if row else None


def _far_end(old: Database, first: int) -> int:
    """An upper bound of the row numbers, for a table whose last row can't be read."""
    try:
        row = old.execute("SELECT max(seq) FROM sqlite_sequence").fetchone()
        written = int(row[0] or 0)
    except sqlite3.Error:
        written = 0
    size = old.execute("PRAGMA page_count").fetchone()[0]
    return max(first, written, int(size) * 16)


def _part(old: Database, table: str, begin: int, end: int) -> Iterator[RawRow | None]:
    try:
        rows = list(tables(old).table(table).rows_where("rowid >= ? AND rowid < ?", [begin, end]))
    except (sqlite3.Error, UnicodeDecodeError):
        if end - begin == 1:
            yield None
            return
        middle = (begin + end) // 2
        yield from _part(old, table, begin, middle)
        yield from _part(old, table, middle, end)
        return
    yield from rows
