"""The errors of a project file, each with a one-line message for the user."""

import sqlite3
from pathlib import Path


def for_shell(path: Path) -> str:
    """A path as it is typed in a command, whatever characters are in its name."""
    from shlex import quote

    typed = f"./{path}" if str(path).startswith("-") else str(path)
    if not typed.isprintable():  # such as a newline: messages have one line
        escapes = {"\\": "\\\\", "'": "\\'"}
        shown = (
            escapes.get(c, c if c.isprintable() else c.encode("unicode_escape").decode())
            for c in typed
        )
        return f"$'{''.join(shown)}'"
    return quote(typed)


class StoreError(Exception):
    """The project file can't be used, or an act could not be saved."""


class NewerProjectError(StoreError):
    """A newer version of the program wrote the project file."""


class NotAtOnceError(StoreError):
    """The project takes a while to open, but was to be opened at once.

    Attributes:
        explanation: what will be done, as the rest of a sentence after the project's name.
    """

    def __init__(self, path: Path, explanation: str) -> None:
        super().__init__(f"{path}: it takes a while to open: it {explanation}")
        self.explanation = explanation


class ReadOnlyError(StoreError):
    """The project's file, folder or disk can't be written."""


class ForeignSchemaError(StoreError):
    """The tables of a project are not those that Segmark makes: it is not written.

    Attributes:
        found: what is not as it should be, as a part of a sentence.
    """

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"{path}: the project can't be opened: {found}; save what is Segmark's with: "
            f"segmark check {for_shell(path)} --repair NEW.segmark"
        )
        self.found = found


class InUseError(StoreError):
    """Another window or program has the project open, so it can't be replaced."""


class DamagedError(StoreError, sqlite3.DatabaseError):
    """Part of the project file is damaged and can't be read."""

    @classmethod
    def of(cls, path: Path) -> "DamagedError":
        """The error for this file. It holds only text, so that it can be pickled."""
        typed = for_shell(path)
        return cls(
            f"{path}: the file is damaged; go back to a backup with: segmark restore {typed}, or "
            f"save the healthy part with: segmark check {typed} --repair NEW.segmark"
        )


class DisplacedError(StoreError):
    """A project whose file was renamed, replaced or removed while it was open."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: this was not saved: the file was renamed, replaced or removed while it was "
            "open; all that was done before is kept"
        )


class ConflictError(StoreError):
    """Another window changed the page since it was opened here."""

    def __init__(self, message: str = "another window changed this page; it is reloaded") -> None:
        super().__init__(message)


class LabelsChangedError(ConflictError):
    """Somebody changed the label set; it is read again, and the act can be done again.

    ``told`` is what happened to it, as a part of a sentence.
    """

    def __init__(self, told: str) -> None:
        super().__init__(f"Not saved, do it again: {told}")
