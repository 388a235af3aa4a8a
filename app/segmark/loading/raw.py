"""Pages and labels as they are found in files, before anything is checked or converted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from segmark.core.annotation import Status


class OffsetUnit(StrEnum):
    """What an offset into a text counts."""

    CODE_POINT = "codepoint"
    UTF_16 = "utf-16"
    GRAPHEME = "grapheme"


@dataclass(frozen=True, slots=True)
class RawSpan:
    """A span as a file has it: unchecked, its values may be of any type.

    Attributes:
        quote: the labelled text; ``""`` if the file does not quote it.
        score: the confidence of the program that predicted it; None if there is none.
        scored: whether the file has a score for the span, even an empty one.
        fault: why it must not be loaded, following "span 3"; ``""`` if it can be.
    """

    start: Any
    end: Any
    label: Any
    quote: str = ""
    score: Any = None
    scored: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class RawAnnotation:
    """The spans of one person or one program on a page, as a file has them.

    Attributes:
        annotator: who labelled the page; ``""`` if the file does not say.
        status: of the page; None if the file does not say.
        predicted: whether these are a program's predictions; no spans mean that nothing was
            predicted.
        model: the name of the program; ``""`` if the file does not say.
        by_quote: whether spans without offsets are searched by their quotations. On a page from
            HTML, all spans are; an offset then counts the characters of its text nodes.
        aligned: whether the only span quotes a whole article, which is aligned with the page.
        fault: why it must not be loaded as labels; ``""`` if it can be.
        units: what the offsets may count, the likeliest first.
        must_ask: whether the user has to be asked for the unit if the spans do not show it;
            otherwise the likeliest is used.
        checksum: SHA-256 of the labelled text; ``""`` if the file does not have it.
        absent: the names of labels that the page really does not have.
    """

    spans: tuple[RawSpan, ...]
    annotator: str = ""
    status: Status | None = None
    predicted: bool = False
    units: tuple[OffsetUnit, ...] = (OffsetUnit.CODE_POINT,)
    must_ask: bool = False
    checksum: str = ""
    model: str = ""
    fault: str = ""
    absent: tuple[str, ...] = ()
    by_quote: bool = False
    aligned: bool = False


@dataclass(frozen=True, slots=True)
class RawLabels:
    """All labels that came with a page.

    Attributes:
        origin: short name of the file that they are in.
        notes: what was left out on purpose, such as ``relations between labels``.
        unread: the columns that look like spans and are in no known shape.
    """

    origin: str
    annotations: tuple[RawAnnotation, ...] = ()
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPage:
    """The source of a page, with what the file says about it; ``""`` where it says nothing.

    Attributes:
        source: the bytes, decompressed.
        name: short name to show and store, ``folder/file``; for a page inside a file,
            ``folder/file/member`` or ``folder/file:number``.
        folder: the name of the page's site if nothing else names it.
        encoding: the declared encoding, as it is written in the file.
        media: ``text`` or ``html``; ``""`` if it follows from name and content.
        first_source: the short name that an export of Segmark gives; it is stored in place of
            ``name``.
        extra: whatever else came with the page, as JSON represents it.
        listed: whether the source was merely found in a folder or an archive, so that its name
            has to look like a page's.
        characters: whether the source was a string and is now encoded in UTF-8.
        labels: the labels that came with the page; None if there were none.
    """

    source: bytes
    name: str
    folder: str = ""
    url: str = ""
    title: str = ""
    language: str = ""
    site: str = ""
    encoding: str = ""
    media: str = ""
    first_source: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    listed: bool = False
    characters: bool = False
    labels: RawLabels | None = None

    @property
    def origin(self) -> str:
        """The file that the labels are in; ``""`` if there are none."""
        return self.labels.origin if self.labels else ""
