"""Verifies every offset, label and part of an export, by itself and against its project."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from segmark.core.span import Span, faults
from segmark.core.text.normalise import is_blank, sha256_of
from segmark.export.reading import Export, ReadPage
from segmark.export.split import SplitBy

#: Looks up a page and an annotator in a project: the text and the spans, or None.
Lookup = Callable[[str, str], tuple[str, list[Span]] | None]

#: The id of the first page of the project with the same article as a page; "" if unknown.
ArticleOf = Callable[[str], str]

_SHOWN = 20


@dataclass(slots=True)
class VerifyResult:
    """The result of a verification.

    Attributes:
        rows: number of rows.
        pages: number of records; a page of two annotators counts twice.
        spans: number of spans.
        count: number of faults.
        faults: the first faults, a sentence each.
        left_out: number of spans of the project that the export omits on purpose, by label.
    """

    rows: int = 0
    pages: int = 0
    spans: int = 0
    count: int = 0
    faults: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def add(self, fault: str) -> None:
        """Count a fault, and keep it if it is one of the first."""
        self.count += 1
        if len(self.faults) < _SHOWN:
            self.faults.append(fault)


def verify(
    export: Export,
    pages: Iterable[ReadPage],
    lookup: Lookup | None = None,
    article_of: ArticleOf = str,
) -> VerifyResult:
    """Verify an export by itself, and against a project if there is one.

    Args:
        export: the export.
        pages: its pages, so that the caller can count them.
        lookup: looks up pages in the project.
        article_of: finds articles in the project; without it, each page is its own article.

    Raises:
        ExportError: a library that the format needs is missing.
    """
    result = VerifyResult()
    places = _Places(export.card.facts.get("split_by", SplitBy.SITE), article_of)
    labels, missing = set[str](), _Missing("min_confidence" not in export.card.facts)
    for page in pages:
        result.rows += len(page.rows)
        for fault in _faults_of_rows(page):
            result.add(fault)
        if not page.id:
            continue
        result.pages += 1
        result.spans += len(page.spans)
        labels.update(span.label for span in page.spans)
        where = f"page {page.id} ({page.rows[0].where})"
        for fault in (*places.add(page), *_faults_alone(page, frozenset(export.card.labels))):
            result.add(f"{where}: {fault}")
        if lookup:
            whole = export.unit != "span" and not page.rows[0].marks_only
            for fault in _faults_in_project(page, lookup, whole, missing):
                result.add(f"{where}: {fault}")
    missing.report(result, labels)
    if export.unit != "span" and result.pages != export.card.pages:
        result.add(f"the card says {export.card.pages:,} pages, not {result.pages:,}")
    if not result.count and not export.is_as_written:
        result.add("a file was changed after the export: the content hash is not that of the card")
    return result


def _faults_of_rows(page: ReadPage) -> Iterator[str]:
    for row in page.rows:
        yield from (f"{row.where}: {fault}" for fault in row.faults)


def _faults_alone(page: ReadPage, labels: frozenset[str]) -> Iterator[str]:
    """What is wrong with a page, judged by the export alone."""
    if any(row.meta != page.rows[0].meta for row in page.rows):
        yield "its rows differ in the page's metadata"
    if len({tuple(row.quotes) for row in page.rows}) < len(page.rows):
        yield "one of its rows is there twice"
    first = page.rows[0]
    text = first.quotes[0].text if first.whole else _quoted_text(page)
    if first.whole and sha256_of(text) != first.meta["sha256"]:
        yield "its text does not match its checksum"
    yield from faults(text, page.spans, labels)


def _quoted_text(page: ReadPage) -> str:
    """The page's text as far as its rows quote it, with a mark for every other character."""
    text, at = list[str](), 0
    for _, quote in sorted(page.quotes, key=lambda pair: pair[1].start):
        if quote.start > at:
            text.append("\N{REPLACEMENT CHARACTER}" * (quote.start - at))
        text.append(quote.text[max(0, at - quote.start) :])
        at = max(at, quote.end)
    rest = max((span.end for span in page.spans), default=0) - at
    return "".join(text) + "\N{REPLACEMENT CHARACTER}" * rest


def _faults_in_project(
    page: ReadPage, lookup: Lookup, whole: bool, missing: "_Missing"
) -> Iterator[str]:
    """What is wrong with a page, compared with the project."""
    known = lookup(page.id, page.annotator)
    if known is None:
        yield f"the project has no such page by {page.annotator or 'nobody'}"
        return
    text, spans = known
    if sha256_of(text) != page.rows[0].meta["sha256"]:
        yield "its text is not that of the project: the checksums differ"
        return
    at = 0
    for row, quote in sorted(page.quotes, key=lambda pair: pair[1].start):
        if text[max(0, quote.start) : quote.end] != quote.text:
            yield f"{row.where} quotes {quote.text[:40]!r}, which is not at {quote.start}"
        if whole and not is_blank(text, at, quote.start) and quote.start > at:
            yield f"the text from {at} to {quote.start} is in no row"
        at = max(at, quote.end)
    if whole and not is_blank(text, at, len(text)) and at < len(text):
        yield f"the text from {at} on is in no row"
    for span in set(page.spans) - set(spans):
        yield f"the project lacks the {span.label} from {span.start} to {span.end}"
    missing.add(page, set(spans) - set(page.spans))


class _Missing:
    """Spans of the project that an export lacks: faults unless their label was left out.

    None is a fault if the export omits spans of low confidence.
    """

    def __init__(self, complete: bool) -> None:
        self._complete = complete
        self._first: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, page: ReadPage, spans: set[Span]) -> None:
        """Note the spans that a page lacks."""
        for span in sorted(spans):
            self._counts[span.label] = self._counts.get(span.label, 0) + 1
            examples = self._first.setdefault(span.label, [])
            if len(examples) < _SHOWN:
                examples.append(f"page {page.id}: the {span.label} at {span.start} is missing")

    def report(self, result: VerifyResult, labels: set[str]) -> None:
        """Report the spans, given the labels that occur in the export."""
        for label, count in self._counts.items():
            if label not in labels or not self._complete:
                result.left_out[label] = count
                continue
            for example in self._first[label]:
                result.add(example)
            result.count += count - len(self._first[label])


class _Places:
    """The part of each page and site, and the records seen so far."""

    def __init__(self, split_by: str, article_of: ArticleOf) -> None:
        self._whole_sites = split_by == SplitBy.SITE
        self._article_of = article_of
        self._parts: dict[str, str] = {}
        self._seen: set[tuple[str, str]] = set()

    def add(self, page: ReadPage) -> Iterator[str]:
        """What is wrong with the part and the position of a page."""
        if (page.id, page.annotator) in self._seen:
            yield f"it is there twice, or its rows are not adjacent ({page.annotator})"
        self._seen.add((page.id, page.annotator))
        article = self._article_of(page.id) or page.id
        alike = "" if article == page.id else "the article of "
        named = {f"page {article}": f"{alike}page {article}"}
        if page.site and self._whole_sites:
            named[f"site {page.site}"] = f"site {page.site}"
        for key, name in named.items():
            if self._parts.setdefault(key, page.part) != page.part:
                yield f"{name} is in {page.part} and in {self._parts[key]} as well"
