"""What can go wrong with a project file, each with one clear line."""


class StoreError(Exception):
    """A project file that can't be used, or an act that it could not store."""


class NewerProjectError(StoreError):
    """A project file that a newer version of the program has written."""


class ReadOnlyError(StoreError):
    """A project that can't be written: its file, its folder or its disk does not allow it."""


class InUseError(StoreError):
    """A project that another window or program has open, so that it can't be replaced."""


class ConflictError(StoreError):
    """The page was changed by another window since it was opened here."""

    def __init__(self) -> None:
        super().__init__("another window changed this page; it is shown anew")
