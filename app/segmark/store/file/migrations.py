"""Which steps of the schema a project file has taken, and taking the rest.

sqlite-utils takes the steps and keeps the list of them in the file. Whether one is missing is read
from that list here, for every start of the program asks it.
"""

from typing import TYPE_CHECKING

from segmark.store.file.connection import Database
from segmark.store.file.schema import STEPS, Step
from segmark.store.file.tables import tables

if TYPE_CHECKING:
    import sqlite_utils

_SET = "segmark"  # whose steps these are, in a list that may have others


def applied(database: Database) -> set[str]:
    """The names of the steps that a file has taken; none where it is no project."""
    listed = database.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'"
    ).fetchone()
    if not listed:
        return set()
    rows = database.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [_SET])
    return {str(row[0]) for row in rows}


def known() -> set[str]:
    """The names of the steps that this version knows."""
    return {step.__name__ for step in STEPS}


def pending(database: Database) -> bool:
    """Whether this version knows a step that the file has not taken."""
    return not known() <= applied(database)


def apply(database: Database) -> None:
    """Take the steps that are missing, in their order."""
    known_tables = tables(database)
    from sqlite_utils import Migrations

    steps = Migrations(_SET)
    for step in STEPS:
        _add(steps, step, database)
    steps.apply(known_tables)


def _add(steps: "sqlite_utils.Migrations", step: Step, database: Database) -> None:
    def take(_: "sqlite_utils.Database", /) -> None:
        step(database)

    steps(name=step.__name__)(take)
