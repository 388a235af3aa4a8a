"""Why a source is not a page."""

from dataclasses import dataclass


class LoadError(Exception):
    """A source can't be a page; the message is one line: ``source: reason``.

    Attributes:
        source: short name of the source, without the name of a machine.
        reason: what is wrong and, if possible, what to do.
        kind: of file, such as ``.css``, if all files of this kind are rejected for this reason.
    """

    def __init__(self, source: str, reason: str, kind: str = "") -> None:
        super().__init__(source, reason, kind)
        self.source = source
        self.reason = reason
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"

    def alone(self) -> "LoadError":
        """Return a copy without the traceback, which would keep the whole source in memory."""
        return LoadError(self.source, self.reason, self.kind)


class NotAPageError(Exception):
    """Bytes or text can't be a page; the message is the reason, without the source.

    ``kind`` is that of ``LoadError``.
    """

    def __init__(self, reason: str, kind: str = "") -> None:
        super().__init__(reason)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something in a file that is not a page, though nothing is wrong with it.

    Attributes:
        source: short name of the file.
        what: what it is and how many, such as ``12 records that are no HTML pages``.
    """

    source: str
    what: str
