"""Record: a page in its exported form."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any

from segmark.core.annotation import Status
from segmark.core.markup import Markup
from segmark.core.page import Anchor
from segmark.core.span import Span, faults
from segmark.core.suggestion import Suggestion
from segmark.core.text.normalise import sha256_of


class RecordError(ValueError):
    """The record breaks a rule of the data and must not be exported."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article, given by the id and site of its first page in the project.

    If that page is no longer in the project, the id is made up and the site is empty.
    """

    page: str
    site: str


@dataclass(frozen=True, slots=True)
class Record:
    """One annotator's view of a page, as exported for training.

    Attributes:
        id: the page's id.
        text: the page's text; the offsets of the spans count its code points.
        spans: sorted and disjoint.
        sha256: of the text in UTF-8, as stored when the page was loaded.
        anchors: by the offset of their block; only if the filter asks for them.
        about: metadata of spans, by their start: where the span came from (``source``), only if the
            filter asks for it; the confidence (``score``) of spans that are only suggested.
        suggestions: suggestions for unlabelled text, sorted, disjoint from spans and each other;
            only if asked for.
        digest: SHA-256 of the text in UTF-8 as it was read; "" if not computed yet.
        markup: the HTML of the page, only if the format needs it; None if there is none.
        language: the language of the page, as named in its HTML.
        article: the article of a near-duplicate; None for the first page with its article.
        left_out: why the record must not be written, in a few words; "" for all others.
        views: the number of people who finished the page and agree, in an adjudicated export; 0 if
            the adjudicator settled it.
        more: further metadata that the filter asks for: what the page's record brought
            (``extra``), ``note`` and ``flagged``, ``changed_at`` and ``seconds``, and the labels
            that are really not there (``absent``).
        made: what the format made of the record beforehand; None if nothing.
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
    views: int = 0
    more: Mapping[str, object] = field(default_factory=dict, repr=False)
    made: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The key of a record: its page and annotator, as in ``Record``."""

    id: str
    site: str
    annotator: str
    article: Article | None = None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Selects records, and the parts of them that are read.

    Attributes:
        statuses: of the annotation; a page that nobody opened is ``new``.
        annotator: only this annotator's records; None for one record per page and annotator.
        adjudicated: whether each page gives a single record: that of the adjudicator, or else the
            one that all who finished the page agree on; other pages are left out.
        adjudicator: who settles disagreements; "" for nobody.
        views: how many people must have finished a page that no adjudicator settled, if
            adjudicated.
        labels: ids of the labels whose spans are kept; None for all.
        sites: of the pages; None for all.
        since: the first day (UTC) on which the annotation, or else the page, was changed; None for
            no limit.
        unique: whether only one of several pages with the same article is read.
        min_confidence: least confidence, 0 to 1, of spans that were accepted suggestions; other
            spans are always read.
        provenance: whether records have the source of each span.
        anchors: whether records have their anchors.
        extra: whether records have what they brought when they were loaded.
        notes: whether records have the annotator's note and flag.
        times: whether records have when the page was last worked on, and for how long.
        absent: whether records have the labels that the annotator said are really not there.
    """

    statuses: frozenset[Status] = frozenset({Status.DONE})
    annotator: str | None = None
    _: KW_ONLY
    adjudicated: bool = False
    adjudicator: str = ""
    views: int = 2
    labels: frozenset[str] | None = None
    sites: frozenset[str] | None = None
    since: date | None = None
    unique: bool = False
    min_confidence: float = 0.0
    provenance: bool = False
    anchors: bool = False
    extra: bool = False
    notes: bool = False
    times: bool = False
    absent: bool = False


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
