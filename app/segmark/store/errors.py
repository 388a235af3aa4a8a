"""What can go wrong with a project file, each with one clear line."""

import sqlite3
from pathlib import Path


class StoreError(Exception):
    """A project file that can't be used, or an act that it could not store."""


class NewerProjectError(StoreError):
    """A project file that a newer version of the program has written."""


class NotAtOnceError(StoreError):
    """A project that takes a while to open, where it was to be opened at once.

    Attributes:
        told: what will be done, to be said after the project's name.
    """

    def __init__(self, path: Path, told: str) -> None:
        super().__init__(f"{path}: it takes a while to open: it {told}")
        self.told = told


class ReadOnlyError(StoreError):
    """A project that can't be written: its file, its folder or its disk does not allow it."""


class InUseError(StoreError):
    """A project that another window or program has open, so that it can't be replaced."""


class DamagedError(StoreError, sqlite3.DatabaseError):
    """A project file of which something could not be read, for it is damaged."""

    @classmethod
    def of(cls, path: Path) -> "DamagedError":
        """The error of this file. Only words are kept: it goes from process to process."""
        return cls(
            f"{path}: the file is damaged; go back to a backup with: segmark restore {path}, or "
            f"save what is healthy with: segmark check {path} --repair NEW.segmark"
        )


class DisplacedError(StoreError):
    """A project whose file was renamed, replaced or removed while it was open."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: this was not saved: the file was renamed, replaced or removed while it was "
            "open; all that was done before is kept"
        )


class ConflictError(StoreError):
    """The page was changed by another window since it was opened here."""

    def __init__(self, told: str = "another window changed this page; it is shown anew") -> None:
        super().__init__(told)
