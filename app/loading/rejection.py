"""Why a source can't be a page."""


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


class NotAPageError(Exception):
    """Bytes or text that can't be a page; the message is the reason, without a source."""
