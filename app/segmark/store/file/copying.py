"""Copying a project, to go on working in the copy."""

import sqlite3
from contextlib import closing
from pathlib import Path

from segmark.store.errors import StoreError
from segmark.store.file.building import built_beside
from segmark.store.file.connection import reason
from segmark.store.file.log_pair import copy_database
from segmark.store.file.reading import connect_for_reading


def copy_project(project: Path, copy: Path) -> None:
    """Copy a snapshot of a project, from wherever it can be read.

    Raises:
        StoreError: the file exists already, the disk is full, or the project is damaged.
    """
    if copy.exists():
        raise StoreError(f"{copy}: the file exists already; choose another name")
    try:
        with (
            built_beside(copy) as part,
            closing(connect_for_reading(project)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            copy_database(source, target)
    except OSError as error:
        raise StoreError(f"{copy}: no copy could be made: {error.strerror}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{copy}: no copy could be made: {reason(error)}") from error
