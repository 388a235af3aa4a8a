"""Record: a page in its exported form."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
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
    """Selects records, and how much of each is read.

    Attributes:
        statuses: of the annotation; a page that nobody opened is ``new``.
        annotator: only this annotator's records; None for one record per page and annotator.
        adjudicated: whether each page gives a single record: the adjudicator's, or else the one
            that everybody who finished the page agrees on; other pages are left out.
        adjudicator: who settles disagreements; "" for nobody.
        labels: names of the labels whose spans are kept; None for all.
        sites: of the pages; None for all.
        since: the first day (UTC) on which the annotation, or else the page, was changed; None for
            no limit.
        unique: whether only one of several pages with the same article is taken.
        min_confidence: least confidence, 0 to 1, of spans that were accepted as suggested; other
            spans are always kept.
        provenance: whether records say where each span came from.
        anchors: whether records have their anchors.
    """

    statuses: frozenset[Status] = frozenset({Status.DONE})
    annotator: str | None = None
    _: KW_ONLY
    adjudicated: bool = False
    adjudicator: str = ""
    labels: frozenset[str] | None = None
    sites: frozenset[str] | None = None
    since: date | None = None
    unique: bool = False
    min_confidence: float = 0.0
    provenance: bool = False
    anchors: bool = False


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
