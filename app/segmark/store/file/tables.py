"""A project's connection as sqlite-utils sees it: to make, change and fill tables.

Importing sqlite-utils takes longer than opening a project, so only what changes tables asks for it.
"""

import sys
from typing import TYPE_CHECKING

from segmark.store.file.connection import Database

if TYPE_CHECKING:
    import sqlite_utils


def tables(database: Database) -> "sqlite_utils.Database":
    """The tables of an open project; what is done with them is part of an open transaction."""
    # sqlite-utils imports pandas and numpy wherever they are installed, which costs up to a second
    # and 80 MB; nothing here needs them.
    heavy = [name for name in ("pandas", "numpy") if name not in sys.modules]
    for name in heavy:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import sqlite_utils
    finally:
        for name in heavy:
            del sys.modules[name]
    return sqlite_utils.Database(database, execute_plugins=False)
