"""Named values of a project: what it keeps about itself and how it is worked on.

Keeping a value is rare, and imports sqlite-utils; reading one does not.
"""

import json
from contextlib import suppress
from typing import Any

from segmark.store.file.connection import Database
from segmark.store.file.tables import tables

#: The names of dictionaries by annotator: where the caret was on each page, what was unfolded, the
#: walk of a second look, and the place at which it is.
CARETS, UNFOLDED, LOOKS, LOOKS_AT = "carets", "unfolded", "second looks", "second looks at"


def read_value(database: Database, name: str) -> str | None:
    """The value kept under a name; None where there is none."""
    row = database.execute("SELECT value FROM project WHERE name = ?", [name]).fetchone()
    return str(row[0]) if row else None


def keep_value(database: Database, name: str, value: str) -> None:
    """Keep a value under a name, in place of the earlier one."""
    tables(database).table("project").upsert({"name": name, "value": value}, pk="name")


def read_dictionary(database: Database, name: str) -> dict[str, Any]:
    """A value kept as JSON; empty where there is none, or damage made it unreadable."""
    with suppress(ValueError, TypeError):
        return dict(json.loads(read_value(database, name) or "{}"))
    return {}


def keep_dictionary(database: Database, name: str, value: dict[str, Any]) -> None:
    """Keep a value as JSON, in place of the earlier one."""
    keep_value(database, name, json.dumps(value, ensure_ascii=False))


def keep_entry(database: Database, name: str, key: str, value: object) -> None:
    """Keep one entry of a dictionary, in place of the earlier one; entries that are empty go."""
    kept = {**read_dictionary(database, name), key: value}
    keep_dictionary(database, name, {key: each for key, each in kept.items() if each})
