"""Progress: the callback that reports the progress of long work."""

from typing import Protocol


class Progress(Protocol):
    """The callback that long work calls; it can raise an exception to stop the work."""

    def __call__(self, done: int, total: int | None = None, text: str = "") -> None:
        """Report that ``done`` of ``total`` are done (None: unknown), and what is being done."""
