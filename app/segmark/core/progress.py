"""Progress: how long work says how far it is."""

from typing import Protocol


class Progress(Protocol):
    """The callback that long work calls; it may raise an exception of its own to stop the work."""

    def __call__(self, done: int, total: int | None = None, text: str = "") -> None:
        """Report that ``done`` of ``total`` are done (None: unknown), and what is being done."""
