"""Row: what one row of an export says, as whoever reads it back gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmark.core.span import Span

#: Which form of the record this is; it rises when a key changes its meaning or goes.
SCHEMA = "1"

#: The keys of ``meta``, in order.
META_KEYS = ("source", "url", "site", "annotator", "status", "sha256")


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of text that a row says stands in the page at this offset.

    Raises:
        TypeError: it was read and is none.
    """

    start: int
    text: str

    def __post_init__(self) -> None:
        if not isinstance(self.start, int) or not isinstance(self.text, str):
            raise TypeError(f"{self.text!r:.40} at {self.start!r} is no text at an offset")

    @property
    def end(self) -> int:
        """The offset after it."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """One row of a data file.

    Attributes:
        where: what people find it by: file and line.
        id: the page's; "" in a row that is none.
        meta: what is known of the page beside its text.
        quotes: what it says of the page's text, in order.
        spans: those that touch the row, at their whole length.
        faults: what is wrong with it in itself, a sentence each.
        whole: whether it quotes all of the page's text.
        marks_only: whether it quotes nothing but what is labelled.
    """

    where: str
    id: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    quotes: Sequence[Quote] = ()
    spans: Sequence[Span] = ()
    faults: Sequence[str] = ()
    whole: bool = False
    marks_only: bool = False


def spans_in(fields: Mapping[str, Any]) -> tuple[Span, ...]:
    """The spans of a row that was read.

    Raises:
        KeyError, TypeError: they are not spans.
    """
    spans = tuple(Span(span["start"], span["end"], span["label"]) for span in fields["spans"])
    for span in spans:
        if [type(value) for value in (span.start, span.end, span.label)] != [int, int, str]:
            raise TypeError(f"{span} is no span")
    return spans


def meta_of(fields: Mapping[str, Any]) -> dict[str, str]:
    """The ``meta`` of a row that was read and has an id.

    Raises:
        KeyError, TypeError: a key is missing, or a value is no string.
    """
    if not isinstance(fields["id"], str) or not fields["id"]:
        raise TypeError("its id is no word")
    meta = fields["meta"]
    if wrong := [key for key in META_KEYS if not isinstance(meta[key], str)]:
        raise TypeError(f"meta.{wrong[0]} is no string")
    return {key: meta[key] for key in META_KEYS}
