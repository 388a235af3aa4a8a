"""Record: a page in its exported form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from segmark.core.annotation import Status
from segmark.core.markup import Markup
from segmark.core.page import Anchor
from segmark.core.span import Span, faults
from segmark.core.suggestion import Suggestion
from segmark.core.text.normalise import sha256_of


class RecordError(ValueError):
    """A record that breaks a rule of the data; it must not be exported."""


@dataclass(frozen=True, slots=True)
class Article:
    """The first page of a project with an article, by its id, and that page's site.

    The id is made up, and the site empty, where that page is no longer in the project.
    """

    page: str
    site: str


@dataclass(frozen=True, slots=True)
class Record:
    """One annotator's view of a page, as trainers get it; no value is ever None.

    Attributes:
        id: the page's id.
        text: the page's text; the offsets of the spans count its code points.
        spans: sorted and disjoint.
        sha256: of the text in UTF-8, as stored when the page was loaded.
        anchors: by the offset of their block; only where the filter asks for them.
        about: what else is known of a span, by the offset at which it begins: where it came from
            (``source``), only where the filter asks for it; how sure it is (``score``), of spans
            that are only suggested.
        suggestions: what is suggested beside the spans, sorted, disjoint from them and each other;
            only where it is asked for.
        digest: SHA-256 of the text in UTF-8 as it was read, where whoever read it has taken it from
            the bytes; "" where it is still to be taken.
        markup: the HTML that the page was made from, only where the format wants it; None where
            there is none.
        language: of the page, as its HTML names it.
        article: what the page is a near-duplicate of; None where it is the first with its article.
        left_out: why the record must not be written, in a few words; "" for all others.
    """

    id: str
    text: str
    spans: Sequence[Span]
    source: str
    url: str
    site: str
    annotator: str
    status: str
    sha256: str
    anchors: Mapping[int, Anchor] = field(default_factory=dict, repr=False)
    about: Mapping[int, Mapping[str, str | float]] = field(default_factory=dict, repr=False)
    suggestions: Sequence[Suggestion] = field(default=(), repr=False)
    digest: str = field(default="", repr=False, compare=False)
    markup: Markup | None = field(default=None, repr=False)
    language: str = ""
    article: Article | None = None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class RecordKey:
    """What a record is about, without what it says; as ``Record`` has it."""

    id: str
    site: str
    annotator: str
    article: Article | None = None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records to take, and how much of each.

    Attributes:
        statuses: of the annotation; a page that nobody opened is ``new``.
        annotator: whose; None for everybody's, one record for each page and annotator.
        labels: names of the labels whose spans are kept; None for all.
        sites: of the pages; None for all.
        since: the day (UTC) before which the annotation, or else the page, is too old; None for
            all times.
        anchors: whether the records are to have their anchors.
        unique: whether of pages with the same article only one is taken.
        provenance: whether the records are to tell where each span came from.
        least_sure: spans that were accepted as they were suggested are kept only from this
            confidence on, 0 to 1.
        adjudicated: whether there is to be one record a page: the adjudicator's, else the one that
            all agree on who finished the page; other pages are left out.
        adjudicator: whose word is the last; "" where there is nobody.
    """

    statuses: frozenset[Status] = frozenset({Status.DONE})
    annotator: str | None = None
    labels: frozenset[str] | None = None
    sites: frozenset[str] | None = None
    since: date | None = None
    anchors: bool = False
    unique: bool = False
    provenance: bool = False
    least_sure: float = 0.0
    adjudicated: bool = False
    adjudicator: str = ""


def check(record: Record, labels: frozenset[str]) -> None:
    """Refuse a record that breaks a rule of the data.

    Raises:
        RecordError: a span is out of place, or the text is not the one that was labelled.
    """
    wrong = faults(record.text, record.spans, labels)
    if (record.digest or sha256_of(record.text)) != record.sha256:
        wrong.append("its text is not the one that was loaded: the checksum differs")
    if wrong:
        raise RecordError(f"page {record.id} ({record.source}): {wrong[0]}")
