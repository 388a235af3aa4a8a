"""A page from its HTML, and the record of what was found on it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from segmark.core.annotation import Status
from segmark.core.page import Page
from segmark.core.record import Record
from segmark.core.span import named
from segmark.core.suggestion import Suggestion
from segmark.loading.html.declared import declared
from segmark.loading.loader import load_raw
from segmark.loading.raw import RawPage

_DIGITS = 4  # of a score, as ``segmark suggest`` writes them


def page_of(html: bytes | str, url: str = "", *, site: str = "", source: str = "page") -> Page:
    """Read a page from HTML, with what its source declares.

    Raises:
        LoadError: it can't be a page.
    """
    data = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
    raw = RawPage(data, source, url=url, site=site, media="html", characters=isinstance(html, str))
    return page_from(raw)


def page_from(raw: RawPage) -> Page:
    """Read a page from its source, with what HTML declares.

    Raises:
        LoadError: it can't be a page.
    """
    page = load_raw(raw).page
    if page.info.media != "html":
        return page
    return replace(page, declared=declared(raw.source, page.info.encoding))


def record_of(
    page: Page, found: Sequence[Suggestion], names: Mapping[str, str], threshold: float = 0.0
) -> Record:
    """The record of suggestions for a page, with their scores, of which none is lower.

    ``names`` are those of the labels that are called otherwise in the suggestions.
    """
    info = page.info
    rounded = {one.span: round(one.confidence, _DIGITS) for one in found}
    kept = {span: score for span, score in rounded.items() if score >= threshold}
    scores = {span.start: {"score": score} for span, score in kept.items()}
    spans = named(list(kept), names)
    return Record(
        page.id, page.text, spans, info.source, info.url, info.site, "",
        Status.NEW, page.sha256, about=scores, language=info.language,
    )  # fmt: skip
