"""Which migrations a project file went through, and applying the missing ones.

sqlite-utils applies the migrations and keeps the list of them in the file. Whether one is missing
is read here without it: every start of the program asks, and importing sqlite-utils takes longer
than opening a project.
"""

from segmark.store.file.connection import Database
from segmark.store.file.tables import tables

#: The names of all migrations, in order. They are functions of ``schema``.
NAMES: tuple[str, ...] = (
    "first_tables",
    "suggestions",
    "near_duplicates_and_rest",
    "predictions",
    "queue",
    "versions",
    "loaded_labels",
    "models_of_predictions",
    "finish_check",
    "guideline_cases",
    "people",
    "label_ids",
    "doubts",
    "seen_nodes",
)


def applied(database: Database) -> set[str]:
    """The names of the migrations that a file went through; none where it is no project."""
    listed = database.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'"
    ).fetchone()
    if not listed:
        return set()
    rows = database.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'segmark'")
    return {str(row[0]) for row in rows}


def pending(database: Database) -> bool:
    """Whether a migration is missing."""
    return not applied(database).issuperset(NAMES)


def apply(database: Database) -> None:
    """Apply the missing migrations, in order."""
    upgraded = tables(database)  # before the schema, which imports sqlite-utils as well
    from segmark.store.file.schema import migrations

    migrations.apply(upgraded)
