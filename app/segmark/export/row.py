"""Rows of an export, as they are read back, and the parts that all formats write alike."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from segmark.core.record import Record
from segmark.core.span import Span

#: Version of the record; it rises when a key changes its meaning or is removed.
SCHEMA = "1"

#: The keys of ``meta``, in order.
META_KEYS = ("source", "url", "site", "annotator", "status", "sha256")
_META = attrgetter(*META_KEYS)
PARSE_ERRORS = (KeyError, TypeError, AttributeError, ValueError, IndexError, AssertionError)


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of text that a row quotes from the page at this offset.

    Raises:
        TypeError: the values have other types.
    """

    start: int
    text: str

    def __post_init__(self) -> None:
        if not isinstance(self.start, int) or not isinstance(self.text, str):
            raise TypeError(f"{self.text!r:.40} at {self.start!r} is no text at an offset")

    @property
    def end(self) -> int:
        """The offset after the text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """One row of a data file.

    Attributes:
        where: file and line.
        id: the page's; "" if the row could not be parsed.
        meta: the page's metadata.
        quotes: the parts of the page's text in it, in order.
        spans: those that touch the row, at their whole length.
        faults: what is wrong with the row by itself, a sentence each.
        whole: whether it quotes all of the page's text.
        marks_only: whether it quotes labelled text only.
    """

    where: str
    id: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    quotes: Sequence[Quote] = ()
    spans: Sequence[Span] = ()
    faults: Sequence[str] = ()
    whole: bool = False
    marks_only: bool = False


def meta(record: Record) -> dict[str, Any]:
    """The metadata of a record's page, as every format writes it."""
    found = dict(zip(META_KEYS, _META(record), strict=True))
    return {**found, **record.more} if record.more else found


def row_from(where: str, noun: str, parse: Callable[[], ExportedRow]) -> ExportedRow:
    """The row that ``parse`` makes; a row with that fault if it fails."""
    try:
        return parse()
    except PARSE_ERRORS as error:
        return unparsed(where, noun, error)


def unparsed(where: str, noun: str, error: Exception) -> ExportedRow:
    """A row that stands for one that could not be parsed."""
    if isinstance(error, json.JSONDecodeError):
        return ExportedRow(where, faults=(f"it is not JSON: {error}",))
    reason = f"{type(error).__name__} {error}"
    return ExportedRow(where, faults=(f"it is no {noun} of this format: {reason}",))


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


def meta_in(fields: Mapping[str, Any]) -> dict[str, str]:
    """The metadata of a row that was read; it must have an id too.

    Raises:
        KeyError, TypeError: a key is missing, or a value is no string.
    """
    if not isinstance(fields["id"], str) or not fields["id"]:
        raise TypeError("its id is no word")
    found = fields["meta"]
    if wrong := [key for key in META_KEYS if not isinstance(found[key], str)]:
        raise TypeError(f"meta.{wrong[0]} is no string")
    return {key: found[key] for key in META_KEYS}
