"""Why a source can't be a page."""

from dataclasses import dataclass


class LoadError(Exception):
    """A source that can't be a page; as a string it is one line: ``source: reason``.

    Attributes:
        source: short name of the source, naming no machine.
        reason: what is wrong and, where something helps, what to do.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(source, reason)
        self.source = source
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"

    def alone(self) -> "LoadError":
        """The same without where it was raised, which holds on to the whole source."""
        return LoadError(self.source, self.reason)


class NotAPageError(Exception):
    """Bytes or text that can't be a page; the message is the reason, without a source."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What a file holds beside its pages: nothing is wrong with it, and it is no page.

    Attributes:
        source: short name of the file.
        what: how much of what, such as ``12 records that are no HTML pages``.
    """

    source: str
    what: str
