"""Reading a project of an older version without migrating it.

A check reads the file as it is. Tables that only a later version creates are empty in an older
project; temporary ones stand in for them, so that each query has one form.
"""

from segmark.store.file import migrations
from segmark.store.file.connection import Database

_LATER = {
    "queue": (
        "CREATE TEMP TABLE removed_page (page INTEGER PRIMARY KEY)",
        "CREATE TEMP TABLE act_page (act INTEGER, page INTEGER, before TEXT)",
    ),
    "versions": ("CREATE TEMP TABLE version (page INTEGER PRIMARY KEY, earlier INTEGER)",),
    "guideline_cases": (
        "CREATE TEMP TABLE example (number INTEGER, reason TEXT, kept INTEGER)",
        """CREATE TEMP TABLE question (page INTEGER, annotator INTEGER, "start" INTEGER,
            "end" INTEGER, answer TEXT, answered_by INTEGER)""",
    ),
    "people": (
        "CREATE TEMP TABLE act_edit (line INTEGER, page INTEGER, annotator INTEGER)",
        "CREATE TEMP TABLE person_name (person INTEGER, name TEXT, key TEXT, current INTEGER)",
        "CREATE TEMP TABLE time_at_work (quarter TEXT, page INTEGER, annotator INTEGER,"
        " seconds REAL)",
    ),
    "seen_nodes": ("CREATE TEMP TABLE page_seen (page INTEGER PRIMARY KEY, sealed BLOB)",),
}


def stand_in(database: Database) -> None:
    """Create the tables that the version of the project lacks, for this connection alone."""
    there = migrations.applied(database)
    if not there:  # no list of migrations: damaged, or no project
        return
    database.execute("PRAGMA query_only = OFF")  # it forbids temporary tables as well
    for name, statements in _LATER.items():
        if name not in there:
            for statement in statements:
                database.execute(statement)
    database.execute("PRAGMA query_only = ON")
