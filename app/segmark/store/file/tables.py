"""A project's connection as a sqlite-utils database.

sqlite-utils makes the schema, applies the migrations, and reads and writes rows wherever speed does
not forbid it. It takes 55 to 85 ms to import, about half of what ``segmark stats`` takes in all, so
it is imported at the first use, and these do without it:

- opening a project, reading and saving pages, annotations and the queue: every start of the window,
  and every key press,
- loading and exporting: an insert takes twice as long as a statement,
- the figures: ``segmark stats`` would take half as long again.
"""

import sys
from typing import TYPE_CHECKING

from segmark.store.file.connection import Database

if TYPE_CHECKING:
    import sqlite_utils


def tables(database: Database) -> "sqlite_utils.Database":
    """The tables of an open project. What is done with them is part of an open transaction."""
    # sqlite-utils imports pandas and numpy wherever they are installed, though nothing here needs
    # them: that takes 550 to 900 ms instead of 55 to 85, and 80 MB. It takes them for missing if
    # they are None in sys.modules.
    heavy = [name for name in ("pandas", "numpy") if name not in sys.modules]
    for name in heavy:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import sqlite_utils
    finally:
        for name in heavy:
            del sys.modules[name]
    return sqlite_utils.Database(database, execute_plugins=False, recursive_triggers=False)
